//! XML into the nodes of a general XML reader, within bounds.

use roxmltree::{Document, Error, ParsingOptions};

use super::super::{Format, ParseError, Position};
use super::bounds;

/// How many nodes one document may have; a node takes some hundred bytes.
const MAX_NODES: u32 = 4_000_000;

/// Reads a well-formed XML document without a document type declaration.
pub(super) fn read(text: &str) -> Result<Document<'_>, ParseError> {
    bounds::check(text)?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| {
        let position = error.pos();
        ParseError {
            format: Format::Xml,
            position: Position { line: position.row, column: position.col },
            message: match error {
                Error::DtdDetected => {
                    "a document type declaration (DTD), which is refused for safety".to_owned()
                }
                other => other.to_string(),
            },
        }
    })
}
