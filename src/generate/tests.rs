//! What is made of a small package, and that authors' own checks accept it.

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::fhir::Release;
use crate::files::Folder;
use crate::package::{Package, PackageSet};
use crate::standard::{Level, Maturity, OneOrMany, Standard, Step};

const STATEMENT: &str = "http://example.org/CapabilityStatement/clinic-server";

fn expectation(code: &str) -> Value {
    json!([{ "url": "http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation", "valueCode": code }])
}

fn combination(code: &str, names: &[&str]) -> Value {
    let mut parts = expectation(code);
    for name in names {
        parts.as_array_mut().unwrap().push(json!({ "url": "required", "valueString": name }));
    }
    json!({
        "url": "http://hl7.org/fhir/StructureDefinition/capabilitystatement-search-parameter-combination",
        "extension": parts
    })
}

fn profile(name: &str, kind: &str) -> Value {
    json!({
        "resourceType": "StructureDefinition", "url": format!("http://example.org/StructureDefinition/{name}"),
        "name": name, "status": "active", "kind": "resource", "abstract": false, "type": kind,
        "baseDefinition": format!("http://hl7.org/fhir/StructureDefinition/{kind}"), "derivation": "constraint",
        "differential": { "element": [
            { "id": kind, "path": kind },
            { "id": format!("{kind}.identifier"), "path": format!("{kind}.identifier"), "mustSupport": true }
        ] }
    })
}

fn statement() -> Value {
    json!({
        "resourceType": "CapabilityStatement", "url": STATEMENT, "name": "ClinicServer", "status": "active",
        "date": "2026-01-15", "publisher": "Nobody", "kind": "requirements", "fhirVersion": "4.0.1",
        "format": ["json"], "_format": [{ "extension": expectation("SHALL") }],
        "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status",
            "valueCode": "trial-use" }],
        "rest": [{
            "mode": "server", "security": { "description": "TLS" },
            "interaction": [{ "code": "transaction", "extension": expectation("SHOULD") }],
            "resource": [
                { "type": "Patient", "extension": expectation("SHALL"),
                  "supportedProfile": ["http://example.org/StructureDefinition/clinic-patient"],
                  "_supportedProfile": [{ "extension": expectation("SHALL") }],
                  "interaction": [
                      { "code": "read", "extension": expectation("SHALL") },
                      { "code": "vread", "extension": expectation("MAY") },
                      { "code": "create", "extension": expectation("SHALL") },
                      { "code": "delete", "extension": expectation("SHOULD-NOT") },
                  ],
                  "searchParam": [
                      { "name": "identifier", "type": "token", "extension": expectation("SHALL") },
                      { "name": "birthdate", "type": "date" },
                      { "name": "ethnicity", "type": "token", "extension": expectation("SHOULD") },
                  ],
                  "searchRevInclude": ["Observation:subject"],
                  "_searchRevInclude": [{ "extension": expectation("SHALL") }],
                  "operation": [{ "name": "match", "definition": "http://example.org/match" }] },
                { "type": "Observation",
                  "extension": [expectation("SHOULD")[0], combination("SHALL", &["patient", "code"])],
                  "profile": "http://example.org/StructureDefinition/not-there",
                  "searchParam": [
                      { "name": "patient", "type": "reference", "extension": expectation("SHALL") },
                      { "name": "code", "type": "token", "extension": expectation("SHALL") },
                  ],
                  "searchInclude": ["Observation:subject"] },
            ]
        }]
    })
}

/// A package of some resources, with the base definitions of R4.
fn package(resources: &[Value]) -> (Package, PackageSet) {
    let read = |folder: &std::path::Path| Package::from_path(folder).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let manifest = json!({ "name": "hl7.fhir.zz.clinic", "version": "1.2.3", "fhirVersions": ["4.0.1"] });
    std::fs::write(folder.path().join("package.json"), manifest.to_string()).unwrap();
    for (index, resource) in resources.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{index}.json")), resource.to_string()).unwrap();
    }
    let packages = vec![Arc::new(read(folder.path())), Arc::new(Package::core(Release::R4).unwrap())];
    let set = PackageSet::new(Release::R4, packages);
    let own = read(folder.path());
    // Files are read when they are used: both are read before the folder goes.
    for package in set.packages().iter().map(AsRef::as_ref).chain([&own]) {
        if package.name == own.name {
            assert!(package.definitions.iter().all(|definition| definition.read().is_ok()));
        }
    }
    (own, set)
}

fn made(resources: &[Value]) -> Standard {
    let (package, packages) = package(resources);
    standard(Source { package: &package, packages: &packages, statement: None }).unwrap()
}

/// Requirements and scenarios in a form for reading.
fn described(standard: &Standard) -> String {
    let mut text = format!("{} ({})\n", standard.name(), standard.manifest.lifecycle.label);
    for one in &standard.requirements {
        let implied = if one.implied { " implied" } else { "" };
        let when = one.when.as_ref().map(|when| format!(", when {}", when.words())).unwrap_or_default();
        writeln!(text, "{} {}{implied} {}{when}: {}", one.id, one.level, one.maturity, one.text).unwrap();
    }
    for scenario in &standard.scenarios {
        writeln!(
            text,
            "\n{} -> {}; {}",
            scenario.scenario,
            scenario.verifies.join(" "),
            scenario.may_use.join(" ")
        )
        .unwrap();
        for step in &scenario.steps {
            let query: Vec<String> =
                step.params.iter().map(|(name, value)| format!("{name}={}", value.all().join(","))).collect();
            let path = step.request.as_ref().map_or_else(|| step.path(), |raw| raw.path.clone());
            let optional = if step.optional { " (optional)" } else { "" };
            writeln!(text, "  {} {path}?{}{optional}", step.http_method(), query.join("&")).unwrap();
            for (name, capture) in &step.capture {
                writeln!(text, "    {name} = {}", serde_json::to_value(capture).unwrap().as_str().unwrap())
                    .unwrap();
            }
            for group in step.expectations() {
                let mut group = serde_json::to_value(group).unwrap();
                group.as_object_mut().unwrap().retain(|_, value| {
                    !value.is_null() && *value != json!([]) && *value != json!({}) && *value != json!(false)
                });
                writeln!(text, "    expects {group}").unwrap();
            }
        }
    }
    writeln!(text, "\nNot covered").unwrap();
    for one in &standard.manifest.not_covered {
        writeln!(text, "  {one}").unwrap();
    }
    text
}

#[test]
fn requirements_and_scenarios_come_of_a_capability_statement() {
    let made = made(&[statement(), profile("clinic-patient", "Patient")]);
    insta::assert_snapshot!(described(&made));
}

#[test]
fn what_is_made_passes_the_checks_that_authors_have() {
    let made = made(&[statement(), profile("clinic-patient", "Patient")]);
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("hl7.fhir.zz.clinic/1.2.3");
    std::fs::create_dir_all(place.join("scenarios")).unwrap();
    let write = |name: &str, value: Value| std::fs::write(place.join(name), value.to_string()).unwrap();
    write("standard.yaml", serde_json::to_value(&made.manifest).unwrap());
    write("requirements.yaml", serde_json::to_value(&made.requirements).unwrap());
    write("scenarios/all.yaml", serde_json::to_value(&made.scenarios).unwrap());
    let (loaded, lint) = Standard::check(&Folder::Disk(place))
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        .unwrap();
    assert_eq!(loaded.scenarios, made.scenarios);
    assert_eq!(lint.warnings, []);
}

#[test]
fn without_a_statement_the_profiles_speak_of_what_is_claimed() {
    let parameter = json!({
        "resourceType": "SearchParameter", "url": "http://example.org/SearchParameter/ward", "name": "ward",
        "status": "active", "code": "ward", "base": ["Patient"], "type": "token",
        "expression": "Patient.extension.where(url='http://example.org/ward').value"
    });
    let made = made(&[profile("clinic-patient", "Patient"), profile("clinic-bundle", "Bundle"), parameter]);
    let found: Vec<(&str, bool, Level)> =
        made.requirements.iter().map(|one| (one.id.as_str(), one.when.is_some(), one.level)).collect();
    assert_eq!(
        found,
        [
            ("ZZ-CLINIC/CapabilityStatement", false, Level::Shall),
            ("ZZ-CLINIC/Patient.read", true, Level::Shall),
            ("ZZ-CLINIC/Patient.search.ward", true, Level::Shall),
            ("ZZ-CLINIC/Patient.profile.clinic-patient", true, Level::Shall),
            ("ZZ-CLINIC/Patient.mustSupport.clinic-patient", true, Level::Shall),
        ]
    );
    assert!(made.requirements[1..].iter().all(|one| one.implied));
}

#[test]
fn of_several_statements_one_has_to_be_chosen() {
    let mut other = statement();
    other["url"] = json!("http://example.org/CapabilityStatement/other");
    other["status"] = json!("draft");
    other["extension"] = json!([]);
    let (package, packages) = package(&[statement(), other]);
    let choose = |statement| standard(Source { package: &package, packages: &packages, statement });
    let error = choose(None).unwrap_err();
    assert!(error.to_string().contains("CapabilityStatement/other"), "{error}");
    let chosen = choose(Some("http://example.org/CapabilityStatement/other")).unwrap();
    assert_eq!(chosen.manifest.lifecycle.status, Maturity::Draft);
    assert!(matches!(choose(Some("http://example.org/none")), Err(Error::NoSuchStatement { .. })));
}

#[test]
fn what_is_authored_wins() {
    let made = made(&[statement(), profile("clinic-patient", "Patient")]);
    let (package, packages) = package(&[statement(), profile("clinic-patient", "Patient")]);
    let mut authored = made.clone();
    authored.manifest.id = "zz.clinic".to_owned();
    authored.requirements.truncate(2);
    authored.requirements[0].id = "OWN-1".to_owned();
    authored.requirements[0].replaces = vec!["ZZ-CLINIC/CapabilityStatement".to_owned()];
    authored.requirements[1].id = "ZZ-CLINIC/Patient.read".to_owned();
    authored.scenarios.clear();
    let source = Source { package: &package, packages: &packages, statement: Some(STATEMENT) };
    let additions = additions(&authored, source).unwrap();
    let whole = authored.clone().with(additions);
    assert_eq!(whole.requirements.len(), made.requirements.len());
    assert_ne!(whole.digest, authored.digest);
    let shown: Vec<&str> =
        whole.scenarios.iter().flat_map(|scenario| scenario.all_verified().map(String::as_str)).collect();
    assert!(shown.contains(&"ZZ-CLINIC/Patient.search.identifier"));
    assert!(!shown.contains(&"ZZ-CLINIC/Patient.read"), "{shown:?}");
    assert!(!shown.contains(&"ZZ-CLINIC/CapabilityStatement"), "{shown:?}");
}

#[test]
fn what_cannot_be_put_into_a_request_is_named() {
    let mut hostile = statement();
    hostile["rest"][0]["resource"][0]["searchParam"][0]["name"] = json!("a b${now}");
    hostile["rest"][0]["resource"][1]["type"] = json!("../x");
    let made = made(&[hostile]);
    let left = made.manifest.not_covered.join("\n");
    assert!(left.contains("resource[0].searchParam[0], which cannot be put"), "{left}");
    assert!(left.contains("resource[1], which names no resource type"), "{left}");
    let groups = made.scenarios.iter().flat_map(|scenario| &scenario.steps).flat_map(Step::expectations);
    assert!(groups.filter_map(|group| group.fhirpath.as_ref()).flat_map(OneOrMany::all).count() > 0);
}
