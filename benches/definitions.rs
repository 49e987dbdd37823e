//! From nothing to a judged Patient: opening the base definitions, compiling Patient and the types it uses.
//!
//! `cargo bench --bench definitions`

#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up has nothing else to say")]

use std::sync::Arc;

use divan::Bencher;
use proofmark::fhir::{Release, Tree, parse};
use proofmark::package::{Package, PackageSet};
use proofmark::validate::{SchemaSet, Validator};

fn main() {
    divan::main();
}

const RELEASES: [Release; 2] = [Release::Stu3, Release::R4];

fn schemas(release: Release) -> SchemaSet {
    let core = Package::core(release).expect("the base definitions are built in");
    SchemaSet::new(Arc::new(PackageSet::new(release, vec![Arc::new(core)])))
}

/// A Patient with an element of each type that Patients commonly use.
fn patient() -> Tree {
    parse(
        br#"{"resourceType":"Patient","id":"a","meta":{"lastUpdated":"2026-01-01T00:00:00Z"},
        "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018","period":{"start":"2020"}}],
        "active":true,"name":[{"use":"official","family":"Ashcombe","given":["Ivy"]}],
        "telecom":[{"system":"phone","value":"0"}],"gender":"female","birthDate":"1970-01-01",
        "address":[{"line":["1 The Row"],"postalCode":"ZZ1 1ZZ"}],
        "contact":[{"relationship":[{"coding":[{"system":"urn:x","code":"y"}]}],"name":{"text":"B"}}],
        "generalPractitioner":[{"reference":"Practitioner/1"}]}"#,
    )
    .expect("it is well-formed")
}

/// The index of the definitions; nothing of them is read.
#[divan::bench(args = RELEASES)]
fn open(release: Release) -> SchemaSet {
    schemas(release)
}

/// The first Patient of a process.
#[divan::bench(args = RELEASES)]
fn first_patient(bencher: Bencher<'_, '_>, release: Release) {
    let patient = patient();
    bencher.bench(|| Validator::new(Arc::new(schemas(release))).validate(&patient, &[]));
}

/// Each further Patient.
#[divan::bench(args = RELEASES)]
fn further_patient(bencher: Bencher<'_, '_>, release: Release) {
    let patient = patient();
    let validator = Validator::new(Arc::new(schemas(release)));
    bencher.bench(|| validator.validate(&patient, &[]));
}
