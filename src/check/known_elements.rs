//! That a resource has no element and no extension that nothing loaded defines.

use super::{CheckResult, Finding, Outcome, Page};
use crate::code::Code;
use crate::fhir::Element;
use crate::validate::{Issue, Validator};

/// The page of this check.
pub const CODE: Code = Code {
    name: "known-elements",
    title: "There is nothing that is not defined",
    what: "Every element of the resource is one of its type, and every extension has a definition in the loaded packages.",
    why: "What no definition names is lost on the way, or is read as something else.",
    example: "wrong:  an extension with a URL of the supplier's own; an element that is misspelt",
    specification: "https://hl7.org/fhir/STU3/extensibility.html",
};

/// The findings of validation that tell of something unknown.
const UNKNOWN: [&str; 5] = [
    "unknown-element",
    "unknown-resource",
    "extension-not-checked",
    "extension-not-allowed",
    "extension-url",
];

/// Checks one resource.
#[must_use]
pub fn check(page: &Page, resource: Element<'_>, validator: &Validator) -> CheckResult {
    let validation = validator.validate_resource(resource, &[]);
    let unknown: Vec<&Issue> =
        validation.issues.iter().filter(|issue| UNKNOWN.contains(&issue.code)).collect();
    let checked = "that there is no element and no extension without a definition";
    let outcome = if unknown.is_empty() { Outcome::Pass } else { Outcome::Fail };
    let actual = match unknown.as_slice() {
        [] => "none".to_owned(),
        [one] => format!("{}: {}", one.path, one.message),
        [first, rest @ ..] => format!("{}: {} (and {} more)", first.path, first.message, rest.len()),
    };
    let mut result = CheckResult::new(CODE.name, outcome, checked).compared("none", actual);
    result.findings = unknown.into_iter().take(50).map(|issue| Finding::of(page, issue)).collect();
    result
}
