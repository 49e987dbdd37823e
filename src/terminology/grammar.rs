//! Code systems that are a grammar, not a list: MIME types and language tags.

use std::sync::LazyLock;

use regex::Regex;

use super::Membership;

/// RFC 6838, section 4.2, with optional parameters.
static MIME_TYPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*( ?; ?[A-Za-z0-9!#$&^_.+-]+=.+)*$")
        .ok()
});
/// The shape of RFC 5646 language tags; whether each part is registered is not checked.
static LANGUAGE_TAG: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*|[ix](-[A-Za-z0-9]{1,8})+)$").ok());

/// The address that STU3 gives where a value set of MIME types is meant.
const MIME_TYPE_ADDRESS: &str = "http://www.rfc-editor.org/bcp/bcp13.txt";

pub(super) fn of_value_set(value_set: &str, code: &str) -> Option<Membership> {
    is_value_set(value_set).then(|| mime_type(code))
}

/// Whether a value set is known by its grammar, wherever it is named.
pub(super) fn is_value_set(value_set: &str) -> bool {
    value_set == MIME_TYPE_ADDRESS
}

pub(super) fn of_code_system(system: &str, code: &str) -> Option<Membership> {
    match system {
        "urn:ietf:bcp:13" => Some(mime_type(code)),
        "urn:ietf:bcp:47" => LANGUAGE_TAG.as_ref().map(|grammar| Membership::of(grammar.is_match(code))),
        _ => None,
    }
}

/// STU3 lets `xml`, `json` and `ttl` stand for the types of its own formats (CapabilityStatement.format).
fn mime_type(code: &str) -> Membership {
    let short = matches!(code, "xml" | "json" | "ttl");
    Membership::of(short || MIME_TYPE.as_ref().is_some_and(|grammar| grammar.is_match(code)))
}
