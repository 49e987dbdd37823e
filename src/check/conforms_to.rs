//! Conformance to a profile or type.

use super::{CheckResult, Finding, Outcome, Page};
use crate::code::Code;
use crate::fhir::{Element, Tree};
use crate::validate::{Issue, Severity, Validation, Validator};

/// The page of this check.
pub const CODE: Code = Code {
    name: "conforms-to",
    title: "A resource conforms to a profile",
    what: "Every element of the resource is as the profile and the FHIR release demand. Each finding has a code of its own.",
    why: "A profile is what sender and receiver have agreed on; what departs from it is lost or misread.",
    example: "A Patient without an official name does not conform to CareConnect-Patient-1.",
    specification: "https://hl7.org/fhir/STU3/profiling.html",
};

/// How many findings of one resource are listed.
const MAX_FINDINGS: usize = 50;

/// Checks the body.
#[must_use]
pub fn body(profile: &str, page: &Page, tree: &Tree, validator: &Validator) -> CheckResult {
    let validation = validator.validate(tree, &[profile.to_owned()]);
    let name = tree.root().resource_type().unwrap_or("the body");
    result(profile, name, page, &validation)
}

/// Checks one resource within the body.
#[must_use]
pub fn resource(profile: &str, page: &Page, resource: Element<'_>, validator: &Validator) -> CheckResult {
    let validation = validator.validate_resource(resource, &[profile.to_owned()]);
    let name = match (resource.resource_type(), resource.text("id")) {
        (Some(kind), Some(id)) => format!("{kind}/{id}"),
        (kind, _) => kind.unwrap_or("the entry").to_owned(),
    };
    result(profile, &name, page, &validation)
}

fn result(profile: &str, name: &str, page: &Page, validation: &Validation) -> CheckResult {
    let errors = validation.count(Severity::Error);
    let undecided = validation.count(Severity::Undecided);
    let outcome = match (errors, undecided) {
        (0, 0) => Outcome::Pass,
        (0, _) => Outcome::Inconclusive,
        _ => Outcome::Fail,
    };
    let first = |severity| validation.issues.iter().find(|issue| issue.severity == severity).map(described);
    let actual = match (errors, undecided) {
        (0, 0) => "it does".to_owned(),
        (0, _) => format!("not decided: {}", first(Severity::Undecided).unwrap_or_default()),
        (1, _) => first(Severity::Error).unwrap_or_default(),
        (errors, _) => format!("{errors} errors; the first: {}", first(Severity::Error).unwrap_or_default()),
    };
    let mut result = CheckResult::new(CODE.name, outcome, format!("that {name} conforms to {profile}"))
        .compared("no error", actual);
    let mut issues: Vec<&Issue> =
        validation.issues.iter().filter(|issue| issue.severity != Severity::Information).collect();
    issues.sort_by_key(|issue| std::cmp::Reverse(issue.severity));
    result.findings = issues.into_iter().take(MAX_FINDINGS).map(|issue| Finding::of(page, issue)).collect();
    result
}

/// An issue in one line: where, what, and what was found.
fn described(issue: &Issue) -> String {
    let mut text = format!("{}: {}", issue.path, issue.message);
    if let Some(actual) = &issue.actual {
        text.push_str(&format!(" (found {actual})"));
    }
    text
}
