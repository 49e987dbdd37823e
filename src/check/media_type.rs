//! The media type and character set of the answer.

use super::{CheckResult, Finding, Outcome, Weight};
use crate::code::Code;
use crate::http::Response;

/// The page of the check of the media type.
pub const CONTENT_TYPE: Code = Code {
    name: "content-type",
    title: "The media type of the body",
    what: "Content-Type names the FHIR media type of the format that was asked for. Names of an older release pass with a warning.",
    why: "Clients choose their reader by it.",
    example: "wrong:  Content-Type: application/json\nright:  Content-Type: application/fhir+json;charset=UTF-8",
    specification: "https://hl7.org/fhir/STU3/http.html#mime-type",
};

/// The page of the check of the character set.
pub const CHARSET: Code = Code {
    name: "charset",
    title: "The character set of the body",
    what: "Content-Type names the character set UTF-8, and the body is UTF-8.",
    why: "A reader that guesses another set garbles names with accents.",
    example: "wrong:  Content-Type: application/fhir+json\nright:  Content-Type: application/fhir+json;charset=UTF-8",
    specification: "https://hl7.org/fhir/STU3/http.html#mime-type",
};

/// Checks the media type.
#[must_use]
pub fn content_type(expected: &[String], response: &Response) -> CheckResult {
    let right = expected.first().map_or("", String::as_str);
    let checked = format!("that the media type is {right}");
    let Some(header) = response.headers.get("content-type") else {
        return CheckResult::new(CONTENT_TYPE.name, Outcome::Fail, checked)
            .compared(right, "no Content-Type header");
    };
    let essence = header.split(';').next().unwrap_or_default().trim();
    if let Some(other) = contradicted(essence, &response.body) {
        let actual = format!("{essence}, and a body in {other}");
        return CheckResult::new(CONTENT_TYPE.name, Outcome::Fail, checked).compared(right, actual);
    }
    let result = |outcome| CheckResult::new(CONTENT_TYPE.name, outcome, checked).compared(right, header);
    match expected.iter().position(|name| name.eq_ignore_ascii_case(essence)) {
        Some(0) => result(Outcome::Pass),
        Some(_) => {
            let mut result = result(Outcome::Pass);
            result
                .findings
                .push(warning(&CONTENT_TYPE, format!("{essence} is let pass; the right name is {right}")));
            result
        }
        None => result(Outcome::Fail),
    }
}

/// The format that a body is plainly in where its media type names the other one.
fn contradicted(essence: &str, body: &[u8]) -> Option<&'static str> {
    let named = essence.to_ascii_lowercase();
    match body.trim_ascii_start().first()? {
        b'{' if named.ends_with("xml") => Some("JSON"),
        b'<' if named.ends_with("json") => Some("XML"),
        _ => None,
    }
}

/// Checks the character set, of the header and of the body.
#[must_use]
pub fn charset(expected: &str, response: &Response) -> CheckResult {
    let checked = format!("that the character set is {expected}");
    let header = response.headers.get("content-type").unwrap_or_default();
    let named = header
        .split(';')
        .skip(1)
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.trim().trim_matches('"'));
    let wanted = format!("charset={expected}");
    let result =
        |outcome, actual: &str| CheckResult::new(CHARSET.name, outcome, checked).compared(wanted, actual);
    if let Err(error) = std::str::from_utf8(&response.body) {
        let actual = format!("a body that is not UTF-8, at byte {}", error.valid_up_to());
        return result(Outcome::Fail, &actual);
    }
    match named {
        Some(named) if named.eq_ignore_ascii_case(expected) => {
            let mut result = result(Outcome::Pass, header);
            if response.body.starts_with(b"\xef\xbb\xbf") {
                result.findings.push(warning(&CHARSET, "the body begins with a byte order mark".to_owned()));
            }
            result
        }
        Some(named) => result(Outcome::Fail, &format!("charset={named}")),
        None => result(Outcome::Fail, "no charset in Content-Type"),
    }
}

fn warning(code: &Code, message: String) -> Finding {
    Finding {
        code: code.name.to_owned(),
        weight: Weight::Warning,
        exchange: None,
        path: "Content-Type".to_owned(),
        line: None,
        column: None,
        definition: None,
        message,
        expected: None,
        actual: None,
    }
}
