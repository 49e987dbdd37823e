//! Must support: which elements a profile flags, and which of them a resource populates.
//!
//! <https://hl7.org/fhir/STU3/profiling.html#mustsupport>

use std::collections::BTreeSet;

use super::{Knowledge, Validator};
use crate::fhir::Element;
use crate::profile::{ElementSchema, Schema, SchemaError, SchemaSet, TypeLink};

/// How many profiles within profiles are followed: an extension within an extension is one.
const DEEPEST: usize = 4;

impl Validator {
    /// The ids of all elements of a profile, slices and the parts of its extensions and data types among them, in
    /// order; each with whether it is flagged as must-support.
    ///
    /// # Errors
    /// The profile is not loaded, or cannot be used.
    pub fn profile_elements(&self, profile: &str) -> Result<Vec<(String, bool)>, SchemaError> {
        let schema = self.schemas().schema(profile)?;
        let mut found = Vec::new();
        list(&schema.root, &Place::root(&schema.root), self.schemas(), &mut found);
        Ok(found)
    }

    /// The type that a profile constrains.
    ///
    /// # Errors
    /// The profile is not loaded, or cannot be used.
    pub fn type_of_profile(&self, profile: &str) -> Result<&str, SchemaError> {
        self.schemas().schema(profile).map(|schema| schema.type_name.as_str())
    }

    /// The ids of the elements of a profile that a resource has a value for.
    #[must_use]
    pub fn populated(&self, resource: Element<'_>, profile: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        if let Ok(schema) = self.schemas().schema(profile) {
            let knowledge = Knowledge::new(self.schemas());
            let look = Look { set: self.schemas(), knowledge: &knowledge };
            look.children(resource, &schema.root, &Place::root(&schema.root), &mut found);
        }
        found
    }
}

/// How ids are written within a profile that is followed: `Patient.extension:ethnicity` in place of `Extension`.
#[derive(Clone)]
struct Place {
    /// How long the id of the outermost element of the profile is.
    root: usize,
    /// What stands in its place.
    id: String,
    depth: usize,
}

impl Place {
    fn root(element: &ElementSchema) -> Self {
        Self { root: element.id.len(), id: element.id.clone(), depth: 0 }
    }

    fn id_of(&self, element: &ElementSchema) -> String {
        format!("{}{}", self.id, element.id.get(self.root..).unwrap_or_default())
    }

    /// The one profile that a type comes with, and where its elements stand. Of several, which is meant differs from
    /// value to value.
    fn followed<'s>(
        &self,
        element: &ElementSchema,
        link: &'s TypeLink,
        set: &SchemaSet,
    ) -> Option<(&'s Schema, &'s ElementSchema, Self)> {
        if link.profiles.len() != 1 || self.depth >= DEEPEST {
            return None;
        }
        let (schema, followed) = link.profile_elements(set).next()?.1?;
        let place = Self { root: followed.id.len(), id: self.id_of(element), depth: self.depth + 1 };
        Some((schema, followed, place))
    }
}

fn list(element: &ElementSchema, place: &Place, set: &SchemaSet, found: &mut Vec<(String, bool)>) {
    for child in &element.children {
        list_one(child, place, set, found);
    }
}

fn list_one(element: &ElementSchema, place: &Place, set: &SchemaSet, found: &mut Vec<(String, bool)>) {
    found.push((place.id_of(element), element.must_support));
    list(element, place, set, found);
    for link in &element.types {
        if let Some((_, followed, within)) = place.followed(element, link, set) {
            list(followed, &within, set, found);
        }
    }
    for slice in element.slicing.iter().flat_map(|slicing| &slicing.slices) {
        list_one(&slice.element, place, set, found);
    }
}

/// What looking at a resource needs.
struct Look<'l> {
    set: &'l SchemaSet,
    knowledge: &'l Knowledge<'l>,
}

impl Look<'_> {
    fn children(
        &self,
        parent: Element<'_>,
        element: &ElementSchema,
        place: &Place,
        found: &mut BTreeSet<String>,
    ) {
        for value in parent.children().filter(|value| is_populated(*value)) {
            if let Some((child, link)) = element.child_called(value.name()) {
                self.value(value, child, link, place, found);
            }
        }
    }

    fn value(
        &self,
        value: Element<'_>,
        element: &ElementSchema,
        link: Option<&TypeLink>,
        place: &Place,
        found: &mut BTreeSet<String>,
    ) {
        found.insert(place.id_of(element));
        self.children(value, element, place, found);
        if let Some((_, followed, within)) = link.and_then(|link| place.followed(element, link, self.set)) {
            self.children(value, followed, &within, found);
        }
        let Some(slicing) = &element.slicing else { return };
        if let Some(slice) = slicing.slice_of(value, self.knowledge).and_then(|at| slicing.slices.get(at)) {
            let link = slice.element.link_of(value.name());
            self.value(value, &slice.element, link, place, found);
        }
    }
}

/// Whether an element has more than an extension that says why it has no value.
fn is_populated(element: Element<'_>) -> bool {
    let is_extension = matches!(element.name(), "extension" | "modifierExtension");
    element.value().is_some()
        || element.resource_type().is_some()
        || element.children().any(|child| match child.name() {
            "id" | "url" => false,
            "extension" => is_extension,
            _ => true,
        })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::fhir::{Release, parse_json};
    use crate::package::{Package, PackageSet};

    const PROFILE: &str = "http://example.org/profile";

    fn validator() -> Validator {
        let folder = tempfile::tempdir().unwrap();
        let definition = |name: &str, kind: &str, url: &str, elements: &str| {
            let text = format!(
                r#"{{"resourceType":"StructureDefinition","url":"{url}","name":"x","status":"draft","fhirVersion":"3.0.2",
                "kind":"{}","abstract":false,"type":"{kind}","derivation":"constraint",
                "baseDefinition":"http://hl7.org/fhir/StructureDefinition/{kind}","differential":{{"element":[{elements}]}}}}"#,
                if kind == "Extension" { "complex-type" } else { "resource" }
            );
            std::fs::write(folder.path().join(name), text).unwrap();
        };
        definition(
            "extension.json",
            "Extension",
            "http://example.org/extension",
            r#"{"id":"Extension.url","path":"Extension.url","fixedUri":"http://example.org/extension"},
               {"id":"Extension.value[x]","path":"Extension.value[x]","mustSupport":true,"type":[{"code":"string"}]}"#,
        );
        definition(
            "profile.json",
            "Patient",
            PROFILE,
            r#"{"id":"Patient.extension","path":"Patient.extension","slicing":{"discriminator":[{"type":"value","path":"url"}],"rules":"open"}},
               {"id":"Patient.extension:e","path":"Patient.extension","sliceName":"e","mustSupport":true,
                "type":[{"code":"Extension","profile":"http://example.org/extension"}]},
               {"id":"Patient.identifier","path":"Patient.identifier","slicing":{"discriminator":[{"type":"value","path":"system"}],"rules":"open"}},
               {"id":"Patient.identifier:nhs","path":"Patient.identifier","sliceName":"nhs","mustSupport":true},
               {"id":"Patient.identifier:nhs.system","path":"Patient.identifier.system","fixedUri":"http://nhs"},
               {"id":"Patient.identifier:nhs.value","path":"Patient.identifier.value","mustSupport":true},
               {"id":"Patient.deceased[x]","path":"Patient.deceased[x]","mustSupport":true},
               {"id":"Patient.birthDate","path":"Patient.birthDate","mustSupport":true}"#,
        );
        let own = Package::from_path(folder.path()).unwrap();
        let core = Package::core(Release::Stu3).unwrap();
        let packages = PackageSet::new(Release::Stu3, vec![Arc::new(own), Arc::new(core)]);
        let validator = Validator::new(Arc::new(SchemaSet::new(Arc::new(packages))));
        // Read while the folder is there.
        assert!(validator.profile_elements(PROFILE).is_ok());
        validator
    }

    #[test]
    fn slices_extensions_and_choices() {
        let validator = validator();
        let flagged: Vec<String> = validator
            .profile_elements(PROFILE)
            .unwrap()
            .into_iter()
            .filter_map(|(id, must_support)| must_support.then_some(id))
            .collect();
        assert_eq!(
            flagged,
            [
                "Patient.extension:e",
                "Patient.extension:e.value[x]",
                "Patient.identifier:nhs",
                "Patient.identifier:nhs.value",
                "Patient.birthDate",
                "Patient.deceased[x]",
            ]
        );
        let shown = |record: &str| -> Vec<String> {
            let tree = parse_json(record).unwrap();
            let populated = validator.populated(tree.root(), PROFILE);
            flagged.iter().filter(|id| populated.contains(*id)).cloned().collect()
        };
        assert_eq!(shown(r#"{"resourceType":"Patient","deceasedBoolean":false}"#), ["Patient.deceased[x]"]);
        assert_eq!(
            shown(r#"{"resourceType":"Patient","identifier":[{"system":"http://other","value":"1"}]}"#),
            Vec::<String>::new()
        );
        assert_eq!(
            shown(r#"{"resourceType":"Patient","identifier":[{"system":"http://nhs","value":"1"}]}"#),
            ["Patient.identifier:nhs", "Patient.identifier:nhs.value"]
        );
        assert_eq!(
            shown(
                r#"{"resourceType":"Patient","extension":[{"url":"http://example.org/extension","valueString":"x"}]}"#
            ),
            ["Patient.extension:e", "Patient.extension:e.value[x]"]
        );
        assert_eq!(
            shown(
                r#"{"resourceType":"Patient","_birthDate":{"extension":[{"url":"http://absent","valueCode":"unknown"}]}}"#
            ),
            Vec::<String>::new(),
            "an extension that says why there is no date is no date"
        );
    }
}
