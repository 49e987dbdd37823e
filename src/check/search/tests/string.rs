use super::Is::{Met, Not, Unknown};
use super::{R4, STU3, check, words};

const PATIENT: &str = r#"{"resourceType":"Patient",
    "name":[{"family":"O'Hanrahan-Côté","given":["Siobhán","Mary"]},{"text":"Mrs Robin Ashcombe"}],
    "address":[{"line":["12 High Street"],"city":"Leeds","postalCode":"LS1 4AP"}]}"#;

#[test]
fn from_the_beginning_whatever_the_case_and_the_accents() {
    check(
        &STU3,
        PATIENT,
        &[
            ("family=o'han", Met),
            ("family=COTE", Met),
            ("given=siobhan", Met),
            ("name=siobhan o'hanrahan", Met),
            ("name=robin ashcombe", Met),
            ("name=hanlon", Not),
            ("given=iobhan", Not),
            ("given=Ann,Mary", Met),
            ("address=high", Met),
            ("address-city=leeds", Met),
            ("address-city=York", Not),
            ("address-postalcode=LS1 4AP", Met),
        ],
    );
}

#[test]
fn modifiers() {
    check(
        &STU3,
        PATIENT,
        &[
            ("given:exact=Siobhán", Met),
            ("given:exact=Siobhan", Not),
            ("given:exact=siobhán", Not),
            ("family:contains=anra", Met),
            ("family:contains=xyz", Not),
            ("family:soundex=x", Unknown),
            ("family:missing=false", Met),
        ],
    );
}

#[test]
fn by_sound_a_no_cannot_be_told() {
    check(&R4, PATIENT, &[("phonetic=siobhan", Met), ("phonetic=shivaun", Unknown)]);
}

#[test]
fn separators_in_a_text() {
    let patient = r#"{"resourceType":"Patient","address":[{"line":["Flat 1, High Street"]}]}"#;
    check(&STU3, patient, &[(r"address=Flat 1\, High", Met), (r"address=Flat 2\, High", Not)]);
    assert_eq!(words(&STU3, patient, "address"), "Flat 1, High Street");
}
