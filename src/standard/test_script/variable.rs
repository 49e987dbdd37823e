//! The variables of a script: texts, and values of answers.

use indexmap::IndexMap;

use super::fixture::Fixtures;
use super::path::to_fhirpath;
use crate::fhir::Element;
use crate::fhirpath::Expression;
use crate::standard::{Capture, CaptureFrom, variables};

/// A variable.
pub(super) struct Variable {
    /// What it stands for before anything is captured.
    pub(super) text: Option<String>,
    /// What is captured, and of which answer; of each, if none is named.
    pub(super) captured: Option<(Option<String>, Capture)>,
}

/// All variables of a script, in order; in place of one that has no value, why.
pub(super) struct Variables(IndexMap<String, Result<Variable, String>>);

impl Variables {
    /// Reads them. `responses` are the ids of all answers that the script names.
    pub(super) fn read(root: Element<'_>, fixtures: &Fixtures, responses: &[&str]) -> Self {
        let named = root.children_named("variable").filter_map(|element| {
            let name = element.text("name")?;
            Some((name.to_owned(), variable(element, fixtures, responses)))
        });
        Self(named.collect())
    }

    /// Whether every `${name}` in a text has a value.
    ///
    /// # Errors
    /// Which has none, and why.
    pub(super) fn check(&self, text: &str) -> Result<(), String> {
        for name in variables::names(text) {
            match self.0.get(name) {
                Some(Ok(_)) => {}
                Some(Err(reason)) => return Err(format!("the variable `{name}`: {reason}")),
                None => return Err(format!("the script has no variable `{name}`")),
            }
        }
        Ok(())
    }

    /// Those that have a text from the beginning.
    pub(super) fn texts(&self) -> IndexMap<String, String> {
        let known = self.0.iter().filter_map(|(name, variable)| Some((name, variable.as_ref().ok()?)));
        known.filter_map(|(name, variable)| Some((name.clone(), variable.text.clone()?))).collect()
    }

    /// What is captured of the answer with an id.
    pub(super) fn captures(&self, response: Option<&str>) -> IndexMap<String, Capture> {
        let mut captures = IndexMap::new();
        for (name, variable) in &self.0 {
            if let Ok(Variable { captured: Some((source, capture)), .. }) = variable
                && (source.is_none() || source.as_deref() == response)
            {
                captures.insert(name.clone(), capture.clone());
            }
        }
        captures
    }
}

fn variable(element: Element<'_>, fixtures: &Fixtures, responses: &[&str]) -> Result<Variable, String> {
    let default = element.text("defaultValue").map(str::to_owned);
    let source = element.text("sourceId");
    let path = match (element.text("expression"), element.text("path")) {
        (Some(_), Some(_)) => return Err("it has an expression and a path".to_owned()),
        (Some(expression), None) => Some(expression.to_owned()),
        (None, Some(path)) => Some(to_fhirpath(path)?),
        (None, None) => None,
    };
    if let Some(path) = &path {
        Expression::parse(path).map_err(|error| format!("`{path}` is not valid FHIRPath: {error}"))?;
    }
    let capture = match (path, element.text("headerField")) {
        (Some(_), Some(_)) => return Err("it has a path and a headerField".to_owned()),
        (Some(path), None) => Capture::Path(path),
        (None, Some(header)) => {
            Capture::From(CaptureFrom { header: Some(header.to_owned()), ..CaptureFrom::default() })
        }
        (None, None) if source.is_some() => {
            return Err("it has a sourceId, and no expression, path or headerField".to_owned());
        }
        (None, None) if default.is_none() => return Err("it has no defaultValue and no source".to_owned()),
        (None, None) => return Ok(Variable { text: default, captured: None }),
    };
    match source {
        None => Ok(Variable { text: default, captured: Some((None, capture)) }),
        Some(source) if responses.contains(&source) => {
            Ok(Variable { text: default, captured: Some((Some(source.to_owned()), capture)) })
        }
        Some(source) => {
            let fixture = match fixtures.get(source) {
                Some(fixture) => fixture.as_ref().map_err(Clone::clone)?,
                None => return Err(format!("there is no fixture or responseId `{source}`")),
            };
            let Capture::Path(path) = &capture else {
                return Err(format!("the fixture `{source}` has no headers"));
            };
            let found = fixture.value(path)?.or(default);
            let text = found.ok_or_else(|| format!("`{path}` finds nothing in the fixture `{source}`"))?;
            Ok(Variable { text: Some(text), captured: None })
        }
    }
}
