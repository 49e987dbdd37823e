//! docs/gpconnect-examples.md: what our package says of each example that the specification of GP Connect publishes.

use std::collections::BTreeMap;
use std::sync::Arc;

use proofmark::fhir::parse;
use proofmark::package::{Package, PackageSet};
use proofmark::standard::Catalogue;
use proofmark::validate::{SchemaSet, Severity, Validator};

use crate::workspace::{project, resources, shared};

/// How many examples there are.
const EXAMPLES: usize = 45;

#[test]
fn the_published_examples_are_judged_as_the_table_says() {
    let Some(folder) = shared("data/careconnect-examples/gpconnect") else { return };
    let standard = Catalogue::new(Vec::new()).load("gpconnect").unwrap();
    let package = Package::from_folder("gpconnect", &standard.folder.folder("package").unwrap()).unwrap();
    let core = Package::core(standard.release).unwrap();
    let packages = PackageSet::new(standard.release, vec![Arc::new(package), Arc::new(core)]);
    let validator = Validator::new(Arc::new(SchemaSet::new(Arc::new(packages))));
    let mut found = Vec::new();
    for file in resources(&folder) {
        let tree = parse(&std::fs::read(&file).unwrap()).unwrap();
        let mut errors: BTreeMap<String, usize> = BTreeMap::new();
        for issue in validator.validate(&tree, &[]).issues {
            if issue.severity == Severity::Error {
                *errors.entry(issue.code.to_string()).or_default() += 1;
            }
        }
        let verdict = if errors.is_empty() { "valid" } else { "not valid" };
        let errors: Vec<String> = errors.iter().map(|(code, count)| format!("{count} `{code}`")).collect();
        let name = file.strip_prefix(&folder).unwrap().to_string_lossy().replace('\\', "/");
        found.push(format!("| `{name}` | {verdict} | {} |", errors.join(", ")));
    }
    assert_eq!(found.len(), EXAMPLES);
    let page = std::fs::read_to_string(project("docs/gpconnect-examples.md")).unwrap();
    let told: Vec<String> = page
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.split('|').take(4).collect::<Vec<_>>().join("|") + "|")
        .collect();
    assert_eq!(found, told, "found on the left, what the page says on the right");
}
