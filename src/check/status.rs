//! The status of the answer.

use super::{CheckResult, Outcome};
use crate::code::Code;
use crate::http::{Exchange, Response, redact_address};
use crate::standard::StatusPattern;

/// The page of this check.
pub const CODE: Code = Code {
    name: "status",
    title: "The HTTP status",
    what: "The answer has the status that the standard gives for the case.",
    why: "Clients decide by the status alone whether they have a record, an empty result or an error.",
    example: "wrong:  200 with an error page for a record that is not there\nright:  404",
    specification: "https://hl7.org/fhir/STU3/http.html#summary",
};

/// Checks it.
#[must_use]
pub fn check(expected: &[StatusPattern], exchange: &Exchange, response: &Response) -> CheckResult {
    let words: Vec<String> = expected.iter().map(ToString::to_string).collect();
    let words = words.join(" or ");
    let checked = format!("that the status is {words}");
    if expected.iter().any(|pattern| pattern.matches(response.status)) {
        return CheckResult::new(CODE.name, Outcome::Pass, checked)
            .compared(words, response.status.to_string());
    }
    let result = CheckResult::new(CODE.name, Outcome::Fail, checked).compared(words, actual(response));
    match response.status {
        401 | 403 => result.hint("the endpoint refused the credentials; see [auth] in proofmark.toml"),
        300..=399 => result.hint(format!(
            "redirects are followed within the same scheme, host and port only; give the endpoint by the address that \
             answers, not by {}",
            exchange.request.url.host_str().unwrap_or_default()
        )),
        _ => result,
    }
}

/// The status, and where it points to.
fn actual(response: &Response) -> String {
    match response.headers.get("location").filter(|_| (300..400).contains(&response.status)) {
        Some(location) => {
            let location = redact_address(location);
            format!("{}, a redirect to {location}, which was not followed", response.status)
        }
        None => response.status.to_string(),
    }
}
