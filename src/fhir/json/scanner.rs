//! The tokens of JSON (RFC 8259), with their places.

use super::super::text::Text;
use super::super::{Format, ParseError};

/// A place in a JSON text, moving forward.
pub(super) struct Scanner<'s> {
    text: &'s str,
    bytes: &'s [u8],
    /// The byte that comes next.
    pub(super) at: usize,
}

impl<'s> Scanner<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0 }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The next byte that is no white space.
    pub(super) fn next_token(&mut self) -> Option<u8> {
        loop {
            match self.peek() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                other => return other,
            }
        }
    }

    pub(super) fn literal(&mut self, word: &str) -> Result<(), ParseError> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        Err(self.expected(&format!("\"{word}\"")))
    }

    /// A number by the JSON grammar (RFC 8259, section 6), kept as written.
    pub(super) fn number(&mut self) -> Result<Text, ParseError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let integer_at = self.at;
        self.digits()?;
        if self.bytes[integer_at] == b'0' && self.at - integer_at > 1 {
            self.at = integer_at;
            return Err(self.error("a number with a leading zero"));
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(Text::source(start, self.at))
    }

    fn digits(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.expected("a digit"));
        }
        Ok(())
    }

    /// A string; a part of the source unless it holds an escape, else added to `unescaped`.
    pub(super) fn string(&mut self, what: &str, unescaped: &mut String) -> Result<Text, ParseError> {
        if self.peek() != Some(b'"') {
            return Err(self.expected(what));
        }
        let open = self.at;
        self.at += 1;
        let start = self.at;
        let own = unescaped.len();
        let mut copied = start;
        loop {
            self.at += plain_length(&self.bytes[self.at..]);
            match self.peek() {
                None => {
                    self.at = open;
                    return Err(self.error("a string that is not closed before the end of the text"));
                }
                Some(b'"') => {
                    let end = self.at;
                    self.at += 1;
                    if copied == start {
                        return Ok(Text::source(start, end));
                    }
                    unescaped.push_str(&self.text[copied..end]);
                    return Ok(Text::unescaped(own, unescaped));
                }
                Some(b'\\') => {
                    unescaped.push_str(&self.text[copied..self.at]);
                    unescaped.push(self.escape()?);
                    copied = self.at;
                }
                Some(_) => return Err(self.error("a control character within a string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, ParseError> {
        self.at += 1;
        let letter = self.peek();
        self.at += 1;
        Ok(match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => {
                self.at -= 2;
                return Err(self.error("an escape that JSON does not know"));
            }
        })
    }

    fn unicode_escape(&mut self) -> Result<char, ParseError> {
        let first = self.hex4()?;
        if (0xd800..0xdc00).contains(&first) && self.bytes[self.at..].starts_with(b"\\u") {
            self.at += 2;
            let second = self.hex4()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return char::from_u32(code).ok_or_else(|| self.error("an escape that is no character"));
            }
        }
        char::from_u32(first).ok_or_else(|| self.error("half of a surrogate pair"))
    }

    fn hex4(&mut self) -> Result<u32, ParseError> {
        let digits =
            self.bytes.get(self.at..self.at + 4).filter(|four| four.iter().all(u8::is_ascii_hexdigit));
        let Some(digits) = digits else {
            return Err(self.error("\"\\u\" without four hexadecimal digits"));
        };
        let code =
            digits.iter().fold(0, |code, digit| code * 16 + char::from(*digit).to_digit(16).unwrap_or(0));
        self.at += 4;
        Ok(code)
    }

    /// The error that something else stands here than what was expected.
    pub(super) fn expected(&self, what: &str) -> ParseError {
        let found = match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            None => "the end of the text".to_owned(),
            Some(character) => format!("{character:?}"),
        };
        self.error(format!("{found} where {what} was expected"))
    }

    /// An error at this place.
    pub(super) fn error(&self, message: impl Into<String>) -> ParseError {
        ParseError::at(Format::Json, self.text, self.at, message)
    }
}

/// Whether a text is a number by the JSON grammar.
pub(super) fn is_number(text: &str) -> bool {
    let mut scanner = Scanner::new(text);
    scanner.number().is_ok() && scanner.peek().is_none()
}

/// How many bytes come before a quotation mark, a backslash or a control character.
fn plain_length(bytes: &[u8]) -> usize {
    let mut length = 0;
    for chunk in bytes.chunks_exact(8) {
        let word = u64::from_le_bytes([
            chunk[0], chunk[1], chunk[2], chunk[3], chunk[4], chunk[5], chunk[6], chunk[7],
        ]);
        let special = special_bytes(word);
        if special != 0 {
            return length + (special.trailing_zeros() / 8) as usize;
        }
        length += 8;
    }
    let rest = bytes[length..].iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
    length + rest.unwrap_or(bytes.len() - length)
}

/// The highest bit of each byte that ends a run of plain ones. The lowest such bit is always right; those above
/// it can be wrong, since a subtraction borrows from the next byte.
fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let is_below = |word: u64, bound: u64| word.wrapping_sub(ONES * bound) & !word;
    let is = |byte: u8| is_below(word ^ (ONES * u64::from(byte)), 1);
    (is_below(word, 0x20) | is(b'"') | is(b'\\')) & HIGH
}

#[cfg(test)]
mod tests {
    use super::{is_number, plain_length};

    #[test]
    fn eight_bytes_at_a_time_end_where_one_at_a_time_would() {
        for special in 0..=255_u8 {
            for place in 0..20 {
                let mut bytes = [b'x'; 20];
                bytes[place] = special;
                let ends = matches!(special, b'"' | b'\\' | 0..=0x1f);
                assert_eq!(plain_length(&bytes), if ends { place } else { 20 }, "{special} at {place}");
            }
        }
    }

    #[test]
    fn numbers_are_those_of_json() {
        assert!(["0", "-1.50", "1e-3"].into_iter().all(is_number));
        assert!(!["", "01", "+1", "1.", "0x1", "1 ", "NaN"].into_iter().any(is_number));
    }
}
