//! From text to tokens (FHIRPath 2.0.0, section 8, lexical elements).

use super::ast::unescape;
use super::error::SyntaxError;
use super::temporal::{Date, DateTime, Time};
use crate::fhir::Position;

/// One token with the byte offset of its first character.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) offset: usize,
    /// Where the token ends; the text between is how it was written.
    pub(super) end: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    /// An identifier or keyword as written.
    Word(String),
    /// A backquoted identifier, which is never a keyword.
    Quoted(String),
    String(String),
    /// Digits, with a decimal point or without.
    Number(String),
    Date(Date),
    DateTime(DateTime),
    Time(Time),
    /// `%name`, ``%`name` `` or `%'name'`.
    Variable(String),
    /// `$this`, `$index` or `$total`, without the dollar sign.
    Special(&'static str),
    Symbol(&'static str),
    End,
}

impl TokenKind {
    /// How an error message names the token.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Word(word) => format!("`{word}`"),
            Self::Quoted(name) => format!("the identifier `{name}`"),
            Self::String(_) => "a string".into(),
            Self::Number(digits) => format!("the number {digits}"),
            Self::Date(_) | Self::DateTime(_) | Self::Time(_) => "a date or time".into(),
            Self::Variable(name) => format!("`%{name}`"),
            Self::Special(name) => format!("`${name}`"),
            Self::Symbol(symbol) => format!("`{symbol}`"),
            Self::End => "the end of the expression".into(),
        }
    }
}

/// Longer symbols first, so that `<=` is not read as `<`.
const SYMBOLS: [&str; 21] = [
    "<=", ">=", "!=", "!~", "+", "-", "*", "/", "&", "|", "<", ">", "=", "~", ".", ",", "(", ")", "[", "]",
    "{",
];

pub(super) fn tokens(source: &str) -> Result<Vec<Token>, SyntaxError> {
    let mut lexer = Lexer { source, offset: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blanks()?;
        let offset = lexer.offset;
        let kind = lexer.next()?;
        let last = kind == TokenKind::End;
        tokens.push(Token { kind, offset, end: lexer.offset });
        if last {
            return Ok(tokens);
        }
    }
}

struct Lexer<'s> {
    source: &'s str,
    offset: usize,
}

impl<'s> Lexer<'s> {
    fn rest(&self) -> &'s str {
        &self.source[self.offset..]
    }

    fn error(&self, offset: usize, message: impl Into<String>) -> SyntaxError {
        SyntaxError { position: Position::of(self.source, offset), message: message.into() }
    }

    fn skip_blanks(&mut self) -> Result<(), SyntaxError> {
        loop {
            let rest = self.rest();
            if rest.starts_with("//") {
                self.offset += rest.find(['\n', '\r']).unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                let end = rest
                    .find("*/")
                    .ok_or_else(|| self.error(self.offset, "a comment that never ends; expected `*/`"))?;
                self.offset += end + 2;
            } else {
                let trimmed = rest.trim_start();
                if trimmed.len() == rest.len() {
                    return Ok(());
                }
                self.offset += rest.len() - trimmed.len();
            }
        }
    }

    fn next(&mut self) -> Result<TokenKind, SyntaxError> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(TokenKind::End) };
        match first {
            '\'' => Ok(TokenKind::String(self.delimited('\'')?)),
            '`' => Ok(TokenKind::Quoted(self.delimited('`')?)),
            '0'..='9' => Ok(self.number()),
            '@' => self.temporal(),
            '%' => self.variable(),
            '$' => self.special(),
            'a'..='z' | 'A'..='Z' | '_' => Ok(TokenKind::Word(self.word().to_owned())),
            '}' => {
                self.offset += 1;
                Ok(TokenKind::Symbol("}"))
            }
            _ => {
                let symbol = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol));
                let symbol = symbol.ok_or_else(|| {
                    self.error(self.offset, format!("the character {first:?} has no meaning here"))
                })?;
                self.offset += symbol.len();
                Ok(TokenKind::Symbol(symbol))
            }
        }
    }

    fn word(&mut self) -> &'s str {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        self.offset += end;
        &rest[..end]
    }

    /// A text between two of `quote`, escapes taken out.
    fn delimited(&mut self, quote: char) -> Result<String, SyntaxError> {
        let start = self.offset;
        let inner = &self.rest()[1..];
        let mut escaped = false;
        for (at, character) in inner.char_indices() {
            if escaped {
                escaped = false;
            } else if character == '\\' {
                escaped = true;
            } else if character == quote {
                self.offset += at + 2;
                return Ok(unescape(&inner[..at]));
            }
        }
        Err(self.error(start, format!("a text that never ends; expected `{quote}`")))
    }

    fn number(&mut self) -> TokenKind {
        let rest = self.rest();
        let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let mut end = digits(rest);
        // `1.is(Integer)` is a function on 1; only a digit makes the point a decimal one
        if let Some(fraction) = rest[end..].strip_prefix('.') {
            let length = digits(fraction);
            if length > 0 {
                end += 1 + length;
            }
        }
        self.offset += end;
        TokenKind::Number(rest[..end].to_owned())
    }

    fn temporal(&mut self) -> Result<TokenKind, SyntaxError> {
        let start = self.offset;
        let text = &self.rest()[1..];
        let length = temporal_length(text);
        self.offset += 1 + length;
        let text = &text[..length];
        let kind = match (text.strip_prefix('T'), text.contains('T')) {
            (Some(time), _) => Time::parse(time).map(TokenKind::Time),
            (None, true) => DateTime::parse(text).map(TokenKind::DateTime),
            (None, false) => Date::parse(text).map(TokenKind::Date),
        };
        kind.ok_or_else(|| {
            let expected = "expected @YYYY-MM-DD, @YYYY-MM-DDThh:mm:ss.fff+zz:zz or @Thh:mm:ss.fff";
            self.error(start, format!("`@{text}` is no date or time; {expected}"))
        })
    }

    fn variable(&mut self) -> Result<TokenKind, SyntaxError> {
        let start = self.offset;
        self.offset += 1;
        let name = match self.rest().chars().next() {
            // double quotes are how STU3 wrote `%"ext-name"`
            Some(quote @ ('`' | '\'' | '"')) => self.delimited(quote)?,
            _ => self.word().to_owned(),
        };
        if name.is_empty() {
            return Err(self.error(start, "expected the name of a variable after `%`"));
        }
        Ok(TokenKind::Variable(name))
    }

    fn special(&mut self) -> Result<TokenKind, SyntaxError> {
        let start = self.offset;
        self.offset += 1;
        let name = self.word();
        ["this", "index", "total"]
            .into_iter()
            .find(|special| *special == name)
            .map(TokenKind::Special)
            .ok_or_else(|| {
                self.error(start, format!("`${name}` is unknown; expected $this, $index or $total"))
            })
    }
}

/// How far a date or time reaches: a point belongs to it only before a digit, a sign or colon only
/// in or after a time.
fn temporal_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut seen_time = false;
    let mut end = 0;
    while let Some(byte) = bytes.get(end) {
        let digit_follows = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        let zone = |sign: usize| bytes.get(sign + 3) == Some(&b':');
        let belongs = match byte {
            b'0'..=b'9' => true,
            b'T' => !std::mem::replace(&mut seen_time, true),
            b'-' if !seen_time => digit_follows,
            b'+' | b'-' => digit_follows && zone(end),
            b':' => digit_follows,
            b'.' => seen_time && digit_follows,
            b'Z' => {
                return if seen_time { end + 1 } else { end };
            }
            _ => false,
        };
        if !belongs {
            break;
        }
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<TokenKind> {
        tokens(source).unwrap().into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn comments_and_blanks_are_no_tokens() {
        let found = kinds("a // to the end\n/* and\nthis */ <= b");
        let word = |text: &str| TokenKind::Word(text.into());
        assert_eq!(found, [word("a"), TokenKind::Symbol("<="), word("b"), TokenKind::End]);
    }

    #[test]
    fn a_point_after_a_number_or_date_may_begin_a_function() {
        assert_eq!(kinds("1.5.x")[0], TokenKind::Number("1.5".into()));
        assert_eq!(kinds("1.is")[0], TokenKind::Number("1".into()));
        for source in ["@2015.is", "@2015-02-04T14:34:28.123Z.is", "@T14.is", "@2015T.is"] {
            assert_eq!(kinds(source)[1], TokenKind::Symbol("."), "{source}");
        }
    }

    #[test]
    fn errors_say_where() {
        for (source, line, column, part) in [
            ("a =\n 'open", 2, 2, "never ends"),
            ("a # b", 1, 3, "no meaning"),
            ("@2015-13", 1, 1, "no date"),
            ("$that", 1, 1, "$this"),
            ("% x", 1, 1, "name of a variable"),
            ("/* x", 1, 1, "*/"),
        ] {
            let error = tokens(source).unwrap_err();
            assert_eq!(error.position, Position { line, column }, "{source}");
            assert!(error.message.contains(part), "{source}: {}", error.message);
        }
    }
}
