//! From bytes to a tree: encoding, format and the errors of both.

use super::{Position, Tree, json, xml};

/// How deep elements may nest, in either format. FHIR needs a dozen; hostile input tries more.
pub const MAX_DEPTH: usize = 128;

/// The two formats of FHIR resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// JSON.
    Json,
    /// XML.
    Xml,
}

impl std::fmt::Display for Format {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Json => "JSON",
            Self::Xml => "XML",
        })
    }
}

/// A text that is no JSON or XML at all, or that is refused for safety.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not well-formed {format} at {position}: {message}")]
pub struct ParseError {
    /// The format it was read as.
    pub format: Format,
    /// Where reading stopped.
    pub position: Position,
    /// What was found and what was expected.
    pub message: String,
}

impl ParseError {
    pub(super) fn at(format: Format, text: &str, offset: usize, message: impl Into<String>) -> Self {
        Self { format, position: Position::of(text, offset), message: message.into() }
    }
}

/// Reads a resource; its format is told by its first character.
///
/// A byte order mark is accepted. Invalid UTF-8, a DTD, or nesting deeper than [`MAX_DEPTH`] is an
/// error.
pub fn parse(bytes: &[u8]) -> Result<Tree, ParseError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let format = if first == Some(&b'<') { Format::Xml } else { Format::Json };
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        ParseError::at(format, &valid, valid.len(), "a byte that is not UTF-8")
    })?;
    match format {
        Format::Json => json::parse(text),
        Format::Xml => xml::parse(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_format_by_content_and_accepts_a_mark() {
        let json = parse(b"\xef\xbb\xbf {\"resourceType\":\"Patient\"}").unwrap();
        assert_eq!(json.format(), Format::Json);
        let xml =
            parse(b"\n<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>").unwrap();
        assert_eq!(xml.format(), Format::Xml);
    }

    #[test]
    fn invalid_utf8_is_an_error_with_a_position() {
        let error = parse(b"{\"resourceType\":\n \"Pat\xff\"}").unwrap_err();
        assert_eq!(error.position, Position { line: 2, column: 6 });
    }

    #[test]
    fn an_empty_text_says_so() {
        assert!(parse(b"").unwrap_err().message.contains("end of the text"));
    }
}
