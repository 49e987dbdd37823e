//! Whether there is a body at all.

use super::{CheckResult, Outcome};
use crate::code::Code;
use crate::http::Response;
use crate::standard::BodyExpectation;

/// The page of this check.
pub const CODE: Code = Code {
    name: "body-presence",
    title: "Whether there is a body",
    what: "The answer has a body, or has none, as the standard says for the case.",
    why: "A client that is promised a body and gets none fails; one that is told that there is none does not look.",
    example: "wrong:  204 with a body\nright:  204 and nothing else",
    specification: "https://hl7.org/fhir/STU3/http.html#delete",
};

/// Checks it. Blanks alone are no body.
#[must_use]
pub fn check(expected: BodyExpectation, response: &Response) -> CheckResult {
    let is_empty = response.body.iter().all(u8::is_ascii_whitespace);
    let (checked, words, holds) = match expected {
        BodyExpectation::Empty => ("that there is no body", "no body", is_empty),
        BodyExpectation::Present => ("that there is a body", "a body", !is_empty),
    };
    let outcome = if holds { Outcome::Pass } else { Outcome::Fail };
    CheckResult::new(CODE.name, outcome, checked).compared(words, format!("{} bytes", response.body.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Headers;

    #[test]
    fn blanks_are_no_body() {
        let outcome = |expected, body: &str| {
            let response = Response {
                status: 204,
                headers: Headers::default(),
                body: body.into(),
                room: crate::http::Room::default(),
            };
            check(expected, &response).outcome
        };
        assert_eq!(outcome(BodyExpectation::Empty, " \r\n"), Outcome::Pass);
        assert_eq!(outcome(BodyExpectation::Empty, "{}"), Outcome::Fail);
        assert_eq!(outcome(BodyExpectation::Present, "{}"), Outcome::Pass);
        assert_eq!(outcome(BodyExpectation::Present, ""), Outcome::Fail);
    }
}
