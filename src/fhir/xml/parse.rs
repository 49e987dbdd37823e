//! XML into the tree.

use roxmltree::{Attribute, Node as XmlNode, StringStorage};

use super::super::text::Text;
use super::super::tree::{Kind, NONE, Parent};
use super::super::{DefectKind, Format, ParseError, ScalarKind, Tree};
use super::narrative::{inherited_namespaces, is_narrative};
use super::{FHIR, document};

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// How many kinds of element one element may hold. FHIR's largest type has some eighty.
const MAX_KINDS: usize = 512;
/// How many bytes of namespace declarations all narratives together may inherit.
const MAX_INHERITED: usize = 1 << 20;

/// Reads an XML text as a tree.
pub fn parse(text: &str) -> Result<Tree, ParseError> {
    let document = document::read(text)?;
    let mut reader = Reader { tree: Tree::new(text, Format::Xml)?, text, kinds: Vec::new(), inherited: 0 };
    let root = document.root_element();
    let name = reader.name(root);
    let id = reader.tree.add_root(name, root.range().start);
    reader.make_resource(id, root);
    reader.check_namespace(id, root, Some(FHIR));
    reader.fill(id, root)?;
    let mut tree = reader.tree;
    tree.defects.sort_by_key(|defect| defect.offset);
    Ok(tree)
}

struct Reader<'s> {
    tree: Tree,
    text: &'s str,
    /// The names of the children of the elements that are open, the innermost last, each with their number.
    kinds: Vec<(&'s str, u32)>,
    /// How many bytes of namespace declarations narratives have inherited.
    inherited: usize,
}

impl<'s> Reader<'s> {
    /// Reads the attributes and children of an element. The bounds of the document bound the recursion.
    fn fill(&mut self, id: u32, element: XmlNode<'_, 's>) -> Result<(), ParseError> {
        let mut parent = Parent::new(id);
        let first_kind = self.kinds.len();
        for attribute in element.attributes() {
            self.attribute(&mut parent, first_kind, attribute);
        }
        for child in element.children() {
            if child.is_text() {
                self.check_text(id, child);
            } else if child.is_element() {
                self.child(&mut parent, first_kind, child)?;
            }
        }
        self.kinds.truncate(first_kind);
        if self.tree.node(id).first_child == NONE && !matches!(self.tree.node(id).kind, Kind::Scalar(_)) {
            self.tree.defect(DefectKind::EmptyElement, id, element.range().start, "");
        }
        Ok(())
    }

    fn attribute(&mut self, parent: &mut Parent, first_kind: usize, attribute: Attribute<'_, 's>) {
        let start = attribute.range().start;
        let is_resource = self.tree.node(parent.id).kind == Kind::Resource;
        match (attribute.namespace(), attribute.name()) {
            (None, "value") if !is_resource => {
                if attribute.value().is_empty() {
                    self.tree.defect(DefectKind::EmptyValue, parent.id, start, "");
                }
                self.set_value(parent.id, attribute);
            }
            (None, name @ ("id" | "url")) if !is_resource => {
                let end = attribute.range_qname().end;
                let child = self.tree.add(parent, Text::source(end - name.len(), end), start);
                self.count(first_kind, name);
                self.set_value(child, attribute);
            }
            // Where the schema lies is said on many root elements and means nothing.
            (Some(XSI), _) => {}
            (_, name) => self.tree.defect(DefectKind::UnknownAttribute, parent.id, start, name),
        }
    }

    fn set_value(&mut self, id: u32, attribute: Attribute<'_, 's>) {
        let text = match attribute.value_storage() {
            StringStorage::Borrowed(_) => {
                let place = attribute.range_value();
                Text::source(place.start, place.end)
            }
            StringStorage::Owned(own) => self.unescaped(&[own]),
        };
        let node = self.tree.node(id);
        node.kind = Kind::Scalar(ScalarKind::Attribute);
        node.text = text;
    }

    fn child(
        &mut self,
        parent: &mut Parent,
        first_kind: usize,
        child: XmlNode<'_, 's>,
    ) -> Result<(), ParseError> {
        let start = child.range().start;
        let name = self.name(child);
        let id = self.tree.add(parent, name, start);
        self.tree.node(id).index = self.count(first_kind, child.tag_name().name());
        if self.kinds.len() - first_kind > MAX_KINDS {
            let message = format!("more than {MAX_KINDS} kinds of element in one element");
            return Err(ParseError::at(Format::Xml, self.text, start, message));
        }
        if is_narrative(child) {
            return self.narrative(id, child);
        }
        self.check_namespace(
            id,
            child,
            child.parent_element().and_then(|parent| parent.tag_name().namespace()),
        );
        let Some(resource) = wrapped_resource(child) else { return self.fill(id, child) };
        for attribute in child.attributes() {
            self.tree.defect(DefectKind::UnknownAttribute, id, attribute.range().start, attribute.name());
        }
        child.children().filter(XmlNode::is_text).for_each(|text| self.check_text(id, text));
        self.make_resource(id, resource);
        self.check_namespace(id, resource, child.tag_name().namespace());
        self.fill(id, resource)
    }

    fn narrative(&mut self, id: u32, element: XmlNode<'_, 's>) -> Result<(), ParseError> {
        let place = element.range();
        let written = &self.text[place.clone()];
        let namespaces = inherited_namespaces(element, written);
        let text = if namespaces.is_empty() {
            Text::source(place.start, place.end)
        } else {
            self.inherited += namespaces.len();
            if self.inherited > MAX_INHERITED {
                let message = "narratives with too many namespaces from around them";
                return Err(ParseError::at(Format::Xml, self.text, place.start, message));
            }
            let name = written.find(|letter: char| letter.is_ascii_whitespace() || "/>".contains(letter));
            let (tag, rest) = written.split_at(name.unwrap_or(written.len()));
            self.unescaped(&[tag, &namespaces, rest])
        };
        let node = self.tree.node(id);
        node.kind = Kind::Scalar(ScalarKind::Xhtml);
        node.text = text;
        Ok(())
    }

    fn make_resource(&mut self, id: u32, element: XmlNode<'_, 's>) {
        let text = self.name(element);
        let node = self.tree.node(id);
        node.kind = Kind::Resource;
        node.text = text;
    }

    /// The local name of an element, which stands behind `<` and its prefix.
    fn name(&self, element: XmlNode<'_, 's>) -> Text {
        let name = element.tag_name().name();
        let start = element.range().start + 1;
        let prefix =
            if self.text[start..].starts_with(name) && !self.text[start + name.len()..].starts_with(':') {
                0
            } else {
                self.text[start..].find(':').map_or(0, |colon| colon + 1)
            };
        Text::source(start + prefix, start + prefix + name.len())
    }

    fn unescaped(&mut self, parts: &[&str]) -> Text {
        let start = self.tree.unescaped.len();
        for part in parts {
            self.tree.unescaped.push_str(part);
        }
        Text::unescaped(start, &self.tree.unescaped)
    }

    fn check_namespace(&mut self, id: u32, element: XmlNode<'_, '_>, around: Option<&str>) {
        let namespace = element.tag_name().namespace();
        // A wrong one is reported once; what is within inherits it.
        if namespace != Some(FHIR) && namespace != around {
            let start = element.range().start;
            self.tree.defect(DefectKind::Namespace, id, start, namespace.unwrap_or_default());
        }
    }

    fn check_text(&mut self, id: u32, text: XmlNode<'_, '_>) {
        let stray = text.text().unwrap_or_default().trim();
        if !stray.is_empty() {
            self.tree.defect(DefectKind::StrayText, id, text.range().start, stray);
        }
    }

    /// Counts a child of one name. Returns how many there were before it.
    fn count(&mut self, first_kind: usize, name: &'s str) -> u32 {
        // The name is mostly that of the child before.
        let known = self.kinds[first_kind..].iter_mut().rev().find(|(known, _)| *known == name);
        if let Some((_, count)) = known {
            *count += 1;
            return *count;
        }
        self.kinds.push((name, 0));
        0
    }
}

/// `contained`, `resource` and `outcome` wrap a resource, whose tag is its type.
fn wrapped_resource<'a, 's>(element: XmlNode<'a, 's>) -> Option<XmlNode<'a, 's>> {
    let mut elements = element.children().filter(XmlNode::is_element);
    let only = elements
        .next()
        .filter(|inner| inner.tag_name().name().starts_with(|letter: char| letter.is_ascii_uppercase()))?;
    elements.next().is_none().then_some(only)
}
