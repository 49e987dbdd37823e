//! Constraints that Proofmark has no rule for yet: said, never passed over.

use serde::Serialize;

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// A constraint of the profile was not checked.
pub const CODE: Code = Code {
    name: "rule-not-checked",
    title: "A constraint of the profile was not checked",
    what: "The profile states a constraint of a kind that Proofmark does not judge yet.",
    why: "It is listed so that nobody takes it for checked. It does not decide.",
    example: "minValueInteger and maxValueInteger.",
    specification: "https://hl7.org/fhir/STU3/elementdefinition.html",
};

/// The property of the element's definition that states the constraint.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Unjudged(pub(crate) String);

impl Unjudged {
    /// Says so for one element.
    #[must_use]
    pub fn check(&self, element: Element<'_>) -> Issue {
        let message = format!("`{}` was not checked against {} of the profile", element.name(), self.0);
        Issue::at(element, &CODE, Severity::NotChecked, message)
    }
}
