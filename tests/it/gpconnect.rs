//! The suite of GP Connect, played on its reference supplier.

use proofmark::check::Outcome;
use proofmark::run::{RunRecord, Verdict};
use proofmark::standard::Method;

use super::suite::{Suite, fixtures};

/// The verdict for each capability, by key.
fn capabilities(record: &RunRecord) -> Vec<(&str, Option<Verdict>)> {
    let capabilities = record.standards[0].capabilities.iter();
    capabilities.map(|(key, capability)| (key.as_str(), capability.verdict)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_supplier_meets_every_rule_that_can_be_shown() {
    let record = Suite::of("gpconnect").run(None).await;
    // The certificates of clients are looked at where the run presents one of its own.
    let by_certificate = ["GPC-SEC-002", "GPC-SEC-003", "GPC-SEC-004"];
    let open: Vec<String> = record
        .requirements
        .iter()
        .filter(|requirement| {
            !by_certificate.contains(&&*requirement.id) || requirement.outcome != Outcome::NotApplicable
        })
        .filter(|requirement| requirement.method == Method::Automated && requirement.outcome != Outcome::Pass)
        .map(|requirement| format!("{}: {:?}", requirement.id, requirement.outcome))
        .collect();
    assert_eq!(open, Vec::<String>::new());
    let conformant = Some(Verdict::Conformant);
    let expected = ["foundations", "appointments", "structured"].map(|key| (key, conformant));
    assert_eq!(capabilities(&record), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_capability_that_is_not_claimed_has_no_verdict() {
    let suite = Suite::of("gpconnect");
    let faults = fixtures(&suite.standard).faults;
    let unclaimed = faults.into_iter().find(|fault| fault.name == "statement-without-registration");
    let record = suite.run(unclaimed).await;
    let expected = [
        // It does not say that patients can be registered.
        ("foundations", Some(Verdict::NotConformant)),
        ("appointments", Some(Verdict::Conformant)),
        ("structured", None),
    ];
    assert_eq!(capabilities(&record), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_conforms_without_appointments() {
    let mut suite = Suite::of("gpconnect").selfcheck();
    suite.fixtures.configuration.resources.retain(|one| !matches!(&*one.name, "Slot" | "Appointment"));
    let record = suite.play(None).await.unwrap();
    let conformant = Some(Verdict::Conformant);
    let expected = [("foundations", conformant), ("appointments", None), ("structured", conformant)];
    assert_eq!(capabilities(&record), expected);
    assert_eq!(record.standards[0].verdict, Verdict::Conformant);
}
