//! No false alarms: every published example is valid, or is listed with what is truly wrong with it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use proofmark::fhir::{Release, parse};
use proofmark::package::{Package, PackageSet};
use proofmark::validate::{SchemaSet, Severity, Validation, Validator};
use serde::Deserialize;

use crate::workspace::{cached_package, project, resources, shared};

/// Examples that are wrong in themselves.
#[derive(Deserialize)]
struct Known {
    #[serde(default)]
    wrong: Vec<Wrong>,
}

/// Some files with the same errors.
#[derive(Deserialize)]
struct Wrong {
    files: Vec<String>,
    codes: Vec<String>,
    reason: String,
}

/// The codes of the errors of each file that has some.
type Errors = BTreeMap<String, BTreeSet<String>>;

#[test]
fn examples_of_stu3() {
    let Some(folder) = cached_package("hl7.fhir.r3.examples#3.0.2") else { return };
    examine(&validator(Release::Stu3, None), &folder, "examples-stu3.toml", 8000);
}

#[test]
fn examples_of_r4() {
    let Some(folder) = cached_package("hl7.fhir.r4.examples#4.0.1") else { return };
    examine(&validator(Release::R4, None), &folder, "examples-r4.toml", 5000);
}

#[test]
fn examples_of_care_connect() {
    let (Some(package), Some(folder)) =
        (shared("data/careconnect-stu3.tgz"), shared("data/careconnect-examples"))
    else {
        return;
    };
    examine(&validator(Release::Stu3, Some(&package)), &folder, "examples-careconnect.toml", 80);
}

#[test]
fn examples_of_uk_core() {
    let Some(package) = shared("data/ukcore-r4.tgz") else { return };
    let folder = tempfile::tempdir().unwrap();
    let archive = flate2::read::GzDecoder::new(std::fs::File::open(&package).unwrap());
    tar::Archive::new(archive).unpack(folder.path()).unwrap();
    let examples = folder.path().join("package/example");
    examine(&validator(Release::R4, Some(&package)), &examples, "examples-ukcore.toml", 200);
}

fn validator(release: Release, package: Option<&Path>) -> Validator {
    let package = package.map(|package| Arc::new(Package::from_path(package).unwrap()));
    let core = Arc::new(Package::core(release).unwrap());
    let packages = package.into_iter().chain([core]).collect();
    Validator::new(Arc::new(SchemaSet::new(Arc::new(PackageSet::new(release, packages)))))
}

fn examine(validator: &Validator, folder: &Path, list: &str, least: usize) {
    let files = resources(folder);
    assert!(files.len() > least, "only {} examples", files.len());
    // Every second file to each of two threads: large ones lie together.
    let errors: Errors = std::thread::scope(|scope| {
        let half = |first: usize| {
            let files = &files;
            move || -> Errors {
                files
                    .iter()
                    .skip(first)
                    .step_by(2)
                    .filter_map(|file| errors(validator, folder, file))
                    .collect()
            }
        };
        let threads = [scope.spawn(half(0)), scope.spawn(half(1))];
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let known: Known =
        toml::from_str(&std::fs::read_to_string(project("fixtures/official").join(list)).unwrap()).unwrap();
    assert!(known.wrong.iter().all(|wrong| wrong.reason.len() > 20), "{list}: each entry has a reason");
    let mut expected = Errors::new();
    for wrong in &known.wrong {
        for file in &wrong.files {
            expected.entry(file.clone()).or_default().extend(wrong.codes.iter().cloned());
        }
    }
    let differing = |one: &Errors, other: &Errors| -> Errors {
        one.iter()
            .filter(|(file, codes)| other.get(*file) != Some(codes))
            .map(|(a, b)| (a.clone(), b.clone()))
            .collect()
    };
    let (alarms, gone) = (differing(&errors, &expected), differing(&expected, &errors));
    assert!(alarms.is_empty() && gone.is_empty(), "{list}: found {alarms:#?}; listed {gone:#?}");
}

fn errors(validator: &Validator, folder: &Path, file: &Path) -> Option<(String, BTreeSet<String>)> {
    let validation = match parse(&std::fs::read(file).unwrap()) {
        Ok(tree) => validator.validate(&tree, &[]),
        Err(error) => Validation::malformed(&error),
    };
    let errors = validation.issues.iter().filter(|issue| issue.severity == Severity::Error);
    let codes: BTreeSet<String> = errors.map(|issue| issue.code.to_owned()).collect();
    let name = file.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
    (!codes.is_empty()).then_some((name, codes))
}
