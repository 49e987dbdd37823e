//! The tree into XML.

use super::super::definitions::{Definitions, type_of};
use super::super::{Element, Position, ScalarKind};
use super::characters::{is_name, is_text};
use super::{FHIR, narrative};

/// Something that XML cannot say, such as a control character.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path} at {position} cannot be written as XML: {message}")]
pub struct NotXml {
    /// The element's path.
    pub path: String,
    /// Where it stands in the source.
    pub position: Position,
    /// What XML does not allow.
    pub message: String,
}

/// Writes a resource as XML.
///
/// Elements come in the order of their definitions, which XML readers need. One that the definitions do not know
/// stays behind the element that it follows. A narrative is put in as it is, if it is well-formed XHTML in a
/// namespace of its own; otherwise it is a `value` like any other text, so that it is not lost.
///
/// An item of a list without value or content (in JSON, a null) is an empty element.
pub fn write(resource: Element<'_>, definitions: &dyn Definitions) -> Result<String, NotXml> {
    let mut writer =
        Writer { out: String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"), definitions };
    let namespace = format!(" xmlns=\"{FHIR}\"");
    let type_name = type_of(resource, definitions);
    writer.content(resource, resource.resource_type().unwrap_or(resource.name()), &namespace, type_name)?;
    writer.out.push('\n');
    Ok(writer.out)
}

struct Writer<'t> {
    out: String,
    definitions: &'t dyn Definitions,
}

impl<'t> Writer<'t> {
    fn element(&mut self, element: Element<'t>, type_name: Option<&'t str>) -> Result<(), NotXml> {
        let Some(resource_type) = element.resource_type() else {
            if is_raw(element) {
                self.out.push_str(element.value().unwrap_or_default());
                return Ok(());
            }
            return self.content(element, element.name(), "", type_name);
        };
        self.tag("<", element, element.name())?;
        self.out.push('>');
        self.content(element, resource_type, "", Some(resource_type))?;
        self.close(element.name());
        Ok(())
    }

    /// A tag with its attributes and what is within.
    fn content(
        &mut self,
        element: Element<'t>,
        tag: &str,
        namespace: &str,
        type_name: Option<&'t str>,
    ) -> Result<(), NotXml> {
        self.tag("<", element, tag)?;
        self.out.push_str(namespace);
        for child in element.children().filter(|child| is_attribute(element, *child)) {
            self.attribute(child, child.name())?;
        }
        if element.value().is_some() {
            self.attribute(element, "value")?;
        }
        let children = self.in_order(element, type_name);
        if children.is_empty() {
            self.out.push_str("/>");
            return Ok(());
        }
        self.out.push('>');
        for (_, child, type_name) in children {
            self.element(child, type_name)?;
        }
        self.close(tag);
        Ok(())
    }

    /// The children that are elements, each with its place and its type.
    fn in_order(
        &self,
        element: Element<'t>,
        type_name: Option<&'t str>,
    ) -> Vec<(usize, Element<'t>, Option<&'t str>)> {
        let mut place = 0;
        let children = element.children().filter(|child| !is_attribute(element, *child)).map(|child| {
            let defined = type_name.and_then(|parent| self.definitions.element(parent, child.name()));
            place = defined.map_or(place, |defined| defined.order);
            (place, child, defined.map(|defined| defined.type_name))
        });
        let mut children: Vec<_> = children.collect();
        children.sort_by_key(|(place, _, _)| *place);
        children
    }

    fn tag(&mut self, open: &str, element: Element<'_>, name: &str) -> Result<(), NotXml> {
        if !is_name(name) {
            return Err(not_xml(element, format!("`{}` is no name in XML", name.escape_debug())));
        }
        self.out.push_str(open);
        self.out.push_str(name);
        Ok(())
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    fn attribute(&mut self, element: Element<'_>, name: &str) -> Result<(), NotXml> {
        let value = element.value().unwrap_or_default();
        if !is_text(value) {
            return Err(not_xml(element, "it holds a character that XML does not allow".to_owned()));
        }
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        let mut rest = value;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\n', '\r', '\t']) {
            let (plain, special) = rest.split_at(at);
            self.out.push_str(plain);
            self.out.push_str(match special.as_bytes()[0] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                b'\n' => "&#10;",
                b'\r' => "&#13;",
                _ => "&#9;",
            });
            rest = &special[1..];
        }
        self.out.push_str(rest);
        self.out.push('"');
        Ok(())
    }
}

fn not_xml(element: Element<'_>, message: String) -> NotXml {
    NotXml { path: element.path(), position: element.position(), message }
}

/// Whether an element is an attribute in XML: the `id` of any element that is no resource, and the `url` of an
/// extension. Nothing else is, in any release.
fn is_attribute(parent: Element<'_>, child: Element<'_>) -> bool {
    let is_named = match child.name() {
        "id" => parent.resource_type().is_none(),
        "url" => matches!(parent.name(), "extension" | "modifierExtension"),
        _ => false,
    };
    is_named && child.index() == 0 && child.value().is_some() && child.children().next().is_none()
}

/// Whether an element is a narrative that can be put in as it is.
fn is_raw(element: Element<'_>) -> bool {
    element.scalar_kind() == Some(ScalarKind::Xhtml)
        || (element.name() == "div"
            && element.children().next().is_none()
            && element.value().is_some_and(narrative::is_narrative_text))
}
