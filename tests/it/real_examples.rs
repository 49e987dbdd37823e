//! Real resources and packages, where they are at hand.

use std::collections::BTreeMap;

use proofmark::supplier::Store;

use crate::suite::{Configured, Suite};
use crate::workspace::{Workspace, shared};

#[test]
fn the_official_package_loads_and_judges_every_example() {
    let (Some(examples), Some(package)) =
        (shared("data/careconnect-examples"), shared("data/careconnect-stu3.tgz"))
    else {
        return;
    };
    let workspace = Workspace::new();
    let examples = examples.to_str().unwrap();
    let ended =
        workspace.run(&["validate", "--format", "json", "--package", package.to_str().unwrap(), examples]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    let outcomes: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    let outcomes = outcomes.as_array().unwrap();
    let error_codes = |name: &str| -> Vec<String> {
        let one = outcomes.iter().find(|one| one["file"].as_str().unwrap().ends_with(name)).unwrap();
        let issues =
            one["outcome"]["issue"].as_array().unwrap().iter().filter(|issue| issue["severity"] == "error");
        issues.map(|issue| issue["details"]["coding"][0]["code"].as_str().unwrap().to_owned()).collect()
    };
    // Known defects of these files (pitfalls PIT-082 and PIT-083), and a DSTU2 resource.
    assert!(error_codes("reference-implementation/DocumentReference.xml").contains(&"xml-shape".to_owned()));
    assert!(error_codes("reference-implementation/Practitioner.xml").contains(&"unknown-element".to_owned()));
    assert!(error_codes("dstu2-negative/MedicationOrder.xml").contains(&"unknown-resource".to_owned()));
}

/// Real records behind a conformant server: what fails is what is wrong with the records.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn real_records_are_served_and_judged_for_what_they_are() {
    let Some(examples) = shared("data/careconnect-examples") else { return };
    let read = |name: &str| std::fs::read_to_string(examples.join(name)).unwrap();
    let opal = read("reference-implementation/Patient.json");
    let jane = read("gpconnect/foundations/read_patient_response_example.json");
    let store = Store::load([("opal.json", opal.as_str()), ("jane.json", jane.as_str())]).unwrap();
    let values = |values: &[(&str, &str)]| -> BTreeMap<String, String> {
        values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let configured = Configured::from([
        (
            "patient-a".to_owned(),
            values(&[
                ("nhsNumber", "9014017642"),
                ("family", "Schultz"),
                ("given", "Opal"),
                ("gender", "female"),
                ("birthDate", "1992-08-06"),
            ]),
        ),
        (
            "patient-b".to_owned(),
            values(&[
                ("nhsNumber", "9476719931"),
                ("family", "Jackson"),
                ("given", "Jane"),
                ("gender", "female"),
                ("birthDate", "1952-05-31"),
            ]),
        ),
    ]);
    let record = Suite::load().with_data(&configured).run_against(store, None).await;
    let outcome = |id: &str| {
        let requirement = record.requirements.iter().find(|requirement| requirement.id == id).unwrap();
        requirement.outcome.words()
    };
    assert_eq!(record.standards[0].verdict.to_string(), "not conformant");
    // They are found by number and given name, and their NHS numbers are sound.
    for id in ["CC-PAT-008", "CC-PAT-009", "CC-NHS-001", "CC-NHS-006", "CC-READ-002"] {
        assert_eq!(outcome(id), "pass", "{id}");
    }
    // Opal Schultz has no official name and names no profile.
    assert_eq!((outcome("CC-GEN-002"), outcome("CC-GEN-005")), ("fail", "fail"));
    // Nobody has an observation, and patient-c is not there: neither is held against the searches.
    assert_eq!((outcome("CC-OBS-003"), outcome("CC-PAT-014")), ("not demonstrated", "not demonstrated"));
}
