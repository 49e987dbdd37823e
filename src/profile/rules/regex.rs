//! An expression that a text has to match (the extension `regex` of an ElementDefinition).

use serde::{Serialize, Serializer};

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// A text has another form than the profile gives.
pub const CODE: Code = Code {
    name: "value-form",
    title: "A value has another form than the profile gives",
    what: "The value as a whole matches the regular expression that the profile gives.",
    why: "Readers take the value apart by its form.",
    example: "[0-9]{10}\nwrong:  \"value\": \"943 476 5919\"\nright:  \"value\": \"9434765919\"",
    specification: "https://hl7.org/fhir/R4/extension-regex.html",
};

/// The expression; `None` for one that the profile got wrong.
#[derive(Debug)]
pub struct Regex {
    source: String,
    compiled: Option<regex::Regex>,
}

impl Regex {
    pub(crate) fn compile(source: &str) -> Self {
        let compiled = regex::RegexBuilder::new(&format!("^(?:{source})$")).size_limit(1 << 20).build().ok();
        Self { source: source.to_owned(), compiled }
    }

    /// Checks one element.
    #[must_use]
    pub fn check(&self, element: Element<'_>) -> Option<Issue> {
        let value = element.value()?;
        let Some(compiled) = &self.compiled else {
            let message =
                format!("part of the profile was not checked: `{}` is no regular expression", self.source);
            return Some(Issue::at(element, &super::slicing::NOT_CHECKED, Severity::NotChecked, message));
        };
        (!compiled.is_match(value)).then(|| {
            Issue::at(
                element,
                &CODE,
                Severity::Error,
                format!("`{}` has another form than it should", element.name()),
            )
            .compared(self.source.clone(), crate::profile::describe(element))
        })
    }
}

impl Serialize for Regex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.source)
    }
}
