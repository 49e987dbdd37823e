//! The suite's proof of worth: each fault of the reference supplier makes exactly the requirements fail
//! that it breaks, and no others.

use std::sync::Arc;

use proofmark::check::Outcome;
use proofmark::selfcheck::{Chosen, SelfCheck};

use crate::suite::{Suite, fixtures};

async fn selfcheck(standard: &str) -> SelfCheck {
    let suite = Suite::of(standard);
    let fixtures = fixtures(&suite.standard);
    let chosen = Chosen { faults: fixtures.faults, variations: fixtures.variations, all: true };
    Arc::new(suite.selfcheck()).check(chosen, 2, &mut |_| {}).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fault_fails_what_it_breaks_and_nothing_else() {
    proves_its_worth("careconnect", 80).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fault_of_gp_connect_fails_what_it_breaks_and_nothing_else() {
    proves_its_worth("gpconnect", 8).await;
}

async fn proves_its_worth(standard: &str, faults: usize) {
    let found = selfcheck(standard).await;
    assert!(found.faults >= faults, "{}", found.faults);
    assert_eq!(found.survivors, Vec::<String>::new(), "every fault is caught");
    assert_eq!(found.false_alarms, Vec::<String>::new(), "{:#?}", found.by_variation);
    let wrong: Vec<String> = found
        .matrix
        .iter()
        .filter(|fault| found.mismatches.contains(&fault.name))
        .map(|fault| format!("{}: missed {:?}, unexpected {:?}", fault.name, fault.missed, fault.unexpected))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_automated_requirement_is_shown_by_the_reference_supplier() {
    let record = Suite::load().run(None).await;
    let open: Vec<String> = record
        .requirements
        .iter()
        .filter(|requirement| requirement.method == proofmark::standard::Method::Automated)
        // A combination with a parameter that the guide withdrew, which no supplier has to offer (decision 0021).
        .filter(|requirement| {
            (&*requirement.id, requirement.outcome) != ("CC-MRQ-007", Outcome::NotApplicable)
        })
        .filter(|requirement| requirement.outcome != Outcome::Pass)
        .map(|requirement| format!("{} {}: {:?}", requirement.id, requirement.outcome, requirement.reason))
        .collect();
    assert!(open.is_empty(), "{}", open.join("\n"));
}
