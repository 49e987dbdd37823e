//! The order of elements in XML, which is that of the definition. JSON has none.
//!
//! <https://hl7.org/fhir/R4/xml.html>

use crate::fhir::{Element, Format};
use crate::profile::{Code, Issue, Severity};

use super::walk::{Layer, Walk};

/// An element of XML is out of order.
pub(super) const CODE: Code = Code {
    name: "element-order",
    title: "An XML element is out of order",
    what: "In XML the elements of a resource or type stand in the order of its definition, all of one name together. \
        In JSON any order will do.",
    why: "Readers made from the XML schemas refuse, or pass over, an element that comes too late.",
    example: "wrong:  <birthDate value=\"1974-03-19\"/><gender value=\"female\"/>\n\
        right:  <gender value=\"female\"/><birthDate value=\"1974-03-19\"/>",
    specification: "https://hl7.org/fhir/STU3/xml.html",
};

impl<'a> Walk<'a> {
    /// Checks the order of the children of an XML element, and reports the first that comes too late.
    pub(super) fn element_order(&mut self, parent: Element<'a>, contents: &[Layer<'a>]) {
        if parent.tree().format() != Format::Xml {
            return;
        }
        // A profile on a part may list some of its elements only; the whole definition lists most.
        let Some(whole) = contents.iter().max_by_key(|content| content.element.children.len()) else {
            return;
        };
        let elements = &whole.element.children;
        let mut last: Option<(usize, Element<'a>)> = None;
        for child in parent.children().filter(|child| !is_attribute(parent, *child)) {
            if last.is_some_and(|(_, last)| last.has_name_of(child)) {
                continue;
            }
            let Some((known, _)) = whole.element.child_called(child.name()) else { continue };
            let Some(place) = elements.iter().position(|element| std::ptr::eq(element, known)) else {
                continue;
            };
            match last {
                Some((before, other)) if place < before => {
                    let message = format!("`{}` stands after `{}`", child.name(), other.name());
                    let issue = Issue::at(child, &CODE, Severity::Error, message);
                    let expected = format!("before `{}`, as in the definition", other.name());
                    return self.report(issue.compared(expected, "after it"), Some(*whole));
                }
                _ => last = Some((place, child)),
            }
        }
    }
}

/// Whether XML writes a child as an attribute: attributes have no order.
fn is_attribute(parent: Element<'_>, child: Element<'_>) -> bool {
    match child.name() {
        "id" => parent.resource_type().is_none(),
        "url" => matches!(parent.name(), "extension" | "modifierExtension"),
        _ => false,
    }
}
