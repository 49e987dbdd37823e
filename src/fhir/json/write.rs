//! The tree into JSON.

use indexmap::IndexMap;
use smallvec::{SmallVec, smallvec};

use super::super::definitions::{Definitions, is_primitive, type_of};
use super::super::tree::{InArray, Kind};
use super::super::{Element, Format, ScalarKind};
use super::scanner::is_number;

/// Writes an element as compact JSON.
///
/// A tree that was read from JSON is written as it was read: its order, its arrays, its nulls, the digits of its
/// numbers. `resourceType` comes first, `_name` follows `name`, and strings are escaped only where they must be.
///
/// For a tree that was read from XML, the definitions tell what XML does not: an element that can repeat is an
/// array, booleans and numbers are bare. What they do not know is kept: an unknown element is an array where
/// there are several, its values are strings, and so is a value that is not a boolean or number by the grammar of
/// JSON. Comments and white space between elements are not part of the tree.
///
/// What is only a defect is not always written again: an empty array, a `_name` of nothing but nulls, the place
/// where an array stood within an array.
///
/// The value of a primitive is written alone; its id and extensions have a place only in an object around it.
#[must_use]
pub fn write(element: Element<'_>, definitions: &dyn Definitions) -> String {
    let mut writer = Writer { out: String::new(), definitions };
    let type_name = type_of(element, definitions);
    writer.value(element, type_name);
    writer.out
}

struct Writer<'t> {
    out: String,
    definitions: &'t dyn Definitions,
}

/// What is written in the place of an element's value.
enum Shape<'t> {
    Object,
    Null,
    /// Nothing, if that can be: the element has only what `_name` holds.
    Absent,
    Scalar(ScalarKind, &'t str),
}

/// The elements that one property writes.
type Property<'t> = SmallVec<[Element<'t>; 2]>;

impl<'t> Writer<'t> {
    fn object(&mut self, element: Element<'t>, type_name: Option<&'t str>) {
        self.out.push('{');
        if let Some(resource_type) = element.resource_type() {
            self.key("", "resourceType");
            self.string(resource_type);
        }
        for property in properties(element) {
            self.property(&property, element.resource_type().or(type_name));
        }
        self.out.push('}');
    }

    fn property(&mut self, property: &Property<'t>, parent_type: Option<&str>) {
        let Some(first) = property.first() else { return };
        let declared = parent_type.and_then(|parent| self.definitions.element(parent, first.name()));
        let is_array = match first.tree().format() {
            Format::Json => first.in_array(),
            Format::Xml => property.len() > 1 || declared.is_some_and(|declared| declared.repeats),
        };
        let type_name = declared.map(|declared| declared.type_name);
        let has_part = |element: &Element<'_>| {
            !matches!(shape(*element, type_name), Shape::Object) && element.children().next().is_some()
        };
        let has_parts = property.iter().any(has_part);
        // The values end where only parts follow, which needs no null.
        let is_valueless = |element: &&Element<'_>| {
            matches!(shape(**element, type_name), Shape::Absent) && has_part(element)
        };
        let values = property.len() - property.iter().rev().take_while(is_valueless).count();
        let is_left_out =
            |element: &Element<'_>| has_parts && matches!(shape(*element, type_name), Shape::Absent);
        if !property.iter().all(is_left_out) {
            self.key("", first.name());
            self.items(&property[..values], is_array, |writer, element| writer.value(element, type_name));
        }
        if has_parts {
            self.key("_", first.name());
            self.items(property, is_array, |writer, element| {
                if has_part(&element) {
                    writer.object(element, type_name);
                } else {
                    writer.out.push_str("null");
                }
            });
        }
    }

    fn items(&mut self, items: &[Element<'t>], is_array: bool, write: impl Fn(&mut Self, Element<'t>)) {
        if !is_array {
            for item in items {
                write(self, *item);
            }
            return;
        }
        self.out.push('[');
        for item in items {
            self.separate();
            write(self, *item);
        }
        self.out.push(']');
    }

    fn value(&mut self, element: Element<'t>, type_name: Option<&'t str>) {
        match shape(element, type_name) {
            Shape::Object => self.object(element, type_name),
            Shape::Null | Shape::Absent => self.out.push_str("null"),
            Shape::Scalar(ScalarKind::Number | ScalarKind::Boolean, text) => self.out.push_str(text),
            Shape::Scalar(_, text) => self.string(text),
        }
    }

    fn key(&mut self, mark: &str, name: &str) {
        self.separate();
        if mark.is_empty() {
            self.string(name);
        } else {
            self.string(&format!("{mark}{name}"));
        }
        self.out.push(':');
    }

    /// A comma, unless an object or array has just been opened.
    fn separate(&mut self) {
        if !self.out.ends_with(['{', '[']) {
            self.out.push(',');
        }
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        let mut rest = text;
        while let Some(at) = rest.find(|letter: char| matches!(letter, '"' | '\\' | '\0'..='\x1f')) {
            let (plain, special) = rest.split_at(at);
            self.out.push_str(plain);
            match special.as_bytes()[0] {
                b'"' => self.out.push_str("\\\""),
                b'\\' => self.out.push_str("\\\\"),
                b'\n' => self.out.push_str("\\n"),
                b'\r' => self.out.push_str("\\r"),
                b'\t' => self.out.push_str("\\t"),
                other => self.out.push_str(&format!("\\u{other:04x}")),
            }
            rest = &special[1..];
        }
        self.out.push_str(rest);
        self.out.push('"');
    }
}

/// The children of an element by the property that writes them.
fn properties(element: Element<'_>) -> Vec<Property<'_>> {
    match element.tree().format() {
        Format::Json => {
            let mut properties: Vec<Property<'_>> = Vec::new();
            for child in element.children() {
                match properties.last_mut().filter(|_| child.node().in_array == InArray::Later) {
                    Some(array) => array.push(child),
                    None => properties.push(smallvec![child]),
                }
            }
            properties
        }
        Format::Xml => {
            let mut properties: IndexMap<&str, Property<'_>> = IndexMap::new();
            for child in element.children() {
                properties.entry(child.name()).or_default().push(child);
            }
            properties.into_values().collect()
        }
    }
}

fn shape<'t>(element: Element<'t>, type_name: Option<&str>) -> Shape<'t> {
    let text = element.value().unwrap_or_default();
    match element.node().kind {
        Kind::Object if element.tree().format() == Format::Xml && type_name.is_some_and(is_primitive) => {
            Shape::Absent
        }
        Kind::Object | Kind::Resource => Shape::Object,
        Kind::Null => Shape::Null,
        Kind::Absent => Shape::Absent,
        Kind::Scalar(ScalarKind::Attribute) => {
            let kind = match ScalarKind::of_type(type_name.unwrap_or_default()) {
                ScalarKind::Boolean if matches!(text, "true" | "false") => ScalarKind::Boolean,
                ScalarKind::Number if is_number(text) => ScalarKind::Number,
                _ => ScalarKind::String,
            };
            Shape::Scalar(kind, text)
        }
        Kind::Scalar(kind) => Shape::Scalar(kind, text),
    }
}
