use super::*;
use crate::fhir::{Tree, parse_json};

fn tree(text: &str) -> Tree {
    parse_json(text).unwrap()
}

#[track_caller]
fn check(met: Met, expected: bool, what: &str) {
    assert_eq!(met, Met::from(expected), "{what}");
}

#[test]
fn tokens() {
    let code = tree(r#"{"coding":[{"system":"s","code":"c"},{"code":"n"}]}"#);
    for (wanted, met) in
        [("c", true), ("s|c", true), ("t|c", false), ("|c", false), ("|n", true), ("s|", true), ("x", false)]
    {
        check(token::meets(code.root(), wanted), met, wanted);
    }
    let identifier = tree(r#"{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}"#);
    check(
        token::meets(identifier.root(), "https://fhir.nhs.uk/Id/nhs-number|9990000018"),
        true,
        "identifier",
    );
    check(
        token::meets(identifier.root(), "https://fhir.nhs.uk/Id/nhs-number|9990000026"),
        false,
        "identifier",
    );
    let gender = tree(r#"{"gender":"female"}"#);
    let gender = gender.root().child("gender").unwrap();
    check(
        token::meets(gender, "http://hl7.org/fhir/administrative-gender|female"),
        true,
        "a code with its system",
    );
    check(token::meets(gender, "male"), false, "a code");
}

#[test]
fn strings() {
    let name = tree(r#"{"family":"O'Hanrahan-Côté","given":["Siobhán","Mary"]}"#);
    let cases = [
        ("o'han", None, true),
        ("COTE", None, true),
        ("siobhan", None, true),
        ("siobhan o'hanrahan", None, true),
        ("hanlon", None, false),
        ("Siobhán", Some("exact"), true),
        ("Siobhan", Some("exact"), false),
        ("anra", Some("contains"), true),
        ("anra", None, false),
    ];
    for (wanted, modifier, met) in cases {
        check(string::meets(name.root(), wanted, modifier), met, wanted);
    }
    assert_eq!(string::meets(name.root(), "x", Some("soundex")), Met::Unknown);
}

#[test]
fn dates_by_precision_and_prefix() {
    let day = tree(r#"{"d":"2018-05-14"}"#);
    let day = day.root().child("d").unwrap();
    let cases = [
        ("2018-05-14", true),
        ("2018-05", true),
        ("2018", true),
        ("2018-05-13", false),
        ("ge2018-05-14", true),
        ("ge2018-05-15", false),
        ("le2018-05-13", false),
        ("ne2018-05-13", true),
        ("sa2018-05-14", false),
        ("gt2018-05-14", false),
        ("gt2018-05-13", true),
        ("le2018", true),
        ("lt2018", false),
        ("lt2019", true),
        ("ne2018-05-14", false),
        ("sa2018-05-13", true),
        ("eb2018-05-15", true),
        ("eb2018-05-14", false),
    ];
    for (wanted, met) in cases {
        check(date::meets(day, wanted), met, wanted);
    }
    assert_eq!(date::meets(day, "ap2018"), Met::Unknown);
    assert_eq!(date::meets(day, "next week"), Met::Unknown);
}

#[test]
fn a_date_without_a_zone_may_be_read_in_any() {
    let instant = tree(r#"{"d":"2018-05-14T00:30:00+01:00"}"#);
    let instant = instant.root().child("d").unwrap();
    check(date::meets(instant, "2018-05-14"), true, "by the clock");
    check(date::meets(instant, "2018-05-13"), true, "by universal time");
    check(date::meets(instant, "2018-05-15"), false, "by neither");
}

#[test]
fn a_period_matches_where_it_overlaps() {
    let period = tree(r#"{"start":"2018-05-01","end":"2018-06-30"}"#);
    check(date::meets(period.root(), "2018-06"), true, "overlaps");
    check(date::meets(period.root(), "2018-07"), false, "is before");
    let open = tree(r#"{"start":"2018-05-01"}"#);
    check(date::meets(open.root(), "ge2020"), true, "has no end");
}

#[test]
fn references_in_their_three_forms() {
    let subject = tree(r#"{"reference":"Patient/42"}"#);
    for (wanted, kind, met) in [
        ("42", None, true),
        ("Patient/42", None, true),
        ("http://h/fhir/Patient/42", None, true),
        ("43", None, false),
        ("Group/42", None, false),
        ("42", Some("Group"), false),
    ] {
        check(reference::meets(subject.root(), wanted, kind), met, wanted);
    }
}

#[test]
fn separators_can_be_escaped() {
    assert_eq!(split_escaped(r"a\,b,c", ','), ["a,b", "c"]);
    assert_eq!(split_escaped(r"a\|b,c", ','), [r"a\|b", "c"]);
}
