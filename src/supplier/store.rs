//! The resources that the supplier holds.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::fhir::{Tree, parse_json};
use crate::standard::FileError;

/// Resources by type and id, each as its author wrote it.
#[derive(Debug, Clone, Default)]
pub struct Store {
    resources: BTreeMap<(String, String), Stored>,
}

/// One resource, read once.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) tree: Tree,
    pub(super) last_updated: Option<(Timestamp, String)>,
}

impl Store {
    /// Reads JSON resources, one a file. Every one must have a type and an id of its own.
    pub fn load<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Result<Self, Vec<FileError>> {
        let mut store = Self::default();
        let mut errors = Vec::new();
        for (file, text) in files {
            match Stored::read(text) {
                Err(message) => errors.push(FileError::of_file(file, message)),
                Ok(stored) => {
                    let key = (stored.kind.clone(), stored.id.clone());
                    if store.resources.contains_key(&key) {
                        let message = format!("{}/{} is in another file too", key.0, key.1);
                        errors.push(FileError::of_file(file, message));
                    }
                    store.resources.insert(key, stored);
                }
            }
        }
        if errors.is_empty() { Ok(store) } else { Err(errors) }
    }

    pub(super) fn get(&self, kind: &str, id: &str) -> Option<&Stored> {
        self.resources.get(&(kind.to_owned(), id.to_owned()))
    }

    /// The resources of one type, in the order of their ids.
    pub(super) fn of_type(&self, kind: &str) -> impl Iterator<Item = &Stored> {
        self.resources
            .range((kind.to_owned(), String::new())..)
            .map(|(_, stored)| stored)
            .take_while(move |stored| stored.kind == kind)
    }

    /// When anything here last changed, as that resource writes it.
    pub(super) fn newest(&self) -> Option<&str> {
        let newest = self.resources.values().filter_map(|stored| stored.last_updated.as_ref()).max()?;
        Some(&newest.1)
    }
}

impl Stored {
    fn read(text: &str) -> Result<Self, String> {
        let tree = parse_json(text).map_err(|error| error.to_string())?;
        let root = tree.root();
        let kind = root.resource_type().ok_or("no resourceType")?.to_owned();
        let id = root.text("id").ok_or("no id")?.to_owned();
        let last_updated = match root.child("meta").and_then(|meta| meta.text("lastUpdated")) {
            None => None,
            Some(text) => {
                let time = text.parse().map_err(|_| format!("meta.lastUpdated `{text}` is no instant"))?;
                Some((time, text.to_owned()))
            }
        };
        Ok(Self { kind, id, tree, last_updated })
    }

    /// The resource in JSON, to the letter.
    pub(super) fn source(&self) -> &str {
        self.tree.source().trim()
    }

    pub(super) fn version(&self) -> Option<&str> {
        self.tree.root().child("meta")?.text("versionId")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        Store::load([("a.json", text)]).unwrap_err()[0].to_string()
    }

    #[test]
    fn a_file_that_cannot_be_served_is_named() {
        assert!(message("{").starts_with("a.json: not well-formed JSON"));
        assert_eq!(message(r#"{"id":"a"}"#), "a.json: no resourceType");
        assert_eq!(message(r#"{"resourceType":"Patient","active":true}"#), "a.json: no id");
        let undated = r#"{"resourceType":"Patient","id":"a","meta":{"lastUpdated":"2019"}}"#;
        assert_eq!(message(undated), "a.json: meta.lastUpdated `2019` is no instant");
    }

    #[test]
    fn the_same_id_twice_is_refused() {
        let patient = r#"{"resourceType":"Patient","id":"a"}"#;
        let errors = Store::load([("a.json", patient), ("b.json", patient)]).unwrap_err();
        assert_eq!(errors[0].to_string(), "b.json: Patient/a is in another file too");
    }
}
