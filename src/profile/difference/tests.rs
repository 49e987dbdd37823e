#![expect(clippy::needless_pass_by_value, reason = "a differential is written where it is used")]

mod slicing;

use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};

use super::*;
use crate::fhir::Release;
use crate::package::{Package, PackageSet};
use crate::profile::SchemaSet;

static CORE: LazyLock<Arc<Package>> = LazyLock::new(|| Arc::new(Package::core(Release::Stu3).unwrap()));

/// A profile on a type, with this differential.
fn profile_on(type_name: &str, differential: Value) -> SchemaSet {
    let definition = json!({
        "resourceType": "StructureDefinition", "url": "http://x/p", "name": "p", "status": "draft",
        "kind": "resource", "abstract": false, "type": type_name, "derivation": "constraint",
        "baseDefinition": format!("http://hl7.org/fhir/StructureDefinition/{type_name}"),
        "differential": { "element": differential },
    });
    set(&[definition])
}

fn set(resources: &[Value]) -> SchemaSet {
    let folder = tempfile::tempdir().unwrap();
    for (number, resource) in resources.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{number}.json")), resource.to_string()).unwrap();
    }
    let own = Package::from_path(folder.path()).unwrap();
    assert_eq!(own.problems, []);
    SchemaSet::new(Arc::new(PackageSet::new(Release::Stu3, vec![Arc::new(own), Arc::clone(&CORE)])))
}

pub(super) fn patient(differential: Value) -> SchemaSet {
    profile_on("Patient", differential)
}

pub(super) fn between(older: &SchemaSet, newer: &SchemaSet) -> ProfileDifference {
    ProfileDifference::between((older, "http://x/p"), (newer, "http://x/p")).unwrap()
}

/// `element: aspect direction decides? text`, a line a change.
fn lines(difference: &ProfileDifference) -> Vec<String> {
    let changes = difference.elements.iter().flat_map(|element| {
        element.changes.iter().map(move |change| {
            let word = match change.direction {
                Direction::Tighter => "tighter",
                Direction::Looser => "looser",
                Direction::Changed => "changed",
            };
            let decides = if change.decides { "" } else { " (decides nothing)" };
            format!("{} {word}{decides}: {}", element.element, change.text)
        })
    });
    changes.collect()
}

fn flipped(direction: Direction) -> Direction {
    match direction {
        Direction::Tighter => Direction::Looser,
        Direction::Looser => Direction::Tighter,
        Direction::Changed => Direction::Changed,
    }
}

/// All but the words, seen from the other side, in an order of its own.
pub(super) fn mirrored(difference: &ProfileDifference) -> Vec<String> {
    let mut facts = Vec::new();
    for element in &difference.elements {
        let presence = match element.presence {
            Presence::Added => Presence::Removed,
            Presence::Removed => Presence::Added,
            Presence::Both => Presence::Both,
        };
        for change in &element.changes {
            facts.push(format!(
                "{} {presence:?} {:?} {:?} {} {:?} {:?}",
                element.element,
                change.aspect,
                flipped(change.direction),
                change.decides,
                change.newer,
                change.older
            ));
        }
    }
    facts.sort();
    facts
}

pub(super) fn plain(difference: &ProfileDifference) -> Vec<String> {
    let mut facts = Vec::new();
    for element in &difference.elements {
        for change in &element.changes {
            facts.push(format!(
                "{} {:?} {:?} {:?} {} {:?} {:?}",
                element.element,
                element.presence,
                change.aspect,
                change.direction,
                change.decides,
                change.older,
                change.newer
            ));
        }
    }
    facts.sort();
    facts
}

/// Asserts the changes from the first to the second, and that the way back is their mirror image.
#[track_caller]
fn expect(older: &SchemaSet, newer: &SchemaSet, expected: &[&str]) {
    let there = between(older, newer);
    assert_eq!(lines(&there), expected);
    let back = between(newer, older);
    assert_eq!(mirrored(&there), plain(&back));
    assert_eq!((there.older_may_fail, there.newer_may_fail), (back.newer_may_fail, back.older_may_fail));
    for one in [older, newer] {
        let same = between(one, one);
        assert!(same.elements.is_empty() && same.gaps.is_empty(), "{same:#?}");
        assert_eq!((same.older_may_fail, same.newer_may_fail), (Answer::No, Answer::No));
    }
}

/// One element of a differential, as it was and as it is.
#[track_caller]
fn expect_element(path: &str, older: Value, newer: Value, expected: &[&str]) {
    let with_path = |mut element: Value| {
        element["path"] = json!(path);
        patient(json!([element]))
    };
    expect(&with_path(older), &with_path(newer), expected);
}

#[test]
fn cardinalities() {
    expect_element(
        "Patient.birthDate",
        json!({}),
        json!({ "min": 1 }),
        &["Patient.birthDate tighter: now required"],
    );
    expect_element(
        "Patient.name",
        json!({ "max": "1" }),
        json!({ "min": 2, "max": "3" }),
        &["Patient.name tighter: now at least 2 required", "Patient.name looser: now at most 3"],
    );
    expect_element(
        "Patient.photo",
        json!({ "fixedAttachment": { "url": "x" } }),
        json!({ "max": "0" }),
        &["Patient.photo tighter: no longer allowed"],
    );
    expect_element(
        "Patient.telecom",
        json!({}),
        json!({ "max": "1" }),
        &["Patient.telecom tighter: may no longer repeat"],
    );
    expect_element(
        "Patient",
        json!({}),
        json!({ "min": 1 }),
        &["Patient tighter (decides nothing): now required"],
    );
}

#[test]
fn a_list_that_its_slices_fill_already_does_not_get_stricter() {
    let name = |min: u32| {
        patient(json!([
            { "path": "Patient.name", "min": min,
              "slicing": { "discriminator": [{ "type": "value", "path": "use" }], "rules": "open" } },
            { "path": "Patient.name", "sliceName": "official", "min": 1, "max": "1" },
            { "path": "Patient.name.use", "min": 1, "fixedCode": "official" },
        ]))
    };
    expect(&name(0), &name(1), &["Patient.name tighter (decides nothing): now required"]);
    assert_eq!(between(&name(0), &name(1)).older_may_fail, Answer::No);
    assert_eq!(between(&name(0), &name(2)).older_may_fail, Answer::Yes);
}

#[test]
fn types_and_profiles() {
    let types = |codes: &[&str]| {
        let types: Vec<Value> = codes.iter().map(|code| json!({ "code": code })).collect();
        json!({ "type": types })
    };
    expect_element(
        "Patient.deceased[x]",
        json!({}),
        types(&["dateTime"]),
        &["Patient.deceased[x] tighter: may no longer be of type boolean"],
    );
    expect_element(
        "Patient.deceased[x]",
        types(&["boolean"]),
        types(&["dateTime"]),
        &[
            "Patient.deceased[x] tighter: may no longer be of type boolean",
            "Patient.deceased[x] looser: may now be of type dateTime",
        ],
    );
    let target = |name: &str| {
        json!({ "type": [{ "code": "Reference",
            "targetProfile": format!("http://hl7.org/fhir/StructureDefinition/{name}") }] })
    };
    // Every Organization is a Resource, so that this is only a narrowing.
    expect_element(
        "Patient.managingOrganization",
        target("Resource"),
        target("Organization"),
        &["Patient.managingOrganization tighter: Reference must lead to Organization, no longer Resource"],
    );
    expect_element(
        "Patient.managingOrganization",
        target("Person"),
        target("Organization"),
        &["Patient.managingOrganization changed: Reference must lead to Organization, formerly Person"],
    );
    let profile = |name: &str| json!({ "type": [{ "code": "HumanName", "profile": name }] });
    expect_element(
        "Patient.name",
        json!({}),
        profile("http://x/name"),
        &["Patient.name tighter: HumanName must now meet name"],
    );
    expect_element(
        "Patient.name",
        profile("http://x/n|1"),
        profile("http://x/n|2"),
        &["Patient.name changed: HumanName must meet another version of n|2"],
    );
}

#[test]
fn how_a_release_writes_the_type_of_an_id_is_no_difference() {
    let r4 = json!({ "type": [{ "code": "http://hl7.org/fhirpath/System.String" }] });
    expect_element("Patient.id", json!({}), r4, &[]);
}

#[test]
fn given_values() {
    expect_element(
        "Patient.gender",
        json!({}),
        json!({ "fixedCode": "female" }),
        &["Patient.gender tighter: must now be \"female\""],
    );
    expect_element(
        "Patient.gender",
        json!({ "fixedCode": "male" }),
        json!({ "fixedCode": "female" }),
        &["Patient.gender changed: must be \"female\", formerly \"male\""],
    );
    expect_element(
        "Patient.gender",
        json!({ "patternCode": "male" }),
        json!({ "fixedCode": "male" }),
        &["Patient.gender changed (decides nothing): the same value, stated in another way"],
    );
    let pattern = |coding: Value| json!({ "patternCodeableConcept": { "coding": [coding] } });
    expect_element(
        "Patient.maritalStatus",
        pattern(json!({ "system": "s" })),
        pattern(json!({ "system": "s", "code": "c" })),
        &["Patient.maritalStatus tighter: must hold {coding {system \"s\", code \"c\"}}, formerly \
           {coding {system \"s\"}}"],
    );
    let fixed = json!({ "fixedCodeableConcept": { "coding": [{ "system": "s" }] } });
    expect_element(
        "Patient.maritalStatus",
        fixed,
        pattern(json!({ "system": "s" })),
        &["Patient.maritalStatus looser: now need only hold {coding {system \"s\"}}"],
    );
}

#[test]
fn least_and_greatest_values_and_lengths() {
    let path = "Patient.multipleBirth[x]";
    expect_element(
        path,
        json!({ "minValueInteger": 9 }),
        json!({ "minValueInteger": 10 }),
        &["Patient.multipleBirth[x] tighter: the least value is now \"10\", formerly \"9\""],
    );
    expect_element(
        path,
        json!({ "maxValueInteger": 9 }),
        json!({ "maxValueInteger": 10 }),
        &["Patient.multipleBirth[x] looser: the greatest value is now \"10\", formerly \"9\""],
    );
    expect_element(
        "Patient.birthDate",
        json!({}),
        json!({ "maxValueDate": "2020-01-01" }),
        &["Patient.birthDate tighter: the greatest value is now \"2020-01-01\""],
    );
    // Of dates of different precision nobody can say which is the later.
    let (year, day) = (json!({ "maxValueDate": "2020" }), json!({ "maxValueDate": "2020-05-01" }));
    expect_element(
        "Patient.birthDate",
        year,
        day,
        &["Patient.birthDate changed: the greatest value is now \"2020-05-01\", formerly \"2020\""],
    );
    expect_element(
        "Patient.language",
        json!({ "maxLength": 9 }),
        json!({ "maxLength": 5 }),
        &["Patient.language tighter: now at most 5 characters"],
    );
}

#[test]
fn flags_bind_systems_and_not_records() {
    expect_element(
        "Patient.birthDate",
        json!({}),
        json!({ "mustSupport": true }),
        &["Patient.birthDate tighter (decides nothing): systems must now support it"],
    );
    expect_element(
        "Patient.language",
        json!({}),
        json!({ "isModifier": true }),
        &["Patient.language changed (decides nothing): now changes the meaning of what it stands in"],
    );
}

#[test]
fn rules() {
    let rule = |severity: &str, expression: &str| {
        json!({ "constraint": [{ "key": "x-1", "severity": severity, "human": "A name.",
            "expression": expression }] })
    };
    expect_element(
        "Patient",
        json!({}),
        rule("error", "name.exists()"),
        &["Patient tighter: new rule x-1: A name."],
    );
    expect_element(
        "Patient",
        json!({}),
        rule("warning", "name.exists()"),
        &["Patient tighter (decides nothing): new warning x-1: A name."],
    );
    expect_element(
        "Patient",
        rule("warning", "name.exists()"),
        rule("error", "name.exists( )"),
        &[
            "Patient changed: the rule x-1 says something else: A name.",
            "Patient tighter: breaking the rule x-1 is now an error, no longer a warning: A name.",
        ],
    );
    // A rule that the type states anyway says nothing when an element repeats it.
    let period = json!({ "constraint": [{ "key": "per-1", "severity": "error",
        "expression": "start.empty() or end.empty() or (start <= end)" }] });
    expect_element("Patient.identifier.period", json!({}), period, &[]);
}

#[test]
fn bindings_and_their_codes() {
    let value_set = |url: &str, codes: &[&str]| {
        let codes: Vec<Value> = codes.iter().map(|code| json!({ "code": code })).collect();
        json!({ "resourceType": "ValueSet", "url": url, "status": "draft",
            "compose": { "include": [{ "system": "http://x/s", "concept": codes }] } })
    };
    let bound = |strength: &str, url: &str, codes: Option<&[&str]>| {
        let profile = json!({
            "resourceType": "StructureDefinition", "url": "http://x/p", "name": "p", "status": "draft",
            "kind": "resource", "abstract": false, "type": "Patient", "derivation": "constraint",
            "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
            "differential": { "element": [{ "path": "Patient.maritalStatus",
                "binding": { "strength": strength, "valueSetUri": url } }] },
        });
        set(&[vec![profile], codes.map(|codes| value_set(url, codes)).into_iter().collect()].concat())
    };
    let base = "http://x/v";
    let two = bound("required", base, Some(&["a", "b"]));
    expect(
        &bound("extensible", base, Some(&["a", "b"])),
        &two,
        &["Patient.maritalStatus tighter: its value set is now required: only its codes"],
    );
    expect(
        &bound("preferred", base, None),
        &bound("extensible", base, None),
        &[
            "Patient.maritalStatus tighter (decides nothing): its value set is now extensible: its codes wherever \
         one fits",
        ],
    );
    expect(
        &two,
        &bound("required", base, Some(&["a"])),
        &["Patient.maritalStatus tighter: the codes of the value set changed; no longer b"],
    );
    expect(
        &two,
        &bound("required", "http://x/w", Some(&["a", "b", "c"])),
        &["Patient.maritalStatus looser: another value set; now also c"],
    );
    expect(
        &two,
        &bound("required", "http://x/w", Some(&["b", "a"])),
        &[
            "Patient.maritalStatus changed (decides nothing): another value set with the same codes: http://x/w",
        ],
    );
    expect(
        &two,
        &bound("required", "http://x/w", None),
        &["Patient.maritalStatus changed: another value set: http://x/w"],
    );
}

#[test]
fn a_value_set_that_is_not_at_hand_is_not_taken_for_the_same() {
    let bound = || {
        patient(json!([{ "path": "Patient.maritalStatus",
            "binding": { "strength": "required", "valueSetUri": "http://x/not-here" } }]))
    };
    let difference = between(&bound(), &bound());
    assert!(difference.elements.is_empty());
    assert_eq!(difference.older_may_fail, Answer::Unknown);
    assert_eq!(difference.gaps[0].elements, ["Patient.maritalStatus"]);
    assert!(difference.gaps[0].reason.contains("http://x/not-here is not at hand"), "{difference:#?}");
}

#[test]
fn only_what_a_profile_says_of_the_parts_of_a_type_is_compared() {
    let family = |min: u32| patient(json!([{ "path": "Patient.name.family", "min": min }]));
    expect(&patient(json!([])), &family(0), &[]);
    expect(&patient(json!([])), &family(1), &["Patient.name.family tighter: now required"]);
    // The older version leaves the type open, which the newer narrows and constrains.
    let narrowed = profile_on(
        "Observation",
        json!([
            { "path": "Observation.value[x]", "type": [{ "code": "Quantity" }] },
            { "path": "Observation.value[x].code", "min": 1 },
        ]),
    );
    let difference = between(&profile_on("Observation", json!([])), &narrowed);
    assert!(lines(&difference).contains(&"Observation.value[x].code tighter: now required".to_owned()));
}

#[test]
fn an_element_that_a_version_lacks_may_not_be_there_in_it() {
    let logical = |elements: &[(&str, u32)]| {
        let mut list = vec![json!({ "path": "Thing", "min": 0, "max": "*" })];
        list.extend(elements.iter().map(|(name, min)| {
            json!({ "path": format!("Thing.{name}"), "min": min, "max": "1", "type": [{ "code": "string" }] })
        }));
        set(&[json!({
            "resourceType": "StructureDefinition", "url": "http://x/p", "name": "Thing", "status": "draft",
            "kind": "logical", "abstract": false, "type": "Thing", "derivation": "specialization",
            "snapshot": { "element": list },
        })])
    };
    expect(
        &logical(&[("a", 0)]),
        &logical(&[("a", 0), ("b", 0), ("c", 1)]),
        &["Thing.b looser: new element", "Thing.c looser: new element", "Thing.c tighter: now required"],
    );
}

#[test]
fn profiles_on_different_types_are_not_taken_for_compared() {
    let difference = between(&patient(json!([])), &profile_on("Person", json!([])));
    assert_eq!((difference.older_may_fail, difference.elements.len()), (Answer::Unknown, 0));
}

#[test]
fn a_profile_without_a_differential_is_what_its_snapshot_says() {
    let snapshot_only = |max: &str| {
        set(&[json!({
            "resourceType": "StructureDefinition", "url": "http://x/p", "name": "p", "status": "draft",
            "kind": "resource", "abstract": false, "type": "Basic", "derivation": "constraint",
            "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Basic",
            "snapshot": { "element": [{ "path": "Basic" }, { "path": "Basic.subject", "min": 0, "max": max }] },
        })])
    };
    expect(&snapshot_only("0"), &profile_on("Basic", json!([])), &["Basic.subject looser: now allowed"]);
}

#[test]
fn a_definition_does_not_decide_how_deep_it_is_walked() {
    let deep = |path: String, slice: String| {
        let set = patient(json!([{ "path": path, "sliceName": slice }]));
        ProfileDifference::between((&set, "http://x/p"), (&set, "http://x/p")).unwrap_err().to_string()
    };
    for error in [
        deep(format!("Patient{}", ".contained".repeat(50_000)), "a".to_owned()),
        deep("Patient.identifier".to_owned(), "a/".repeat(50_000)),
    ] {
        assert!(error.contains("nest deeper than 64 levels"), "{error}");
    }
}

#[test]
fn a_profile_that_is_not_there_is_an_error() {
    let set = patient(json!([]));
    let error = ProfileDifference::between((&set, "http://x/p"), (&set, "http://x/q")).unwrap_err();
    assert_eq!(error.to_string(), "the profile http://x/q is not in the loaded packages");
}
