//! The data of a run: written out, mapped, completed, discovered, loaded.

use serde_json::Value;

use crate::small_server::{SmallServer, Writes, synthetic};
use crate::workspace::{Ended, Workspace};

/// NHS numbers of the range that is never given out, for records that are not the standard's.
const OTHERS: [(&str, &str); 4] = [
    ("patient-01", "9990000018"),
    ("patient-02", "9990000026"),
    ("patient-03", "9990000034"),
    ("patient-04", "9990000042"),
];

/// The synthetic records under other NHS numbers: a server that holds what is needed, and not the examples.
fn others() -> Vec<Value> {
    let mut records = synthetic();
    for record in &mut records {
        let other = OTHERS.iter().find(|(id, _)| record["id"] == *id && record["resourceType"] == "Patient");
        if let Some((_, number)) = other {
            record["identifier"][0]["value"] = (*number).into();
        }
    }
    records
}

fn run(workspace: &Workspace, endpoint: &str, more: &[&str]) -> Ended {
    let mut arguments =
        vec!["run", "--standard", "careconnect", "--endpoint", endpoint, "--scenario", "patient-search*"];
    arguments.extend(more);
    let ended = workspace.run(&arguments);
    assert!(workspace.path("proofmark-out/run.json").exists(), "{}", ended.stderr);
    ended
}

/// Where the data of a name came from, and its values.
fn given(workspace: &Workspace, name: &str) -> Value {
    workspace.json("proofmark-out/private/inputs.json")["data"][name].clone()
}

#[test]
fn the_synthetic_records_are_written_as_a_transaction() {
    let workspace = Workspace::new();
    let ended = workspace.run(&["standard", "data", "careconnect", "--out", "records.json"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stderr.contains("45 records of careconnect@1.3.0"), "{}", ended.stderr);
    let bundle = workspace.json("records.json");
    assert_eq!(bundle["type"], "transaction");
    let names: Vec<&str> = bundle["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["request"]["url"].as_str().unwrap())
        .collect();
    let place = |name: &str| names.iter().position(|known| *known == name).unwrap();
    assert_eq!(names.len(), 45);
    assert!(place("Organization/organization-01") < place("Patient/patient-01"));
    assert!(place("Patient/patient-01") < place("Observation/observation-01"));
    assert_eq!(bundle["entry"][0]["request"]["method"], "PUT");
    let valid = workspace.run(&["validate", "--fhir-version", "3.0", "records.json"]);
    assert_eq!(valid.code, 0, "{}", valid.stdout);
    let printed = workspace.run(&["standard", "data", "careconnect"]);
    assert_eq!(printed.stdout, workspace.read("records.json"));
}

#[test]
fn all_records_of_the_reference_supplier_are_written_too() {
    let workspace = Workspace::new();
    let ended = workspace.run(&["standard", "data", "careconnect", "--all", "--out", "records.json"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let bundle = workspace.json("records.json");
    let entries = bundle["entry"].as_array().unwrap();
    let names: Vec<&str> = entries.iter().map(|entry| entry["request"]["url"].as_str().unwrap()).collect();
    let place = |name: &str| names.iter().position(|known| *known == name).unwrap();
    assert!(names.iter().filter(|name| name.starts_with("Patient/")).count() >= 40, "{}", names.len());
    assert!(place("Practitioner/practitioner-05") < place("Patient/patient-17"));
    assert!(place("Patient/patient-17") < place("Observation/observation-21"));
    assert!(
        place("MedicationRequest/medication-request-04")
            < place("MedicationStatement/medication-statement-04")
    );
    assert_eq!(entries[place("Patient/patient-17")]["resource"]["name"][0]["family"], "Okonjo-Reyes");
    assert_eq!(
        names.len(),
        names.iter().collect::<std::collections::BTreeSet<_>>().len(),
        "a record is written twice"
    );
}

#[test]
fn records_that_meet_the_needs_are_discovered() {
    let server = SmallServer::start(others(), Writes::Nothing);
    let workspace = Workspace::new();
    let ended = run(&workspace, &server.url, &[]);
    assert!(
        ended.stderr.contains("discovered in place of the standard's records: patient-a,"),
        "{}",
        ended.stderr
    );
    let patient = given(&workspace, "patient-a");
    assert_eq!(patient["source"], "discovered");
    assert_eq!(patient["values"]["nhsNumber"], "9990000018");
    assert_eq!(
        given(&workspace, "patient-c")["values"]["nhsNumber"],
        "9990000034",
        "it is not patient-a again"
    );
    // Looked for through the patient that was discovered, the others are there.
    assert_eq!(given(&workspace, "observation-a")["source"], "example");
    let record = workspace.json("proofmark-out/run.json");
    let used = record["data"].as_array().unwrap().iter().find(|used| used["name"] == "patient-a").unwrap();
    assert_eq!(used["source"], "discovered");
    let asked: Vec<&Value> = record["exchanges"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|exchange| exchange["id"].as_str().unwrap().starts_with("data."))
        .collect();
    assert_eq!(asked[0]["id"], "data.001-patient-a");
    assert_eq!(asked[1]["id"], "data.002-patient-a");
    assert!(workspace.path("proofmark-out/evidence/data.002-patient-a.json").exists());
    for shared in ["proofmark-out/run.json", "proofmark-out/evidence/data.002-patient-a.json"] {
        assert!(!workspace.read(shared).contains("9990000018"), "{shared} tells who it is");
    }
    let page = workspace.read("proofmark-out/report.html");
    assert!(page.contains("that were discovered"));

    let judged = workspace.run(&["judge", "proofmark-out"]);
    assert_eq!(judged.code, ended.code, "{}", judged.stderr);
    let mut again = workspace.json("proofmark-judged/run.json");
    again["judged"] = record["judged"].clone();
    assert_eq!(again, record);
}

#[test]
fn what_the_server_holds_is_not_discovered_anew() {
    let server = SmallServer::start(synthetic(), Writes::Nothing);
    let workspace = Workspace::new();
    let ended = run(&workspace, &server.url, &[]);
    assert!(!ended.stderr.contains("discovered"), "{}", ended.stderr);
    assert_eq!(given(&workspace, "patient-a")["source"], "example");
    assert!(server.endpoint.received("GET /fhir/Patient?_count").is_empty());
}

#[test]
fn a_mapping_of_one_value_is_completed_from_the_record() {
    let server = SmallServer::start(others(), Writes::Nothing);
    let workspace = Workspace::new();
    workspace.write(
        "proofmark.toml",
        "[data.patient-a]\nnhsNumber = \"9990000018\"\n[data.patient-b]\nid = \"patient-02\"\n\
         [data.patient-c]\nnhsNumber = \"9990000999\"\n",
    );
    let ended = run(&workspace, &server.url, &[]);
    let patient = given(&workspace, "patient-a");
    assert_eq!(patient["source"], "configured");
    assert_eq!(patient["values"]["family"], "Ashcombe");
    assert!(patient["values"]["birthDate"].is_string());
    assert_eq!(given(&workspace, "patient-b")["values"]["nhsNumber"], "9990000026");
    // What the supplier names and does not hold is not replaced by another.
    assert_eq!(given(&workspace, "patient-c")["values"].as_object().unwrap().len(), 1);
    assert!(ended.stderr.contains("the server does not hold: patient-c"), "{}", ended.stderr);
}

#[test]
fn a_server_that_holds_nothing_is_said_to() {
    let server = SmallServer::start(Vec::new(), Writes::Nothing);
    let workspace = Workspace::new();
    let ended = run(&workspace, &server.url, &[]);
    let note = "the server does not hold: patient-a, patient-b, patient-c, patient-d,";
    assert!(ended.stderr.contains(note), "{}", ended.stderr);
    assert_eq!(given(&workspace, "patient-a")["source"], "example");
}
