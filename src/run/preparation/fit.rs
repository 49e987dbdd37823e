//! Whether a record has what is needed, and the values that scenarios take of it.

use std::collections::BTreeMap;

use crate::fhir::Element;
use crate::fhirpath::{Context, Expression, Item};
use crate::standard::{DataNeed, LOGICAL_ID, variables};
use crate::validate::SchemaSet;

/// How long a value may be: it becomes part of addresses and of the record.
const MAX_VALUE: usize = 1000;

/// A record of the server, held against a need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fit {
    /// Its values, as far as they can be read.
    pub(super) values: BTreeMap<String, String>,
    /// What it should have and has not, in words.
    pub(super) lacks: Vec<String>,
}

impl Fit {
    /// Holds a record against a need. `known` gives the values of earlier records.
    pub(super) fn of(
        record: Element<'_>,
        need: &DataNeed,
        schemas: &SchemaSet,
        known: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let context = Context::new(schemas);
        let focus = || Item::element(record, None);
        let mut fit = Self::default();
        for wanted in &need.needs {
            let Some(condition) = wanted.holds() else { continue };
            // Values come from a server: within the string that they stand in, they stay text.
            let filled = variables::fill_with(condition, |name| known(name).map(|value| quoted(&value)));
            let holds =
                filled.ok().and_then(|path| Expression::parse(&path).ok()).is_some_and(|expression| {
                    expression.evaluate_boolean(&context, focus()).is_ok_and(|found| found == Some(true))
                });
            if !holds {
                fit.lacks.push(wanted.text().to_owned());
            }
        }
        for (name, path) in &need.values {
            let found = Expression::parse(path).ok().and_then(|path| path.evaluate(&context, focus()).ok());
            match found.unwrap_or_default().as_slice() {
                [one] if one.to_string().len() <= MAX_VALUE => {
                    fit.values.insert(name.clone(), one.to_string());
                }
                _ => fit.lacks.push(format!("one value for {name}")),
            }
        }
        if let Some(id) = record.text(LOGICAL_ID) {
            fit.values.insert(LOGICAL_ID.to_owned(), id.to_owned());
        }
        fit
    }
}

/// A text as part of a string of FHIRPath.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}
