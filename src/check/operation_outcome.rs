//! The body as an OperationOutcome that says what went wrong.

use super::{CheckResult, Finding, Outcome, Page};
use crate::code::Code;
use crate::fhir::{Element, with_article};
use crate::standard::{CodingPattern, OutcomeExpectation};
use crate::validate::shorten;

/// The page of this check.
pub const CODE: Code = Code {
    name: "operation-outcome",
    title: "An error is explained by an OperationOutcome",
    what: "The body of an error is an OperationOutcome with at least one issue, each with severity and code, at least one of them an error.",
    why: "Without it, a client cannot tell its user, or its developer, what to change.",
    example: "wrong:  an HTML error page, or { \"issue\": [{ \"diagnostics\": \"…\" }] }\n\
        right:  { \"issue\": [{ \"severity\": \"error\", \"code\": \"invalid\", \"diagnostics\": \"…\" }] }",
    specification: "https://hl7.org/fhir/STU3/operationoutcome.html",
};

/// The result where there is no body to explain anything, and none is demanded.
#[must_use]
pub fn not_applicable() -> CheckResult {
    let mut result =
        CheckResult::new(CODE.name, Outcome::NotApplicable, "that a body, if any, is an OperationOutcome");
    result.actual = Some("an empty body".to_owned());
    result
}

/// Checks it.
#[must_use]
pub fn check(expected: &OutcomeExpectation, page: &Page, root: Element<'_>) -> CheckResult {
    let checked = "that the error is explained by an OperationOutcome";
    let expectation = "an OperationOutcome whose issues have severity and code";
    if root.resource_type() != Some("OperationOutcome") {
        let found = root.resource_type().map_or_else(|| "no resource".to_owned(), with_article);
        return CheckResult::new(CODE.name, Outcome::Fail, checked).compared(expectation, found);
    }
    let issues: Vec<Element<'_>> = root.children_named("issue").collect();
    let mut findings = Vec::new();
    for issue in &issues {
        for part in ["severity", "code"] {
            if issue.text(part).is_none_or(str::is_empty) {
                findings.push(Finding::at(&CODE, page, *issue, format!("the issue has no {part}")));
            }
        }
    }
    if issues.is_empty() {
        findings.push(Finding::at(&CODE, page, root, "there is no issue".to_owned()));
    } else if findings.is_empty() && !issues.iter().any(|issue| is_meant(expected, *issue)) {
        findings.push(Finding::at(&CODE, page, issues[0], format!("no issue has {}", wanted(expected))));
    }
    let codes: Vec<&str> = issues.iter().filter_map(|issue| issue.text("code")).collect();
    if findings.is_empty() {
        let actual = format!("{} issue(s), {}", issues.len(), described(&issues, &codes));
        return CheckResult::new(CODE.name, Outcome::Pass, checked).compared(expectation, actual);
    }
    let mut actual = findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>().join("; ");
    if !issues.is_empty() {
        actual.push_str(&format!(" (found: {})", described(&issues, &codes)));
    }
    let mut result = CheckResult::new(CODE.name, Outcome::Fail, checked).compared(expectation, actual);
    result.findings = findings;
    result
}

/// Whether one issue has all that is expected of one.
fn is_meant(expected: &OutcomeExpectation, issue: Element<'_>) -> bool {
    let severity = issue.text("severity").unwrap_or_default();
    let code = issue.text("code").unwrap_or_default();
    let severe = match expected.severity.as_slice() {
        [] => matches!(severity, "error" | "fatal"),
        wanted => wanted.iter().any(|wanted| wanted == severity),
    };
    let of_type = expected.code.is_empty() || expected.code.iter().any(|wanted| wanted == code);
    let patterns = expected.coding.all();
    let coded = patterns.is_empty()
        || codings(issue).any(|coding| patterns.iter().any(|pattern| matches(pattern, coding)));
    severe && of_type && coded
}

fn codings(issue: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    issue.children_named("details").flat_map(|details| details.children_named("coding"))
}

fn matches(pattern: &CodingPattern, coding: Element<'_>) -> bool {
    coding.text("code") == Some(&pattern.code)
        && pattern.system.as_deref().is_none_or(|system| coding.text("system") == Some(system))
}

/// What one issue must have, in words.
fn wanted(expected: &OutcomeExpectation) -> String {
    let severity = match expected.severity.as_slice() {
        [] => "severity error or fatal".to_owned(),
        wanted => format!("severity {}", wanted.join(" or ")),
    };
    let mut words = vec![severity];
    if !expected.code.is_empty() {
        words.push(format!("code {}", expected.code.join(" or ")));
    }
    let codings: Vec<String> = expected.coding.all().iter().map(ToString::to_string).collect();
    if !codings.is_empty() {
        words.push(format!("coding {}", codings.join(" or ")));
    }
    words.join(", ")
}

/// The issue types that were found, and the codings of their details.
fn described(issues: &[Element<'_>], codes: &[&str]) -> String {
    let codings: Vec<String> = issues
        .iter()
        .flat_map(|issue| codings(*issue))
        .take(5)
        .map(|coding| {
            shorten(&format!(
                "{}|{}",
                coding.text("system").unwrap_or_default(),
                coding.text("code").unwrap_or_default()
            ))
        })
        .collect();
    let codes = shorten(&codes.join(", "));
    if codings.is_empty() {
        format!("code {codes}")
    } else {
        format!("code {codes}, coding {}", codings.join(", "))
    }
}
