use super::Is::{Met, Not, Unknown};
use super::{R4, STU3, check};

#[test]
fn letter_by_letter() {
    let value_set = r#"{"resourceType":"ValueSet","url":"http://acme.org/fhir/ValueSet/123",
        "meta":{"profile":["http://acme.org/p"]}}"#;
    check(
        &STU3,
        value_set,
        &[
            ("url=http://acme.org/fhir/ValueSet/123", Met),
            ("url=http://acme.org/fhir/valueset/123", Not),
            ("url=http://acme.org/fhir/ValueSet/123/", Not),
            ("url:below=http://acme.org/fhir/", Met),
            ("url:below=http://acme.org/fhir", Met),
            ("url:below=http://acme.org/fh", Not),
            ("url:above=http://acme.org/fhir/ValueSet/123/_history/5", Met),
            ("url:above=http://acme.org/fhir", Not),
            ("url:contains=acme", Unknown),
            ("_profile=http://acme.org/p", Met),
            ("_profile=http://acme.org/q", Not),
        ],
    );
}

#[test]
fn a_canonical_may_name_a_version() {
    let patient = r#"{"resourceType":"Patient","meta":{"profile":["http://acme.org/p|1.0"]}}"#;
    check(
        &R4,
        patient,
        &[
            ("_profile=http://acme.org/p", Met),
            ("_profile=http://acme.org/p|1.0", Met),
            ("_profile=http://acme.org/p|2.0", Not),
        ],
    );
}
