//! NDJSON: one outcome a line; of several files, each with the file that it concerns.

use super::{Judged, Report, Scope, json, operation_outcome};
use crate::report::RenderError;

/// The report as NDJSON.
#[derive(Debug)]
pub struct Ndjson {
    scope: Scope,
}

impl Ndjson {
    /// An empty report.
    #[must_use]
    pub fn new(scope: Scope) -> Self {
        Self { scope }
    }
}

impl Report for Ndjson {
    fn add(&mut self, judged: &Judged) -> String {
        match self.scope {
            Scope::Resource | Scope::Lines => format!("{}\n", operation_outcome(&judged.validation)),
            Scope::Files => format!("{}\n", json::item(judged)),
        }
    }

    fn end(&mut self) -> Result<String, RenderError> {
        Ok(String::new())
    }
}
