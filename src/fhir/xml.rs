//! XML into the tree and the tree into XML, by the FHIR rules for XML.
//!
//! See <https://hl7.org/fhir/STU3/xml.html>. A document type declaration is refused: FHIR has no use
//! for one and it is the door to entity attacks.

use std::fmt::Write as _;

use roxmltree::{Document, Node as XmlNode, ParsingOptions};

use super::source::MAX_DEPTH;
use super::tree::{NONE, Scalar, Text};
use super::{DefectKind, Element, Format, ParseError, ScalarKind, Tree};

const FHIR: &str = "http://hl7.org/fhir";
const XHTML: &str = "http://www.w3.org/1999/xhtml";
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// How many attributes one tag may have, counted roughly by their equals signs.
const MAX_ATTRIBUTES: usize = 4096;
/// How many kinds of element one element may hold. FHIR's largest type has some eighty.
const MAX_KINDS: usize = 512;
/// How many nodes one document may have; a node takes some hundred bytes.
const MAX_NODES: u32 = 4_000_000;

/// Reads an XML text as a tree.
pub fn parse(text: &str) -> Result<Tree, ParseError> {
    check_depth(text)?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| {
        let position = error.pos();
        ParseError {
            format: Format::Xml,
            position: super::Position { line: position.row, column: position.col },
            message: match error {
                roxmltree::Error::DtdDetected => {
                    "a document type declaration (DTD), which is refused for safety".to_owned()
                }
                other => other.to_string(),
            },
        }
    })?;
    let mut tree = Tree::new(text, Format::Xml);
    let root = document.root_element();
    let id = tree.add(NONE, own(root.tag_name().name()), root.range().start, false);
    tree.nodes[id as usize].resource_type = Some(own(root.tag_name().name()));
    if root.tag_name().namespace() != Some(FHIR) {
        let namespace = root.tag_name().namespace().unwrap_or_default();
        tree.defect(DefectKind::Namespace, id, root.range().start, namespace);
    }
    fill(&mut tree, id, root, text)?;
    Ok(tree)
}

/// Bounds the nesting before anything recursive looks at the text. Counts tags only roughly (a `<`
/// within a comment counts too), which can only refuse what no FHIR resource holds.
fn check_depth(text: &str) -> Result<(), ParseError> {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    let mut equals = 0usize;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'=' => equals += 1,
            b'<' => match bytes.get(at + 1) {
                Some(b'/') => depth = depth.saturating_sub(1),
                Some(b'?' | b'!') => {}
                _ => depth += 1,
            },
            b'>' if at > 0 && bytes[at - 1] == b'/' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if *byte == b'<' {
            equals = 0;
        }
        if equals > MAX_ATTRIBUTES {
            let message = format!("more than {MAX_ATTRIBUTES} attributes in one tag");
            return Err(ParseError::at(Format::Xml, text, at, message));
        }
        if depth > MAX_DEPTH {
            let message = format!("nesting deeper than {MAX_DEPTH} levels");
            return Err(ParseError::at(Format::Xml, text, at, message));
        }
    }
    Ok(())
}

fn fill(tree: &mut Tree, id: u32, node: XmlNode<'_, '_>, source: &str) -> Result<(), ParseError> {
    let is_resource = tree.nodes[id as usize].resource_type.is_some();
    for attribute in node.attributes() {
        match (attribute.namespace(), attribute.name()) {
            (None, "value") if !is_resource => {
                if attribute.value().is_empty() {
                    tree.defect(DefectKind::EmptyValue, id, attribute.range().start, "");
                }
                let text = own(attribute.value());
                tree.nodes[id as usize].value = Some(Scalar { kind: ScalarKind::Attribute, text });
            }
            (None, "id" | "url") if !is_resource => {
                let child = tree.add(id, own(attribute.name()), attribute.range().start, false);
                let text = own(attribute.value());
                tree.nodes[child as usize].value = Some(Scalar { kind: ScalarKind::Attribute, text });
            }
            // Where the schema lies is said on many root elements and means nothing.
            (Some(XSI), _) => {}
            (_, name) => tree.defect(DefectKind::UnknownAttribute, id, attribute.range().start, name),
        }
    }
    let mut counts: Vec<(String, u32)> = Vec::new();
    for child in node.children() {
        if child.is_text() && !child.text().unwrap_or_default().trim().is_empty() {
            tree.defect(
                DefectKind::StrayText,
                id,
                child.range().start,
                child.text().unwrap_or_default().trim(),
            );
        }
        if !child.is_element() {
            continue;
        }
        let name = child.tag_name().name();
        let index = next_index(&mut counts, name);
        if counts.len() > MAX_KINDS {
            let message = format!("more than {MAX_KINDS} kinds of element in one element");
            return Err(ParseError::at(Format::Xml, source, child.range().start, message));
        }
        let made = tree.add(id, own(name), child.range().start, false);
        tree.nodes[made as usize].index = index;
        content(tree, made, child, source)?;
    }
    let filled = &tree.nodes[id as usize];
    if filled.value.is_none() && filled.first_child == NONE {
        tree.defect(DefectKind::EmptyElement, id, node.range().start, "");
    }
    Ok(())
}

fn content(tree: &mut Tree, made: u32, child: XmlNode<'_, '_>, source: &str) -> Result<(), ParseError> {
    match child.tag_name().namespace() {
        Some(XHTML) if child.tag_name().name() == "div" => {
            let text = own(&source[child.range()]);
            tree.nodes[made as usize].value = Some(Scalar { kind: ScalarKind::Xhtml, text });
            return Ok(());
        }
        Some(FHIR) => {}
        // A root in the wrong namespace was reported once; its children inherit it.
        namespace
            if child.parent_element().is_some_and(|parent| parent.tag_name().namespace() == namespace) => {}
        namespace => {
            tree.defect(DefectKind::Namespace, made, child.range().start, namespace.unwrap_or_default());
        }
    }
    // `contained`, `resource` and `outcome` wrap a resource, whose tag is its type.
    let mut elements = child.children().filter(XmlNode::is_element);
    let wrapped =
        elements.next().filter(|inner| inner.tag_name().name().starts_with(|c: char| c.is_ascii_uppercase()));
    match wrapped {
        Some(resource) if elements.next().is_none() => {
            tree.nodes[made as usize].resource_type = Some(own(resource.tag_name().name()));
            fill(tree, made, resource, source)
        }
        _ => fill(tree, made, child, source),
    }
}

fn next_index(counts: &mut Vec<(String, u32)>, name: &str) -> u32 {
    if let Some((_, count)) = counts.iter_mut().find(|(known, _)| known == name) {
        *count += 1;
        return *count;
    }
    counts.push((name.to_owned(), 0));
    0
}

fn own(text: &str) -> Text {
    Text::Own(text.into())
}

/// Writes a resource as XML. Elements come in the order of the tree, which for JSON is that of its
/// author; XML readers need the order of the definition.
#[must_use]
pub fn write(resource: Element<'_>) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    write_resource(&mut out, resource, true);
    out.push('\n');
    out
}

fn write_resource(out: &mut String, resource: Element<'_>, outermost: bool) {
    let name = resource.resource_type().unwrap_or(resource.name());
    let namespace = if outermost { " xmlns=\"http://hl7.org/fhir\"" } else { "" };
    let _ = write!(out, "<{name}{namespace}>");
    for child in resource.children() {
        write_element(out, child);
    }
    let _ = write!(out, "</{name}>");
}

fn write_element(out: &mut String, element: Element<'_>) {
    let name = element.name();
    if element.resource_type().is_some() {
        let _ = write!(out, "<{name}>");
        write_resource(out, element, false);
        let _ = write!(out, "</{name}>");
        return;
    }
    let value = element.value();
    if name == "div" && value.is_some_and(|text| text.trim_start().starts_with("<div")) {
        out.push_str(value.unwrap_or_default());
        return;
    }
    let _ = write!(out, "<{name}");
    let is_extension = matches!(name, "extension" | "modifierExtension");
    let is_attribute = |child: &Element<'_>| child.name() == "id" || (is_extension && child.name() == "url");
    for child in element.children().filter(is_attribute) {
        attribute(out, child.name(), child.value().unwrap_or_default());
    }
    if let Some(value) = value {
        attribute(out, "value", value);
    }
    let mut children = element.children().filter(|child| !is_attribute(child)).peekable();
    if children.peek().is_none() {
        out.push_str("/>");
        return;
    }
    out.push('>');
    for child in children {
        write_element(out, child);
    }
    let _ = write!(out, "</{name}>");
}

fn attribute(out: &mut String, name: &str, value: &str) {
    let _ = write!(out, " {name}=\"");
    for character in value.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_json;

    const PATIENT: &str = r#"{"resourceType":"Patient","id":"p","text":{"status":"generated",
        "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">A &amp; B</div>"},
        "contained":[{"resourceType":"Organization","id":"o","name":"<&\"'\n>"}],
        "extension":[{"url":"http://x","valueString":"y"}],"birthDate":"1970","_birthDate":{"id":"b"}}"#;

    #[test]
    fn json_written_as_xml_reads_back_the_same() {
        let json = parse_json(PATIENT).unwrap();
        let xml = parse(&write(json.root())).unwrap();
        assert!(json.root().same_content(xml.root()), "{}", write(json.root()));
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
            ("<Patient><active value=\"true\"/></Patient>", DefectKind::Namespace),
            ("<Patient xmlns=\"http://hl7.org/fhir\"><active/></Patient>", DefectKind::EmptyElement),
            (
                "<Patient xmlns=\"http://hl7.org/fhir\"><active val=\"1\" value=\"true\"/></Patient>",
                DefectKind::UnknownAttribute,
            ),
            (
                "<Patient xmlns=\"http://hl7.org/fhir\">x<active value=\"true\"/></Patient>",
                DefectKind::StrayText,
            ),
        ];
        for (text, kind) in cases {
            let tree = parse(text).unwrap();
            assert_eq!(
                tree.defects().map(|(_, _, defect)| defect.kind).collect::<Vec<_>>(),
                [kind],
                "{text}"
            );
        }
    }

    #[test]
    fn depth_is_bounded() {
        let text = format!("<Patient xmlns=\"http://hl7.org/fhir\">{}", "<a>".repeat(100_000));
        assert!(parse(&text).unwrap_err().message.contains("deeper"));
    }

    #[test]
    fn repeated_elements_have_an_index_in_their_path() {
        let text = "<Patient xmlns=\"http://hl7.org/fhir\"><name><family value=\"A\"/></name><name><family value=\"B\"/></name></Patient>";
        let tree = parse(text).unwrap();
        let second = tree.root().children_named("name").nth(1).unwrap();
        assert_eq!(second.child("family").unwrap().path(), "Patient.name[1].family");
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "[<>/!?a=\"' &;#x0-9\\[\\]-]{0,80}") {
            let _ = parse(&text);
        }
    }
}
