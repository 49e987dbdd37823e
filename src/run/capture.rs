//! What is kept of an answer for later steps.

use regex::Regex;

use crate::check::Answer;
use crate::fhirpath::{Context, Expression, Item};
use crate::standard::{Capture, CaptureFrom};
use crate::validate::SchemaSet;

/// The value that a capture finds in an answer, a path on the first of its pages that has one; of several the first,
/// `None` where there is none.
pub(super) fn captured(capture: &Capture, answer: &Answer, schemas: &SchemaSet) -> Option<String> {
    let page = answer.first()?;
    match capture {
        Capture::Path(path) => {
            let expression = Expression::parse(path).ok()?;
            answer.pages.iter().find_map(|page| {
                let root = Item::element(page.tree().ok()?.root(), None);
                let found = expression.evaluate(&Context::new(schemas), root).ok()?;
                found.into_iter().next().map(|first| first.to_string())
            })
        }
        Capture::From(CaptureFrom { header: Some(name), matches, .. }) => {
            let value = page.response()?.headers.get(name)?;
            match matches {
                None => Some(value.to_owned()),
                Some(pattern) => {
                    let found = Regex::new(pattern).ok()?.captures(value)?;
                    found.get(1).or_else(|| found.get(0)).map(|part| part.as_str().to_owned())
                }
            }
        }
        Capture::From(CaptureFrom { header: None, status, .. }) => {
            page.response().filter(|_| *status).map(|response| response.status.to_string())
        }
    }
}
