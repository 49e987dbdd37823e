//! JSON into the tree, by the FHIR rules for JSON.
//!
//! Hand-written because three things are needed that general parsers do not give together: the place
//! of every value, duplicate keys kept rather than dropped, and numbers as they were written.
//! See <https://hl7.org/fhir/STU3/json.html>.

use std::collections::HashMap;

use super::source::MAX_DEPTH;
use super::tree::{NONE, Scalar, Text};
use super::{DefectKind, Format, ParseError, ScalarKind, Tree};

/// How many members one object may have. FHIR's largest type has some eighty.
const MAX_MEMBERS: usize = 512;

/// Reads a JSON text as a tree.
///
/// The text must be one JSON object. What is well-formed JSON but not well-formed FHIR is kept in
/// the tree and named in [`Tree::defects`].
pub fn parse(text: &str) -> Result<Tree, ParseError> {
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        tree: Tree::new(text, Format::Json),
        depth: 0,
        waiting: HashMap::new(),
    };
    parser.skip_space();
    if parser.peek() != Some(b'{') {
        let found = parser.describe();
        return Err(parser.error(format!("{found} where a JSON object was expected")));
    }
    let root = parser.tree.add(NONE, Text::Own("".into()), parser.at, false);
    parser.object(root)?;
    parser.skip_space();
    if parser.peek().is_some() {
        let found = parser.describe();
        return Err(parser.error(format!("{found} after the end of the resource")));
    }
    if let Some(resource_type) = parser.tree.nodes[0].resource_type.clone() {
        parser.tree.nodes[0].name = resource_type;
    }
    Ok(parser.tree)
}

struct Parser<'s> {
    text: &'s str,
    bytes: &'s [u8],
    at: usize,
    tree: Tree,
    depth: usize,
    /// Nodes that `_name` made before `name` came, by parent, name and index.
    waiting: HashMap<(u32, String, usize), u32>,
}

/// Where a value is to go: as a new child, or into what `_name` already made.
#[derive(Clone, Copy)]
struct Place {
    parent: u32,
    in_array: bool,
    index: usize,
}

impl Parser<'_> {
    fn object(&mut self, node: u32) -> Result<(), ParseError> {
        let start = self.at;
        self.enter()?;
        self.at += 1;
        let mut keys: Vec<(Text, usize)> = Vec::new();
        let mut nulls: Vec<(u32, usize)> = Vec::new();
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
        } else {
            loop {
                self.skip_space();
                let key_at = self.at;
                let key = self.string("a property name")?;
                self.skip_space();
                self.expect(b':', "\":\" after a property name")?;
                self.skip_space();
                self.member(node, &key, &mut nulls)?;
                keys.push((key, key_at));
                if keys.len() > MAX_MEMBERS {
                    return Err(self.error(format!("more than {MAX_MEMBERS} properties in one object")));
                }
                self.skip_space();
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b'}') => {
                        self.at += 1;
                        break;
                    }
                    _ => {
                        let found = self.describe();
                        return Err(self.error(format!("{found} where \",\" or \"}}\" was expected")));
                    }
                }
            }
        }
        self.depth -= 1;
        if keys.is_empty() {
            self.tree.defect(DefectKind::EmptyElement, node, start, "");
        }
        self.report_duplicates(node, &keys);
        for (null, offset) in nulls {
            if self.tree.nodes[null as usize].first_child == NONE {
                self.tree.defect(DefectKind::Null, null, offset, "");
            }
        }
        Ok(())
    }

    fn member(&mut self, node: u32, key: &Text, nulls: &mut Vec<(u32, usize)>) -> Result<(), ParseError> {
        let name = self.tree.text(key);
        if name == "resourceType" && self.peek() == Some(b'"') {
            let value = self.string("a resource type")?;
            self.tree.nodes[node as usize].resource_type = Some(value);
            return Ok(());
        }
        if let Some(primitive) = name.strip_prefix('_').filter(|rest| !rest.is_empty()) {
            let primitive = primitive.to_owned();
            return self.primitive_sibling(node, &primitive);
        }
        if self.peek() == Some(b'[') {
            return self.array(node, key, nulls);
        }
        let place = Place { parent: node, in_array: false, index: 0 };
        self.value(place, key, nulls)
    }

    fn array(&mut self, node: u32, key: &Text, nulls: &mut Vec<(u32, usize)>) -> Result<(), ParseError> {
        let start = self.at;
        let name = self.tree.text(key).to_owned();
        self.items(|parser, index| {
            if parser.peek() == Some(b'[') {
                parser.tree.defect(DefectKind::NestedArray, node, parser.at, name.clone());
                return parser.array(node, key, nulls);
            }
            parser.value(Place { parent: node, in_array: true, index }, key, nulls)
        })
        .map(|count| {
            if count == 0 {
                self.tree.defect(DefectKind::EmptyArray, node, start, name);
            }
        })
    }

    /// Reads `[ … ]` and calls `item` at each item; returns how many there were.
    fn items(
        &mut self,
        mut item: impl FnMut(&mut Self, usize) -> Result<(), ParseError>,
    ) -> Result<usize, ParseError> {
        self.enter()?;
        self.at += 1;
        self.skip_space();
        let mut count = 0;
        if self.peek() == Some(b']') {
            self.at += 1;
        } else {
            loop {
                self.skip_space();
                item(self, count)?;
                count += 1;
                self.skip_space();
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b']') => {
                        self.at += 1;
                        break;
                    }
                    _ => {
                        let found = self.describe();
                        return Err(self.error(format!("{found} where \",\" or \"]\" was expected")));
                    }
                }
            }
        }
        self.depth -= 1;
        Ok(count)
    }

    fn value(&mut self, place: Place, key: &Text, nulls: &mut Vec<(u32, usize)>) -> Result<(), ParseError> {
        let offset = self.at;
        let node = self.node_for(place, key, offset);
        match self.peek() {
            Some(b'{') => self.object(node)?,
            Some(b'n') => {
                self.literal("null")?;
                nulls.push((node, offset));
            }
            _ => {
                let scalar = self.scalar()?;
                if scalar.kind == ScalarKind::String && self.tree.text(&scalar.text).is_empty() {
                    self.tree.defect(DefectKind::EmptyValue, node, offset, "");
                }
                self.tree.nodes[node as usize].value = Some(scalar);
            }
        }
        Ok(())
    }

    /// A new child, or the valueless one that an earlier `_name` made for this place.
    fn node_for(&mut self, place: Place, key: &Text, offset: usize) -> u32 {
        if !self.waiting.is_empty() {
            let name = self.tree.text(key).to_owned();
            if let Some(node) = self.waiting.remove(&(place.parent, name, place.index)) {
                let waiting = &mut self.tree.nodes[node as usize];
                waiting.offset = u32::try_from(offset).unwrap_or(NONE);
                waiting.in_array = place.in_array;
                return node;
            }
        }
        let node = self.tree.add(place.parent, key.clone(), offset, place.in_array);
        self.tree.nodes[node as usize].index = u32::try_from(place.index).unwrap_or(NONE);
        node
    }

    /// Reads the value of `_name`: the id and extensions of a primitive, or of an array of them.
    fn primitive_sibling(&mut self, node: u32, name: &str) -> Result<(), ParseError> {
        let known: Vec<u32> = self
            .tree
            .element(node)
            .map(|parent| parent.children_named(name).map(super::Element::id).collect())
            .unwrap_or_default();
        let start = self.at;
        if self.peek() != Some(b'[') {
            let place = Place { parent: node, in_array: false, index: 0 };
            return self.sibling_item(place, name, known.first().copied());
        }
        let count = self.items(|parser, index| {
            let place = Place { parent: node, in_array: true, index };
            parser.sibling_item(place, name, known.get(index).copied())
        })?;
        if known.len() > count {
            self.tree.defect(DefectKind::PrimitiveSibling, node, start, format!("_{name}"));
        }
        Ok(())
    }

    fn sibling_item(&mut self, place: Place, name: &str, known: Option<u32>) -> Result<(), ParseError> {
        let offset = self.at;
        match self.peek() {
            Some(b'n') => return self.literal("null"),
            Some(b'{') => {}
            _ => {
                self.skip_value()?;
                self.tree.defect(DefectKind::PrimitiveSibling, place.parent, offset, format!("_{name}"));
                return Ok(());
            }
        }
        let target = known.unwrap_or_else(|| {
            let made = self.tree.add(place.parent, Text::Own(name.into()), offset, place.in_array);
            self.tree.nodes[made as usize].index = u32::try_from(place.index).unwrap_or(NONE);
            self.waiting.insert((place.parent, name.to_owned(), place.index), made);
            made
        });
        self.object(target)
    }

    fn skip_value(&mut self) -> Result<(), ParseError> {
        if self.peek() == Some(b'[') {
            return self.items(|parser, _| parser.skip_value()).map(|_| ());
        }
        if self.peek() == Some(b'{') {
            let scratch = self.tree.add(NONE, Text::Own("".into()), self.at, false);
            return self.object(scratch);
        }
        if self.peek() == Some(b'n') {
            return self.literal("null");
        }
        self.scalar().map(|_| ())
    }

    fn scalar(&mut self) -> Result<Scalar, ParseError> {
        match self.peek() {
            Some(b'"') => Ok(Scalar { kind: ScalarKind::String, text: self.string("a string")? }),
            Some(b't') => self.boolean("true"),
            Some(b'f') => self.boolean("false"),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                let found = self.describe();
                Err(self.error(format!("{found} where a value was expected")))
            }
        }
    }

    fn boolean(&mut self, word: &'static str) -> Result<Scalar, ParseError> {
        let start = self.at;
        self.literal(word)?;
        Ok(Scalar { kind: ScalarKind::Boolean, text: span(start, self.at) })
    }

    fn literal(&mut self, word: &str) -> Result<(), ParseError> {
        if self.text[self.at..].starts_with(word) {
            self.at += word.len();
            return Ok(());
        }
        let found = self.describe();
        Err(self.error(format!("{found} where \"{word}\" was expected")))
    }

    /// A number by the JSON grammar (RFC 8259, section 6), kept as written.
    fn number(&mut self) -> Result<Scalar, ParseError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let integer_at = self.at;
        self.digits()?;
        if self.bytes[integer_at] == b'0' && self.at - integer_at > 1 {
            self.at = integer_at;
            return Err(self.error("a number with a leading zero"));
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(Scalar { kind: ScalarKind::Number, text: span(start, self.at) })
    }

    fn digits(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            let found = self.describe();
            return Err(self.error(format!("{found} where a digit was expected")));
        }
        Ok(())
    }

    /// A string; borrowed from the source unless it holds an escape.
    fn string(&mut self, what: &str) -> Result<Text, ParseError> {
        if self.peek() != Some(b'"') {
            let found = self.describe();
            return Err(self.error(format!("{found} where {what} was expected")));
        }
        let open = self.at;
        self.at += 1;
        let start = self.at;
        let mut own: Option<String> = None;
        let mut copied = start;
        loop {
            match self.peek() {
                None => {
                    self.at = open;
                    return Err(self.error("a string that is not closed before the end of the text"));
                }
                Some(b'"') => {
                    let end = self.at;
                    self.at += 1;
                    return Ok(match own {
                        None => span(start, end),
                        Some(mut text) => {
                            text.push_str(&self.text[copied..end]);
                            Text::Own(text.into())
                        }
                    });
                }
                Some(b'\\') => {
                    let text = own.get_or_insert_default();
                    text.push_str(&self.text[copied..self.at]);
                    let character = self.escape()?;
                    own.get_or_insert_default().push(character);
                    copied = self.at;
                }
                Some(0..=0x1f) => return Err(self.error("a control character within a string")),
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<char, ParseError> {
        self.at += 1;
        let letter = self.peek();
        self.at += 1;
        Ok(match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => {
                self.at -= 2;
                return Err(self.error("an escape that JSON does not know"));
            }
        })
    }

    fn unicode_escape(&mut self) -> Result<char, ParseError> {
        let first = self.hex4()?;
        if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            self.at += 2;
            let second = self.hex4()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return char::from_u32(code).ok_or_else(|| self.error("an escape that is no character"));
            }
        }
        char::from_u32(first).ok_or_else(|| self.error("half of a surrogate pair"))
    }

    fn hex4(&mut self) -> Result<u32, ParseError> {
        let digits =
            self.bytes.get(self.at..self.at + 4).filter(|four| four.iter().all(u8::is_ascii_hexdigit));
        let Some(digits) = digits else {
            return Err(self.error("\"\\u\" without four hexadecimal digits"));
        };
        let code =
            digits.iter().fold(0, |code, digit| code * 16 + char::from(*digit).to_digit(16).unwrap_or(0));
        self.at += 4;
        Ok(code)
    }

    fn report_duplicates(&mut self, node: u32, keys: &[(Text, usize)]) {
        let mut sorted: Vec<(&str, usize)> =
            keys.iter().map(|(key, at)| (self.tree.text(key), *at)).collect();
        sorted.sort_unstable();
        let doubles: Vec<(String, usize)> = sorted
            .windows(2)
            .filter(|pair| pair[0].0 == pair[1].0)
            .map(|pair| (pair[1].0.to_owned(), pair[1].1))
            .collect();
        for (name, at) in doubles {
            self.tree.defect(DefectKind::DuplicateKey, node, at, name);
        }
    }

    fn enter(&mut self) -> Result<(), ParseError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error(format!("nesting deeper than {MAX_DEPTH} levels")));
        }
        Ok(())
    }

    fn expect(&mut self, byte: u8, what: &str) -> Result<(), ParseError> {
        if self.peek() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        let found = self.describe();
        Err(self.error(format!("{found} where {what} was expected")))
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn describe(&self) -> String {
        match self.text[self.at..].chars().next() {
            None => "the end of the text".to_owned(),
            Some(character) => format!("{character:?}"),
        }
    }

    fn error(&self, message: impl Into<String>) -> ParseError {
        ParseError::at(Format::Json, self.text, self.at, message)
    }
}

fn span(start: usize, end: usize) -> Text {
    match (u32::try_from(start), u32::try_from(end)) {
        (Ok(start), Ok(end)) => Text::Source { start, end },
        _ => Text::Own("".into()),
    }
}

#[cfg(test)]
mod tests;
