//! Snapshots made from differentials, against those that HL7 publishes, and of UK Core, which publishes none.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proofmark::fhir::Release;
use proofmark::package::{Package, PackageSet};
use proofmark::profile::{SchemaSet, SnapshotElement, published_elements};
use serde::Deserialize;
use serde_json::Value;

use crate::workspace::{cached_package, project, shared};

/// What is known to differ from the published snapshots of one release.
#[derive(Deserialize)]
struct Known {
    /// How many profiles there are.
    profiles: usize,
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    /// The fact of an element that differs, `elements` for which there are, `profile` where none can be made.
    what: String,
    /// The elements that it differs on, where they are the same for many profiles.
    #[serde(default)]
    elements: BTreeSet<String>,
    /// The ids of the profiles.
    #[serde(default)]
    profiles: BTreeSet<String>,
    /// How many profiles, where there are too many to name.
    #[serde(default)]
    number: usize,
    reason: String,
}

/// What differs: the fact, then the profile, then the elements.
type Differences = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

#[test]
fn snapshots_of_stu3_are_those_that_are_published() {
    compare(Release::Stu3, "hl7.fhir.r3.examples#3.0.2", "snapshots-stu3.toml");
}

#[test]
fn snapshots_of_r4_are_those_that_are_published() {
    compare(Release::R4, "hl7.fhir.r4.examples#4.0.1", "snapshots-r4.toml");
}

#[test]
fn every_profile_of_uk_core_gives_a_snapshot() {
    let Some(archive) = shared("data/ukcore-r4.tgz") else { return };
    let packages = [Package::from_path(&archive).unwrap(), Package::core(Release::R4).unwrap()];
    let set = SchemaSet::new(Arc::new(PackageSet::new(Release::R4, packages.map(Arc::new).to_vec())));
    let mut count = 0;
    for definition in set.packages().all("StructureDefinition") {
        if !definition.url.starts_with("https://fhir.hl7.org.uk/") {
            continue;
        }
        count += 1;
        let elements = set.snapshot_elements(&definition.url).unwrap_or_else(|error| panic!("{error}"));
        assert!(elements.len() > 3, "{}", definition.url);
        set.schema(&definition.url).unwrap_or_else(|error| panic!("{error}"));
    }
    assert!(count > 70, "{count}");
}

fn compare(release: Release, package: &str, known: &str) {
    let Some(folder) = cached_package(package) else { return };
    let package = Package::from_path(&folder).unwrap();
    let set = SchemaSet::new(Arc::new(PackageSet::new(release, vec![Arc::new(package)])));
    let (mut count, mut found) = (0, Differences::new());
    for definition in set.packages().all("StructureDefinition") {
        let root = definition.tree().unwrap().root();
        if root.text("derivation") != Some("constraint") {
            continue;
        }
        count += 1;
        let mut differs = |what: &str, element: &str| {
            let profiles = found.entry(what.to_owned()).or_default();
            let profile = root.text("id").unwrap();
            profiles.entry(profile.to_owned()).or_default().insert(element.to_owned());
        };
        match set.snapshot_elements(&definition.url) {
            Ok(made) => difference(&made, &published_elements(definition), &mut differs),
            Err(_) => differs("profile", ""),
        }
    }
    let text = std::fs::read_to_string(project("fixtures/official").join(known)).unwrap();
    let known: Known = toml::from_str(&text).unwrap();
    assert_eq!(count, known.profiles);
    for exception in known.exceptions {
        assert!(exception.reason.len() > 30, "{}", exception.what);
        let profiles = found.entry(exception.what.clone()).or_default();
        let covered: BTreeSet<String> = profiles
            .iter()
            .filter(|(profile, elements)| {
                exception.profiles.contains(*profile)
                    || !exception.elements.is_empty() && elements.is_subset(&exception.elements)
            })
            .map(|(profile, _)| profile.clone())
            .collect();
        if exception.number == 0 {
            assert_eq!(covered, exception.profiles, "{}: no longer an exception", exception.what);
        } else {
            assert_eq!(covered.len(), exception.number, "{}", exception.what);
        }
        profiles.retain(|profile, _| !covered.contains(profile));
    }
    found.retain(|_, profiles| !profiles.is_empty());
    assert!(found.is_empty(), "{found:#?}");
}

/// Tells what differs: the elements and their order, or else the facts of single elements.
fn difference(made: &[SnapshotElement], published: &[SnapshotElement], differs: &mut impl FnMut(&str, &str)) {
    let name = |element: &SnapshotElement| (element.path.clone(), element.slice_name.clone());
    if !made.iter().map(name).eq(published.iter().map(name)) {
        return differs("elements", "");
    }
    for (one, other) in made.iter().zip(published) {
        let (Value::Object(one), Value::Object(other)) =
            (serde_json::to_value(one).unwrap(), serde_json::to_value(other).unwrap())
        else {
            unreachable!("an element is written as an object")
        };
        for (fact, _) in one.iter().filter(|(fact, value)| other[*fact] != **value) {
            differs(fact, one["path"].as_str().unwrap());
        }
    }
}
