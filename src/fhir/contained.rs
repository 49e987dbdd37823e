//! Contained resources, and what `#id` points to.
//!
//! <https://hl7.org/fhir/R4/references.html#contained>

use super::Element;

impl Element<'_> {
    /// The resource that holds the contained ones to which `#id` can point from here: the nearest around, or, within a
    /// contained one, that which contains it.
    #[must_use]
    pub fn container(self) -> Self {
        let resource = self.resource();
        match resource.parent() {
            Some(parent) if resource.name() == "contained" => parent.resource(),
            _ => resource,
        }
    }

    /// What `#id` points to from here: the contained resource of that id, or with no id the container itself.
    #[must_use]
    pub fn contained(self, id: &str) -> Option<Self> {
        let container = self.container();
        if id.is_empty() {
            return Some(container);
        }
        container.children_named("contained").find(|inner| inner.text("id") == Some(id))
    }
}

#[cfg(test)]
mod tests {
    use crate::fhir::{Element, parse_json};

    #[test]
    fn fragments_point_within_the_container_from_anywhere_in_it() {
        let tree = parse_json(
            r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"p","name":[{}],
                "contained":[{"resourceType":"Device","id":"a"},{"resourceType":"List","id":"b","entry":[{}]}]}}]}"#,
        )
        .unwrap();
        let patient = tree.root().child("entry").and_then(|entry| entry.child("resource")).unwrap();
        let list = patient.children_named("contained").nth(1).unwrap();
        for from in [patient, patient.child("name").unwrap(), list, list.child("entry").unwrap()] {
            assert_eq!(from.container(), patient, "{from:?}");
            assert_eq!(from.contained("a").and_then(Element::resource_type), Some("Device"), "{from:?}");
            assert_eq!(from.contained("b"), Some(list), "{from:?}");
            assert_eq!(from.contained(""), Some(patient), "{from:?}");
            assert_eq!(from.contained("p"), None, "{from:?}");
        }
        assert_eq!(tree.root().contained("a"), None, "it is contained elsewhere");
    }
}
