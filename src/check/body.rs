//! The body as a resource.

use super::{CheckResult, Finding, Outcome, Page, Weight};
use crate::code::Code;
use crate::fhir::{Element, ParseError, with_article};
use crate::validate::shorten;

/// The page of the check that the body can be read.
pub const MALFORMED: Code = Code {
    name: "body",
    title: "The body can be read",
    what: "The body is well-formed JSON or XML.",
    why: "Nothing can be learnt from a body that cannot be read.",
    example: "An HTML login page with status 200; JSON that ends in the middle; XML with a document type declaration.",
    specification: "https://hl7.org/fhir/STU3/formats.html",
};

/// The page of the check of the resource type.
pub const RESOURCE_TYPE: Code = Code {
    name: "resource-type",
    title: "The resource type of the body",
    what: "The body is a resource of the type that was asked for.",
    why: "A client that reads a Patient and gets a Bundle has no Patient.",
    example: "wrong:  a Bundle with one entry for GET Patient/1\nright:  the Patient itself",
    specification: "https://hl7.org/fhir/STU3/http.html#read",
};

/// The failure of a body that cannot be read.
#[must_use]
pub fn malformed(page: &Page, error: &ParseError) -> CheckResult {
    let body = page.response().map_or(&[][..], |response| &response.body);
    let content_type =
        page.response().and_then(|response| response.headers.get("content-type")).unwrap_or("none");
    let start = start(body);
    let mut result = CheckResult::new(MALFORMED.name, Outcome::Fail, "that the body can be read")
        .compared(format!("a FHIR resource in {}", error.format), beginning(body));
    if body.iter().all(u8::is_ascii_whitespace) {
        result.actual = Some("an empty body".to_owned());
    } else if start.to_ascii_lowercase().starts_with("<!doctype html")
        || start.to_ascii_lowercase().starts_with("<html")
    {
        result = result.hint(format!(
            "this is a web page (Content-Type: {content_type}): a login form or a proxy answers in place of the FHIR server"
        ));
    }
    result.findings.push(Finding {
        code: MALFORMED.name.to_owned(),
        weight: Weight::Error,
        exchange: Some(page.id.clone()),
        path: String::new(),
        line: Some(error.position.line),
        column: Some(error.position.column),
        definition: None,
        message: format!("not well-formed {}: {}", error.format, error.message),
        expected: None,
        actual: None,
    });
    result
}

/// The first characters of a body.
fn start(body: &[u8]) -> String {
    // Cut first: a body may be large.
    let head = &body[..body.len().min(1000)];
    String::from_utf8_lossy(head).trim_start().chars().take(60).collect()
}

/// How a body begins, in words.
pub(super) fn beginning(body: &[u8]) -> String {
    format!("{} bytes that begin: {}", body.len(), start(body))
}

/// Checks the resource type of the body.
#[must_use]
pub fn resource_type(expected: &str, page: &Page, root: Element<'_>) -> CheckResult {
    let checked = format!("that the body is {}", with_article(expected));
    let found = root.resource_type().unwrap_or("no resourceType");
    if found == expected {
        return CheckResult::new(RESOURCE_TYPE.name, Outcome::Pass, checked).compared(expected, found);
    }
    let mut result = CheckResult::new(RESOURCE_TYPE.name, Outcome::Fail, checked).compared(expected, found);
    if found == "OperationOutcome"
        && let Some(issue) = root.child("issue")
    {
        let text =
            issue.text("diagnostics").or_else(|| issue.child("details")?.text("text")).unwrap_or_default();
        result = result.hint(format!("the server says: {}", shorten(text)));
    }
    let position = root.position();
    result.findings.push(Finding {
        code: RESOURCE_TYPE.name.to_owned(),
        weight: Weight::Error,
        exchange: Some(page.id.clone()),
        path: root.path(),
        line: Some(position.line),
        column: Some(position.column),
        definition: None,
        message: match root.resource_type() {
            Some(found) => format!("the body is {}", with_article(found)),
            None => "the body has no resourceType".to_owned(),
        },
        expected: Some(expected.to_owned()),
        actual: Some(found.to_owned()),
    });
    result
}
