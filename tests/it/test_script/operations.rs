//! Each kind of operation, and what is not supported.

use serde_json::json;

use super::scripts::{assert, operation, patient, read, run, script, server};
use crate::workspace::Workspace;

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
