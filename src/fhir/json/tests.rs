use super::*;
use crate::fhir::Position;

fn tree(text: &str) -> Tree {
    parse(text).unwrap()
}

#[test]
fn keeps_digits_order_and_positions() {
    let tree = tree("{\"resourceType\":\"Observation\",\n  \"valueQuantity\": {\"value\": 1.50}}");
    let value = tree.root().child("valueQuantity").unwrap().child("value").unwrap();
    assert_eq!(value.value(), Some("1.50"));
    assert_eq!(value.position(), Position { line: 2, column: 30 });
    assert_eq!(value.path(), "Observation.valueQuantity.value");
}

#[test]
fn joins_a_primitive_with_its_sibling_in_either_order() {
    for text in [
        r#"{"birthDate":"1970-01-01","_birthDate":{"id":"a"}}"#,
        r#"{"_birthDate":{"id":"a"},"birthDate":"1970-01-01"}"#,
    ] {
        let tree = tree(text);
        let birth = tree.root().child("birthDate").unwrap();
        assert_eq!((birth.value(), birth.text("id")), (Some("1970-01-01"), Some("a")));
        assert_eq!(tree.root().children().count(), 1);
        assert_eq!(tree.defects().count(), 0);
    }
}

#[test]
fn aligns_arrays_of_primitives_with_nulls() {
    let tree = tree(r#"{"given":["Ada",null],"_given":[null,{"id":"b"}]}"#);
    let given: Vec<_> = tree.root().children_named("given").map(|e| (e.value(), e.text("id"))).collect();
    assert_eq!(given, [(Some("Ada"), None), (None, Some("b"))]);
    assert_eq!(tree.defects().count(), 0);
}

#[test]
fn names_what_fhir_does_not_allow() {
    let cases = [
        (r#"{"a":1,"a":2}"#, DefectKind::DuplicateKey),
        (r#"{"a":[]}"#, DefectKind::EmptyArray),
        (r#"{"a":{}}"#, DefectKind::EmptyElement),
        (r#"{"a":null}"#, DefectKind::Null),
        (r#"{"a":[[1]]}"#, DefectKind::NestedArray),
        (r#"{"a":"b","_a":3}"#, DefectKind::PrimitiveSibling),
        (r#"{"a":""}"#, DefectKind::EmptyValue),
    ];
    for (text, kind) in cases {
        let tree = tree(text);
        assert_eq!(tree.defects().map(|(_, _, defect)| defect.kind).collect::<Vec<_>>(), [kind], "{text}");
    }
}

#[test]
fn errors_say_where_and_what() {
    let cases = [
        ("{\"a\": tru}", "1:7", "'t' where \"true\" was expected"),
        ("{\"a\": 01}", "1:7", "leading zero"),
        ("{\"a\": \"b", "1:7", "not closed"),
        ("{\"a\": 1", "1:8", "the end of the text where \",\" or \"}\" was expected"),
        ("[1]", "1:1", "where a JSON object was expected"),
        ("{} x", "1:4", "after the end of the resource"),
        ("<!DOCTYPE html>", "1:1", "where a JSON object"),
    ];
    for (text, position, message) in cases {
        let error = parse(text).unwrap_err();
        assert_eq!(error.position.to_string(), position, "{text}");
        assert!(error.message.contains(message), "{text}: {}", error.message);
    }
}

#[test]
fn depth_is_bounded() {
    let text = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    assert!(parse(&text).unwrap_err().message.contains("deeper"));
}

#[test]
fn escapes_are_taken_out() {
    let tree = tree(r#"{"a":"\u00e9\n\ud83d\ude00/"}"#);
    assert_eq!(tree.root().text("a"), Some("é\n😀/"));
}

proptest::proptest! {
    #[test]
    fn never_panics(text in "\\PC*") {
        let _ = parse(&text);
    }

    #[test]
    fn never_panics_on_near_json(text in "[\\[\\]{}\",:_a0-9.eE\\\\u \n-]{0,60}") {
        let _ = parse(&text);
    }
}
