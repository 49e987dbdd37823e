//! A longest length (ElementDefinition.maxLength).

use serde::Serialize;

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// A value is longer than allowed.
pub const CODE: Code = Code {
    name: "value-too-long",
    title: "A value is longer than the profile allows",
    what: "The value has no more characters than the profile gives.",
    why: "A receiver with a field of that length cuts the rest off.",
    example: "With a maximum of 10:\n  wrong:  \"value\": \"12345678901\"\n  right:  \"value\": \"1234567890\"",
    specification: "https://hl7.org/fhir/STU3/elementdefinition.html#maxLength",
};

/// The most characters.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct MaxLength(pub(crate) usize);

impl MaxLength {
    /// Checks one element.
    #[must_use]
    pub fn check(&self, element: Element<'_>) -> Option<Issue> {
        let length = element.value()?.chars().count();
        (length > self.0).then(|| {
            Issue::at(element, &CODE, Severity::Error, format!("`{}` is too long", element.name()))
                .compared(format!("at most {} characters", self.0), format!("{length} characters"))
        })
    }
}
