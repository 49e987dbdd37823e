//! The records of the reference supplier: every one valid, all that the profiles ask for among them, and nobody real.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proofmark::fhir::{Tree, parse, parse_json, write_xml};
use proofmark::package::{Package, PackageSet};
use proofmark::profile::{ElementSchema, Severity};
use proofmark::standard::Catalogue;
use proofmark::validate::{SchemaSet, Validator};
use serde_json::Value;

use crate::workspace::{project, resources};

const PROFILE: &str = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-";
const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";

/// Every record, those within Bundles too, by the file that holds it.
fn records() -> Vec<(String, Value)> {
    let folders = ["fixtures/careconnect", "profiles/careconnect/1.3.0/data"];
    let mut records = Vec::new();
    for file in folders.iter().flat_map(|folder| resources(&project(folder))) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let resource: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        match resource["entry"].as_array() {
            None => records.push((name, resource)),
            Some(entries) => {
                records.extend(entries.iter().map(|entry| (name.clone(), entry["resource"].clone())));
            }
        }
    }
    records
}

fn trees() -> Vec<(String, Tree)> {
    let read = |(file, record): (String, Value)| {
        let name = format!("{file}: {}/{}", record["resourceType"], record["id"]);
        (name, parse_json(&record.to_string()).unwrap())
    };
    records().into_iter().map(read).collect()
}

fn validator() -> Validator {
    let standard = Catalogue::new(Vec::new()).load("careconnect").unwrap();
    let package = Package::from_folder("careconnect", &standard.folder.folder("package").unwrap()).unwrap();
    let core = Package::core(standard.release).unwrap();
    let packages = PackageSet::new(standard.release, vec![Arc::new(package), Arc::new(core)]);
    Validator::new(Arc::new(SchemaSet::new(Arc::new(packages))))
}

#[test]
fn every_record_is_valid_in_json_and_in_xml() {
    let validator = validator();
    let faulty = |tree: &Tree| -> Vec<String> {
        let issues = validator.validate(tree, &[]).issues.into_iter();
        let grave = [Severity::Error, Severity::Warning, Severity::Undecided];
        let bad = issues.filter(|issue| grave.contains(&issue.severity));
        bad.map(|issue| format!("{}: {}", issue.path, issue.message)).collect()
    };
    for (name, tree) in trees() {
        assert_eq!(faulty(&tree), Vec::<String>::new(), "{name}");
        let xml = write_xml(tree.root(), validator.schemas()).unwrap();
        assert_eq!(faulty(&parse(xml.as_bytes()).unwrap()), Vec::<String>::new(), "{name}, in XML");
    }
}

#[test]
fn every_record_names_the_profile_of_its_type() {
    let validator = validator();
    let mut of_types: BTreeMap<String, usize> = BTreeMap::new();
    for (file, record) in records() {
        let kind = record["resourceType"].as_str().unwrap();
        *of_types.entry(kind.to_owned()).or_default() += 1;
        let profile = format!("{PROFILE}{kind}-1");
        if validator.schemas().schema(&profile).is_ok() {
            assert_eq!(record["meta"]["profile"][0], profile.as_str(), "{file}");
        }
    }
    assert_eq!(of_types.len(), 16, "{of_types:?}");
    assert!(of_types.values().all(|records| *records >= 6), "{of_types:?}");
}

/// A slice that its profile gives no value to tell it by, so that nothing can be said to be of it.
const UNTOLD: &str = "AllergyIntolerance.code.coding:snomedCT";

/// The elements that must be there, wherever what they stand in is there; slices and their parts too.
fn must_haves(element: &ElementSchema, found: &mut BTreeSet<String>) {
    let slices = element.slicing.iter().flat_map(|slicing| &slicing.slices);
    let slices = slices.map(|slice| &slice.element).filter(|slice| slice.id != UNTOLD);
    for child in element.children.iter().chain(slices).filter(|child| child.cardinality.at_most() != Some(0))
    {
        if child.cardinality.at_least() > 0 || child.must_support {
            found.insert(child.id.clone());
        }
        must_haves(child, found);
    }
}

#[test]
fn every_must_have_of_every_profile_is_shown() {
    let validator = validator();
    let trees = trees();
    let kinds: BTreeSet<&str> = trees.iter().filter_map(|(_, tree)| tree.root().resource_type()).collect();
    let (mut profiles, mut missing) = (0, Vec::new());
    for kind in kinds {
        let profile = format!("{PROFILE}{kind}-1");
        let Ok(schema) = validator.schemas().schema(&profile) else { continue };
        profiles += 1;
        let mut wanted = BTreeSet::new();
        must_haves(&schema.root, &mut wanted);
        let of_kind = trees.iter().filter(|(_, tree)| tree.root().resource_type() == Some(kind));
        let shown: BTreeSet<String> =
            of_kind.flat_map(|(_, tree)| validator.populated(tree.root(), &profile)).collect();
        missing.extend(wanted.difference(&shown).cloned());
    }
    assert_eq!(missing, Vec::<String>::new(), "no record shows them");
    assert_eq!(profiles, 14);
}

#[test]
fn patients_are_many_and_nobody_real() {
    let records = records();
    let patients: Vec<&Value> = records
        .iter()
        .map(|(_, record)| record)
        .filter(|record| record["resourceType"] == "Patient")
        .collect();
    assert!(patients.len() >= 40, "{} patients", patients.len());
    let mut numbers = BTreeSet::new();
    for patient in &patients {
        let identifiers = patient["identifier"].as_array().unwrap();
        let [identifier] =
            identifiers.iter().filter(|one| one["system"] == NHS_NUMBER).collect::<Vec<_>>()[..]
        else {
            panic!("{}: not one NHS number", patient["id"]);
        };
        let number = identifier["value"].as_str().unwrap();
        assert!(number.starts_with("999") && has_check_digit(number), "{number}");
        assert_eq!(identifier["extension"][0]["valueCodeableConcept"]["coding"][0]["code"], "01", "{number}");
        assert!(numbers.insert(number), "{number} is given twice");
    }
    // Each has records of several kinds.
    for patient in patients.iter().filter(|patient| patient["id"].as_str().unwrap() > "patient-16") {
        let reference = format!("Patient/{}", patient["id"].as_str().unwrap());
        let about = |record: &&(String, Value)| {
            ["subject", "patient"].iter().any(|name| record.1[*name]["reference"] == reference.as_str())
        };
        let kinds: BTreeSet<&str> = records
            .iter()
            .filter(about)
            .map(|(_, record)| record["resourceType"].as_str().unwrap())
            .collect();
        assert!(kinds.len() >= 3, "{reference} has only {kinds:?}");
    }
}

/// Modulus 11 over the first nine digits.
fn has_check_digit(number: &str) -> bool {
    let digits: Vec<u32> = number.chars().filter_map(|letter| letter.to_digit(10)).collect();
    let sum: u32 = digits.iter().take(9).zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    digits.len() == 10 && (11 - sum % 11) % 11 == digits[9]
}

#[test]
fn every_reference_leads_to_a_record_that_is_served() {
    let records = records();
    let served: BTreeSet<String> = records
        .iter()
        .map(|(_, record)| {
            format!("{}/{}", record["resourceType"].as_str().unwrap(), record["id"].as_str().unwrap())
        })
        .collect();
    assert_eq!(served.len(), records.len(), "two records have one name");
    for (file, record) in &records {
        let mut places = vec![record];
        while let Some(place) = places.pop() {
            if let Some(reference) = place.get("reference").and_then(Value::as_str) {
                let known = reference.starts_with('#') || served.contains(reference);
                assert!(known, "{file}: {reference}");
            }
            let url = place.get("attachment").and_then(|attachment| attachment["url"].as_str());
            assert!(url.is_none_or(|url| served.contains(url)), "{file}: {url:?}");
            match place {
                Value::Object(members) => places.extend(members.values()),
                Value::Array(values) => places.extend(values),
                _ => {}
            }
        }
    }
}
