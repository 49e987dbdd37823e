use super::Is::{Met, Not, Unknown};
use super::{R4, STU3, Surroundings, check, meets, page};

fn observation(subject: &str) -> String {
    format!(r#"{{"resourceType":"Observation","subject":{subject}}}"#)
}

#[test]
fn in_three_forms() {
    for schemas in [&*STU3, &*R4] {
        check(
            schemas,
            &observation(r#"{"reference":"Patient/42"}"#),
            &[
                ("subject=42", Met),
                ("subject=Patient/42", Met),
                ("subject=http://h/fhir/Patient/42", Met),
                ("subject=http://other/fhir/Patient/42", Unknown),
                ("subject=43", Not),
                ("subject=Group/42", Not),
                ("subject=http://h/fhir/Patient/43", Not),
                ("subject:Patient=42", Met),
                ("subject:Group=42", Not),
                ("patient=42", Met),
                ("patient=41,42", Met),
                ("patient=41", Not),
                ("subject=Patient/42/_history/1", Unknown),
                ("performer=42", Not),
            ],
        );
    }
    check(
        &STU3,
        &observation(r#"{"reference":"http://h/fhir/Patient/42/_history/3"}"#),
        &[
            ("subject=Patient/42", Met),
            ("subject=42", Met),
            ("subject=http://h/fhir/Patient/42", Met),
            ("subject=Patient/4", Not),
        ],
    );
}

#[test]
fn references_without_an_address() {
    let logical = observation(r#"{"identifier":{"system":"http://s","value":"1"}}"#);
    check(
        &STU3,
        &logical,
        &[("subject=42", Unknown), ("subject:identifier=http://s|1", Met), ("subject:identifier=2", Not)],
    );
    check(&STU3, &observation(r#"{"display":"Ann"}"#), &[("subject=42", Not)]);
    check(
        &STU3,
        &observation(r#"{"reference":"urn:uuid:1"}"#),
        &[("subject=42", Unknown), ("subject=urn:uuid:1", Met)],
    );
    check(&R4, &observation(r#"{"reference":"urn:uuid:1"}"#), &[("patient=42", Unknown)]);
    check(&R4, &observation(r#"{"reference":"Group/42"}"#), &[("patient=42", Not)]);
}

#[test]
fn chains_are_followed_within_the_answer() {
    let page = page(
        "http://h/fhir/Observation",
        r#"{"resourceType":"Bundle","entry":[
            {"fullUrl":"http://h/fhir/Observation/o","resource":{"resourceType":"Observation","id":"o",
                "subject":{"reference":"Patient/1"},"performer":[{"reference":"urn:uuid:2"},{"reference":"Practitioner/9"}]}},
            {"fullUrl":"http://h/fhir/Patient/1","resource":{"resourceType":"Patient","id":"1",
                "name":[{"family":"Ashcombe"}],"managingOrganization":{"reference":"Organization/7"}}},
            {"fullUrl":"urn:uuid:2","resource":{"resourceType":"Practitioner","id":"p","name":[{"family":"Ward"}]}}]}"#,
    );
    let entry = page.tree().unwrap().root().child("entry").unwrap().child("resource").unwrap();
    for (parameter, value, expected) in [
        ("subject.family", "ash", Met),
        ("subject:Patient.family", "ash", Met),
        ("subject:Group.family", "ash", Not),
        ("subject.family", "birch", Not),
        ("subject.organization.name", "x", Unknown),
        ("performer.family", "ward", Met),
        ("performer.family", "nobody", Unknown),
        ("performer", "Practitioner/p", Met),
        ("code.text", "x", Unknown),
    ] {
        let pages = std::slice::from_ref(&page);
        let surroundings = Surroundings { schemas: &STU3, pages, address: Some("http://h/fhir/Observation") };
        let met = meets(entry, parameter, value, surroundings).met;
        let found = match met {
            super::Met::Yes => Met,
            super::Met::No => Not,
            super::Met::Unknown(_) => Unknown,
        };
        assert_eq!(found, expected, "{parameter}={value}: {met:?}");
    }
}
