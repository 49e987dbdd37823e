//! Headers of the answer.

use regex::Regex;

use super::{CheckResult, Outcome};
use crate::code::Code;
use crate::http::{Exchange, Headers, Response};
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

/// The value of a header. On several lines it means the same as with commas on one (RFC 9110, 5.2).
fn whole(headers: &Headers, name: &str) -> Option<String> {
    let lines = headers.0.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    lines.map(|(_, value)| value.clone()).reduce(|one, other| format!("{one}, {other}"))
}

/// Checks one header.
#[must_use]
pub fn check(
    name: &str,
    expected: &HeaderExpectation,
    exchange: &Exchange,
    response: &Response,
) -> CheckResult {
    let found = whole(&response.headers, name);
    let found = found.as_deref();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_on_several_lines_is_one() {
        let line = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let headers = Headers(vec![
            line("Cache-Control", "no-cache"),
            line("ETag", "W/\"1\""),
            line("cache-control", "no-store"),
        ]);
        assert_eq!(whole(&headers, "Cache-Control").as_deref(), Some("no-cache, no-store"));
        assert_eq!(whole(&headers, "Location"), None);
    }
}
