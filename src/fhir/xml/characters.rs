//! Which characters XML allows (<https://www.w3.org/TR/xml/>, sections 2.2 and 2.3).

/// Whether a text can be in an XML document, escaped or not.
pub(super) fn is_text(text: &str) -> bool {
    let is_plain = |byte: u8| (b' '..0x7f).contains(&byte);
    text.bytes().all(is_plain)
        || text.chars().all(
            |letter| matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..='\u{10ffff}'),
        )
}

/// Whether a text can be the name of an element, without a prefix.
pub(super) fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(starts_name)
        && letters.all(|letter| starts_name(letter) || continues_name(letter))
}

fn starts_name(letter: char) -> bool {
    matches!(letter, 'A'..='Z' | 'a'..='z' | '_'
        | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}'
        | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}'
        | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

fn continues_name(letter: char) -> bool {
    matches!(letter, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}
