//! Loading the synthetic records into servers that take writes, and into others.

use serde_json::{Value, json};

use crate::small_server::{SmallServer, Writes, synthetic};
use crate::workspace::{Ended, Workspace};

fn seed(endpoint: &str) -> (Ended, Value) {
    let workspace = Workspace::new();
    let arguments =
        ["doctor", "--standard", "careconnect", "--endpoint", endpoint, "--seed", "--format", "json"];
    let ended = workspace.run(&arguments);
    let found = serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("{}", ended.stderr));
    (ended, found)
}

fn outcome<'f>(found: &'f Value, record: &str) -> &'f Value {
    found["seeded"].as_array().unwrap().iter().find(|one| one["record"] == record).unwrap()
}

#[test]
fn a_transaction_loads_them_all() {
    let server = SmallServer::start(Vec::new(), Writes::Transactions);
    let (ended, found) = seed(&server.url);
    assert_eq!(ended.code, 0, "{found:#}");
    assert_eq!(server.names().len(), 45);
    assert_eq!(server.endpoint.received("POST /fhir HTTP").len(), 1);
    assert!(
        ended.stderr.contains("of 45 synthetic records, 45 were loaded, 0 were there, and 0 were refused")
    );

    // Once more, and nothing is written.
    let (ended, _) = seed(&server.url);
    assert!(ended.stderr.contains("0 were loaded, 45 were there"), "{}", ended.stderr);
    assert_eq!(server.endpoint.received("P").len(), 1);
}

#[test]
fn they_are_put_one_by_one_behind_what_they_refer_to() {
    let server = SmallServer::start(Vec::new(), Writes::Updates);
    let (ended, found) = seed(&server.url);
    assert_eq!(ended.code, 0, "{found:#}");
    let puts: Vec<String> = server.endpoint.received("PUT").iter().map(|put| put.line.clone()).collect();
    assert_eq!(puts.len(), 45);
    let place = |name: &str| puts.iter().position(|line| line.contains(name)).unwrap();
    assert!(place("Organization/organization-01") < place("Patient/patient-01"));
    assert!(place("Patient/patient-02") < place("Observation/observation-06"));
    assert_eq!(server.endpoint.received("PUT")[0].header("if-none-match"), Some("*"));
}

#[test]
fn ids_that_the_server_gives_are_followed() {
    let server = SmallServer::start(Vec::new(), Writes::Creates);
    let (ended, found) = seed(&server.url);
    assert_eq!(ended.code, 0, "{found:#}");
    let patient = outcome(&found, "Patient/patient-01")["detail"].as_str().unwrap().to_owned();
    assert_ne!(patient, "Patient/patient-01");
    let observation = outcome(&found, "Observation/observation-01")["detail"].as_str().unwrap();
    assert_eq!(server.record(observation)["subject"]["reference"], patient.as_str());
    let posted = server.endpoint.received("POST /fhir/Patient");
    let condition = posted[0].header("if-none-exist").unwrap();
    assert!(
        condition.starts_with("identifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C999"),
        "{condition}"
    );
}

#[test]
fn what_is_another_record_is_never_overwritten() {
    let stranger = json!({
        "resourceType": "Patient", "id": "patient-01",
        "identifier": [{ "system": "https://example.org/local", "value": "somebody" }],
    });
    for writes in [Writes::Transactions, Writes::Updates] {
        let server = SmallServer::start(vec![stranger.clone()], writes);
        let (ended, found) = seed(&server.url);
        assert_eq!(ended.code, 3);
        assert_eq!(server.record("Patient/patient-01"), stranger, "{writes:?}");
        let refused = outcome(&found, "Patient/patient-01");
        assert_eq!(refused["outcome"], "refused");
        assert_eq!(refused["detail"], "another record is Patient/patient-01, and is left alone");
    }
}

#[test]
fn a_record_under_another_id_is_not_loaded_twice() {
    let mut records = synthetic();
    for record in &mut records {
        if record["id"] == "patient-01" {
            record["id"] = json!("theirs");
        }
    }
    records.retain(|record| record["resourceType"] == "Patient");
    let server = SmallServer::start(records, Writes::Transactions);
    let (_, found) = seed(&server.url);
    let patient = outcome(&found, "Patient/patient-01");
    assert_eq!((&patient["outcome"], &patient["detail"]), (&json!("held"), &json!("Patient/theirs")));
    assert!(!server.names().contains(&"Patient/patient-01".to_owned()));
    // What refers to it refers to it under its id there.
    assert_eq!(server.record("Observation/observation-01")["subject"]["reference"], "Patient/theirs");
}

#[test]
fn a_server_that_takes_no_writes_is_sent_none() {
    let server = SmallServer::start(Vec::new(), Writes::Nothing);
    let (ended, found) = seed(&server.url);
    assert_eq!(ended.code, 3);
    assert!(server.endpoint.received("P").is_empty());
    let why = outcome(&found, "Patient/patient-01")["detail"].as_str().unwrap();
    assert!(
        why.contains("claims neither transactions, nor update with updateCreate or create of Patient"),
        "{why}"
    );
}

#[test]
fn a_run_seeds_only_when_told_and_keeps_the_evidence() {
    let server = SmallServer::start(Vec::new(), Writes::Transactions);
    let workspace = Workspace::new();
    let arguments =
        ["run", "--standard", "careconnect", "--endpoint", &server.url, "--scenario", "patient-search*"];
    workspace.run(&arguments);
    assert!(server.endpoint.received("P").is_empty() && server.names().is_empty());
    let ended = workspace.run(&[&arguments[..], &["--seed", "--force"]].concat());
    assert_eq!(server.names().len(), 45);
    assert!(ended.stderr.contains("45 were loaded"), "{}", ended.stderr);
    let record = workspace.json("proofmark-out/run.json");
    let exchanges = record["exchanges"].as_array().unwrap();
    let id = exchanges.iter().find(|one| one["method"] == "POST").unwrap()["id"].as_str().unwrap();
    assert!(id.starts_with("data.") && id.ends_with("-transaction"), "{id}");
    let evidence = workspace.read(&format!("proofmark-out/private/evidence/{id}.json"));
    assert!(evidence.contains("9991202145"));
    assert!(!workspace.read(&format!("proofmark-out/evidence/{id}.json")).contains("9991202145"));
    let judged = workspace.run(&["judge", "proofmark-out"]);
    assert_eq!(judged.code, ended.code, "{}", judged.stderr);
    let mut again = workspace.json("proofmark-judged/run.json");
    again["judged"] = record["judged"].clone();
    assert_eq!(again, record);
}
