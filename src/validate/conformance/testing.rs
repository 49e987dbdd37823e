//! What the tests of these rules share.

use std::sync::Arc;

use super::judge;
use crate::fhir::{Release, parse};
use crate::package::{Package, PackageSet};
use crate::profile::{SchemaSet, Severity};

/// `severity code path` of what is found in a resource, beside definitions that are loaded.
pub(super) fn found(release: Release, loaded: &[&str], resource: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (index, definition) in loaded.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{index}.json")), definition).unwrap();
    }
    let packages = vec![Package::from_path(folder.path()).unwrap(), Package::core(release).unwrap()];
    let packages = packages.into_iter().map(Arc::new).collect();
    let set = SchemaSet::new(Arc::new(PackageSet::new(release, packages)));
    let tree = parse(resource.as_bytes()).unwrap();
    let line = |issue: &crate::profile::Issue| {
        let severity = match issue.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            _ => "not-checked",
        };
        format!("{severity} {} {}", issue.code, issue.path)
    };
    judge(tree.root(), &set).iter().map(line).collect()
}

/// As of R4, with nothing else loaded.
pub(super) fn alone(resource: &str) -> Vec<String> {
    found(Release::R4, &[], resource)
}

/// What is found in a profile on Observation with one element in its differential; places are those within that.
pub(super) fn profile(element: &str) -> Vec<String> {
    profile_beside(&[], element)
}

pub(super) fn profile_beside(loaded: &[&str], element: &str) -> Vec<String> {
    profile_on("http://hl7.org/fhir/StructureDefinition/Observation", loaded, element)
}

pub(super) fn profile_on(base: &str, loaded: &[&str], element: &str) -> Vec<String> {
    let profile = format!(
        r#"{{"resourceType":"StructureDefinition","url":"http://example.org/own","kind":"resource",
            "type":"Observation","derivation":"constraint","baseDefinition":"{base}",
            "differential":{{"element":[{element}]}}}}"#
    );
    let lines = found(Release::R4, loaded, &profile);
    lines.iter().map(|line| line.replace("StructureDefinition.differential.element[0].", "")).collect()
}
