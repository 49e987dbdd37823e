//! Headers of the answer.

use regex::Regex;

use super::{CheckResult, Outcome};
use crate::code::Code;
use crate::http::{Exchange, Response};
use crate::standard::HeaderExpectation;

/// The page of this check.
pub const CODE: Code = Code {
    name: "header",
    title: "A header of the answer",
    what: "The answer carries the headers that the standard asks for, and none that it forbids.",
    why: "ETag and Last-Modified let a client see that a record has changed before it writes over it.",
    example: "wrong:  no ETag\nright:  ETag: W/\"3\"",
    specification: "https://hl7.org/fhir/STU3/http.html#versioning",
};

/// Checks one header.
#[must_use]
pub fn check(
    name: &str,
    expected: &HeaderExpectation,
    exchange: &Exchange,
    response: &Response,
) -> CheckResult {
    let found = response.headers.get(name);
    let (holds, words) = match expected {
        HeaderExpectation::Present => (found.is_some(), "to be there".to_owned()),
        HeaderExpectation::Absent => (found.is_none(), "not to be there".to_owned()),
        HeaderExpectation::Equals(value) => (found == Some(value), value.clone()),
        HeaderExpectation::Echoes(sent) => {
            let sent = exchange.request.headers.get(sent).unwrap_or_default();
            (found == Some(sent), format!("{sent}, as it was sent"))
        }
        HeaderExpectation::Matches(pattern) => {
            let Ok(regex) = Regex::new(pattern) else {
                let mut result =
                    CheckResult::new(CODE.name, Outcome::Inconclusive, format!("the header {name}"));
                result.actual = Some(format!("the scenario's pattern `{pattern}` is no regular expression"));
                return result;
            };
            (found.is_some_and(|value| regex.is_match(value)), format!("to match {pattern}"))
        }
    };
    let outcome = if holds { Outcome::Pass } else { Outcome::Fail };
    CheckResult::new(CODE.name, outcome, format!("the header {name}"))
        .compared(words, found.map_or("no such header".to_owned(), str::to_owned))
}
