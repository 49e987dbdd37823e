use super::*;
use crate::fhir::{DefectKind, ScalarKind, parse_json};

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p","text":{"status":"generated",
    "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">A &amp; B</div>"},
    "contained":[{"resourceType":"Organization","id":"o","name":"<&\"'\n>"}],
    "extension":[{"url":"http://x","valueString":"y"}],"birthDate":"1970","_birthDate":{"id":"b"}}"#;

fn patient(within: &str) -> String {
    format!("<Patient xmlns=\"http://hl7.org/fhir\">{within}</Patient>")
}

fn defects(text: &str) -> Vec<DefectKind> {
    parse(text).unwrap().defects().map(|(_, _, defect)| defect.kind).collect()
}

#[test]
fn json_written_as_xml_reads_back_the_same() {
    let json = parse_json(PATIENT).unwrap();
    let xml = parse(&write(json.root(), &()).unwrap()).unwrap();
    assert!(json.root().same_content(xml.root()), "{}", xml.source());
    assert_eq!(xml.defects().count(), 0);
    assert_eq!(xml.root().child("contained").unwrap().resource_type(), Some("Organization"));
}

#[test]
fn refuses_a_dtd() {
    let text = "<!DOCTYPE Patient [<!ENTITY x \"y\">]><Patient xmlns=\"http://hl7.org/fhir\"/>";
    assert!(parse(text).unwrap_err().message.contains("DTD"));
}

#[test]
fn names_what_fhir_does_not_allow() {
    let cases = [
        ("<Patient><active value=\"true\"/></Patient>".to_owned(), DefectKind::Namespace),
        (patient("<active/>"), DefectKind::EmptyElement),
        (patient("<active val=\"1\" value=\"true\"/>"), DefectKind::UnknownAttribute),
        (patient("x<active value=\"true\"/>"), DefectKind::StrayText),
        (
            patient("<contained id=\"c\"><Basic><id value=\"b\"/></Basic></contained>"),
            DefectKind::UnknownAttribute,
        ),
        (patient("<contained>c<Basic><id value=\"b\"/></Basic></contained>"), DefectKind::StrayText),
        (
            patient("<contained><Basic xmlns=\"x\"><id value=\"b\"/></Basic></contained>"),
            DefectKind::Namespace,
        ),
    ];
    for (text, kind) in cases {
        assert_eq!(defects(&text), [kind], "{text}");
    }
}

#[test]
fn bounds_hold_whatever_stands_in_values_and_comments() {
    let deep = |start: &str| {
        let text = format!("<Patient xmlns=\"http://hl7.org/fhir\">{}", start.repeat(100_000));
        parse(&text).unwrap_err().message
    };
    for start in
        ["<a>", "<a b=\"/>\">", "<a b='/>'>", "<a><!--</a></a>-->", "<a><![CDATA[</a>]]>", "<a><?b </a>?>"]
    {
        assert!(deep(start).contains("deeper"), "{start}");
    }
    let attributes: String = (0..100_000).map(|number| format!(" a{number}=\"\"")).collect();
    assert!(parse(&patient(&format!("<a{attributes}/>"))).unwrap_err().message.contains("attributes"));
    let namespaces = |count: u32| -> String { (0..count).map(|n| format!(" xmlns:n{n}=\"n{n}\"")).collect() };
    assert!(parse(&patient(&format!("<a{}/>", namespaces(33)))).unwrap_err().message.contains("namespaces"));
    let nested = format!("<a{0}><b xmlns:x='y' xmlns:z='z' ><c xmlns:q ='q'/></b></a>", namespaces(29));
    assert!(parse(&patient(&nested)).unwrap_err().message.contains("namespaces"));
}

#[test]
fn what_only_looks_like_too_much_is_accepted() {
    let text = patient(&format!(
        "<!-- {0} --><language value=\"{1}\"/><text><status value='x'/><div xmlns=\"{XHTML}\">{1}<![CDATA[{0}]]></div></text>",
        "<a>".repeat(200),
        "= ".repeat(5000)
    ));
    assert!(parse(&text).is_ok());
}

#[test]
fn repeated_elements_have_an_index_in_their_path() {
    let text = patient("<name><family value=\"A\"/></name><name><family value=\"B\"/></name>");
    let tree = parse(&text).unwrap();
    let second = tree.root().children_named("name").nth(1).unwrap();
    assert_eq!(second.child("family").unwrap().path(), "Patient.name[1].family");
}

#[test]
fn prefixes_entities_and_a_mark_are_read() {
    let text = "\u{feff}<f:Patient xmlns:f=\"http://hl7.org/fhir\"><f:language value=\"a&amp;&#x62;\"/>\
        <f:name id='n'><f:family value='x'/></f:name></f:Patient>";
    let tree = crate::fhir::parse(text.as_bytes()).unwrap();
    assert_eq!(tree.root().text("language"), Some("a&b"));
    assert_eq!(tree.root().child("name").unwrap().text("id"), Some("n"));
    assert_eq!(tree.root().name(), "Patient");
    assert_eq!(tree.defects().count(), 0);
}

/// Found by fuzzing: the reader of XML lets a prefix be empty.
#[test]
fn an_empty_prefix_is_no_part_of_a_name() {
    let tree = parse(&patient("<:extension :url=\"x\"><valueCode value=\"y\"/></:extension>")).unwrap();
    assert_eq!(tree.root().child("extension").unwrap().text("url"), Some("x"));
}

/// A narrative is put into JSON alone, where what was declared around it is not.
#[test]
fn a_narrative_brings_the_namespaces_that_it_uses() {
    let text = format!(
        "<f:Patient xmlns:f=\"http://hl7.org/fhir\" xmlns=\"{XHTML}\" xmlns:q=\"q&quot;\" xmlns:u=\"u\">\
         <f:text><f:status value=\"generated\"/><div title=' xmlns=\"'>a<q:b/></div></f:text></f:Patient>"
    );
    let tree = parse(&text).unwrap();
    let div = tree.root().child("text").unwrap().child("div").unwrap();
    assert_eq!(div.scalar_kind(), Some(ScalarKind::Xhtml));
    let expected = format!("<div xmlns=\"{XHTML}\" xmlns:q=\"q&quot;\" title=' xmlns=\"'>a<q:b/></div>");
    assert_eq!(div.value(), Some(expected.as_str()));
    let again = parse(&write(tree.root(), &()).unwrap()).unwrap();
    assert!(tree.root().same_content(again.root()), "{}", again.source());
}

#[test]
fn a_narrative_that_would_break_the_document_is_a_value() {
    for div in ["<div>", "<div xmlns='x'/>", "<div/>", "<p xmlns='http://www.w3.org/1999/xhtml'/>", " <div/>"]
    {
        let json = format!("{{\"resourceType\":\"Patient\",\"text\":{{\"div\":\"{div}\"}}}}");
        let json = parse_json(&json).unwrap();
        let xml = parse(&write(json.root(), &()).unwrap()).unwrap();
        assert!(json.root().same_content(xml.root()), "{}", xml.source());
    }
}

#[test]
fn what_xml_cannot_say_is_an_error_with_its_place() {
    let json = parse_json("{\"resourceType\":\"Patient\",\n \"a b\":1}").unwrap();
    let error = write(json.root(), &()).unwrap_err().to_string();
    assert_eq!(error, "Patient.a b at 2:8 cannot be written as XML: `a b` is no name in XML");
    let json = parse_json(r#"{"resourceType":"Patient","language":"\u0001"}"#).unwrap();
    assert!(write(json.root(), &()).unwrap_err().message.contains("character"));
}

proptest::proptest! {
    #[test]
    fn never_panics(text in "[<>/!?a=\"' &;#x0-9\\[\\]-]{0,80}") {
        let _ = parse(&text);
    }

    #[test]
    fn never_panics_on_a_damaged_document(at in 0_usize..600, byte in proptest::num::u8::ANY) {
        let mut bytes = write(parse_json(PATIENT).unwrap().root(), &()).unwrap().into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(tree) = crate::fhir::parse(&bytes) {
            let written = write(tree.root(), &()).unwrap();
            proptest::prop_assert!(tree.root().same_content(parse(&written).unwrap().root()), "{}", written);
        }
    }
}
