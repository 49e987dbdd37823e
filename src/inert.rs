//! Text from an endpoint, made harmless: what could hide, reorder or command is shown instead of obeyed.

/// How much of a value a report prints, in characters; the whole is in the evidence.
const VALUE_LIMIT: usize = 200;

/// The text with each control, bidirectional or invisible character written as `‹U+001B›`. Line ends and tabs stay.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\r' && characters.peek() == Some(&'\n') {
            continue;
        }
        if is_treacherous(character) {
            shown.push_str(&spelled_out(character));
        } else {
            shown.push(character);
        }
    }
    shown
}

/// The same on one line.
pub(crate) fn one_line(text: &str) -> String {
    visible(text).replace(['\n', '\t'], " ")
}

/// A value as a report prints it: on one line, and shortened with `…` where it is very long.
pub(crate) fn value(text: &str) -> String {
    // Cut first, so that a huge value costs nothing; and last, as what is made visible takes more room.
    shorten(&one_line(&shorten(text, VALUE_LIMIT)), VALUE_LIMIT)
}

/// The text, or its first `limit` characters and `…`.
pub(crate) fn shorten(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn spelled_out(character: char) -> String {
    format!("‹U+{:04X}›", u32::from(character))
}

fn is_treacherous(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        // Soft hyphen, and the marks that reorder, join or take no room.
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        // Not characters of XML.
        | '\u{fffe}' | '\u{ffff}'
        // Tags: an invisible alphabet.
        | '\u{e0000}'..='\u{e007f}' => true,
        other => other.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_command_is_shown() {
        assert_eq!(visible("a\u{1b}[31mb\0\u{202e}c"), "a‹U+001B›[31mb‹U+0000›‹U+202E›c");
        assert_eq!(visible("a\r\nb\tc\rd"), "a\nb\tc‹U+000D›d");
        assert_eq!(visible("Zoë ‘quoted’ 例"), "Zoë ‘quoted’ 例");
    }

    #[test]
    fn values_stay_on_one_line_and_end() {
        assert_eq!(value("a\nb"), "a b");
        assert_eq!(value(&"x".repeat(200)).chars().count(), 200);
        let long = value(&"\u{1b}".repeat(100_000));
        assert_eq!(long.chars().count(), VALUE_LIMIT + 1);
        assert!(long.ends_with('…'));
    }
}
