//! FHIR TestScripts, each part of them by a run against an endpoint in the test.

#![expect(
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    reason = "scripts and tables of cases, written where they are used"
)]

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::endpoint::{Endpoint, response};
use crate::workspace::{Ended, Workspace};

type Seen = Arc<Mutex<Vec<(String, String)>>>;

/// A small server of Patients, which keeps what it was asked.
fn server() -> (Endpoint, Seen) {
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

fn host(head: &str) -> String {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("host:")).unwrap_or("host: h");
    line[5..].trim().to_owned()
}

fn fhir(status: &str, headers: &str, body: &Value) -> String {
    response(status, &format!("Content-Type: application/fhir+json\r\n{headers}"), &body.to_string())
}

fn patient() -> Value {
    json!({"resourceType": "Patient", "id": "77", "meta": {"versionId": "3"}, "active": true,
        "name": [{"family": "O'Hara", "given": ["Ann", "Bea"]}], "gender": "female"})
}

fn bundle() -> Value {
    json!({"resourceType": "Bundle", "type": "searchset", "total": 2,
        "link": [{"relation": "self", "url": "x"}, {"relation": "first", "url": "x"}],
        "entry": [{"resource": patient()}, {"resource": {"resourceType": "Patient", "id": "78"}}]})
}

fn statement() -> Value {
    json!({"resourceType": "CapabilityStatement", "rest": [{"mode": "server", "resource": [
        {"type": "Patient", "interaction": [{"code": "read"}], "searchParam": [{"name": "family", "type": "string"}]}]}]})
}

/// A script of some tests, each a name and its actions.
fn script(more: &Value, tests: &[(&str, Value)]) -> Value {
    let tests: Vec<Value> =
        tests.iter().map(|(name, actions)| json!({"name": name, "action": actions})).collect();
    let mut script = json!({"resourceType": "TestScript", "url": "http://example.org/s", "name": "My Script",
        "status": "active", "test": tests});
    for (key, value) in more.as_object().unwrap() {
        script[key] = value.clone();
    }
    script
}

fn operation(code: &str, more: Value) -> Value {
    let mut operation = json!({"type": {"code": code}, "encodeRequestUrl": true});
    for (key, value) in more.as_object().unwrap() {
        operation[key] = value.clone();
    }
    json!({"operation": operation})
}

fn assert(what: Value) -> Value {
    let mut what = what;
    if what.get("warningOnly").is_none() {
        what["warningOnly"] = false.into();
    }
    json!({"assert": what})
}

fn read() -> Value {
    operation("read", json!({"resource": "Patient", "params": "/known"}))
}

fn run(workspace: &Workspace, endpoint: &Endpoint) -> (Ended, Value) {
    let ended = workspace.run(&["run", "--test-script", "scripts", "--endpoint", &endpoint.url]);
    assert!(workspace.path("proofmark-out/run.json").exists(), "{}", ended.stderr);
    let record = workspace.json("proofmark-out/run.json");
    (ended, record)
}

/// Runs a script, and returns what came of each requirement.
fn outcomes(script: &Value) -> (Ended, Vec<(String, String)>, Value) {
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
fn outcome_of(operation: &Value, what: &Value) -> String {
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
fn fixtures() -> Value {
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

#[test]
fn each_kind_of_assert_passes_and_fails() {
    let gone = operation("read", json!({"resource": "Patient", "params": "/gone"}));
    let search = operation("search", json!({"resource": "Patient", "params": "?family=O'Hara"}));
    let family = "Patient.name.family";
    // Each is given what holds, and the same with something that does not. All of a kind are judged in one run.
    let cases: Vec<(&Value, Value, Value)> = vec![
        (&gone, json!({"response": "gone"}), json!({"response": "okay"})),
        (
            &gone,
            json!({"responseCode": "404,410", "operator": "in"}),
            json!({"responseCode": "404,410", "operator": "notIn"}),
        ),
        (
            &gone,
            json!({"responseCode": "200", "operator": "notEquals"}),
            json!({"responseCode": "410", "operator": "notEquals"}),
        ),
        (
            &gone,
            json!({"responseCode": "400", "operator": "greaterThan"}),
            json!({"responseCode": "400", "operator": "lessThan"}),
        ),
        (&gone, json!({"contentType": "json"}), json!({"contentType": "xml"})),
        (
            &gone,
            json!({"headerField": "Content-Type", "operator": "contains", "value": "json"}),
            json!({"headerField": "Content-Type", "operator": "notContains", "value": "json"}),
        ),
        (
            &gone,
            json!({"headerField": "ETag", "operator": "empty"}),
            json!({"headerField": "ETag", "operator": "notEmpty"}),
        ),
        (&gone, json!({"resource": "OperationOutcome"}), json!({"resource": "Patient"})),
        (&gone, json!({"requestMethod": "get"}), json!({"requestMethod": "post"})),
        (
            &gone,
            json!({"requestURL": "/Patient/gone", "operator": "contains"}),
            json!({"requestURL": "/Patient/known", "operator": "contains"}),
        ),
        (
            &gone,
            json!({"headerField": "Accept", "direction": "request", "operator": "contains", "value": "json"}),
            json!({"headerField": "Accept", "direction": "request", "operator": "contains", "value": "turtle"}),
        ),
        (
            &search,
            json!({"expression": "Bundle.total", "operator": "greaterThan", "value": "1"}),
            json!({"expression": "Bundle.total", "operator": "greaterThan", "value": "2"}),
        ),
        (
            &search,
            json!({"path": "fhir:Bundle/fhir:type/@value", "value": "searchset"}),
            json!({"path": "fhir:Bundle/fhir:type/@value", "value": "history"}),
        ),
        (
            &search,
            json!({"expression": "Bundle.entry.count() = 2", "operator": "eval"}),
            json!({"expression": "Bundle.entry.count() = 3", "operator": "eval"}),
        ),
        (&search, json!({"validateProfileId": "bundle"}), json!({"validateProfileId": "patient"})),
        (
            &search,
            json!({"expression": "Bundle.link", "operator": "notEmpty"}),
            json!({"navigationLinks": true}),
        ),
    ];
    let known = read();
    let of_patient: Vec<(&Value, Value, Value)> = vec![
        (&known, json!({"minimumId": "f-same"}), json!({"minimumId": "f-other"})),
        (
            &known,
            json!({"expression": family, "value": "${family}"}),
            json!({"expression": family, "value": "${wrong}"}),
        ),
        (
            &known,
            json!({"expression": family, "compareToSourceId": "f-same", "compareToSourceExpression": family}),
            json!({"expression": family, "compareToSourceId": "f-other", "compareToSourceExpression": family}),
        ),
        (
            &known,
            json!({"compareToSourceId": "f-same", "compareToSourcePath": "fhir:Patient/fhir:name/fhir:family/@value"}),
            json!({"compareToSourceId": "f-other", "compareToSourcePath": "fhir:Patient/fhir:name/fhir:family/@value"}),
        ),
        (
            &known,
            json!({"expression": "Patient.gender", "operator": "in", "value": "male,female"}),
            json!({"expression": "Patient.gender", "operator": "notIn", "value": "male,female"}),
        ),
        (
            &known,
            json!({"expression": "Patient.birthDate", "operator": "empty"}),
            json!({"expression": "Patient.birthDate", "operator": "notEmpty"}),
        ),
    ];
    let cases: Vec<_> = cases.into_iter().chain(of_patient).collect();
    let tests: Vec<(String, Value)> = cases
        .iter()
        .enumerate()
        .flat_map(|(number, (operation, right, wrong))| {
            [
                (format!("Right {number}"), json!([operation, assert(right.clone())])),
                (format!("Wrong {number}"), json!([operation, assert(wrong.clone())])),
            ]
        })
        .collect();
    let tests: Vec<(&str, Value)> =
        tests.iter().map(|(name, actions)| (name.as_str(), actions.clone())).collect();
    let (ended, found, _) = outcomes(&script(&fixtures(), &tests));
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(!ended.stderr.contains("not supported"), "{}", ended.stderr);
    let mut wrong = Vec::new();
    for (number, (_, right, bad)) in cases.iter().enumerate() {
        for (kind, what, expected) in [("right", right, "pass"), ("wrong", bad, "fail")] {
            let id = format!("my-script/{kind}-{number}");
            let outcome = &found.iter().find(|(found, _)| *found == id).unwrap().1;
            if outcome != expected {
                wrong.push(format!("{what}: {outcome}, expected {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_kind_of_operation_is_sent() {
    let of = |params: &str| json!({"resource": "Patient", "params": params});
    let script = script(
        &json!({
            "contained": [
                {"resourceType": "Patient", "id": "same", "name": [{"family": "${family}"}]},
                {"resourceType": "Binary", "id": "patch", "contentType": "application/json-patch+json",
                    "data": "W3sib3AiOiJyZW1vdmUiLCJwYXRoIjoiL2dlbmRlciJ9XQ=="},
                {"resourceType": "Bundle", "id": "bundle", "type": "batch"},
                {"resourceType": "Parameters", "id": "parameters"}],
            "fixture": [
                {"id": "f", "resource": {"reference": "#same"}}, {"id": "patch", "resource": {"reference": "#patch"}},
                {"id": "bundle", "resource": {"reference": "#bundle"}},
                {"id": "parameters", "resource": {"reference": "#parameters"}}],
            "variable": [
                {"name": "family", "defaultValue": "O\"Hara"},
                {"name": "location", "headerField": "Location", "sourceId": "made"},
                {"name": "version", "path": "Patient/meta/versionId", "sourceId": "made"}]
        }),
        &[(
            "All",
            json!([
                operation(
                    "create",
                    json!({"resource": "Patient", "sourceId": "f", "responseId": "made", "contentType": "xml"})
                ),
                operation("read", json!({"url": "${location}"})),
                operation("read", json!({"resource": "Patient", "targetId": "made"})),
                operation("vread", json!({"resource": "Patient", "targetId": "made"})),
                operation("vread", of("/77/_history/${version}")),
                operation("search", of("?family=A B&_count=1")),
                operation(
                    "search",
                    json!({"resource": "Patient", "params": "?family=A%7CB", "method": "post"})
                ),
                operation(
                    "search",
                    json!({"resource": "Patient", "params": "?family=A|B", "encodeRequestUrl": false})
                ),
                operation("update", json!({"resource": "Patient", "targetId": "f", "sourceId": "f"})),
                operation(
                    "update",
                    json!({"resource": "Patient", "params": "/77", "sourceId": "made",
                    "requestHeader": [{"field": "If-Match", "value": "W/\"${version}\""}]})
                ),
                operation("patch", json!({"resource": "Patient", "params": "/77", "sourceId": "patch"})),
                operation("history", json!({"resource": "Patient", "targetId": "made"})),
                operation("batch", json!({"sourceId": "bundle"})),
                operation("transaction", json!({"sourceId": "bundle"})),
                operation("everything", json!({"resource": "Patient", "targetId": "made"})),
                operation("validate", json!({"resource": "Patient", "sourceId": "parameters"})),
                operation("capabilities", json!({"accept": "json"})),
                operation("delete", of("/77")),
                assert(json!({"response": "noContent"})),
            ]),
        )],
    );
    let workspace = Workspace::new();
    workspace.write("scripts/script.json", &script.to_string());
    let (endpoint, seen) = server();
    let (ended, record) = run(&workspace, &endpoint);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    assert_eq!(record["requirements"][0]["outcome"], "pass");
    let seen = seen.lock().unwrap();
    let line = |head: &str| head.lines().next().unwrap().trim_end_matches(" HTTP/1.1").replace("/fhir", "");
    let lines: Vec<String> = seen.iter().map(|(head, _)| line(head)).collect();
    assert_eq!(
        lines,
        [
            "POST /Patient",
            "GET /Patient/77/_history/3",
            "GET /Patient/77",
            "GET /Patient/77/_history/3",
            "GET /Patient/77/_history/3",
            "GET /Patient?family=A%20B&_count=1",
            "POST /Patient/_search",
            "GET /Patient?family=A|B",
            "PUT /Patient/same",
            "PUT /Patient/77",
            "PATCH /Patient/77",
            "GET /Patient/77/_history",
            "POST ",
            "POST ",
            "GET /Patient/77/$everything",
            "POST /Patient/$validate",
            "GET /metadata",
            "DELETE /Patient/77",
        ]
    );
    let body = |number: usize| seen[number].1.as_str();
    assert!(body(0).contains("<family value=\"O&quot;Hara\"/>"), "{}", body(0));
    assert_eq!(body(6), "family=A%7CB");
    assert!(body(8).contains(r#""family":"O\"Hara""#), "{}", body(8));
    assert_eq!(body(9), patient().to_string());
    assert!(seen[9].0.to_ascii_lowercase().contains("if-match: w/\"3\""), "{}", seen[9].0);
    assert_eq!(body(10), r#"[{"op":"remove","path":"/gender"}]"#);
    assert!(seen[10].0.to_ascii_lowercase().contains("application/json-patch+json"), "{}", seen[10].0);
    assert!(body(12).contains("\"Bundle\""), "{}", body(12));
}

#[test]
fn what_is_not_supported_is_named_and_never_passes() {
    let right = assert(json!({"response": "okay"}));
    let tests = [
        ("Good", json!([read(), right])),
        ("Functions", json!([read(), right, assert(json!({"path": "count(//fhir:name)", "value": "1"}))])),
        ("Rule", json!([read(), right, assert(json!({"rule": {"ruleId": "r"}}))])),
        (
            "Elsewhere",
            json!([
                operation("read", json!({"resource": "Patient", "params": "/known", "destination": 2})),
                right
            ]),
        ),
        ("Nothing", json!([read()])),
        ("Empty", json!([read(), right, assert(json!({}))])),
        ("Unknown", json!([operation("read", json!({"resource": "Patient", "params": "/${who}"})), right])),
        ("Fixture", json!([read(), right, assert(json!({"minimumId": "outside"}))])),
        ("Operator", json!([read(), assert(json!({"responseCode": "200", "operator": "matches"}))])),
        ("Profile", json!([read(), right, assert(json!({"validateProfileId": "none"}))])),
        (
            "Failing",
            json!([read(), assert(json!({"path": "count(x)"})), assert(json!({"response": "gone"}))]),
        ),
    ];
    let workspace = Workspace::new();
    let more = json!({"fixture": [{"id": "outside", "resource": {"reference": "../secret.json"}}],
        "ruleset": [{"resource": {"reference": "#x"}}]});
    workspace.write("secret.json", r#"{"resourceType":"Patient"}"#);
    let text = serde_json::to_string_pretty(&script(&more, &tests)).unwrap();
    workspace.write("scripts/script.json", &text);
    let (endpoint, seen) = server();
    let (ended, record) = run(&workspace, &endpoint);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    for words in [
        "count(//fhir:name)",
        "the element `rule` of an assert",
        "the element `ruleset` of a script",
        "the destination 2",
        "a test that asserts nothing",
        "an assert that asserts nothing",
        "the script has no variable `who`",
        "there is no file `../secret.json`",
        "the operator `matches`",
        "there is no profile `none`",
    ] {
        let line = ended.stderr.lines().find(|line| line.contains(words));
        let line = line.unwrap_or_else(|| panic!("{words} is not in {}", ended.stderr));
        // File, line and column.
        let place = line.trim_start_matches("warning: scripts/script.json:").split(':').next().unwrap();
        assert!(place.parse::<u32>().is_ok_and(|line| line > 1), "{line}");
    }
    for one in record["requirements"].as_array().unwrap() {
        let expected = match one["id"].as_str().unwrap() {
            "my-script/good" => "pass",
            "my-script/failing" => "fail",
            _ => "inconclusive",
        };
        assert_eq!(one["outcome"], expected, "{one}");
        if expected == "inconclusive" {
            assert!(one["reason"].as_str().unwrap().contains("not supported: "), "{one}");
        }
    }
    let asked = seen.lock().unwrap();
    assert!(
        asked.iter().all(|(head, _)| !head.contains("who")),
        "nothing is sent with a name that has no value"
    );
}

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
