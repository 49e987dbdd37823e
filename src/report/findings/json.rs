//! JSON: the OperationOutcome of one resource, or of several an array of `{file, outcome}`.

use serde_json::{Value, json};

use super::{Judged, Report, Scope, operation_outcome};
use crate::report::RenderError;

/// The report as JSON.
#[derive(Debug)]
pub struct Json {
    scope: Scope,
    items: usize,
}

impl Json {
    /// An empty report.
    #[must_use]
    pub fn new(scope: Scope) -> Self {
        Self { scope, items: 0 }
    }
}

impl Report for Json {
    fn add(&mut self, judged: &Judged) -> String {
        if self.scope == Scope::Resource {
            return format!("{:#}\n", operation_outcome(&judged.validation));
        }
        let start = if self.items == 0 { "[" } else { "," };
        self.items += 1;
        // No text of JSON holds a line end.
        format!("{start}\n  {}", format!("{:#}", item(judged)).replace('\n', "\n  "))
    }

    fn end(&mut self) -> Result<String, RenderError> {
        Ok(match (self.scope, self.items) {
            (Scope::Resource, _) => String::new(),
            (_, 0) => "[]\n".to_owned(),
            _ => "\n]\n".to_owned(),
        })
    }
}

/// The outcome of one of several, with the file that it concerns, and the line of an NDJSON file.
pub(super) fn item(judged: &Judged) -> Value {
    let outcome = operation_outcome(&judged.validation);
    match judged.line {
        Some(line) => json!({ "file": *judged.file, "line": line, "outcome": outcome }),
        None => json!({ "file": *judged.file, "outcome": outcome }),
    }
}
