//! Ids of another shape, in all resources and in the references to them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::json;
use crate::supplier::store::Store;

/// A shape of ids; each is made of the one that the author wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum IdShape {
    /// A UUID.
    Uuid,
    /// 64 letters and digits, the most that FHIR allows.
    Long,
    /// With a dot in it.
    Dotted,
}

impl IdShape {
    /// The same resources under other ids; those of `kept`, as `Type/id`, keep theirs.
    pub(in crate::supplier) fn rename(self, store: &Store, kept: &[String]) -> Store {
        let old = store.all().map(|stored| (stored.kind.clone(), stored.id.clone()));
        let renamed: BTreeMap<String, String> = old
            .filter(|(kind, id)| !kept.contains(&format!("{kind}/{id}")))
            .map(|(kind, id)| (format!("{kind}/{id}"), self.id(&kind, &id)))
            .collect();
        store.rewritten(|stored| {
            let mut resource = json::read(stored.source())?;
            refer(&mut resource, &renamed);
            if let Some(id) = renamed.get(&format!("{}/{}", stored.kind, stored.id)) {
                resource["id"] = Value::from(id.clone());
            }
            Some(json::write(&resource))
        })
    }

    fn id(self, kind: &str, id: &str) -> String {
        let digits = hex::encode(Sha256::digest(format!("{kind}/{id}")));
        let part = |from, to| digits.get(from..to).unwrap_or_default();
        match self {
            Self::Uuid => {
                let parts = [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)];
                parts.join("-")
            }
            Self::Long => digits,
            Self::Dotted => format!("{}.{id}", part(0, 4)),
        }
    }
}

/// Gives each text that names a resource, as `Type/id`, its new name.
fn refer(value: &mut Value, renamed: &BTreeMap<String, String>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| refer(item, renamed)),
        Value::Object(members) => members.values_mut().for_each(|member| refer(member, renamed)),
        Value::String(text) => {
            if let (Some(id), Some((kind, _))) = (renamed.get(text.as_str()), text.split_once('/')) {
                *text = format!("{kind}/{id}");
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_and_references_change_together() {
        let patient = r#"{"resourceType":"Patient","id":"1"}"#;
        let kept = r#"{"resourceType":"Patient","id":"2"}"#;
        let observation = r#"{"resourceType":"Observation","id":"1","subject":{"reference":"Patient/1"},"performer":[{"reference":"Patient/2"}],"valueQuantity":{"value":1.50}}"#;
        let store = Store::load([("a", patient), ("b", kept), ("c", observation)]).unwrap();
        for (shape, length) in [(IdShape::Uuid, 36), (IdShape::Long, 64), (IdShape::Dotted, 6)] {
            let store = shape.rename(&store, &["Patient/2".to_owned()]);
            let id = shape.id("Patient", "1");
            assert_eq!(id.len(), length, "{id}");
            assert!(store.get("Patient", &id).is_some() && store.get("Patient", "1").is_none());
            assert!(store.get("Patient", "2").is_some());
            let observation = store.of_type("Observation").next().unwrap().source();
            assert!(observation.contains(&format!("\"Patient/{id}\"")), "{observation}");
            assert!(observation.contains("\"Patient/2\"") && observation.contains("1.50"), "{observation}");
        }
    }
}
