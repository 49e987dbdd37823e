//! Must support, over a whole run: an element that no record shows is listed, and one more record shows it.

use std::sync::Arc;

use proofmark::check::Outcome;
use proofmark::run::{RequirementResult, RunRecord};
use proofmark::standard::Requirement;

use crate::suite::{Suite, changed_store};

const PATIENT: &str = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1";

/// The suite with one requirement more.
fn suite(must_support: &serde_json::Value) -> Suite {
    let mut suite = Suite::load();
    let mut standard = (*suite.standard).clone();
    let requirement: Requirement = serde_json::from_value(serde_json::json!({
        "id": "MS-001", "level": "SHALL", "area": standard.requirements[0].area,
        "text": "The elements that a profile flags are populated where there are values.",
        "clause": { "page": "profiling" }, "maturity": "active", "mustSupport": must_support,
    }))
    .unwrap();
    standard.requirements.push(requirement);
    suite.standard = Arc::new(standard);
    suite
}

fn result(record: &RunRecord) -> &RequirementResult {
    record.requirements.iter().find(|requirement| requirement.id == "MS-001").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_record_shows_is_listed_until_one_does() {
    let suite = suite(&serde_json::json!({
        "profile": PATIENT,
        "elements": ["Patient.identifier:nhsNumber", "Patient.birthDate", "Patient.multipleBirth[x]"],
    }));
    let record = suite.run(None).await;
    let found = result(&record);
    assert_eq!(found.outcome, Outcome::NotDemonstrated, "{found:#?}");
    assert!(found.reason.as_deref().unwrap().ends_with("shows Patient.multipleBirth[x]"), "{found:#?}");
    let listed = found.must_support.as_ref().unwrap();
    assert_eq!(listed.not_shown, ["Patient.multipleBirth[x]"]);
    assert_eq!(listed.shown, ["Patient.identifier:nhsNumber", "Patient.birthDate"]);
    assert!(listed.resources > 0);

    let twin = changed_store(&suite.standard, |name, record| match name {
        "patient-a.json" => {
            record.replacen("\"birthDate\"", "\"multipleBirthBoolean\": false,\n  \"birthDate\"", 1)
        }
        _ => record,
    });
    let record = suite.run_against(twin, None).await;
    let found = result(&record);
    assert_eq!(found.outcome, Outcome::Pass, "{found:#?}");
    assert_eq!(found.must_support.as_ref().unwrap().not_shown, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_never_be_shown_is_inconclusive() {
    for (must_support, says) in [
        (serde_json::json!({ "profile": PATIENT }), "flags no element"),
        (
            serde_json::json!({ "profile": PATIENT, "elements": ["Patient.nothing"] }),
            "has no element `Patient.nothing`",
        ),
        (serde_json::json!({ "profile": "http://example.org/nowhere" }), "http://example.org/nowhere"),
    ] {
        let record = suite(&must_support).run(None).await;
        let found = result(&record);
        assert_eq!(found.outcome, Outcome::Inconclusive, "{found:#?}");
        assert!(found.reason.as_deref().unwrap().contains(says), "{found:#?}");
    }
}
