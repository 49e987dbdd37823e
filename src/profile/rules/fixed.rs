//! A value that is exactly given (ElementDefinition.fixed[x]).

use serde::Serialize;

use crate::fhir::Element;
use crate::profile::definition::Fragment;
use crate::profile::text::describe;
use crate::profile::{Code, Issue, Severity};

/// A value differs from the fixed one.
pub const CODE: Code = Code {
    name: "fixed-value",
    title: "A value differs from the one that the profile fixes",
    what: "The element holds exactly the value that the profile gives: every part of it, and nothing else.",
    why: "Fixed values are how systems recognise what they get: an identifier with another system is another identifier.",
    example: "The system of an NHS number is fixed.\n\
        wrong:  \"system\": \"http://fhir.nhs.net/Id/nhs-number\"\n\
        right:  \"system\": \"https://fhir.nhs.uk/Id/nhs-number\"",
    specification: "https://hl7.org/fhir/STU3/elementdefinition.html#fixed",
};

/// The value.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Fixed(pub(crate) Fragment);

impl Fixed {
    /// Checks one element.
    #[must_use]
    pub fn check(&self, element: Element<'_>) -> Option<Issue> {
        if self.matches(element) {
            return None;
        }
        let issue = Issue::at(
            element,
            &CODE,
            Severity::Error,
            format!("`{}` has another value than the one that is fixed", element.name()),
        );
        Some(issue.compared(describe(self.0.element()), describe(element)))
    }

    /// Whether an element holds exactly this value.
    #[must_use]
    pub fn matches(&self, element: Element<'_>) -> bool {
        self.0.element().same_content(element)
    }
}
