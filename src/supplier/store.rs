//! The resources that the supplier holds.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use jiff::Timestamp;

use crate::fhir::{Tree, parse_json};
use crate::standard::{FileError, carried};

/// Resources by type and id, each as its author wrote it.
#[derive(Debug, Clone, Default)]
pub struct Store {
    resources: BTreeMap<(String, String), Arc<Stored>>,
    /// Versions that are no longer current, oldest first; also those of resources that were deleted.
    past: BTreeMap<(String, String), Vec<Arc<Stored>>>,
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
    /// Reads files of JSON: one resource each, or a Bundle that carries many. Every resource must have
    /// a type and an id of its own.
    pub fn load<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Result<Self, Vec<FileError>> {
        let mut store = Self::default();
        let mut errors = Vec::new();
        for (file, text) in files {
            match carried(text) {
                None => {
                    if let Err(message) = store.add(text) {
                        errors.push(FileError::of_file(file, message));
                    }
                }
                Some(entries) => {
                    for (index, entry) in entries.into_iter().enumerate() {
                        let added = match entry {
                            Some(resource) => store.add(resource),
                            None => Err("no resource".to_owned()),
                        };
                        if let Err(message) = added {
                            let message = format!("entry {} of the Bundle: {message}", index + 1);
                            errors.push(FileError::of_file(file, message));
                        }
                    }
                }
            }
        }
        if errors.is_empty() { Ok(store) } else { Err(errors) }
    }

    fn add(&mut self, text: &str) -> Result<(), String> {
        let stored = Stored::read(text)?;
        let key = (stored.kind.clone(), stored.id.clone());
        match self.resources.entry(key) {
            Entry::Vacant(place) => {
                place.insert(Arc::new(stored));
                Ok(())
            }
            Entry::Occupied(_) => Err(format!("{}/{} is there twice", stored.kind, stored.id)),
        }
    }

    pub(super) fn get(&self, kind: &str, id: &str) -> Option<&Stored> {
        self.resources.get(&(kind.to_owned(), id.to_owned())).map(Arc::as_ref)
    }

    /// All resources.
    pub(super) fn all(&self) -> impl Iterator<Item = &Stored> {
        self.resources.values().map(Arc::as_ref)
    }

    /// The same resources, written otherwise; one that cannot be read then stays as it is.
    pub(super) fn rewritten(&self, rewrite: impl Fn(&Stored) -> Option<String>) -> Self {
        let mut store = Self::default();
        for stored in self.all() {
            let other = rewrite(stored).and_then(|text| Stored::read(&text).ok());
            store.put(other.unwrap_or_else(|| stored.clone()));
        }
        store
    }

    /// The resources of one type, in the order of their ids.
    pub(super) fn of_type(&self, kind: &str) -> impl Iterator<Item = &Stored> {
        self.resources
            .range((kind.to_owned(), String::new())..)
            .map(|(_, stored)| stored.as_ref())
            .take_while(move |stored| stored.kind == kind)
    }

    /// Whether a resource was here once and was deleted.
    pub(super) fn is_gone(&self, kind: &str, id: &str) -> bool {
        let key = (kind.to_owned(), id.to_owned());
        self.past.contains_key(&key) && !self.resources.contains_key(&key)
    }

    /// All versions of a resource that are known, newest first.
    pub(super) fn versions(&self, kind: &str, id: &str) -> Vec<&Stored> {
        let past = self.past.get(&(kind.to_owned(), id.to_owned()));
        let past = past.into_iter().flatten().rev().map(Arc::as_ref);
        self.get(kind, id).into_iter().chain(past).collect()
    }

    /// The number of the newest version there has been; 0, if there was none.
    pub(super) fn latest_version(&self, kind: &str, id: &str) -> u32 {
        let newest = self.versions(kind, id).first().map(|stored| stored.version().unwrap_or("1").to_owned());
        newest.and_then(|version| version.parse().ok()).unwrap_or_default()
    }

    /// Puts a resource in, in place of its earlier version.
    pub(super) fn put(&mut self, stored: Stored) {
        let key = (stored.kind.clone(), stored.id.clone());
        if let Some(earlier) = self.resources.insert(key.clone(), Arc::new(stored)) {
            self.past.entry(key).or_default().push(earlier);
        }
    }

    /// Takes a resource out, if it is there.
    pub(super) fn remove(&mut self, kind: &str, id: &str) {
        let key = (kind.to_owned(), id.to_owned());
        if let Some(earlier) = self.resources.remove(&key) {
            self.past.entry(key).or_default().push(earlier);
        }
    }

    /// An id that no resource of a type has or had.
    pub(super) fn fresh_id(&self, kind: &str) -> String {
        let taken = |id: &String| {
            let key = (kind.to_owned(), id.clone());
            self.resources.contains_key(&key) || self.past.contains_key(&key)
        };
        let mut ids = (1_u64..).map(|number| format!("created-{number}"));
        ids.find(|id| !taken(id)).unwrap_or_default()
    }

    /// When anything here last changed, as that resource writes it.
    pub(super) fn newest(&self) -> Option<&str> {
        let newest = self.resources.values().filter_map(|stored| stored.last_updated.as_ref()).max()?;
        Some(&newest.1)
    }
}

impl Stored {
    pub(super) fn read(text: &str) -> Result<Self, String> {
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
        assert_eq!(errors[0].to_string(), "b.json: Patient/a is there twice");
    }

    #[test]
    fn a_bundle_that_carries_resources_is_unpacked_to_the_letter() {
        let bundle = |kind: &str| {
            format!(
                r#"{{"resourceType":"Bundle","id":"x","type":"{kind}","entry":[
                {{"resource": {{"resourceType":"Observation","id":"o","valueQuantity":{{"value":1.50}}}} }},
                {{"resource":{{"resourceType":"Patient","id":"a"}}}}]}}"#
            )
        };
        let store = Store::load([("b.json", bundle("collection").as_str())]).unwrap();
        assert!(store.get("Observation", "o").unwrap().source().contains("1.50"));
        assert!(store.get("Patient", "a").is_some() && store.get("Bundle", "x").is_none());
        let store = Store::load([("b.json", bundle("document").as_str())]).unwrap();
        assert!(store.get("Patient", "a").is_none() && store.get("Bundle", "x").is_some());
        let faulty = bundle("transaction").replace(r#""id":"a""#, r#""active":true"#);
        let errors = Store::load([("b.json", faulty.as_str())]).unwrap_err();
        assert_eq!(errors[0].to_string(), "b.json: entry 2 of the Bundle: no id");
    }
}
