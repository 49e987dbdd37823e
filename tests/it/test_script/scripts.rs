//! Scripts, the small server that they are run against, and what came of them.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::endpoint::{Endpoint, response};
use crate::workspace::{Ended, Workspace};

pub(super) type Seen = Arc<Mutex<Vec<(String, String)>>>;

/// A small server of Patients, which keeps what it was asked.
pub(super) fn server() -> (Endpoint, Seen) {
    let seen = Seen::default();
    let kept = Arc::clone(&seen);
    let endpoint = Endpoint::answering(move |head, body| {
        let line = head.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1").replace("/fhir", "");
        kept.lock().unwrap().push((head.to_owned(), body.to_owned()));
        let headers = "ETag: W/\"3\"\r\nLast-Modified: Mon, 01 Jan 2024 00:00:00 GMT\r\n";
        let located = format!("{headers}Location: http://{}/fhir/Patient/77/_history/3\r\n", host(head));
        let (method, path) = line.split_once(' ').unwrap_or_default();
        match (method, path) {
            ("GET", "/metadata") => fhir("200 OK", "", &statement()),
            ("GET", path) if path.starts_with("/Patient/77") || path.starts_with("/Patient/known") => {
                fhir("200 OK", headers, &patient())
            }
            ("GET", "/Patient/gone") => fhir("410 Gone", "", &json!({"resourceType": "OperationOutcome"})),
            ("GET", "/Patient/unreadable") => response("200 OK", "Content-Type: text/html\r\n", "<html>"),
            ("GET" | "POST", path) if path.starts_with("/Patient?") || path == "/Patient/_search" => {
                fhir("200 OK", headers, &bundle())
            }
            ("POST", "/Patient") => fhir("201 Created", &located, &patient()),
            ("PUT" | "PATCH", _) => fhir("200 OK", headers, &patient()),
            ("DELETE", _) => response("204 No Content", "", ""),
            ("POST", _) => fhir("200 OK", headers, &bundle()),
            _ => fhir("404 Not Found", "", &json!({"resourceType": "OperationOutcome"})),
        }
    });
    (endpoint, seen)
}

pub(super) fn host(head: &str) -> String {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("host:")).unwrap_or("host: h");
    line[5..].trim().to_owned()
}

pub(super) fn fhir(status: &str, headers: &str, body: &Value) -> String {
    response(status, &format!("Content-Type: application/fhir+json\r\n{headers}"), &body.to_string())
}

pub(super) fn patient() -> Value {
    json!({"resourceType": "Patient", "id": "77", "meta": {"versionId": "3"}, "active": true,
        "name": [{"family": "O'Hara", "given": ["Ann", "Bea"]}], "gender": "female"})
}

pub(super) fn bundle() -> Value {
    json!({"resourceType": "Bundle", "type": "searchset", "total": 2,
        "link": [{"relation": "self", "url": "x"}, {"relation": "first", "url": "x"}],
        "entry": [{"resource": patient()}, {"resource": {"resourceType": "Patient", "id": "78"}}]})
}

pub(super) fn statement() -> Value {
    json!({"resourceType": "CapabilityStatement", "rest": [{"mode": "server", "resource": [
        {"type": "Patient", "interaction": [{"code": "read"}], "searchParam": [{"name": "family", "type": "string"}]}]}]})
}

/// A script of some tests, each a name and its actions.
pub(super) fn script(more: &Value, tests: &[(&str, Value)]) -> Value {
    let tests: Vec<Value> =
        tests.iter().map(|(name, actions)| json!({"name": name, "action": actions})).collect();
    let mut script = json!({"resourceType": "TestScript", "url": "http://example.org/s", "name": "My Script",
        "status": "active", "test": tests});
    for (key, value) in more.as_object().unwrap() {
        script[key] = value.clone();
    }
    script
}

pub(super) fn operation(code: &str, more: Value) -> Value {
    let mut operation = json!({"type": {"code": code}, "encodeRequestUrl": true});
    for (key, value) in more.as_object().unwrap() {
        operation[key] = value.clone();
    }
    json!({"operation": operation})
}

pub(super) fn assert(what: Value) -> Value {
    let mut what = what;
    if what.get("warningOnly").is_none() {
        what["warningOnly"] = false.into();
    }
    json!({"assert": what})
}

pub(super) fn read() -> Value {
    operation("read", json!({"resource": "Patient", "params": "/known"}))
}

pub(super) fn run(workspace: &Workspace, endpoint: &Endpoint) -> (Ended, Value) {
    let ended = workspace.run(&["run", "--test-script", "scripts", "--endpoint", &endpoint.url]);
    assert!(workspace.path("proofmark-out/run.json").exists(), "{}", ended.stderr);
    let record = workspace.json("proofmark-out/run.json");
    (ended, record)
}

/// Runs a script, and returns what came of each requirement.
pub(super) fn outcomes(script: &Value) -> (Ended, Vec<(String, String)>, Value) {
    let workspace = Workspace::new();
    workspace.write("scripts/script.json", &script.to_string());
    let (endpoint, _) = server();
    let (ended, record) = run(&workspace, &endpoint);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let found = record["requirements"].as_array().unwrap().iter();
    let found = found.map(|one| (text(&one["id"]), text(&one["outcome"]))).collect();
    (ended, found, record)
}

/// What comes of a test with one assert on the reading of a Patient.
pub(super) fn outcome_of(operation: &Value, what: &Value) -> String {
    let script = script(&fixtures(), &[("One", json!([operation, assert(what.clone())]))]);
    let (ended, found, _) = outcomes(&script);
    let found = found.into_iter().find(|(id, _)| id == "my-script/one").unwrap().1;
    let code = match found.as_str() {
        "pass" => 0,
        "fail" => 1,
        _ => 3,
    };
    assert_eq!(ended.code, code, "{what}: {}", ended.stderr);
    found
}

/// A fixture of a Patient, another with a wrong name, and a profile.
pub(super) fn fixtures() -> Value {
    json!({
        "contained": [
            {"resourceType": "Patient", "id": "same", "name": [{"family": "O'Hara", "given": ["Bea"]}], "gender": "female"},
            {"resourceType": "Patient", "id": "other", "name": [{"family": "Smith"}]}],
        "fixture": [
            {"id": "f-same", "autocreate": false, "autodelete": false, "resource": {"reference": "#same"}},
            {"id": "f-other", "autocreate": false, "autodelete": false, "resource": {"reference": "#other"}}],
        "profile": [
            {"id": "patient", "reference": "http://hl7.org/fhir/StructureDefinition/Patient"},
            {"id": "bundle", "reference": "http://hl7.org/fhir/StructureDefinition/Bundle"}],
        "variable": [
            {"name": "family", "sourceId": "f-same", "expression": "Patient.name.family"},
            {"name": "wrong", "defaultValue": "Jones"}],
    })
}
