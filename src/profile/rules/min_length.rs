//! The least length of a text (the extension `minLength` of an ElementDefinition).

use serde::Serialize;

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// A text is too short.
pub const CODE: Code = Code {
    name: "value-too-short",
    title: "A value is shorter than the profile allows",
    what: "The value has at least as many characters as the profile demands.",
    why: "What is shorter is not a value of the kind that is meant, or was cut off.",
    example: "minLength 10.\nwrong:  \"value\": \"943476\"",
    specification: "https://hl7.org/fhir/R4/extension-minlength.html",
};

/// The length, in characters.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct MinLength(pub(crate) usize);

impl MinLength {
    /// Checks one element.
    #[must_use]
    pub fn check(&self, element: Element<'_>) -> Option<Issue> {
        let length = element.value()?.chars().count();
        (length < self.0).then(|| {
            Issue::at(element, &CODE, Severity::Error, format!("`{}` is too short", element.name()))
                .compared(format!("at least {} characters", self.0), format!("{length} characters"))
        })
    }
}
