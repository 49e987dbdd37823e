//! What is known of a script while its actions are translated, one after another.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::fixture::{Fixture, Fixtures};
use super::variable::Variables;
use crate::fhir::Element;
use crate::standard::{OneOrMany, Step};

/// The state of a translation.
pub(super) struct Translator {
    pub(super) fixtures: Fixtures,
    pub(super) variables: Variables,
    /// The canonical URLs of the profiles by id; in place of one that cannot be used, why.
    pub(super) profiles: BTreeMap<String, Result<String, String>>,
    /// Whether the script speaks of more than one destination.
    pub(super) has_several_destinations: bool,
    /// The names of answers that are kept so far.
    pub(super) kept: BTreeSet<String>,
    /// The names of answers by the id of their requests.
    pub(super) requests: BTreeMap<String, String>,
    /// The name of the answer to the last operation.
    pub(super) last: Option<String>,
    /// How many names were made.
    pub(super) made: usize,
}

/// What became of an action.
pub(super) enum Done {
    /// An operation.
    Operation(Vec<Step>),
    /// An assertion; whether it only warns.
    Assertion(Vec<Step>, bool),
    /// An operation that cannot be done: what follows it means nothing.
    NoOperation(String),
    /// An assertion that cannot be checked; whether it only warns.
    NoAssertion(String, bool),
}

impl Translator {
    /// The steps of an action.
    pub(super) fn action(&mut self, action: Element<'_>) -> Done {
        match (action.child("operation"), action.child("assert")) {
            (Some(operation), None) => match self.operation(operation) {
                Ok(steps) => Done::Operation(steps),
                Err(reason) => Done::NoOperation(reason),
            },
            (None, Some(assertion)) => {
                let warns = assertion.text("warningOnly") == Some("true");
                match self.assertion(assertion) {
                    Ok(steps) => Done::Assertion(steps, warns),
                    Err(reason) => Done::NoAssertion(reason, warns),
                }
            }
            (None, None) => Done::NoOperation("the action has no operation and no assert".to_owned()),
            (Some(_), Some(_)) => Done::NoOperation("the action has an operation and an assert".to_owned()),
        }
    }

    /// A fixture that the script brings, if the id is that of one.
    pub(super) fn fixture(&self, id: &str) -> Result<Option<&Fixture>, String> {
        self.fixtures.get(id).map(|fixture| fixture.as_ref().map_err(Clone::clone)).transpose()
    }

    /// A name that nothing in the script has.
    pub(super) fn name(&mut self, kind: &str) -> String {
        self.made += 1;
        format!("{kind} {}", self.made)
    }

    /// The text, if all its variables have values.
    pub(super) fn checked(&self, text: &str) -> Result<String, String> {
        self.variables.check(text).map(|()| text.to_owned())
    }
}

/// A step that makes no request because something is not supported.
pub(super) fn not_supported(name: Option<String>, reason: &str) -> Step {
    Step { name, not_supported: Some(format!("not supported: {reason}")), ..Step::default() }
}

/// What an action is called: its description, or its label.
pub(super) fn called(element: Element<'_>) -> Option<String> {
    let text = element.text("description").or_else(|| element.text("label"))?;
    Some(plain(text))
}

/// Words in which no value is filled in.
pub(super) fn plain(text: &str) -> String {
    text.replace("${", "{")
}

/// The first element that is none of those known.
pub(super) fn unknown<'t>(element: Element<'t>, known: &[&str]) -> Option<&'t str> {
    let ignored = ["id", "extension", "label", "description"];
    element.children().map(Element::name).find(|name| !known.contains(name) && !ignored.contains(name))
}

/// The media type that a script means by a short name.
pub(super) fn media_type(code: &str) -> Result<String, String> {
    match code {
        "json" => Ok("application/fhir+json".to_owned()),
        "xml" => Ok("application/fhir+xml".to_owned()),
        "none" => Err("the media type `none`".to_owned()),
        other => Ok(other.to_owned()),
    }
}

/// Parameters of a query, as a step has them.
pub(super) fn add_parameter(params: &mut IndexMap<String, OneOrMany<String>>, name: String, value: String) {
    match params.entry(name) {
        indexmap::map::Entry::Vacant(entry) => {
            entry.insert(OneOrMany::One(value));
        }
        indexmap::map::Entry::Occupied(mut entry) => {
            let mut all = entry.get().all().to_vec();
            all.push(value);
            entry.insert(OneOrMany::Many(all));
        }
    }
}
