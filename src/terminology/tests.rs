use std::sync::Arc;

use super::*;
use crate::fhir::Release;
use crate::files::Folder;
use crate::package::{Package, PackageSet};

const CARECONNECT: &str = "https://fhir.hl7.org.uk/STU3/ValueSet/";
const HL7: &str = "http://hl7.org/fhir/ValueSet/";

fn terminology() -> Terminology {
    let folder = Folder::profiles().folder("careconnect/1.3.0/package").unwrap();
    let packages =
        vec![Package::from_folder("careconnect", &folder).unwrap(), Package::core(Release::Stu3).unwrap()];
    let packages = packages.into_iter().map(Arc::new).collect();
    Terminology::new(Arc::new(PackageSet::new(Release::Stu3, packages)))
}

#[track_caller]
fn check(value_set: &str, system: Option<&str>, code: &str, expected: &str) {
    let found = match terminology().membership(value_set, system, code) {
        Membership::Member => "member",
        Membership::NotMember => "no",
        Membership::Unknown(_) => "unknown",
    };
    assert_eq!(found, expected, "{code} of {system:?} in {value_set}");
}

#[test]
fn whole_systems_and_lists() {
    let gender = format!("{CARECONNECT}CareConnect-AdministrativeGender-1");
    check(&gender, None, "female", "member");
    check(&gender, None, "f", "no");
    check(&gender, None, "FEMALE", "no");
    let marital = format!("{CARECONNECT}CareConnect-MaritalStatus-1");
    check(&marital, Some("http://hl7.org/fhir/v3/MaritalStatus"), "M", "member");
    check(&marital, Some("http://example.org/other"), "M", "no");
}

#[test]
fn a_hierarchy_is_followed() {
    check(&format!("{HL7}v3-ActEncounterCode"), Some("http://hl7.org/fhir/v3/ActCode"), "AMB", "member");
    check(&format!("{HL7}v3-ActEncounterCode"), Some("http://hl7.org/fhir/v3/ActCode"), "ADCOM", "no");
}

#[test]
fn what_is_not_here_is_unknown_but_another_system_is_not() {
    let snomed = format!("{CARECONNECT}CareConnect-AllergyCode-1");
    check(&snomed, Some("http://snomed.info/sct"), "91936005", "unknown");
    check(&snomed, Some("http://loinc.org"), "1234-5", "no");
    check("http://example.org/nowhere", None, "x", "unknown");
}

#[test]
fn grammars() {
    check("http://www.rfc-editor.org/bcp/bcp13.txt", None, "application/fhir+json; charset=UTF-8", "member");
    check("http://www.rfc-editor.org/bcp/bcp13.txt", None, "not a type", "no");
}

#[test]
fn small_sets_can_be_listed() {
    let listed =
        terminology().listed(&format!("{CARECONNECT}CareConnect-AdministrativeGender-1"), 10).unwrap();
    assert_eq!(listed, ["female", "male", "other", "unknown"]);
}

/// A terminology of nothing but what a test writes, over the base of R4.
fn of(resources: &[serde_json::Value]) -> Terminology {
    let folder = tempfile::tempdir().unwrap();
    for (index, resource) in resources.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{index}.json")), resource.to_string()).unwrap();
    }
    let own = Package::from_path(folder.path()).unwrap();
    assert_eq!(own.problems, []);
    let packages = vec![Arc::new(own), Arc::new(Package::core(Release::R4).unwrap())];
    let terminology = Terminology::new(Arc::new(PackageSet::new(Release::R4, packages)));
    // What is read later would no longer be there.
    for resource in resources {
        let url = resource["url"].as_str().unwrap();
        assert!(terminology.code_system(url).is_some() || terminology.is_value_set(url), "{url}");
    }
    terminology
}

fn animals() -> serde_json::Value {
    serde_json::json!({
        "resourceType": "CodeSystem", "url": "http://example.org/animals", "version": "2", "status": "active",
        "content": "complete", "caseSensitive": true,
        "property": [{"code": "legs", "type": "integer"}, {"code": "kind", "type": "Coding"}],
        "concept": [
            {"code": "mammal", "display": "Mammal", "property": [{"code": "notSelectable", "valueBoolean": true}], "concept": [
                {"code": "dog", "display": "Dog", "property": [{"code": "legs", "valueInteger": 4}],
                 "concept": [{"code": "poodle", "display": "Poodle"}]},
                {"code": "whale", "display": "Whale", "property": [{"code": "legs", "valueInteger": 0},
                    {"code": "kind", "valueCoding": {"system": "http://example.org/kinds", "code": "sea"}}]}]},
            {"code": "wasp", "display": "Wasp", "designation": [{"value": "Yellowjacket"}],
             "property": [{"code": "legs", "valueInteger": 6}, {"code": "inactive", "valueBoolean": true}]}]
    })
}

#[test]
fn filters_pick_by_hierarchy_and_property() {
    for (property, operator, value, members) in [
        ("concept", "is-a", "dog", "dog poodle"),
        ("concept", "descendent-of", "mammal", "dog poodle whale"),
        ("concept", "is-not-a", "mammal", "wasp"),
        ("concept", "generalizes", "poodle", "mammal dog poodle"),
        ("concept", "child-of", "mammal", "dog whale"),
        ("concept", "descendent-leaf", "mammal", "poodle whale"),
        ("concept", "in", "dog, wasp", "dog wasp"),
        ("concept", "not-in", "dog,wasp", "mammal poodle whale"),
        ("code", "regex", "w.*", "whale wasp"),
        ("parent", "=", "dog", "poodle"),
        ("child", "=", "dog", "mammal"),
        ("legs", "=", "4", "dog"),
        ("legs", "in", "0,6", "whale wasp"),
        ("legs", "exists", "false", "mammal poodle"),
        ("kind", "=", "http://example.org/kinds#sea", "whale"),
        ("kind", "exists", "true", "whale"),
        ("inactive", "=", "false", "mammal dog poodle whale"),
        ("notSelectable", "=", "true", "mammal"),
        ("display", "regex", ".*oo.*", "poodle"),
    ] {
        let set = serde_json::json!({
            "resourceType": "ValueSet", "url": "http://example.org/set", "status": "active",
            "compose": {"include": [{"system": "http://example.org/animals",
                "filter": [{"property": property, "op": operator, "value": value}]}]}
        });
        let terminology = of(&[animals(), set]);
        for code in ["mammal", "dog", "poodle", "whale", "wasp"] {
            let found =
                terminology.membership("http://example.org/set", Some("http://example.org/animals"), code);
            let expected = members.split(' ').any(|member| member == code);
            assert_eq!(found.decided(), Some(expected), "{property} {operator} {value}: {code}");
        }
    }
}

#[test]
fn a_filter_on_what_the_system_does_not_tell_is_unknown() {
    let set = serde_json::json!({
        "resourceType": "ValueSet", "url": "http://example.org/set", "status": "active",
        "compose": {"include": [{"system": "http://example.org/animals",
            "filter": [{"property": "colour", "op": "=", "value": "red"}]}]}
    });
    let terminology = of(&[animals(), set]);
    let asked = |code| terminology.membership("http://example.org/set", None, code).decided();
    assert_eq!((asked("dog"), asked("cat")), (None, Some(false)));
}

#[test]
fn value_sets_of_one_include_are_intersected_and_excludes_taken_off() {
    let listing = |url: &str, codes: &[&str]| {
        let concepts: Vec<_> = codes.iter().map(|code| serde_json::json!({"code": code})).collect();
        serde_json::json!({"resourceType": "ValueSet", "url": url, "status": "active",
            "compose": {"include": [{"system": "http://example.org/animals", "concept": concepts}]}})
    };
    let set = serde_json::json!({
        "resourceType": "ValueSet", "url": "http://example.org/set", "status": "active",
        "compose": {"include": [{"valueSet": ["http://example.org/one", "http://example.org/two"]}],
            "exclude": [{"system": "http://example.org/animals", "concept": [{"code": "wasp"}]}]}
    });
    let one = listing("http://example.org/one", &["dog", "whale", "wasp"]);
    let two = listing("http://example.org/two", &["dog", "wasp", "poodle"]);
    let terminology = of(&[animals(), one, two, set]);
    let asked = |code| terminology.membership("http://example.org/set", None, code).decided();
    assert_eq!(["dog", "whale", "wasp", "poodle"].map(asked), [true, false, false, false].map(Some));
}

#[test]
fn a_whole_expansion_tells_where_the_composition_cannot() {
    let set = |total: u32| {
        serde_json::json!({
            "resourceType": "ValueSet", "url": "http://example.org/set", "status": "active",
            "compose": {"include": [{"system": "http://example.org/elsewhere"}]},
            "expansion": {"timestamp": "2020-01-01", "total": total,
                "contains": [{"system": "http://example.org/elsewhere", "code": "a"}]}
        })
    };
    let asked = |total, code| of(&[set(total)]).membership("http://example.org/set", None, code).decided();
    assert_eq!((asked(1, "a"), asked(1, "b")), (Some(true), Some(false)));
    // A page of many tells what is in it, and not what is not.
    assert_eq!((asked(7, "a"), asked(7, "b")), (Some(true), None));
}

#[test]
fn a_version_that_is_not_loaded_decides_nothing_against_a_code() {
    let set = serde_json::json!({
        "resourceType": "ValueSet", "url": "http://example.org/set", "status": "active",
        "compose": {"include": [{"system": "http://example.org/animals", "version": "3"}]}
    });
    let terminology = of(&[animals(), set]);
    let asked = |code| terminology.membership("http://example.org/set", None, code).decided();
    assert_eq!((asked("dog"), asked("cat")), (Some(true), None));
}

#[test]
fn grammars_stand_for_systems_without_a_list() {
    let terminology = of(&[]);
    for (system, right, wrong) in [
        ("http://unitsofmeasure.org", "mm[Hg]", "mmHg"),
        ("urn:ietf:bcp:47", "en-GB", "en_GB"),
        ("urn:ietf:bcp:13", "application/pdf", "pdf"),
        ("urn:iso:std:iso:4217", "GBP", "UKP"),
        ("urn:iso:std:iso:3166", "GB", "UK"),
    ] {
        let asked = |code| terminology.has_code(system, code).decided();
        assert_eq!((asked(right), asked(wrong)), (Some(true), Some(false)), "{system}");
    }
    assert_eq!(terminology.has_code("http://snomed.info/sct", "91936005").decided(), None);
    assert_eq!(
        terminology.membership("http://hl7.org/fhir/ValueSet/currencies", None, "GBP"),
        Membership::Member
    );
}

#[test]
fn supplements_add_displays_and_no_codes() {
    let supplement = serde_json::json!({
        "resourceType": "CodeSystem", "url": "http://example.org/welsh", "status": "active", "content": "supplement",
        "supplements": "http://example.org/animals",
        "concept": [{"code": "dog", "display": "Ci"}, {"code": "cat", "display": "Cath"}]
    });
    let terminology = of(&[animals(), supplement]);
    let displays: Vec<&str> = terminology.supplemented("http://example.org/animals", "dog").collect();
    assert_eq!(displays, ["Ci"]);
    assert_eq!(terminology.has_code("http://example.org/animals", "cat"), Membership::NotMember);
}
