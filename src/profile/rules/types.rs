//! The types that an element may have (ElementDefinition.type).

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// An element has a type that is not allowed.
pub const NOT_ALLOWED: Code = Code {
    name: "type-not-allowed",
    title: "A value has a type that is not allowed here",
    what: "Where an element may have one of several types, as `value[x]`, the type used is one that the profile allows; \
        a contained resource or an entry is of an allowed type.",
    why: "Readers look for the types that the profile names; a value in another is not found.",
    example: "An extension that allows a code.\n  wrong:  \"valueString\": \"A\"\n  right:  \"valueCodeableConcept\": { … }",
    specification: "https://hl7.org/fhir/STU3/formats.html#choice",
};

/// The issue for an element whose type is not one of those allowed.
#[must_use]
pub fn not_allowed(element: Element<'_>, found: &str, allowed: &[&str]) -> Issue {
    Issue::at(
        element,
        &NOT_ALLOWED,
        Severity::Error,
        format!("`{}` may not be of type {found} here", element.name()),
    )
    .compared(allowed.join(" or "), found)
}
