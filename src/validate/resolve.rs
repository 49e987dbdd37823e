//! Where references within a text lead: to contained resources and to the entries of the Bundles around.
//!
//! <https://hl7.org/fhir/R4/bundle.html#references>

use crate::fhir::Element;

/// The target among the contained resources and the entries of the Bundles around. What lies outside the text is
/// not fetched, and by FHIRPath's rule for `resolve()` is then left out of the answer.
pub(super) fn resolve<'t>(reference: &str, from: Element<'t>) -> Option<Element<'t>> {
    if let Some(id) = reference.strip_prefix('#') {
        return from.contained(id);
    }
    let mut around = Some(from);
    while let Some(element) = around {
        if element.resource_type() == Some("Bundle") {
            let found = entries(reference, from, element).into_iter().next().or_else(|| {
                // GP Connect and others write neither fullUrl nor base: type and id are all there is.
                is_relative(reference).then(|| by_identity(element, reference).into_iter().next())?
            });
            if let Some(resource) = found.and_then(|entry| entry.child("resource")) {
                return Some(resource);
            }
        }
        around = element.parent();
    }
    None
}

/// The entries of a Bundle that a reference means by the rules of the specification: an absolute address is the
/// fullUrl of one; a relative one becomes absolute by the fullUrl of the entry that it stands in. Where that entry
/// has no fullUrl to go by, type and id tell.
pub(super) fn entries<'t>(reference: &str, from: Element<'t>, bundle: Element<'t>) -> Vec<Element<'t>> {
    let (address, version) = versionless(reference);
    let tree = bundle.tree();
    let found: Vec<Element<'t>> = if is_relative(reference) {
        match absolute(address, from, bundle) {
            Some(address) => tree.entries_at(bundle, &address).collect(),
            None => by_identity(bundle, reference),
        }
    } else {
        tree.entries_at(bundle, address).collect()
    };
    found.into_iter().filter(|entry| has_version(*entry, version)).collect()
}

/// The entries of the type and id that a relative reference names, whatever their fullUrl.
pub(super) fn by_identity<'t>(bundle: Element<'t>, reference: &str) -> Vec<Element<'t>> {
    let (address, version) = versionless(reference);
    bundle.tree().entries_of(bundle, address).filter(|entry| has_version(*entry, version)).collect()
}

fn has_version(entry: Element<'_>, version: Option<&str>) -> bool {
    let own = || entry.child("resource")?.child("meta")?.text("versionId");
    version.is_none_or(|version| own() == Some(version))
}

/// A reference without the version and fragment that it may name, and the version.
fn versionless(reference: &str) -> (&str, Option<&str>) {
    let address = reference.split_once('#').map_or(reference, |(address, _)| address);
    // Few references hold this letter, and to look for one is sooner done than for a word.
    if !address.contains('_') {
        return (address, None);
    }
    address.split_once("/_history/").map_or((address, None), |(address, version)| (address, Some(version)))
}

/// Whether a reference is relative to a base: it has no scheme.
pub(super) fn is_relative(reference: &str) -> bool {
    !reference.contains(':')
}

/// A relative reference made absolute by the fullUrl of the entry around it.
fn absolute(reference: &str, from: Element<'_>, bundle: Element<'_>) -> Option<String> {
    let full_url = entry_around(from, bundle)?.text("fullUrl")?;
    let id = reference.rsplit('/').next().unwrap_or(reference);
    for scheme in ["urn:uuid:", "urn:oid:"] {
        if full_url.starts_with(scheme) {
            return Some(format!("{scheme}{id}"));
        }
    }
    let (base, ..) = restful(full_url)?;
    Some(format!("{base}/{reference}"))
}

/// The entry of a Bundle that an element is in.
pub(super) fn entry_around<'t>(from: Element<'t>, bundle: Element<'t>) -> Option<Element<'t>> {
    let mut element = from;
    loop {
        let parent = element.parent()?;
        if parent == bundle {
            return (element.name() == "entry").then_some(element);
        }
        element = parent;
    }
}

/// The base, type and id of an address such as `https://example.org/fhir/Patient/1`, which looks like that of a
/// FHIR server. Whether the type is one of FHIR is left to the caller.
pub(super) fn restful(url: &str) -> Option<(&str, &str, &str)> {
    let (address, _) = versionless(url);
    let path = address.strip_prefix("http://").or_else(|| address.strip_prefix("https://"))?;
    let (above, id) = address.rsplit_once('/')?;
    let (base, name) = above.rsplit_once('/')?;
    let type_like = name.starts_with(|letter: char| letter.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_id = (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    (type_like && is_id && path.matches('/').count() >= 2).then_some((base, name, id))
}

/// The type that a reference names: `Patient` of `Patient/1` and of `https://example.org/fhir/Patient/1`.
pub(super) fn named_type(reference: &str) -> Option<&str> {
    let (address, _) = versionless(reference);
    if is_relative(reference) {
        let (name, id) = address.split_once('/')?;
        return (!id.contains('/')).then_some(name);
    }
    restful(address).map(|(_, name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::{Tree, parse_json};

    fn bundle() -> Tree {
        parse_json(
            r#"{"resourceType":"Bundle","entry":[
                {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Device","id":"d"}},
                {"resource":{"resourceType":"Patient","id":"p"}},
                {"fullUrl":"https://a.example/Patient/q","resource":{"resourceType":"Patient","id":"q",
                    "meta":{"versionId":"1"},"contained":[{"resourceType":"Device","id":"c"}]}},
                {"fullUrl":"https://a.example/Patient/q","resource":{"resourceType":"Patient","id":"q",
                    "meta":{"versionId":"2"}}},
                {"fullUrl":"https://b.example/Patient/r","resource":{"resourceType":"Patient","id":"r"}}]}"#,
        )
        .unwrap()
    }

    #[test]
    fn entries_are_found_by_address_and_by_type_and_id() {
        let bundle = bundle();
        let from = bundle.root().child("entry").unwrap();
        let id = |reference: &str| resolve(reference, from).and_then(|found| found.text("id"));
        assert_eq!(id("urn:uuid:1"), Some("d"));
        assert_eq!(id("Patient/p"), Some("p"));
        assert_eq!(id("Patient/s"), None);
        assert_eq!(id("http://elsewhere/Patient/p"), None);
    }

    #[test]
    fn a_relative_reference_is_read_against_the_full_url_of_its_entry() {
        let bundle = bundle();
        let root = bundle.root();
        let from = |index: usize| root.children_named("entry").nth(index).unwrap().child("resource").unwrap();
        let count = |reference: &str, index: usize| entries(reference, from(index), root).len();
        assert_eq!(count("Patient/q", 2), 2, "both versions");
        assert_eq!(count("Patient/q/_history/2", 2), 1);
        assert_eq!(count("Patient/q/_history/3", 2), 0);
        assert_eq!(count("Patient/r", 2), 0, "that one is at another base");
        assert_eq!(count("https://b.example/Patient/r", 2), 1);
        assert_eq!(count("Patient/r", 1), 1, "an entry without fullUrl has no base");
        assert_eq!(count("Device/1", 0), 1, "beside a urn:uuid, an id is one");
        assert_eq!(count("Patient/p", 0), 0);
    }

    #[test]
    fn fragments_are_contained_resources() {
        let bundle = bundle();
        let patient = bundle.root().children_named("entry").nth(2).unwrap().child("resource").unwrap();
        let found = resolve("#c", patient).and_then(Element::resource_type);
        assert_eq!(found, Some("Device"));
        assert_eq!(resolve("#", patient.child("contained").unwrap()), Some(patient));
        assert!(resolve("#d", patient).is_none());
    }

    #[test]
    fn addresses_of_servers_are_told_from_others() {
        assert_eq!(
            restful("https://a.example/fhir/Patient/1"),
            Some(("https://a.example/fhir", "Patient", "1"))
        );
        assert_eq!(
            restful("https://a.example/Patient/1/_history/2"),
            Some(("https://a.example", "Patient", "1"))
        );
        for other in [
            "urn:uuid:1",
            "https://a.example/1",
            "https://a.example/patients/1",
            "http://nothing/nothing",
            "Patient/1",
        ] {
            assert_eq!(restful(other), None, "{other}");
        }
        assert_eq!(named_type("Patient/1"), Some("Patient"));
        assert_eq!(named_type("https://a.example/Patient/1"), Some("Patient"));
        assert_eq!(named_type("urn:uuid:1"), None);
    }
}
