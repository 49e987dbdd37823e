use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::fhir::Release;
use crate::package::{Package, PackageSet};
use crate::profile::SchemaSet;
use crate::profile::difference::{Answer, Direction};
use crate::standard::{Level, Requirement};

/// A version with these profiles on Patient: URL, version, least number of names.
fn version(profiles: &[(&str, &str, u32)]) -> Version {
    let folder = tempfile::tempdir().unwrap();
    for (number, (url, version, min)) in profiles.iter().enumerate() {
        let profile = json!({
            "resourceType": "StructureDefinition", "url": url, "version": version, "name": "p",
            "status": "draft", "kind": "resource", "abstract": false, "type": "Patient",
            "derivation": "constraint", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
            "differential": { "element": [{ "path": "Patient.name", "min": min }] },
        });
        std::fs::write(folder.path().join(format!("{number}.json")), profile.to_string()).unwrap();
    }
    let packages = [Package::from_path(folder.path()).unwrap(), Package::core(Release::Stu3).unwrap()];
    let packages = PackageSet::new(Release::Stu3, packages.into_iter().map(Arc::new).collect());
    Version {
        name: "v".to_owned(),
        schemas: Arc::new(SchemaSet::new(Arc::new(packages))),
        own_packages: 1,
        requirements: None,
    }
}

fn standings(comparison: &Comparison) -> Vec<(&str, ProfileStanding)> {
    let profiles = comparison.profiles.iter();
    profiles.map(|profile| (profile.identity().unwrap().url.as_str(), profile.standing)).collect()
}

#[test]
fn profiles_come_go_change_and_stay() {
    let older = version(&[("http://x/a", "1", 0), ("http://x/b", "1", 0), ("http://x/c", "1", 0)]);
    let newer = version(&[("http://x/a", "2", 1), ("http://x/b", "2", 0), ("http://x/d", "2", 0)]);
    let found = compare(&older, &newer, &[]).unwrap();
    assert_eq!(
        standings(&found),
        [
            ("http://x/a", ProfileStanding::Changed),
            ("http://x/b", ProfileStanding::Unchanged),
            ("http://x/c", ProfileStanding::Removed),
            ("http://x/d", ProfileStanding::Added),
        ]
    );
    assert_eq!((found.older_may_fail, found.newer_may_fail), (Answer::Yes, Answer::No));
    assert_eq!((found.tally.tighter, found.tally.looser), (1, 0));
    assert_eq!(found.requirements, None);
}

#[test]
fn profiles_can_be_picked() {
    let older = version(&[("http://x/a", "1", 0), ("http://x/b", "1", 0)]);
    let newer = version(&[("http://x/b", "2", 0), ("http://x/c", "2", 1)]);
    let pick = |text: &str| compare(&older, &newer, &[text.parse().unwrap()]);
    assert_eq!(standings(&pick("http://x/b|1").unwrap()), [("http://x/b", ProfileStanding::Unchanged)]);
    assert_eq!(standings(&pick("http://x/a").unwrap()), [("http://x/a", ProfileStanding::Removed)]);
    let asked = pick("http://x/a=http://x/c").unwrap();
    assert_eq!(asked.profiles[0].matched_by, Some(MatchedBy::Asked));
    assert_eq!(asked.older_may_fail, Answer::Yes);
    let error = pick("http://x/a=http://x/a2").unwrap_err();
    assert_eq!(error.to_string(), "the profile http://x/a2 is not in v");
    assert!(pick("http://x/z").is_err());
}

#[test]
fn a_profile_that_cannot_be_used_is_not_taken_for_unchanged() {
    let broken = |url: &str| {
        let folder = tempfile::tempdir().unwrap();
        let profile = json!({
            "resourceType": "StructureDefinition", "url": url, "name": "p", "status": "draft",
            "kind": "resource", "abstract": false, "type": "Patient", "derivation": "constraint",
            "baseDefinition": "http://x/nowhere", "differential": { "element": [] },
        });
        std::fs::write(folder.path().join("p.json"), profile.to_string()).unwrap();
        let package = Arc::new(Package::from_path(folder.path()).unwrap());
        let packages = PackageSet::new(Release::Stu3, vec![package]);
        Version {
            schemas: Arc::new(SchemaSet::new(Arc::new(packages))),
            ..version(&[("http://x/a", "1", 0)])
        }
    };
    let found = compare(&broken("http://x/a"), &broken("http://x/a"), &[]).unwrap();
    assert_eq!(standings(&found), [("http://x/a", ProfileStanding::Undetermined)]);
    assert!(found.profiles[0].gaps[0].reason.contains("http://x/nowhere"), "{found:#?}");
    assert_eq!(found.older_may_fail, Answer::Unknown);
}

fn requirement(id: &str, level: &str, text: &str) -> Requirement {
    serde_json::from_value(json!({
        "id": id, "level": level, "area": "a", "text": text, "clause": { "page": "p" }, "maturity": "active",
    }))
    .unwrap()
}

#[test]
fn requirements_come_go_and_change_their_level_or_words() {
    let with = |requirements: Vec<Requirement>| Version {
        requirements: Some(requirements),
        ..version(&[("http://x/a", "1", 0)])
    };
    let older = with(vec![
        requirement("R-1", "SHOULD", "one"),
        requirement("R-2", "SHALL", "two"),
        requirement("R-3", "SHALL", "three"),
        requirement("R-5", "SHALL", "same\n words"),
    ]);
    let newer = with(vec![
        requirement("R-1", "SHALL", "one"),
        requirement("R-2", "SHALL", "two, changed"),
        requirement("R-4", "MAY", "four"),
        requirement("R-5", "SHALL", "same words"),
    ]);
    let found = compare(&older, &newer, &[]).unwrap().requirements.unwrap();
    let facts: Vec<_> = found.iter().map(|one| (one.id.as_str(), one.standing, one.direction)).collect();
    assert_eq!(
        facts,
        [
            ("R-1", RequirementStanding::Changed, Direction::Tighter),
            ("R-2", RequirementStanding::Changed, Direction::Changed),
            ("R-4", RequirementStanding::Added, Direction::Changed),
            ("R-3", RequirementStanding::Removed, Direction::Looser),
        ]
    );
    assert_eq!(found[0].level, Level::Shall);
    assert_eq!(found[1].changes[0].newer.as_deref(), Some("two, changed"));
}
