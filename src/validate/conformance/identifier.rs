//! The identifiers of a conformance resource: its URL and its business identifiers, where these are URIs.
//!
//! <https://hl7.org/fhir/R4/datatypes.html#uri>

use std::sync::LazyLock;

use regex::Regex;

use super::findings::Findings;
use crate::fhir::Element;
use crate::profile::Code;

/// An identifier is no well-formed URI.
pub(super) const CODE: Code = Code {
    name: "identifier-not-uri",
    title: "An identifier is no well-formed URI",
    what: "The value of an identifier whose system is urn:ietf:rfc:3986 is a whole URI, with its scheme. A UUID \
        in a URN is written in small letters and whole, an OID in a URN in numbers that have no leading zeros.",
    why: "URIs are compared letter by letter: one that is written in another way is another.",
    example: "wrong:  \"system\": \"urn:ietf:rfc:3986\", \"value\": \"1.2.36.146\"\n\
        right:  \"system\": \"urn:ietf:rfc:3986\", \"value\": \"urn:oid:1.2.36.146\"",
    specification: "https://hl7.org/fhir/R4/datatypes.html#Identifier",
};

/// The system of identifiers that are URIs.
const URI: &str = "urn:ietf:rfc:3986";

static OID: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[0-2](\.(0|[1-9][0-9]*))+$").ok());
static UUID: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$").ok());

pub(super) fn judge(resource: Element<'_>, findings: &mut Findings<'_>) {
    if let Some(url) = resource.child("url") {
        urn(url, findings);
    }
    for identifier in resource.children_named("identifier") {
        if identifier.text("system") == Some(URI)
            && let Some(value) = identifier.child("value")
            && let Some(text) = value.value()
        {
            if has_scheme(text) {
                urn(value, findings);
            } else {
                let message = format!("the identifier is said to be a URI, and `{text}` has no scheme");
                findings.error(value, &CODE, message);
            }
        }
    }
}

/// Whether a URI begins with a scheme (RFC 3986, section 3.1), and so is absolute.
pub(super) fn has_scheme(uri: &str) -> bool {
    uri.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
    })
}

fn urn(place: Element<'_>, findings: &mut Findings<'_>) {
    let Some(text) = place.value() else { return };
    let matches =
        |shape: &LazyLock<Option<Regex>>, text: &str| shape.as_ref().is_none_or(|shape| shape.is_match(text));
    if let Some(uuid) = text.strip_prefix("urn:uuid:")
        && !matches(&UUID, uuid)
    {
        findings.error(place, &CODE, format!("`{uuid}` is no UUID in small letters"));
    }
    if let Some(oid) = text.strip_prefix("urn:oid:")
        && !matches(&OID, oid)
    {
        findings.error(place, &CODE, format!("`{oid}` is no OID"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::alone;

    #[test]
    fn uris_are_whole_and_well_formed() {
        let code_system = |value: &str| {
            alone(&format!(
                r#"{{"resourceType":"CodeSystem","identifier":[{{"system":"urn:ietf:rfc:3986","value":"{value}"}}]}}"#
            ))
        };
        for good in
            ["urn:oid:2.16.840.1", "urn:uuid:0b9a5ff8-7e2b-4c2c-9f0d-16fbd1bd2c11", "http://example.org/1"]
        {
            assert!(code_system(good).is_empty(), "{good}");
        }
        for bad in [
            "2.16.840.1",
            "urn:oid:2.16.0840",
            "urn:oid:3.1",
            "urn:uuid:0B9A5FF8-7E2B-4C2C-9F0D-16FBD1BD2C11",
        ] {
            assert_eq!(
                code_system(bad),
                ["error identifier-not-uri CodeSystem.identifier[0].value"],
                "{bad}"
            );
        }
        let url = alone(r#"{"resourceType":"ValueSet","url":"urn:uuid:1-2"}"#);
        assert_eq!(url, ["error identifier-not-uri ValueSet.url"]);
    }
}
