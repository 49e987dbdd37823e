//! Every example that HL7 publishes comes back from the tree: as JSON, and as XML and JSON again.
//!
//! The examples are FHIR packages in the folder where FHIR tools keep them, `~/.fhir/packages`, or in that of
//! the environment variable `PROOFMARK_PACKAGE_CACHE`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use proofmark::fhir::{Definitions, Release, parse, parse_xml, write_json, write_xml};
use proofmark::package::{Package, PackageSet};
use proofmark::validate::SchemaSet;

use crate::json::{Json, without_space};
use crate::workspace::cached_package;

#[test]
fn every_stu3_example_comes_back() {
    // An R4 resource, with a list (`manifest.other`) that STU3 does not know, so that XML cannot say it is one.
    let wrong = ["ig-r4.json"];
    every_example_comes_back(Release::Stu3, "hl7.fhir.r3.examples#3.0.2", 8000, &wrong);
}

#[test]
fn every_r4_example_comes_back() {
    every_example_comes_back(Release::R4, "hl7.fhir.r4.examples#4.0.1", 5000, &[]);
}

/// `wrong_in_itself` are the examples that cannot come back as they are.
fn every_example_comes_back(release: Release, package: &str, at_least: usize, wrong_in_itself: &[&str]) {
    let Some(files) = examples(package) else { return };
    assert!(files.len() >= at_least, "{package}: only {} examples", files.len());
    let core = Package::core(release).unwrap();
    let definitions = SchemaSet::new(Arc::new(PackageSet::new(release, vec![Arc::new(core)])));
    let next = AtomicUsize::new(0);
    let check_some = || {
        let mut wrong = Vec::new();
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let name = file.file_name().unwrap().to_str().unwrap();
            let known = wrong_in_itself.contains(&name);
            match comes_back(file, &definitions) {
                Ok(()) if known => wrong.push(format!("{name} is listed as wrong and comes back")),
                Err(message) if !known => wrong.push(format!("{name}: {message}")),
                _ => {}
            }
        }
        wrong
    };
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let threads = [scope.spawn(check_some), scope.spawn(check_some)];
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), files.len(), wrong.join("\n"));
}

/// The JSON resources of a package, the largest first, so that no thread is left with one at the end.
fn examples(package: &str) -> Option<Vec<PathBuf>> {
    let folder = cached_package(package)?;
    let mut files: Vec<(u64, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_json = path.extension().is_some_and(|extension| extension == "json");
        if is_json && !path.ends_with("package.json") && !path.ends_with(".index.json") {
            files.push((path.metadata().unwrap().len(), path));
        }
    }
    files.sort_by(|one, other| other.cmp(one));
    Some(files.into_iter().map(|(_, path)| path).collect())
}

fn comes_back(file: &Path, definitions: &dyn Definitions) -> Result<(), String> {
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    let tree = parse(&bytes).map_err(|error| error.to_string())?;
    // Without the byte order mark that some begin with.
    let source = tree.source();
    let written = write_json(tree.root(), definitions);
    same(source, &written).map_err(|difference| format!("as JSON: {difference}"))?;
    let xml = write_xml(tree.root(), definitions).map_err(|error| error.to_string())?;
    let from_xml = parse_xml(&xml).map_err(|error| error.to_string())?;
    if let Some((element, position, defect)) = from_xml.defects().next() {
        return Err(format!("as XML: {:?} at {position}, {}", defect.kind, element.path()));
    }
    let written = write_json(from_xml.root(), definitions);
    same(source, &written).map_err(|difference| format!("from XML: {difference}"))
}

/// Whether two JSON texts say the same, numbers to the digit.
fn same(one: &str, other: &str) -> Result<(), String> {
    if without_space(one) == other {
        return Ok(());
    }
    match Json::read(one).difference(&Json::read(other)) {
        None => Ok(()),
        Some(difference) => Err(difference),
    }
}
