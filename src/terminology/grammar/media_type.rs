//! Media types: the shape of RFC 6838, section 4.2, with optional parameters.

use std::sync::LazyLock;

use regex::Regex;

static MEDIA_TYPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*( ?; ?[A-Za-z0-9!#$&^_.+-]+=.+)*$")
        .ok()
});

/// STU3 lets `xml`, `json` and `ttl` stand for the types of its own formats (CapabilityStatement.format).
pub(super) fn is_valid(code: &str) -> bool {
    matches!(code, "xml" | "json" | "ttl") || MEDIA_TYPE.as_ref().is_some_and(|shape| shape.is_match(code))
}
