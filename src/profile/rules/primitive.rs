//! The formats of primitive types.
//!
//! Written out rather than taken from the regular expressions of the definitions: STU3 publishes none for
//! some types, allows the thirtieth of February, and gives XML Schema's dialect of expressions.
//! <https://hl7.org/fhir/STU3/datatypes.html#primitive>

use crate::fhir::{Element, ScalarKind};
use crate::profile::text::shorten;
use crate::profile::{Code, Issue, Severity};

/// A value does not have the format of its type.
pub const FORMAT: Code = Code {
    name: "primitive-format",
    title: "A value does not have the format of its type",
    what: "Dates are real dates in the form that FHIR gives, ids have at most 64 of the allowed characters, numbers \
        are in range, and so on for each primitive type.",
    why: "A receiver that cannot read a value drops it, or drops the whole record.",
    example: "wrong:  \"birthDate\": \"19/03/1974\"\nright:  \"birthDate\": \"1974-03-19\"",
    specification: "https://hl7.org/fhir/STU3/datatypes.html#primitive",
};

/// A value is written as another JSON type than its FHIR type has.
pub const JSON_TYPE: Code = Code {
    name: "json-type",
    title: "A value is written as the wrong JSON type",
    what: "Booleans and numbers are written bare, everything else in quotation marks; an element with parts is an object.",
    why: "JSON readers with types refuse `\"true\"` for true.",
    example: "wrong:  \"active\": \"true\"\nright:  \"active\": true",
    specification: "https://hl7.org/fhir/STU3/json.html#primitive",
};

/// How long a string may be: 1 MB (datatypes.html#string).
const MAX_STRING: usize = 1 << 20;

/// Whether a type is primitive.
#[must_use]
pub fn is_primitive(type_name: &str) -> bool {
    type_name.starts_with(|letter: char| letter.is_ascii_lowercase())
}

/// Checks the value of an element of a primitive type.
#[must_use]
pub fn check(element: Element<'_>, type_name: &str) -> Option<Issue> {
    let value = element.value()?;
    let written = element.scalar_kind()?;
    let proper = match type_name {
        "boolean" => ScalarKind::Boolean,
        "integer" | "unsignedInt" | "positiveInt" | "decimal" => ScalarKind::Number,
        _ => ScalarKind::String,
    };
    if !matches!(written, ScalarKind::Attribute | ScalarKind::Xhtml) && written != proper {
        let message =
            format!("`{}` is of type {type_name} and is written as {}", element.name(), words(written));
        return Some(
            Issue::at(element, &JSON_TYPE, Severity::Error, message).compared(words(proper), words(written)),
        );
    }
    let expected = problem(type_name, value)?;
    let message = format!("`{}` is no valid {type_name}", element.name());
    Some(
        Issue::at(element, &FORMAT, Severity::Error, message)
            .compared(expected, format!("\"{}\"", shorten(value))),
    )
}

fn words(kind: ScalarKind) -> &'static str {
    match kind {
        ScalarKind::Boolean => "a JSON boolean",
        ScalarKind::Number => "a JSON number",
        _ => "a JSON string",
    }
}

/// What the format is, where the value does not have it.
fn problem(type_name: &str, value: &str) -> Option<&'static str> {
    let (valid, format) = match type_name {
        "boolean" => (matches!(value, "true" | "false"), "true or false"),
        "integer" => (integer(value).is_some(), "a whole number between -2147483648 and 2147483647"),
        "unsignedInt" => {
            (integer(value).is_some_and(|number| number >= 0), "a whole number from 0 to 2147483647")
        }
        "positiveInt" => {
            (integer(value).is_some_and(|number| number > 0), "a whole number from 1 to 2147483647")
        }
        "decimal" => (decimal(value), "a decimal number"),
        "date" => (date(value), "a real date as YYYY, YYYY-MM or YYYY-MM-DD"),
        "dateTime" => {
            (date_time(value), "a date, or a date with time and time zone: YYYY-MM-DDThh:mm:ss+zz:zz")
        }
        "instant" => {
            (instant(value), "a date with time to the second and time zone: YYYY-MM-DDThh:mm:ss+zz:zz")
        }
        "time" => (time(value), "a time as hh:mm:ss"),
        "id" => (id(value), "1 to 64 of the characters A-Z, a-z, 0-9, - and ."),
        "code" => (code(value), "words with single spaces between them and none around them"),
        "uri" | "url" | "canonical" => (!has_white_space(value), "a URI without white space"),
        "oid" => (oid(value), "urn:oid: and a dotted number"),
        "uuid" => (uuid(value), "urn:uuid: and a UUID in lower case"),
        "base64Binary" => (base64(value), "Base64"),
        "string" | "markdown" => (string(value), "some text of at most 1 MB without control characters"),
        _ => return None,
    };
    (!valid).then_some(format)
}

fn integer(value: &str) -> Option<i32> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let canonical =
        digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    if canonical { value.parse().ok() } else { None }
}

fn decimal(value: &str) -> bool {
    let value = value.strip_prefix('-').unwrap_or(value);
    let (mantissa, exponent) = value.split_once(['e', 'E']).map_or((value, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

/// The number in a part of exactly so many digits.
fn number(text: &str, digits: usize) -> Option<u32> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn date(value: &str) -> bool {
    let mut parts = value.split('-');
    let Some(year) = parts.next().and_then(|text| number(text, 4)) else { return false };
    let month = parts.next().map(|text| number(text, 2));
    let day = parts.next().map(|text| number(text, 2));
    let valid = match (month, day) {
        (None, _) => true,
        (Some(Some(month @ 1..=12)), None) => month > 0,
        (Some(Some(month @ 1..=12)), Some(Some(day))) => (1..=days(year, month)).contains(&day),
        _ => false,
    };
    valid && parts.next().is_none()
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn time(value: &str) -> bool {
    let (clock, fraction) =
        value.split_once('.').map_or((value, None), |(clock, fraction)| (clock, Some(fraction)));
    let mut parts = clock.split(':');
    let (Some(hour), Some(minute), Some(second), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    number(hour, 2).is_some_and(|hour| hour < 24)
        && number(minute, 2).is_some_and(|minute| minute < 60)
        && number(second, 2).is_some_and(|second| second <= 60)
        && fraction.is_none_or(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
}

fn zone(value: &str) -> bool {
    let Some(offset) = value.strip_prefix(['+', '-']) else { return value == "Z" };
    let Some((hour, minute)) = offset.split_once(':') else { return false };
    match (number(hour, 2), number(minute, 2)) {
        (Some(14), Some(minute)) => minute == 0,
        (Some(hour), Some(minute)) => hour < 14 && minute < 60,
        _ => false,
    }
}

fn instant(value: &str) -> bool {
    let Some((day, rest)) = value.split_once('T') else { return false };
    let Some(zone_at) = rest.find(['Z', '+', '-']) else { return false };
    day.len() == 10 && date(day) && time(&rest[..zone_at]) && zone(&rest[zone_at..])
}

fn date_time(value: &str) -> bool {
    if value.contains('T') { instant(value) } else { date(value) }
}

fn id(value: &str) -> bool {
    (1..=64).contains(&value.len())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
}

fn code(value: &str) -> bool {
    !value.is_empty() && value.split(' ').all(|word| !word.is_empty() && !word.contains(char::is_whitespace))
}

fn oid(value: &str) -> bool {
    let Some(rest) = value.strip_prefix("urn:oid:") else { return false };
    let mut arcs = rest.split('.');
    matches!(arcs.next(), Some("0" | "1" | "2"))
        && rest.contains('.')
        && arcs.all(|arc| {
            !arc.is_empty()
                && arc.bytes().all(|byte| byte.is_ascii_digit())
                && (arc == "0" || !arc.starts_with('0'))
        })
}

fn uuid(value: &str) -> bool {
    let Some(rest) = value.strip_prefix("urn:uuid:") else { return false };
    rest.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && rest.bytes().all(|byte| matches!(byte, b'-' | b'0'..=b'9' | b'a'..=b'f'))
}

fn base64(value: &str) -> bool {
    let mut length = 0_usize;
    let mut padding = 0_usize;
    for byte in value.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        match byte {
            b'=' => padding += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => {}
            _ => return false,
        }
        length += 1;
    }
    length > 0 && length.is_multiple_of(4) && padding <= 2
}

fn string(value: &str) -> bool {
    value.len() <= MAX_STRING
        && value.contains(|letter: char| !letter.is_whitespace())
        && !any(value, |byte| byte < b' ' && !matches!(byte, b'\n' | b'\r' | b'\t'))
}

fn has_white_space(value: &str) -> bool {
    if value.is_ascii() {
        return any(value, |byte| matches!(byte, b'\t'..=b'\r' | b' '));
    }
    value.contains(char::is_whitespace)
}

/// Whether any byte is of a kind. Mostly none is, and to look at all of them, many at a time, is quicker than to stop
/// at the first.
fn any(value: &str, is_of_kind: impl Fn(u8) -> bool) -> bool {
    value.bytes().fold(false, |found, byte| found | is_of_kind(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn valid(type_name: &str, values: &[&str]) {
        for value in values {
            assert_eq!(problem(type_name, value), None, "{type_name} {value:?}");
        }
    }

    #[track_caller]
    fn invalid(type_name: &str, values: &[&str]) {
        for value in values {
            assert!(problem(type_name, value).is_some(), "{type_name} {value:?}");
        }
    }

    #[test]
    fn dates() {
        valid("date", &["1974", "1974-03", "1974-03-19", "2000-02-29"]);
        invalid(
            "date",
            &["74", "1974-13", "1974-02-30", "1900-02-29", "1974-3-19", "19/03/1974", "1974-03-19-01", ""],
        );
        valid(
            "dateTime",
            &["1974", "1974-03-19T09:30:00Z", "1974-03-19T09:30:00.123+14:00", "2016-12-31T23:59:60Z"],
        );
        invalid(
            "dateTime",
            &[
                "1974-03-19T09:30Z",
                "1974-03-19T09:30:00",
                "1974-03T09:30:00Z",
                "1974-03-19T24:00:00Z",
                "1974-03-19T09:30:00+14:30",
            ],
        );
        invalid("instant", &["1974-03-19"]);
        valid("time", &["09:30:00"]);
        invalid("time", &["9:30:00", "09:30"]);
    }

    #[test]
    fn numbers() {
        valid("integer", &["0", "-1", "2147483647"]);
        invalid("integer", &["01", "2147483648", "1.0", "+1", "-"]);
        invalid("positiveInt", &["0", "-1"]);
        valid("decimal", &["0.50", "-1", "1e10", "1.5E-3"]);
        invalid("decimal", &["00.5", ".5", "5.", "1e", "NaN", "1,5"]);
    }

    #[test]
    fn identifiers_and_texts() {
        valid("id", &["a", "A-1.b"]);
        invalid("id", &["", "a_b", &"x".repeat(65)]);
        valid("code", &["final", "ACCESS DENIED"]);
        invalid("code", &[" final", "a  b", "a\tb", ""]);
        invalid("uri", &["http://a b"]);
        valid("oid", &["urn:oid:2.16.840.1.113883", "urn:oid:1.0.3166"]);
        invalid("oid", &["2.16", "urn:oid:3.1", "urn:oid:1.01"]);
        valid("uuid", &["urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"]);
        invalid("uuid", &["urn:uuid:0C3151BD-1cbf-4d64-b04d-cd9187a4c6e0", "urn:uuid:1"]);
        valid("base64Binary", &["QQ==", "QUJD\nREVG"]);
        invalid("base64Binary", &["Q", "Q=Q=", "QQ=*"]);
        invalid("string", &[" \n", "a\u{1}b"]);
    }
}
