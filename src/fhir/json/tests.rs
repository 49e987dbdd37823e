use super::*;
use crate::fhir::{DefectKind, DefinedElement, Definitions, Position, Tree, parse_xml, write_xml};

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
        ("{} x", "1:4", "where the end of the resource was expected"),
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

#[track_caller]
fn comes_back(text: &str) {
    assert_eq!(write(tree(text).root(), &()), text);
}

#[test]
fn json_is_written_as_it_was_read() {
    for text in [
        "{}",
        r#"{"resourceType":"Patient","z":1.0,"a":-1.50E+3,"b":[true,false]}"#,
        r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Basic","id":"1"}},{"fullUrl":"x"}]}"#,
        r#"{"birthDate":"1970","_birthDate":{"id":"b"},"fhir_comments":["a","b"]}"#,
        r#"{"_birthDate":{"extension":[{"url":"x"}]}}"#,
        r#"{"given":["Ada",null],"_given":[null,{"id":"b"}]}"#,
        r#"{"given":[null],"_given":[{"id":"b"}]}"#,
        r#"{"_given":[{"id":"a"},null,{"id":"b"}]}"#,
        r#"{"a":"\"\\/\n\r\t\u0001é😀"}"#,
    ] {
        comes_back(text);
    }
}

#[test]
fn what_is_not_well_formed_fhir_comes_back_too() {
    for text in [
        r#"{"a":1,"a":[2],"a":[3,4],"_a":[{"id":"x"}]}"#,
        r#"{"a":null,"b":[null],"c":{},"d":""}"#,
        r#"{"a":"b","_a":3,"_c":"d","_e":[1]}"#,
        r#"{"a":{"b":1},"_a":{"c":1}}"#,
        r#"{"a":["x"],"_a":{"c":1}}"#,
        r#"{"a":["x"],"_a":[null,{"c":1}]}"#,
        r#"{"a":1,"_a":{"b":1},"__a":{"c":1},"_":2,"":3}"#,
        r#"{"resourceType":"A","resourceType":"B"}"#,
        r#"{"a":[{"b":1},2]}"#,
    ] {
        comes_back(text);
    }
}

#[test]
fn a_sibling_that_does_not_fit_is_an_element_and_a_defect() {
    for text in [
        r#"{"a":{"b":1},"_a":{"c":1}}"#,
        r#"{"a":["x"],"_a":{"c":1}}"#,
        r#"{"a":"x","_a":[{"c":1}]}"#,
        r#"{"a":"x","_a":"y"}"#,
    ] {
        let tree = tree(text);
        assert!(tree.root().child("_a").is_some(), "{text}");
        let defects: Vec<_> = tree.defects().map(|(_, _, defect)| defect.kind).collect();
        assert_eq!(defects, [DefectKind::PrimitiveSibling], "{text}");
    }
    let tree = tree(r#"{"a":["x","y"],"_a":[{"id":"1"}]}"#);
    assert_eq!(
        tree.defects().map(|(_, _, defect)| defect.kind).collect::<Vec<_>>(),
        [DefectKind::PrimitiveSibling]
    );
}

#[test]
fn items_of_one_array_stand_together_and_their_defects_with_them() {
    let tree = tree(r#"{"_a":[null,{"id":"i"},{}],"b":1,"a":["x","y","z"]}"#);
    let names: Vec<&str> = tree.root().children().map(crate::fhir::Element::name).collect();
    assert_eq!(names, ["b", "a", "a", "a"]);
    assert_eq!(tree.root().children_named("a").nth(1).unwrap().text("id"), Some("i"));
    let id = tree.root().children_named("a").nth(1).unwrap().child("id").unwrap();
    assert_eq!(id.path(), ".a[1].id");
    let (element, _, defect) = tree.defects().next().unwrap();
    assert_eq!((element.path().as_str(), defect.kind), (".a[2]", DefectKind::EmptyElement));
}

#[test]
fn properties_that_are_there_twice_are_counted_through() {
    let tree = tree(r#"{"a":[1,2],"b":0,"a":[3]}"#);
    let found: Vec<_> = tree.root().children_named("a").map(|a| (a.index(), a.value())).collect();
    assert_eq!(found, [(0, Some("1")), (1, Some("2")), (2, Some("3"))]);
    assert!(tree.root().same_content(tree.root()));
}

/// A few elements of Patient, in their order.
#[derive(Debug)]
struct Patient;

impl Definitions for Patient {
    fn element(&self, parent_type: &str, name: &str) -> Option<DefinedElement<'_>> {
        let elements: &[(&str, &'static str, bool)] = match parent_type {
            "Patient" => &[
                ("id", "id", false),
                ("text", "Narrative", false),
                ("contained", "Resource", true),
                ("active", "boolean", false),
                ("name", "HumanName", true),
                ("birthDate", "date", false),
                ("multipleBirthInteger", "integer", false),
                ("contact", "Patient.contact", true),
            ],
            "Patient.contact" => &[("name", "HumanName", false)],
            "HumanName" => &[("id", "string", false), ("family", "string", false), ("given", "string", true)],
            "date" | "string" => &[("id", "string", false), ("extension", "Extension", true)],
            "Narrative" => &[("status", "code", false), ("div", "xhtml", false)],
            _ => return None,
        };
        let order = elements.iter().position(|(known, _, _)| *known == name)?;
        let (_, type_name, repeats) = elements[order];
        Some(DefinedElement { type_name, repeats, order })
    }
}

#[test]
fn xml_becomes_json_by_the_definitions() {
    let xml = r#"<Patient xmlns="http://hl7.org/fhir"><id value="1"/><text><status value="empty"/><div xmlns="http://www.w3.org/1999/xhtml">a<br/></div></text>
        <contained><Basic><id value="b"/></Basic></contained><active value="true"/>
        <name id="n"><family value="007"/><given value="A"><extension url="x"/></given><given id="g"/><given value="B"/></name>
        <birthDate id="d"/><multipleBirthInteger value="2"/><contact><name><family value="F"/></name></contact>
        <new value="1"/><more value="1"/><more value="2"/></Patient>"#;
    let json = r#"{"resourceType":"Patient","id":"1","text":{"status":"empty","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">a<br/></div>"},"contained":[{"resourceType":"Basic","id":"b"}],"active":true,"name":[{"id":"n","family":"007","given":["A",null,"B"],"_given":[{"extension":[{"url":"x"}]},{"id":"g"},null]}],"_birthDate":{"id":"d"},"multipleBirthInteger":2,"contact":[{"name":{"family":"F"}}],"new":"1","more":["1","2"]}"#;
    let tree = parse_xml(xml).unwrap();
    let written = write(tree.root(), &Patient);
    assert_eq!(written, json);
    let contact = tree.root().child("contact").unwrap();
    assert_eq!(write(contact, &Patient), r#"{"name":{"family":"F"}}"#);
    assert_eq!(write(tree.root().child("active").unwrap(), &Patient), "true");
}

#[test]
fn a_value_of_the_wrong_form_is_kept_as_a_string() {
    let xml = r#"<Patient xmlns="http://hl7.org/fhir"><active value="yes"/><multipleBirthInteger value="02"/></Patient>"#;
    let json = write(parse_xml(xml).unwrap().root(), &Patient);
    assert_eq!(json, r#"{"resourceType":"Patient","active":"yes","multipleBirthInteger":"02"}"#);
}

#[test]
fn json_becomes_xml_in_the_order_of_the_definitions() {
    let json = tree(
        r#"{"resourceType":"Patient","birthDate":"1970","new":1,"name":[{"given":["A"],"family":"B"}],"id":"1"}"#,
    );
    let xml = write_xml(json.root(), &Patient).unwrap();
    let order = ["<id ", "<name><family ", "<given ", "<birthDate ", "<new "];
    let places: Vec<Option<usize>> = order.iter().map(|tag| xml.find(tag)).collect();
    assert!(places.is_sorted() && places.iter().all(Option::is_some), "{xml}");
}

/// JSON that looks like FHIR: names that meet each other's siblings, nulls, duplicates, wrong shapes.
fn arbitrary_json() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    let scalar = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        "-?(0|[1-9][0-9]{0,3})(\\.[0-9]{1,3})?([eE][+-]?[0-9])?",
        "\"([a-z<&é😀 ]|\\\\n|\\\\\"|\\\\u00e9){0,6}\"",
    ];
    let value = scalar.prop_recursive(5, 60, 5, |value| {
        let name = "resourceType|_?[ab]|_?(id|div|extension|contained)|__a|";
        let members = prop::collection::vec((name, value.clone()), 0..6);
        let object = members.prop_map(|members| {
            let members: Vec<String> =
                members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
            format!("{{{}}}", members.join(", "))
        });
        let array = prop::collection::vec(value, 0..4).prop_map(|items| format!("[{}]", items.join(" ,")));
        prop_oneof![2 => object, 1 => array]
    });
    value.prop_map(|value| format!("{{\"a\":{value}}}"))
}

proptest::proptest! {
    #[test]
    fn any_tree_reads_back_as_it_was_written(text in arbitrary_json()) {
        let read = tree(&text);
        let written = write(read.root(), &());
        let again = tree(&written);
        proptest::prop_assert!(read.root().same_content(again.root()), "{} became {}", text, written);
        proptest::prop_assert_eq!(&write(again.root(), &()), &written);
    }

    #[test]
    fn never_panics(text in "\\PC*") {
        let _ = parse(&text);
    }

    #[test]
    fn never_panics_on_near_json(text in "[\\[\\]{}\",:_a0-9.eE\\\\u \n-]{0,60}") {
        let _ = parse(&text);
    }

    #[test]
    fn never_panics_on_bytes(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..60)) {
        let _ = crate::fhir::parse(&bytes);
    }

    #[test]
    fn never_panics_on_a_damaged_text(text in arbitrary_json(), at in 0_usize..500, byte in proptest::num::u8::ANY) {
        let mut bytes = text.into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = crate::fhir::parse(&bytes);
    }
}
