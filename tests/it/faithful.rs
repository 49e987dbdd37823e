//! Our restatements of the Care Connect and GP Connect profiles judge as the official packages do: over every real record
//! at hand, and over thousands of changes of them.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use proofmark::fhir::{Release, parse, write_json};
use proofmark::package::{Package, PackageSet};
use proofmark::validate::{Issue, SchemaSet, Validator};
use serde_json::{Value, json};

use crate::workspace::{Workspace, project, resources, shared};

/// How many changes of one record are judged, spread over the record.
const CHANGES: usize = 60;

#[test]
fn restated_profiles_judge_as_the_official_ones_do() {
    compare(
        "careconnect/1.3.0",
        "data/careconnect-stu3.tgz",
        None,
        &["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-"],
        &["fixtures/careconnect"],
        3000,
    );
}

#[test]
fn restated_profiles_of_gp_connect_judge_as_the_official_ones_do() {
    compare(
        "gpconnect/1.2.7",
        "data/gpconnect-stu3.tgz",
        // Its profiles use this one of Care Connect's too, and so do the published examples.
        Some((
            "data/careconnect-stu3.tgz",
            "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-coding-sctdescid",
        )),
        &[
            "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-",
            "https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-",
        ],
        &[],
        3000,
    );
}

/// Compares our restatement in a standard with the official package, and one definition of another package if there is one, by
/// the profiles whose addresses begin so, over the records in these folders.
fn compare(
    standard: &str,
    official: &str,
    borrowed: Option<(&str, &str)>,
    profiles: &[&str],
    folders: &[&str],
    least: usize,
) {
    let (Some(official), Some(examples)) = (shared(official), shared("data/careconnect-examples")) else {
        return;
    };
    let package = format!("profiles/{standard}/package");
    let workspace = Workspace::new();
    restated(&workspace, &package);
    let ours = validator(&[workspace.path("package")]);
    let mut packages = vec![official];
    if let Some((package, canonical)) = borrowed {
        let Some(package) = shared(package) else { return };
        packages.push(borrow(&workspace, package, canonical));
    }
    let official = validator(&packages);
    let mut records = Vec::new();
    let own =
        folders.iter().map(|folder| project(folder)).chain([project(&format!("profiles/{standard}/data"))]);
    for folder in [examples].into_iter().chain(own) {
        for file in resources(&folder) {
            let Ok(tree) = parse(&std::fs::read(&file).unwrap()) else { continue };
            let Ok(record) = serde_json::from_str(&write_json(tree.root(), ours.schemas())) else { continue };
            collect(record, &mut records);
        }
    }
    let (mut judged, mut differences) = (0, Vec::new());
    for record in &records {
        let restated = |profile: &String| ours.schemas().schema(profile).is_ok();
        let Some(profile) = profile_of(record, &official, profiles).filter(restated) else { continue };
        for changed in std::iter::once(record.clone()).chain(changes(record)) {
            judged += 1;
            let text = changed.to_string();
            let Ok(tree) = parse(text.as_bytes()) else { continue };
            let found = |validator: &Validator| -> BTreeSet<String> {
                validator.validate(&tree, std::slice::from_ref(&profile)).issues.iter().map(finding).collect()
            };
            let (here, there) = (found(&ours), found(&official));
            for (only, issues) in [("ours", &here - &there), ("official", &there - &here)] {
                differences
                    .extend(issues.into_iter().map(|issue| format!("{only} only, {profile}: {issue}")));
            }
        }
    }
    assert!(judged > least, "only {judged} records and changes of records were judged");
    assert!(
        differences.is_empty(),
        "{} of {judged}: {:#?}",
        differences.len(),
        &differences[..differences.len().min(20)]
    );
}

/// Our package without the expansions, which tell of single codes beside what the official value sets say.
fn restated(workspace: &Workspace, package: &str) {
    for file in resources(&project(package)) {
        let mut definition: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        definition.as_object_mut().unwrap().shift_remove("expansion");
        let name = file.file_name().unwrap().to_string_lossy();
        workspace.write(&format!("package/{name}"), &definition.to_string());
    }
    let manifest = std::fs::read_to_string(project(package).join("package.json"));
    workspace.write("package/package.json", &manifest.unwrap());
}

/// A package of one definition, which is that of another package.
fn borrow(workspace: &Workspace, package: PathBuf, canonical: &str) -> PathBuf {
    let lender = validator(&[package]);
    let definition = lender.schemas().packages().find("StructureDefinition", canonical).unwrap();
    let text = write_json(definition.read().unwrap().root(), lender.schemas());
    workspace.write("borrowed/package.json", &json!({ "name": "borrowed", "version": "1.0.0" }).to_string());
    workspace.write("borrowed/StructureDefinition.json", &text);
    workspace.path("borrowed")
}

fn validator(packages: &[PathBuf]) -> Validator {
    let mut set: Vec<Arc<Package>> =
        packages.iter().map(|package| Arc::new(Package::from_path(package).unwrap())).collect();
    set.push(Arc::new(Package::core(Release::Stu3).unwrap()));
    let set = PackageSet::new(Release::Stu3, set);
    Validator::new(Arc::new(SchemaSet::new(Arc::new(set))))
}

/// The record, or each record of a Bundle.
fn collect(record: Value, records: &mut Vec<Value>) {
    if record["resourceType"] != "Bundle" {
        return records.push(record);
    }
    for entry in record["entry"].as_array().into_iter().flatten() {
        collect(entry["resource"].clone(), records);
    }
}

fn profile_of(record: &Value, official: &Validator, profiles: &[&str]) -> Option<String> {
    let kind = record["resourceType"].as_str()?;
    let mut named = profiles.iter().map(|profile| format!("{profile}{kind}-1"));
    named.find(|profile| official.schemas().schema(profile).is_ok())
}

/// A finding, whatever the definition that gave the rule; the message may name it.
fn finding(issue: &Issue) -> String {
    let (expected, actual) = (issue.expected.as_deref(), issue.actual.as_deref());
    format!(
        "{:?} {} at {} (expected {}, found {})",
        issue.severity,
        issue.code,
        issue.path,
        expected.unwrap_or("-"),
        actual.unwrap_or("-")
    )
}

/// The record with one element gone, doubled or altered.
fn changes(record: &Value) -> Vec<Value> {
    let mut pointers = Vec::new();
    collect_pointers(record, "", &mut pointers);
    let stride = (3 * pointers.len()).div_ceil(CHANGES).max(1);
    (0..3 * pointers.len())
        .step_by(stride)
        .filter_map(|number| {
            let pointer = &pointers[number / 3];
            match (number / 3 + number) % 3 {
                0 => removed(record, pointer),
                1 => doubled(record, pointer),
                _ => altered(record, pointer),
            }
        })
        .collect()
}

fn collect_pointers(value: &Value, pointer: &str, pointers: &mut Vec<String>) {
    let mut go = |key: String, inner: &Value| {
        let pointer = format!("{pointer}/{key}");
        collect_pointers(inner, &pointer, pointers);
        pointers.push(pointer);
    };
    match value {
        Value::Object(object) => {
            for (key, inner) in object.iter().filter(|(key, _)| *key != "resourceType") {
                go(key.clone(), inner);
            }
        }
        Value::Array(values) => {
            for (index, inner) in values.iter().enumerate() {
                go(index.to_string(), inner);
            }
        }
        _ => {}
    }
}

fn removed(record: &Value, pointer: &str) -> Option<Value> {
    let mut changed = record.clone();
    let (parent, key) = pointer.rsplit_once('/')?;
    match changed.pointer_mut(parent)? {
        Value::Object(object) => drop(object.shift_remove(key)),
        Value::Array(values) => drop(values.remove(key.parse().ok()?)),
        _ => return None,
    }
    Some(changed)
}

fn doubled(record: &Value, pointer: &str) -> Option<Value> {
    let mut changed = record.clone();
    let own = changed.pointer(pointer)?.clone();
    let (parent, _) = pointer.rsplit_once('/')?;
    match changed.pointer_mut(parent)? {
        Value::Array(values) => values.push(own),
        _ => *changed.pointer_mut(pointer)? = json!([own, own]),
    }
    Some(changed)
}

fn altered(record: &Value, pointer: &str) -> Option<Value> {
    let mut changed = record.clone();
    let place = changed.pointer_mut(pointer)?;
    *place = match place {
        Value::Bool(value) => json!(!*value),
        Value::Number(_) => json!(-1),
        Value::String(text) => json!(format!("{text}x")),
        Value::Object(object) => {
            let mut object = object.clone();
            object.insert("altered".to_owned(), json!("x"));
            Value::Object(object)
        }
        Value::Array(_) | Value::Null => json!("x"),
    };
    Some(changed)
}
