//! Extensions that carry an element of another release of FHIR: whether they are modifiers is told by that element.
//!
//! <https://hl7.org/fhir/R4/versions.html#extensions>

use std::sync::{Arc, OnceLock};

use crate::fhir::{Element, Release};
use crate::package::{Definition, Package, PackageSet};
use crate::profile::rules::extension;
use crate::profile::{Issue, SchemaSet, Severity};

/// The base definitions of releases that the resource is not of; opened when the first such extension is met.
static OTHERS: [OnceLock<Option<PackageSet>>; 2] = [const { OnceLock::new() }; 2];

/// Checks an extension such as `http://hl7.org/fhir/3.0/StructureDefinition/extension-Patient.animal`: it modifies
/// where the element does. `None` for any other, and for an element that is not known.
pub(super) fn check(extension: Element<'_>, url: &str, set: &SchemaSet) -> Option<Issue> {
    let (release, path) = element_of(url)?;
    let wanted =
        if is_modifier(definition(release, path, set)?, path)? { "modifierExtension" } else { "extension" };
    let found = extension.name();
    if found == wanted || !matches!(found, "extension" | "modifierExtension") {
        return None;
    }
    let message = format!("the extension {url} is written as `{found}`");
    let issue = Issue::at(extension, &extension::MODIFIER, Severity::Error, message);
    Some(issue.compared(format!("`{wanted}`"), format!("`{found}`")))
}

/// The element that such a URL names, and the release that is built in and nearest to the one it names.
fn element_of(url: &str) -> Option<(Release, &str)> {
    let (release, path) =
        url.strip_prefix("http://hl7.org/fhir/")?.split_once("/StructureDefinition/extension-")?;
    let release = match release {
        "1.0" | "3.0" => Release::Stu3,
        "4.0" | "4.3" | "5.0" => Release::R4,
        _ => return None,
    };
    Some((release, path))
}

fn definition<'s>(release: Release, path: &str, set: &'s SchemaSet) -> Option<&'s Definition> {
    let name = path.split('.').next()?;
    if release == set.packages().release() {
        return set.type_definition(name);
    }
    let place = &OTHERS[usize::from(release == Release::R4)];
    let core =
        place.get_or_init(|| Some(PackageSet::new(release, vec![Arc::new(Package::core(release).ok()?)])));
    let canonical = format!("http://hl7.org/fhir/StructureDefinition/{name}");
    core.as_ref()?.find("StructureDefinition", &canonical)
}

/// Whether the element is a modifier; `None` where the type has no such element.
fn is_modifier(definition: &Definition, path: &str) -> Option<bool> {
    let snapshot = definition.tree()?.root().child("snapshot")?;
    let is_meant =
        |found: &Element<'_>| found.text("path").is_some_and(|found| found.trim_end_matches("[x]") == path);
    let element = snapshot.children_named("element").find(is_meant)?;
    Some(element.text("isModifier") == Some("true"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_json;

    fn found(release: Release, name: &str, url: &str) -> Option<String> {
        let packages = vec![Arc::new(Package::core(release).unwrap())];
        let set = SchemaSet::new(Arc::new(PackageSet::new(release, packages)));
        let text = format!(r#"{{"resourceType":"Patient","{name}":[{{"url":"{url}"}}]}}"#);
        let tree = parse_json(&text).unwrap();
        check(tree.root().child(name).unwrap(), url, &set)?.expected
    }

    #[test]
    fn an_element_that_modifies_is_a_modifier_extension() {
        let animal = "http://hl7.org/fhir/3.0/StructureDefinition/extension-Patient.animal";
        let modifier = Some("`modifierExtension`".to_owned());
        for release in [Release::R4, Release::Stu3] {
            assert_eq!(found(release, "extension", animal), modifier);
            assert_eq!(found(release, "modifierExtension", animal), None);
        }
        let oldest = "http://hl7.org/fhir/1.0/StructureDefinition/extension-Patient.animal";
        assert_eq!(found(Release::R4, "extension", oldest), modifier);
        let gender = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Patient.gender";
        assert_eq!(found(Release::R4, "extension", gender), None);
        assert_eq!(found(Release::R4, "modifierExtension", gender), Some("`extension`".to_owned()));
    }

    #[test]
    fn what_is_not_known_is_left_alone() {
        for url in [
            "http://hl7.org/fhir/5.0/StructureDefinition/extension-Patient.newInR5",
            "http://hl7.org/fhir/5.0/StructureDefinition/extension-NewInR5.code",
            "http://hl7.org/fhir/6.0/StructureDefinition/extension-Patient.animal",
            "http://hl7.org/fhir/StructureDefinition/patient-animal",
        ] {
            assert_eq!(found(Release::R4, "modifierExtension", url), None, "{url}");
        }
    }
}
