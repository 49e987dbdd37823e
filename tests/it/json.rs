//! JSON as the tests compare it, apart from the reader that they test: numbers are texts, so that `1.0` is not
//! `1`, and the order of keys does not count.

use std::collections::BTreeMap;

/// A JSON value.
#[derive(Debug, PartialEq)]
pub(crate) enum Json {
    /// A string.
    String(String),
    /// A number, boolean or null as it is written.
    Bare(String),
    Array(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

impl Json {
    /// Reads a JSON text, which must be well-formed.
    pub(crate) fn read(text: &str) -> Self {
        let mut rest = text;
        let value = read(&mut rest);
        assert_eq!(rest.trim(), "");
        value
    }

    /// The first place where two values differ, as a path with both.
    pub(crate) fn difference(&self, other: &Self) -> Option<String> {
        match (self, other) {
            (Self::Array(ones), Self::Array(others)) if ones.len() == others.len() => {
                let mut pairs = ones.iter().zip(others).enumerate();
                pairs.find_map(|(index, (one, other))| Some(format!("[{index}]{}", one.difference(other)?)))
            }
            (Self::Object(ones), Self::Object(others)) => {
                let missing = Self::Bare("nothing".to_owned());
                let names = ones.keys().chain(others.keys().filter(|name| !ones.contains_key(*name)));
                names.into_iter().find_map(|name| {
                    let side = |side: &'_ BTreeMap<String, Self>| side.contains_key(name);
                    let one = if side(ones) { &ones[name] } else { &missing };
                    let other = if side(others) { &others[name] } else { &missing };
                    Some(format!(".{name}{}", one.difference(other)?))
                })
            }
            _ if self == other => None,
            _ => Some(format!(": {self:?} became {other:?}").chars().take(400).collect()),
        }
    }
}

fn read(rest: &mut &str) -> Json {
    match next(rest) {
        '{' => {
            let mut members = BTreeMap::new();
            skip(rest);
            while next(rest) != '}' {
                let key = string(rest);
                assert_eq!(next(rest), ':');
                skip(rest);
                assert!(members.insert(key.clone(), read(rest)).is_none(), "{key} is there twice");
                if next(rest) == ',' {
                    skip(rest);
                }
            }
            skip(rest);
            Json::Object(members)
        }
        '[' => {
            let mut items = Vec::new();
            skip(rest);
            while next(rest) != ']' {
                items.push(read(rest));
                if next(rest) == ',' {
                    skip(rest);
                }
            }
            skip(rest);
            Json::Array(items)
        }
        '"' => Json::String(string(rest)),
        _ => {
            let end = rest.find([',', '}', ']', ' ', '\n', '\r', '\t']).unwrap_or(rest.len());
            let (bare, after) = rest.split_at(end);
            *rest = after;
            Json::Bare(bare.to_owned())
        }
    }
}

/// The next character that is no white space, which stays.
fn next(rest: &mut &str) -> char {
    *rest = rest.trim_start();
    rest.chars().next().unwrap()
}

fn skip(rest: &mut &str) {
    *rest = &rest[1..];
}

fn string(rest: &mut &str) -> String {
    let (token, after) = rest.split_at(string_length(rest.as_bytes()));
    *rest = after;
    serde_json::from_str(token).unwrap()
}

/// How long the string is that a text begins with, its quotation marks too.
fn string_length(bytes: &[u8]) -> usize {
    let mut at = 1;
    while bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

/// A JSON text without the white space between its tokens.
pub(crate) fn without_space(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find([' ', '\n', '\r', '\t', '"']) {
        out.push_str(&rest[..at]);
        let length = if rest[at..].starts_with('"') { string_length(&rest.as_bytes()[at..]) } else { 1 };
        if length > 1 {
            out.push_str(&rest[at..at + length]);
        }
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    out
}
