//! Faults planted in the official examples: one fault each, in examples that are valid without it. At least 99
//! of 100 must draw an error at the place of the fault.

mod definitions;
mod kinds;
mod subject;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use proofmark::fhir::{Release, parse};
use proofmark::package::{Package, PackageSet};
use proofmark::validate::{SchemaSet, Severity, Validator};

use crate::workspace::{cached_package, resources};
use definitions::Definitions;
use kinds::KINDS;
use subject::Subject;

/// Each so many-th example is taken; it gets one fault of each kind that it has a place for.
const STRIDE: usize = 5;
/// Examples larger than this are passed over: the same faults in them would take most of the time.
const LARGEST: u64 = 100_000;

/// How many faults of a kind were planted, and those that were not found.
#[derive(Default)]
struct Tally {
    planted: usize,
    missed: Vec<String>,
}

#[test]
fn faults_planted_in_stu3_examples_are_found() {
    plant(Release::Stu3, "hl7.fhir.r3.examples#3.0.2");
}

#[test]
fn faults_planted_in_r4_examples_are_found() {
    plant(Release::R4, "hl7.fhir.r4.examples#4.0.1");
}

fn plant(release: Release, package: &str) {
    let Some(folder) = cached_package(package) else { return };
    let core = Package::core(release).unwrap();
    let schemas = Arc::new(SchemaSet::new(Arc::new(PackageSet::new(release, vec![Arc::new(core)]))));
    let validator = Validator::new(Arc::clone(&schemas));
    let definitions = Definitions::new(&schemas);
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut files = resources(&folder);
    files.retain(|file| file.metadata().unwrap().len() <= LARGEST);
    for file in files.iter().step_by(STRIDE) {
        let Some(subject) = subject(&validator, &definitions, file) else { continue };
        for kind in KINDS {
            let Some(planted) = (kind.plant)(&subject) else { continue };
            let tally = tallies.entry(kind.name).or_default();
            tally.planted += 1;
            let text = planted.value.to_string();
            let found = parse(text.as_bytes()).is_ok_and(|tree| {
                let validation = validator.validate(&tree, &[]);
                let mut errors = validation.issues.iter().filter(|issue| issue.severity == Severity::Error);
                errors.any(|issue| planted.is_at(&issue.path))
            });
            if !found {
                tally.missed.push(format!("{}: {}", subject.name, planted.places.join(" or ")));
            }
        }
    }
    judge(release, &tallies);
}

#[expect(clippy::print_stdout, reason = "the figures are shown with --nocapture")]
fn judge(release: Release, tallies: &BTreeMap<&str, Tally>) {
    let (mut planted, mut missed, mut report) = (0, 0, String::new());
    for (kind, tally) in tallies {
        planted += tally.planted;
        missed += tally.missed.len();
        report.push_str(&format!("{kind}: {} of {}\n", tally.planted - tally.missed.len(), tally.planted));
        for place in tally.missed.iter().take(5) {
            report.push_str(&format!("    missed: {place}\n"));
        }
    }
    println!("{release}: {} of {planted} faults found\n{report}", planted - missed);
    for kind in KINDS {
        let count = tallies.get(kind.name).map_or(0, |tally| tally.planted);
        assert!(count >= 5, "{release}: only {count} faults of the kind {}", kind.name);
    }
    assert!(missed * 100 <= planted, "{release}: {missed} of {planted} faults were not found\n{report}");
}

/// An example that is valid as it is.
fn subject<'d>(validator: &Validator, definitions: &'d Definitions<'d>, file: &Path) -> Option<Subject<'d>> {
    let bytes = std::fs::read(file).unwrap();
    let validation = validator.validate(&parse(&bytes).ok()?, &[]);
    if validation.count(Severity::Error) > 0 {
        return None;
    }
    let name = file.file_name()?.to_string_lossy().into_owned();
    Subject::read(name, serde_json::from_slice(&bytes).ok()?, definitions)
}
