//! The invariants of R4 on two official examples, which are read from the FHIR package cache.
//!
//! `cargo bench --bench fhirpath`, after `proofmark package install hl7.fhir.r4.examples#4.0.1`.

#![expect(
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a benchmark that cannot be set up has nothing else to say"
)]

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use divan::Bencher;
use proofmark::fhir::{Release, Tree, parse};
use proofmark::fhirpath::Item;
use proofmark::package::{Package, PackageSet};
use proofmark::validate::{Knowledge, SchemaSet};
use rules::{Case, Rules};

#[path = "../tests/it/rules.rs"]
mod rules;

fn main() {
    if example("Patient-example").is_none() {
        eprintln!("passed over: the package cache does not hold hl7.fhir.r4.examples#4.0.1");
        return;
    }
    divan::main();
}

/// An official example, if the cache holds it.
fn example(name: &str) -> Option<Tree> {
    let cache = std::env::var_os("PROOFMARK_PACKAGE_CACHE").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".fhir/packages")))?;
    let file = cache.join("hl7.fhir.r4.examples#4.0.1/package").join(format!("{name}.json"));
    parse(&std::fs::read(file).ok()?).ok()
}

fn schemas() -> SchemaSet {
    let core = Package::core(Release::R4).expect("the base definitions are built in");
    SchemaSet::new(Arc::new(PackageSet::new(Release::R4, vec![Arc::new(core)])))
}

/// How many rules hold; one context a resource, as a validation has it.
fn evaluate<'t>(knowledge: &'t Knowledge<'_>, cases: &[Case<'t>]) -> usize {
    let context = knowledge.context();
    let holds = |case: &&Case<'t>| {
        let focus = Item::element(case.element, Some(case.type_name));
        case.expression.evaluate_boolean(&context, focus).is_ok_and(|found| found != Some(false))
    };
    cases.iter().filter(holds).count()
}

/// Each rule once: on the first element that it is on.
#[divan::bench(args = ["Patient-example", "Bundle-father"])]
fn each_rule_once(bencher: Bencher<'_, '_>, name: &str) {
    let (schemas, tree) = (schemas(), example(name).expect("checked at the start"));
    let mut cases = Rules::new(&schemas).on(&tree);
    let mut seen = HashSet::new();
    cases.retain(|case| seen.insert(case.key.clone()));
    let knowledge = Knowledge::new(&schemas);
    eprintln!("{name}: {} rules", cases.len());
    bencher.bench(|| evaluate(&knowledge, &cases));
}

/// Every rule on every element, as a validation needs.
#[divan::bench(args = ["Patient-example", "Bundle-father"])]
fn every_rule_on_every_element(bencher: Bencher<'_, '_>, name: &str) {
    let (schemas, tree) = (schemas(), example(name).expect("checked at the start"));
    let cases = Rules::new(&schemas).on(&tree);
    let knowledge = Knowledge::new(&schemas);
    eprintln!("{name}: {} evaluations", cases.len());
    bencher.bench(|| evaluate(&knowledge, &cases));
}
