//! What validation found, for reading and for programs: one file a format.
//!
//! A report is made piece by piece while resources are judged, so that of a million lines none is kept.

mod excerpt;
mod issue_type;
mod json;
mod judged;
mod junit;
mod ndjson;
mod operation_outcome;
mod sarif;
#[cfg(test)]
mod tests;
mod text;

pub use excerpt::Excerpt;
pub use json::Json;
pub use judged::{Judged, Scope};
pub use junit::Junit;
pub use ndjson::Ndjson;
pub use operation_outcome::render as operation_outcome;
pub use sarif::Sarif;
pub use text::Text;

use super::RenderError;

/// A report in the making. Its pieces, one after the other, are the report.
pub trait Report {
    /// The piece that one more resource adds.
    fn add(&mut self, judged: &Judged) -> String;

    /// The last piece.
    fn end(&mut self) -> Result<String, RenderError>;
}
