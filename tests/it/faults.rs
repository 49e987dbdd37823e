//! The suite's proof of worth: each fault of the reference supplier makes exactly the requirements fail
//! that it breaks, and no others.

use std::collections::BTreeSet;

use proofmark::check::Outcome;
use proofmark::run::RunRecord;
use proofmark::supplier::Fault;

use crate::suite::{Suite, fixtures, text};

fn faults() -> Vec<Fault> {
    Fault::load("faults.yaml", &text(&fixtures(), "faults.yaml")).unwrap()
}

fn failed(record: &RunRecord) -> BTreeSet<String> {
    let requirements = record.requirements.iter().filter(|requirement| requirement.outcome == Outcome::Fail);
    requirements.map(|requirement| requirement.id.clone()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fault_fails_what_it_breaks_and_nothing_else() {
    let suite = Suite::load();
    let record = suite.run(None).await;
    assert_eq!(failed(&record), BTreeSet::new(), "the reference supplier is conformant");
    let faults = faults();
    assert!(faults.len() >= 10, "{}", faults.len());
    let mut wrong = Vec::new();
    for fault in faults {
        let name = fault.name.clone();
        let breaks: BTreeSet<String> = fault.breaks.iter().cloned().collect();
        let found = failed(&suite.run(Some(fault)).await);
        if found != breaks {
            wrong.push(format!("{name}: should fail {breaks:?}, failed {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_automated_requirement_is_shown_by_the_reference_supplier() {
    let record = Suite::load().run(None).await;
    let open: Vec<String> = record
        .requirements
        .iter()
        .filter(|requirement| requirement.method == proofmark::standard::Method::Automated)
        .filter(|requirement| requirement.outcome != Outcome::Pass)
        .map(|requirement| format!("{} {}: {:?}", requirement.id, requirement.outcome, requirement.reason))
        .collect();
    assert!(open.is_empty(), "{}", open.join("\n"));
}
