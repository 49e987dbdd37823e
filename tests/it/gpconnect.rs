//! The suite of GP Connect, played on its reference supplier.

use proofmark::check::Outcome;
use proofmark::standard::Method;

use super::suite::Suite;

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_supplier_meets_every_rule_that_can_be_shown() {
    let record = Suite::of("gpconnect").run(None).await;
    let open: Vec<String> = record
        .requirements
        .iter()
        .filter(|requirement| requirement.method == Method::Automated && requirement.outcome != Outcome::Pass)
        .map(|requirement| format!("{}: {:?}", requirement.id, requirement.outcome))
        .collect();
    assert_eq!(open, Vec::<String>::new());
}
