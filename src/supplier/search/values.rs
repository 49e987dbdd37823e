//! Values with separators in them, which a backslash makes part of the value.

/// Splits at each `separator` that has no backslash before it. Backslashes stay.
pub(super) fn split(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        if character == separator && !escaped {
            parts.push(&text[start..at]);
            start = at + separator.len_utf8();
        }
        escaped = character == '\\' && !escaped;
    }
    parts.push(&text[start..]);
    parts
}

/// Takes the backslashes out.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => out.extend(characters.next()),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backslash_protects_a_separator() {
        assert_eq!(split(r"a,b\,c,d\\,e", ','), ["a", r"b\,c", r"d\\", "e"]);
        assert_eq!(unescape(r"b\,c\\\|"), r"b,c\|");
    }
}
