//! The course of a script: setup, tests, teardown, capabilities, and scripts that are none.

use serde_json::json;

use super::scripts::{assert, operation, outcome_of, outcomes, patient, read, run, script, server};
use crate::workspace::Workspace;

#[test]
fn setup_and_teardown_are_done_once_and_tests_go_on_after_one_another() {
    let create = operation("create", json!({"resource": "Patient", "sourceId": "f", "responseId": "made"}));
    let script = script(
        &json!({
            "fixture": [
                {"id": "f", "autocreate": false, "autodelete": false, "resource": {"reference": "patient.xml"}},
                {"id": "auto", "autocreate": true, "autodelete": true, "resource": {"reference": "data/auto"}}],
            "setup": {"action": [create, assert(json!({"response": "created"}))]},
            "teardown": {"action": [operation("delete", json!({"resource": "Patient", "targetId": "made"}))]},
        }),
        &[
            (
                "First",
                json!([
                    operation(
                        "read",
                        json!({"resource": "Patient", "targetId": "auto", "responseId": "seen"})
                    ),
                    assert(json!({"response": "gone"})),
                    operation("read", json!({"resource": "Patient", "params": "/after-a-failure"})),
                    assert(json!({"response": "okay"})),
                ]),
            ),
            (
                "Second",
                json!([
                    operation("read", json!({"resource": "Patient", "targetId": "made"})),
                    assert(json!({"response": "okay"})),
                    assert(json!({"sourceId": "seen", "expression": "Patient.id", "value": "77"})),
                    assert(json!({"headerField": "X-Nothing", "operator": "notEmpty", "warningOnly": true})),
                    assert(json!({"resource": "Patient"})),
                ]),
            ),
        ],
    );
    let workspace = Workspace::new();
    workspace.write("scripts/script.json", &script.to_string());
    workspace.write(
        "scripts/patient.xml",
        "<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>",
    );
    workspace.write("scripts/data/auto.json", r#"{"resourceType":"Patient","active":true}"#);
    let (endpoint, seen) = server();
    let (ended, record) = run(&workspace, &endpoint);
    assert_eq!(ended.code, 1, "{}{}", ended.stdout, ended.stderr);
    let line = |head: &str| head.lines().next().unwrap().trim_end_matches(" HTTP/1.1").replace("/fhir", "");
    let lines: Vec<String> = seen.lock().unwrap().iter().map(|(head, _)| line(head)).collect();
    assert_eq!(
        lines,
        [
            "POST /Patient",
            "POST /Patient",
            "GET /Patient/77",
            "GET /Patient/77",
            "DELETE /Patient/77",
            "DELETE /Patient/77"
        ]
    );
    assert_eq!(seen.lock().unwrap()[1].1, r#"{"resourceType":"Patient","active":true}"#);
    let found: Vec<(&str, &str, &str)> = record["requirements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (one["id"].as_str().unwrap(), one["level"].as_str().unwrap(), one["outcome"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        found,
        [
            ("my-script/first", "SHALL", "fail"),
            ("my-script/second", "SHALL", "pass"),
            ("my-script/second-warnings", "SHOULD", "fail"),
        ]
    );

    // The run is judged again by the same script, and says the same.
    let again = workspace.run(&["judge", "proofmark-out", "--test-script", "scripts/script.json"]);
    assert_eq!(again.code, 1, "{}", again.stderr);
    assert_eq!(workspace.json("proofmark-judged/run.json")["requirements"], record["requirements"]);
}

#[test]
fn a_setup_that_does_not_hold_shows_nothing() {
    let setup = |code: &str| json!({"setup": {"action": [read(), assert(json!({"response": code}))]}});
    let test = [("Test", json!([read(), assert(json!({"response": "okay"}))]))];
    let (ended, found, _) = outcomes(&script(&setup("created"), &test));
    assert_eq!((ended.code, found[0].1.as_str()), (3, "not-demonstrated"));
    let (ended, found, _) = outcomes(&script(&setup("okay"), &test));
    assert_eq!((ended.code, found[0].1.as_str()), (0, "pass"));
    // Nothing of the tests is sent where the setup cannot be done.
    let broken = json!({"setup": {"action": [operation("read", json!({"resource": "Patient"}))]}});
    let (ended, found, record) = outcomes(&script(&broken, &test));
    assert_eq!((ended.code, found[0].1.as_str()), (3, "inconclusive"));
    assert_eq!(record["exchanges"], json!([]));
}

#[test]
fn what_shows_nothing_and_what_cannot_be_read_does_not_pass() {
    let absent = json!({"headerField": "X-Nothing", "operator": "notEquals", "value": "a"});
    assert_eq!(outcome_of(&read(), &absent), "not-demonstrated");
    let unreadable = operation("read", json!({"resource": "Patient", "params": "/unreadable"}));
    assert_eq!(outcome_of(&unreadable, &json!({"expression": "Patient.id", "value": "1"})), "fail");
    let elsewhere = operation("read", json!({"url": "http://127.0.0.1:9/other/Patient/1"}));
    assert_eq!(outcome_of(&elsewhere, &json!({"response": "okay"})), "inconclusive");
}

#[test]
fn capabilities_are_requirements_and_say_when_tests_apply() {
    let capability = |required: bool, name: &str| {
        json!({"metadata": {"capability": [{"required": required, "validated": !required, "description": "Reading",
            "link": ["http://hl7.org/fhir/http.html#read"], "capabilities": format!("#{name}")}]},
            "contained": [
                {"resourceType": "CapabilityStatement", "id": "a", "rest": [{"mode": "server",
                    "resource": [{"type": "Patient", "interaction": [{"code": "read"}]}]}]},
                {"resourceType": "CapabilityStatement", "id": "b", "rest": [{"mode": "server",
                    "resource": [{"type": "Patient", "interaction": [{"code": "delete"}]}]}]}]})
    };
    let test = [("Test", json!([read(), assert(json!({"response": "okay"}))]))];
    let of = |required, name: &str| {
        let (ended, found, _) = outcomes(&script(&capability(required, name), &test));
        let outcomes: Vec<String> =
            found.into_iter().map(|(id, outcome)| format!("{id} {outcome}")).collect();
        (ended.code, outcomes.join(", "))
    };
    assert_eq!(of(false, "a"), (0, "my-script/capability-1 pass, my-script/test pass".into()));
    assert_eq!(of(false, "b"), (1, "my-script/capability-1 fail, my-script/test pass".into()));
    assert_eq!(of(true, "a"), (0, "my-script/capability-1 pass, my-script/test pass".into()));
    assert_eq!(of(true, "b"), (3, "my-script/capability-1 fail, my-script/test not-applicable".into()));
    assert_eq!(of(false, "c"), (3, "my-script/capability-1 inconclusive, my-script/test pass".into()));
}

#[test]
fn a_script_in_xml_and_of_stu3_runs_and_what_is_no_script_is_an_error() {
    let workspace = Workspace::new();
    workspace.write(
        "scripts/script.xml",
        r##"<TestScript xmlns="http://hl7.org/fhir">
  <name value="In XML"/><status value="active"/>
  <contained><Patient><id value="p"/><active value="true"/></Patient></contained>
  <fixture id="f"><resource><reference value="#p"/></resource></fixture>
  <test><name value="Update"/>
    <action><operation><type><code value="update"/></type><resource value="Patient"/><sourceId value="f"/></operation></action>
    <action><assert><response value="okay"/><warningOnly value="false"/></assert></action>
    <action><assert><expression value="Patient.active"/><operator value="equals"/><value value="true"/></assert></action>
  </test>
</TestScript>"##,
    );
    workspace.write("scripts/patient.json", &patient().to_string());
    let (endpoint, seen) = server();
    let ended = workspace.run(&[
        "run",
        "--test-script",
        "scripts",
        "--fhir-version",
        "3.0",
        "--endpoint",
        &endpoint.url,
    ]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let asked = seen.lock().unwrap()[0].clone();
    assert!(asked.0.starts_with("PUT /fhir/Patient/p "), "{}", asked.0);
    assert_eq!(asked.1, r#"{"resourceType":"Patient","id":"p","active":true}"#);
    let plan = workspace.run(&["plan", "--test-script", "scripts/script.xml"]);
    assert!(
        plan.stdout.contains("PUT Patient/p") && plan.stdout.contains("in-xml/update"),
        "{}",
        plan.stdout
    );

    let wrong = workspace.run(&["run", "--test-script", "scripts/patient.json", "--endpoint", &endpoint.url]);
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.stderr.contains("scripts/patient.json: this is no TestScript: Patient"),
        "{}",
        wrong.stderr
    );
}
