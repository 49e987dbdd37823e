//! The body as an OperationOutcome that says what went wrong.

use super::{CheckResult, Finding, Outcome, Page, Weight};
use crate::code::Code;
use crate::fhir::{Element, with_article};
use crate::standard::OutcomeExpectation;

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
                findings.push(finding(page, *issue, format!("the issue has no {part}")));
            }
        }
    }
    if issues.is_empty() {
        findings.push(finding(page, root, "there is no issue".to_owned()));
    } else if findings.is_empty()
        && !issues.iter().any(|issue| matches!(issue.text("severity"), Some("error" | "fatal")))
    {
        findings.push(finding(page, issues[0], "no issue is of severity error or fatal".to_owned()));
    }
    let codes: Vec<&str> = issues.iter().filter_map(|issue| issue.text("code")).collect();
    if !expected.code.is_empty()
        && !codes.iter().any(|code| expected.code.iter().any(|wanted| wanted == code))
    {
        let message = format!("no issue has the code {}", expected.code.join(" or "));
        findings.push(finding(page, root, message));
    }
    if findings.is_empty() {
        let actual = format!("{} issue(s), code {}", issues.len(), codes.join(", "));
        return CheckResult::new(CODE.name, Outcome::Pass, checked).compared(expectation, actual);
    }
    let actual = findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>().join("; ");
    let mut result = CheckResult::new(CODE.name, Outcome::Fail, checked).compared(expectation, actual);
    result.findings = findings;
    result
}

fn finding(page: &Page, element: Element<'_>, message: String) -> Finding {
    let position = element.position();
    Finding {
        code: CODE.name.to_owned(),
        weight: Weight::Error,
        exchange: Some(page.id.clone()),
        path: element.path(),
        line: Some(position.line),
        column: Some(position.column),
        definition: None,
        message,
        expected: None,
        actual: None,
    }
}
