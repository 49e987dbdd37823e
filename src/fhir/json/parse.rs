//! JSON into the tree.

use std::collections::HashMap;

use super::super::source::MAX_DEPTH;
use super::super::text::Text;
use super::super::tree::{InArray, Kind, NONE, Parent};
use super::super::{DefectKind, Format, ParseError, ScalarKind, Tree};
use super::scanner::Scanner;
use super::siblings::{self, is_sibling};

/// How many members one object may have. FHIR's largest type has some eighty.
const MAX_MEMBERS: usize = 512;

/// Reads a JSON text as a tree.
///
/// The text must be one JSON object. What is well-formed JSON but not well-formed FHIR is kept in
/// the tree and named in [`Tree::defects`].
pub fn parse(text: &str) -> Result<Tree, ParseError> {
    let tree = Tree::new(text, Format::Json)?;
    let mut parser = Parser { scanner: Scanner::new(text), tree, depth: 0, keys: Vec::new() };
    if parser.scanner.next_token() != Some(b'{') {
        return Err(parser.scanner.expected("a JSON object"));
    }
    let root = parser.tree.add_root(Text::EMPTY, parser.scanner.at);
    parser.object(root)?;
    if parser.scanner.next_token().is_some() {
        return Err(parser.scanner.expected("the end of the resource"));
    }
    let mut tree = parser.tree;
    if tree.nodes[0].kind == Kind::Resource {
        tree.nodes[0].name = tree.nodes[0].text;
    }
    tree.defects.sort_by_key(|defect| defect.offset);
    Ok(tree)
}

struct Parser<'s> {
    scanner: Scanner<'s>,
    tree: Tree,
    depth: usize,
    /// The keys of the objects that are open, the innermost last: one allocation for all.
    keys: Vec<Text>,
}

/// An object while its members are read.
struct Object {
    parent: Parent,
    /// Where its keys begin among [`Parser::keys`].
    first_key: usize,
    /// How many defects there were before it.
    first_defect: usize,
    /// One bit for each key, so that most are known to be new without a comparison.
    seen: u64,
    has_doubles: bool,
    has_siblings: bool,
    has_nulls: bool,
}

/// The items of one array, and of the arrays within it.
struct Items {
    key: Text,
    count: u32,
}

impl Parser<'_> {
    fn object(&mut self, node: u32) -> Result<(), ParseError> {
        let start = self.scanner.at;
        self.enter()?;
        let mut object = Object {
            parent: Parent::new(node),
            first_key: self.keys.len(),
            first_defect: self.tree.defects.len(),
            seen: 0,
            has_doubles: false,
            has_siblings: false,
            has_nulls: false,
        };
        if self.scanner.next_token() == Some(b'}') {
            self.tree.defect(DefectKind::EmptyElement, node, start, "");
        } else {
            loop {
                self.scanner.next_token();
                self.member(&mut object)?;
                match self.scanner.next_token() {
                    Some(b',') => self.scanner.at += 1,
                    Some(b'}') => break,
                    _ => return Err(self.scanner.expected("\",\" or \"}\"")),
                }
            }
        }
        self.leave();
        self.keys.truncate(object.first_key);
        self.finish(&object);
        Ok(())
    }

    fn member(&mut self, object: &mut Object) -> Result<(), ParseError> {
        let start = self.scanner.at;
        let key = self.scanner.string("a property name", &mut self.tree.unescaped)?;
        self.note_key(object, key, start)?;
        if self.scanner.next_token() != Some(b':') {
            return Err(self.scanner.expected("\":\" after a property name"));
        }
        self.scanner.at += 1;
        let name = self.tree.text(key);
        object.has_siblings |= is_sibling(name);
        let is_type = name == "resourceType";
        match self.scanner.next_token() {
            Some(b'[') => {
                let mut items = Items { key, count: 0 };
                self.array(object, &mut items)
            }
            Some(b'"') if is_type && self.tree.node(object.parent.id).kind == Kind::Object => {
                let text = self.scanner.string("a resource type", &mut self.tree.unescaped)?;
                let node = self.tree.node(object.parent.id);
                node.kind = Kind::Resource;
                node.text = text;
                Ok(())
            }
            token => self.value(object, key, token).map(drop),
        }
    }

    /// Reports a key that its object has already.
    fn note_key(&mut self, object: &mut Object, key: Text, start: usize) -> Result<(), ParseError> {
        let name = self.tree.text(key);
        let ends = [name.bytes().next(), name.bytes().next_back()].map(|byte| usize::from(byte.unwrap_or(0)));
        let bit = 1 << ((name.len() * 7 + ends[0] * 3 + ends[1]) % 64);
        if object.seen & bit != 0 {
            let known = &self.keys[object.first_key..];
            if known.iter().any(|known| self.tree.text(*known) == name) {
                let name = name.to_owned();
                self.tree.defect(DefectKind::DuplicateKey, object.parent.id, start, name);
                object.has_doubles = true;
            }
        }
        object.seen |= bit;
        self.keys.push(key);
        if self.keys.len() - object.first_key > MAX_MEMBERS {
            return Err(self.scanner.error(format!("more than {MAX_MEMBERS} properties in one object")));
        }
        Ok(())
    }

    fn array(&mut self, object: &mut Object, items: &mut Items) -> Result<(), ParseError> {
        let start = self.scanner.at;
        self.enter()?;
        if self.scanner.next_token() == Some(b']') {
            let name = self.tree.text(items.key).to_owned();
            self.tree.defect(DefectKind::EmptyArray, object.parent.id, start, name);
        } else {
            loop {
                self.item(object, items)?;
                match self.scanner.next_token() {
                    Some(b',') => self.scanner.at += 1,
                    Some(b']') => break,
                    _ => return Err(self.scanner.expected("\",\" or \"]\"")),
                }
            }
        }
        self.leave();
        Ok(())
    }

    fn item(&mut self, object: &mut Object, items: &mut Items) -> Result<(), ParseError> {
        let token = self.scanner.next_token();
        if token == Some(b'[') {
            let name = self.tree.text(items.key).to_owned();
            self.tree.defect(DefectKind::NestedArray, object.parent.id, self.scanner.at, name);
            return self.array(object, items);
        }
        let item = self.value(object, items.key, token)?;
        let node = self.tree.node(item);
        node.index = items.count;
        node.in_array = if items.count == 0 { InArray::First } else { InArray::Later };
        items.count += 1;
        Ok(())
    }

    /// Reads a value that is no array as a child of an object.
    fn value(&mut self, object: &mut Object, key: Text, token: Option<u8>) -> Result<u32, ParseError> {
        let start = self.scanner.at;
        let id = self.tree.add(&mut object.parent, key, start);
        let kind = match token {
            Some(b'{') => {
                self.object(id)?;
                return Ok(id);
            }
            Some(b'"') => {
                let text = self.scanner.string("a string", &mut self.tree.unescaped)?;
                self.tree.node(id).text = text;
                if self.tree.text(text).is_empty() {
                    self.tree.defect(DefectKind::EmptyValue, id, start, "");
                }
                Kind::Scalar(ScalarKind::String)
            }
            Some(b'-' | b'0'..=b'9') => {
                self.tree.node(id).text = self.scanner.number()?;
                Kind::Scalar(ScalarKind::Number)
            }
            Some(b't') => self.boolean(id, "true")?,
            Some(b'f') => self.boolean(id, "false")?,
            Some(b'n') => {
                self.scanner.literal("null")?;
                object.has_nulls = true;
                Kind::Null
            }
            _ => return Err(self.scanner.expected("a value")),
        };
        self.tree.node(id).kind = kind;
        Ok(id)
    }

    fn boolean(&mut self, id: u32, word: &str) -> Result<Kind, ParseError> {
        let start = self.scanner.at;
        self.scanner.literal(word)?;
        self.tree.node(id).text = Text::source(start, self.scanner.at);
        Ok(Kind::Scalar(ScalarKind::Boolean))
    }

    /// What can only be told when all members are known.
    fn finish(&mut self, object: &Object) {
        let id = object.parent.id;
        if object.has_siblings {
            siblings::join(&mut self.tree, id, object.first_defect);
        }
        if object.has_doubles {
            number_children(&mut self.tree, id);
        }
        if object.has_nulls {
            let mut next = self.tree.node(id).first_child;
            while next != NONE {
                let child = self.tree.node(next).clone();
                let alone = child.in_array == InArray::No && child.kind == Kind::Null;
                let bare = matches!(child.kind, Kind::Null | Kind::Absent) && child.first_child == NONE;
                if alone || bare {
                    self.tree.defect(DefectKind::Null, next, child.offset as usize, "");
                }
                next = child.next_sibling;
            }
        }
    }

    /// Goes into an object or array.
    fn enter(&mut self) -> Result<(), ParseError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.scanner.error(format!("nesting deeper than {MAX_DEPTH} levels")));
        }
        self.scanner.at += 1;
        Ok(())
    }

    /// Comes out of an object or array.
    fn leave(&mut self) {
        self.depth -= 1;
        self.scanner.at += 1;
    }
}

/// Counts the children of one name through, where two properties of that name were each counted from zero.
fn number_children(tree: &mut Tree, parent: u32) {
    let mut counts: HashMap<&str, u32> = HashMap::new();
    let mut indexes = Vec::new();
    if let Some(parent) = tree.element(parent) {
        for child in parent.children() {
            let count = counts.entry(child.name()).or_default();
            indexes.push((child.id(), *count));
            *count += 1;
        }
    }
    for (id, index) in indexes {
        tree.node(id).index = index;
    }
}
