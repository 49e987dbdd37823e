//! The language of scenarios, each part of it by a run against an endpoint in the test.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::endpoint::{Endpoint, response};
use crate::workspace::{Ended, Workspace};

pub(crate) const FOLDER: &str = "standards/mini/1.0.0";

/// A workspace with a standard of two requirements and some scenarios.
pub(crate) fn workspace(scenarios: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write(
        &format!("{FOLDER}/standard.yaml"),
        "id: mini\ntitle: Mini\nversion: 1.0.0\npublisher: Nobody\nfhirVersion: 3.0.2\n\
         lifecycle: { status: active, label: active }\nroles: [server]\nareas: { all: All }\n\
         variables: { surname: \"Test-${uuid}\" }\n\
         data:\n  patient-a:\n    resource: Patient\n    example: data/patient-a.json\n    values: { family: name.family }\n",
    );
    let requirement = |id: &str| {
        format!(
            "- id: {id}\n  level: SHALL\n  area: all\n  text: Something.\n  clause: {{ page: p }}\n  maturity: active\n"
        )
    };
    workspace.write(
        &format!("{FOLDER}/requirements.yaml"),
        &format!("{}{}", requirement("M-1"), requirement("M-2")),
    );
    workspace.write(
        &format!("{FOLDER}/data/patient-a.json"),
        r#"{"resourceType":"Patient","id":"a","name":[{"family":"O'Hara"}]}"#,
    );
    workspace.write(
        &format!("{FOLDER}/data/new.json"),
        r#"{"resourceType":"Patient","name":[{"family":"${patient-a.family}"}],"gender":"male"}"#,
    );
    workspace.write(&format!("{FOLDER}/scenarios/all.yaml"), scenarios);
    workspace
}

/// A second requirement that always passes.
pub(crate) const OTHER: &str = "- scenario: other\n  title: Other\n  verifies: [M-2]\n  steps:\n    - { request: { method: GET, path: ok }, \
                     expect: { status: 200 } }\n";

pub(crate) fn run(workspace: &Workspace, endpoint: &Endpoint) -> (Ended, Value) {
    let ended = workspace.run(&[
        "run",
        "--profiles",
        "standards",
        "--standard",
        "mini",
        "--endpoint",
        &endpoint.url,
        "--report",
        "text",
    ]);
    assert!(workspace.path("proofmark-out/run.json").exists(), "{}", ended.stderr);
    let record = workspace.json("proofmark-out/run.json");
    (ended, record)
}

/// The checks of one scenario, in order: the outcome and code of each.
fn checks(record: &Value, scenario: &str) -> Vec<(String, String)> {
    let found = record["scenarios"].as_array().unwrap().iter().find(|found| found["id"] == scenario).unwrap();
    let steps = found["steps"].as_array().unwrap().iter();
    let checks = steps.flat_map(|step| step["checks"].as_array().unwrap());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    checks.map(|check| (text(&check["outcome"]), text(&check["code"]))).collect()
}

fn outcome(record: &Value, requirement: &str) -> String {
    let found = record["requirements"].as_array().unwrap().iter().find(|found| found["id"] == requirement);
    found.unwrap()["outcome"].as_str().unwrap().to_owned()
}

pub(crate) type Seen = Arc<Mutex<Vec<(String, String)>>>;

/// An endpoint that keeps what it was asked, and answers by the first line of the request.
pub(crate) fn seeing(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> (Endpoint, Seen) {
    let seen = Seen::default();
    let kept = Arc::clone(&seen);
    let endpoint = Endpoint::answering(move |head, body| {
        kept.lock().unwrap().push((head.to_owned(), body.to_owned()));
        answer(head.lines().next().unwrap_or_default())
    });
    (endpoint, seen)
}

pub(crate) fn fhir(status: &str, headers: &str, body: &Value) -> String {
    response(status, &format!("Content-Type: application/fhir+json\r\n{headers}"), &body.to_string())
}

pub(crate) fn patient() -> Value {
    json!({"resourceType": "Patient", "id": "1", "meta": {"versionId": "3"}, "gender": "male"})
}

/// The requests of a scenario without those for `ok`: method and path, and body.
fn asked(seen: &Seen) -> Vec<(String, String)> {
    let seen = seen.lock().unwrap();
    let line = |head: &str| head.lines().next().unwrap().trim_end_matches(" HTTP/1.1").replace("/fhir", "");
    seen.iter().map(|(head, body)| (line(head), body.clone())).filter(|(line, _)| line != "GET /ok").collect()
}

#[test]
fn each_kind_of_step_is_sent_as_it_is_written() {
    let workspace = workspace(&format!(
        r#"- scenario: kinds
  title: Kinds
  verifies: [M-1]
  needs: [patient-a]
  variables: {{ gender: male }}
  steps:
    - create: Patient
      ifNoneExist: {{ family: "${{patient-a.family}}" }}
      body: {{ resource: data/new.json, merge: {{ gender: null }} }}
      capture:
        id: {{ header: Location, matches: "Patient/([^/]+)" }}
        tag: {{ header: ETag }}
        status: {{ status: true }}
        version: meta.versionId
    - read: Patient/${{id}}
    - vread: Patient/${{id}}/_history/${{version}}
    - search: Patient
      method: POST
      params: {{ family: "${{patient-a.family}}", _format: json }}
    - update: Patient/${{id}}
      ifMatch: "${{version}}"
      body: {{ resource: {{ resourceType: Patient, gender: "${{gender}}" }} }}
      headers: {{ Content-Type: application/fhir+xml }}
    - patch: Patient/${{id}}
      ifMatch: "${{tag}}"
      body: {{ json: [{{ op: remove, path: /gender }}] }}
    - operation: Patient/${{id}}/$everything
      params: {{ _count: "${{status}}" }}
    - operation: Patient/$match
      parameters: [{{ name: count, valueInteger: 2 }}]
    - batch: [{{ method: GET, url: "Patient/${{id}}" }}]
    - request: {{ method: PURGE, path: "x?y=%zz" }}
      body: {{ base64: eyJhIjo= }}
    - delete: Patient
      params: {{ family: "${{surname}}" }}
      expect: {{ status: 200 }}
{OTHER}"#
    ));
    let (endpoint, seen) = seeing(|line| {
        let headers = "Location: http://h/fhir/Patient/77/_history/3\r\nETag: W/\"3\"\r\n";
        fhir(
            if line.starts_with("POST /fhir/Patient ") { "201 Created" } else { "200 OK" },
            headers,
            &patient(),
        )
    });
    let (ended, record) = run(&workspace, &endpoint);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    assert_eq!(outcome(&record, "M-1"), "pass");
    let asked = asked(&seen);
    let lines: Vec<&str> = asked.iter().map(|(line, _)| line.as_str()).collect();
    assert_eq!(
        lines[..10],
        [
            "POST /Patient",
            "GET /Patient/77",
            "GET /Patient/77/_history/3",
            "POST /Patient/_search",
            "PUT /Patient/77",
            "PATCH /Patient/77",
            "GET /Patient/77/$everything?_count=201",
            "POST /Patient/$match",
            "POST ",
            "PURGE /x?y=%zz"
        ]
    );
    assert!(lines[10].starts_with("DELETE /Patient?family=Test-"), "{}", lines[10]);
    assert_eq!(asked[0].1, r#"{"resourceType":"Patient","name":[{"family":"O'Hara"}]}"#);
    assert_eq!(asked[3].1, "family=O%27Hara&_format=json");
    assert!(asked[4].1.contains("<gender value=\"male\"/>"), "{}", asked[4].1);
    assert_eq!(asked[5].1, r#"[{"op":"remove","path":"/gender"}]"#);
    assert!(asked[7].1.contains("\"Parameters\""), "{}", asked[7].1);
    assert!(asked[8].1.contains("\"batch\""), "{}", asked[8].1);
    assert_eq!(asked[9].1, "{\"a\":");
    let heads = seen.lock().unwrap();
    let head =
        |line: &str| heads.iter().find(|(head, _)| head.starts_with(line)).unwrap().0.to_ascii_lowercase();
    assert!(head("POST /fhir/Patient ").contains("if-none-exist: family=o%27hara"));
    assert!(head("PUT ").contains("if-match: w/\"3\"") && head("PATCH ").contains("if-match: w/\"3\""));
    assert!(head("PATCH ").contains("content-type: application/json-patch+json"));
}

#[test]
fn what_was_set_up_is_torn_down_whatever_comes_between() {
    let workspace = workspace(&format!(
        "- scenario: around\n  title: Around\n  verifies: [M-1]\n  setup:\n    - create: Patient\n      body: {{ resource: {{ resourceType: Patient }} }}\n      \
         expect: {{ status: 201 }}\n      capture: {{ id: id }}\n  steps:\n    - read: Patient/${{id}}\n      expect: {{ status: 200 }}\n    \
         - read: Patient/after\n      expect: {{ status: 200 }}\n  teardown:\n    - delete: Patient/${{id}}\n    - delete: Patient/last\n{OTHER}"
    ));
    let (endpoint, seen) = seeing(|line| match line.split(' ').next() {
        Some("POST") => fhir("201 Created", "", &patient()),
        _ if line.contains("/ok") => fhir("200 OK", "", &patient()),
        _ => fhir("500 Internal Server Error", "", &json!({})),
    });
    let (ended, record) = run(&workspace, &endpoint);
    assert_eq!((ended.code, outcome(&record, "M-1")), (1, "fail".to_owned()), "{}", ended.stdout);
    let lines: Vec<String> = asked(&seen).into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, ["POST /Patient", "GET /Patient/1", "DELETE /Patient/1", "DELETE /Patient/last"]);

    // Where nothing can be made ready, nothing is shown, and nothing is held against the supplier.
    let (endpoint, _) = seeing(|line| {
        if line.contains("/ok") {
            fhir("200 OK", "", &patient())
        } else {
            fhir("501 Not Implemented", "", &json!({}))
        }
    });
    let ended = workspace.run(&[
        "run",
        "--profiles",
        "standards",
        "--standard",
        "mini",
        "--endpoint",
        &endpoint.url,
        "--force",
    ]);
    let record = workspace.json("proofmark-out/run.json");
    assert_eq!((ended.code, outcome(&record, "M-1")), (3, "not-demonstrated".to_owned()), "{}", ended.stdout);
}

#[test]
fn options_conditions_alternatives_and_known_deviations() {
    let workspace = workspace(
        r#"- scenario: optional
  title: Optional
  verifies: [M-1]
  steps:
    - search: Slot
      optional: true
      expect: [{ status: 200 }, { verifies: [M-1], resource: Bundle }]
      capture: { slot: "entry.resource.id.first()" }
    - read: Slot/${slot}
      expect: { status: 200 }
    - read: Patient/1
      when: { capability: Patient.vread }
      expect: { status: 200 }
    - read: Patient/1
      expect:
        - status: 200
        - when: { without: Patient.read }
          status: 404
        - anyOf: [{ status: 404 }, { status: 2xx, resource: Patient }]
- scenario: known
  title: Known
  verifies: [M-2]
  steps:
    - read: Patient/1
      expect:
        - knownDeviation: { reference: "issue 12", says: "Version 4 leaves it out." }
          header: { ETag: present }
"#,
    );
    let (endpoint, _) = seeing(|line| {
        let statement = json!({"resourceType": "CapabilityStatement", "rest": [{"mode": "server", "resource":
            [{"type": "Patient", "interaction": [{"code": "read"}]}]}]});
        if line.contains("metadata") {
            fhir("200 OK", "", &statement)
        } else if line.contains("Slot") {
            fhir("404 Not Found", "", &json!({}))
        } else {
            fhir("200 OK", "", &patient())
        }
    });
    let (ended, record) = run(&workspace, &endpoint);
    let found: Vec<String> =
        checks(&record, "optional").into_iter().map(|(outcome, code)| format!("{code} {outcome}")).collect();
    assert_eq!(
        found,
        [
            "status not-applicable",
            "not-judged not-applicable",
            "not-judged not-applicable",
            "not-judged not-applicable",
            "status pass",
            "not-judged not-applicable",
            "any-of pass"
        ]
    );
    assert_eq!(outcome(&record, "M-1"), "pass");
    assert_eq!((ended.code, outcome(&record, "M-2")), (1, "fail".to_owned()));
    let words: Vec<&str> = ended.stdout.split_whitespace().collect();
    let known = "a known deviation, which fails all the same: Version 4 leaves it out. See issue 12";
    assert!(words.join(" ").contains(known), "{}", ended.stdout);
}

#[test]
fn what_does_not_apply_does_not_though_what_it_follows_failed() {
    let workspace = workspace(
        r"- scenario: gate
  title: Gate
  verifies: [M-2]
  steps:
    - read: Patient/1
      expect: { status: 201 }
    - read: Patient/1/_history/1
      verifies: [M-1]
      when: { capability: Patient.vread }
      expect: { status: 200 }
    - read: Patient/1
      verifies: [M-1]
      expect: [{ when: { capability: Patient.vread }, status: 200 }]
",
    );
    let (endpoint, _) = seeing(|line| {
        let statement = json!({"resourceType": "CapabilityStatement", "rest": [{"mode": "server"}]});
        let body = if line.contains("metadata") { statement } else { patient() };
        fhir("200 OK", "", &body)
    });
    let (_, record) = run(&workspace, &endpoint);
    assert_eq!(outcome(&record, "M-2"), "fail");
    assert_eq!(outcome(&record, "M-1"), "not-applicable");
}

#[test]
fn only_an_answer_that_can_mean_it_says_that_an_option_is_not_offered() {
    let workspace = workspace(&format!(
        "- scenario: option\n  title: Option\n  verifies: [M-1]\n  steps:\n    - search: Slot\n      optional: true\n      \
         expect: [{{ status: 200, resource: Bundle }}, {{ verifies: [M-1], bundle: {{ count: 1 }} }}]\n{OTHER}"
    ));
    let issue = |code: &str| json!({"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": code}]});
    for (status, body, expected) in [
        ("404 Not Found", json!({}), "not-applicable"),
        ("405 Method Not Allowed", json!({}), "not-applicable"),
        ("501 Not Implemented", json!({}), "not-applicable"),
        ("400 Bad Request", issue("not-supported"), "not-applicable"),
        ("200 OK", patient(), "not-applicable"),
        ("400 Bad Request", issue("processing"), "fail"),
        ("401 Unauthorized", json!({}), "fail"),
        ("403 Forbidden", json!({}), "fail"),
        ("500 Internal Server Error", issue("not-supported"), "fail"),
        ("302 Found", json!({}), "fail"),
    ] {
        let (endpoint, _) = seeing(move |line| {
            if line.contains("Slot") { fhir(status, "", &body) } else { fhir("200 OK", "", &patient()) }
        });
        let (_, record) = run(&workspace, &endpoint);
        assert_eq!(outcome(&record, "M-1"), expected, "{status}");
        std::fs::remove_dir_all(workspace.path("proofmark-out")).unwrap();
    }
}

#[test]
fn each_kind_of_check_tells_right_from_wrong() {
    let expect = |expect: &str| format!("        - verifies: [M-1]\n          {expect}\n");
    let right = [
        "header: { X-Correlation-ID: { echoes: X-Request-ID } }",
        "body: present",
        "within: { required: 30s }",
        "jsonSchema: { type: object, required: [entry] }",
        "bundle: { count: 1, included: 1, outcomes: 0 }",
        "everyEntry: [{ resource: Observation }, { mode: include, resource: Patient, onlyKnownElements: true }]",
        "anyEntry: { mode: any, resource: Patient, fhirpath: \"gender = 'male'\" }",
        "resolves: endpoint",
        "fhirpath: { path: \"entry[0].resource.id\", equals: o }",
    ];
    let wrong = [
        "header: { X-Other: { echoes: X-Request-ID } }",
        "body: empty",
        "jsonSchema: { type: object, required: [token_endpoint] }",
        "bundle: { included: 2 }",
        "everyEntry: { mode: include, resource: Observation }",
        "anyEntry: { resource: Patient }",
        "resolves: bundle",
        "onlyKnownElements: true",
        "fhirpath: { path: \"entry[0].resource.id\", equals: x }",
    ];
    let lines: String = right.iter().chain(&wrong).map(|line| expect(line)).collect();
    let workspace = workspace(&format!(
        "- scenario: checks\n  title: Checks\n  verifies: [M-1]\n  steps:\n    - search: Observation\n      headers: {{ X-Request-ID: \"${{uuid}}\" }}\n      \
         expect:\n{lines}- scenario: error\n  title: Error\n  verifies: [M-2]\n  steps:\n    - read: Patient/none\n      expect:\n        - status: 400\n          \
         operationOutcome: {{ code: [value], coding: [{{ code: OTHER }}, {{ system: \"http://s\", code: INVALID_NHS_NUMBER }}] }}\n        \
         - verifies: [M-2]\n          operationOutcome: {{ coding: {{ system: \"http://other\", code: INVALID_NHS_NUMBER }} }}\n        \
         - verifies: [M-2]\n          operationOutcome: {{ severity: [warning] }}\n"
    ));
    let endpoint = Endpoint::answering(|head, _| {
        let line = head.lines().next().unwrap_or_default();
        let sent = head.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap_or("none");
        if line.contains("/Patient/none") {
            let issue = json!({"severity": "error", "code": "value", "details": {"coding":
                [{"system": "http://s", "code": "INVALID_NHS_NUMBER"}]}});
            return fhir(
                "400 Bad Request",
                "",
                &json!({"resourceType": "OperationOutcome", "issue": [issue]}),
            );
        }
        if line.contains("/Practitioner/7") {
            return fhir("200 OK", "", &json!({"resourceType": "Practitioner", "id": "7"}));
        }
        let observation = json!({"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "x"},
            "subject": {"reference": "Patient/1"}, "performer": [{"reference": "Practitioner/7"}],
            "extension": [{"url": "https://example.org/own", "valueString": "x"}]});
        let bundle = json!({"resourceType": "Bundle", "type": "searchset", "total": 1, "entry": [
            {"resource": observation, "search": {"mode": "match"}},
            {"resource": patient(), "search": {"mode": "include"}}]});
        fhir("200 OK", &format!("X-Correlation-ID: {sent}\r\nX-Other: y\r\n"), &bundle)
    });
    let (_, record) = run(&workspace, &endpoint);
    let found = checks(&record, "checks");
    let told: Vec<String> = found.iter().map(|(outcome, code)| format!("{code} {outcome}")).collect();
    assert!(found[..13].iter().all(|(outcome, _)| outcome == "pass"), "{told:#?}");
    assert_eq!(found.len(), 13 + wrong.len(), "{told:#?}");
    assert!(found[13..].iter().all(|(outcome, _)| outcome == "fail"), "{told:#?}");
    let errors: Vec<String> = checks(&record, "error").into_iter().map(|(outcome, _)| outcome).collect();
    assert_eq!(errors, ["pass", "pass", "fail", "fail"]);
}

#[test]
fn generated_values_are_the_same_when_the_run_is_judged_again() {
    let workspace = workspace(&format!(
        "- scenario: generated\n  title: Generated\n  verifies: [M-1]\n  steps:\n    - search: Patient\n      \
         params: {{ identifier: \"${{nhsNumber.valid}}\", birthdate: \"le${{today-1d}}\", name: \"${{uuid}}\" }}\n      \
         expect: {{ status: 200 }}\n{OTHER}"
    ));
    let (endpoint, seen) = seeing(|_| fhir("200 OK", "", &patient()));
    let (ended, _) = run(&workspace, &endpoint);
    assert_eq!(ended.code, 0, "{}", ended.stdout);
    let (line, _) = asked(&seen).remove(0);
    assert!(line.starts_with("GET /Patient?identifier=999") && !line.contains('{'), "{line}");
    drop(endpoint);
    let ended = workspace.run(&["judge", "--profiles", "standards", "proofmark-out"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
}

#[test]
fn each_row_of_a_matrix_verifies_requirements_of_its_own() {
    let workspace = workspace(
        "- scenario: rows\n  title: Rows\n  verifies: [\"M-${number}\"]\n  needs: [\"${record}\"]\n  matrix:\n    \
         - { number: \"1\", id: there, record: patient-a }\n    - { number: \"2\", id: gone, record: patient-a }\n  steps:\n    \
         - read: Patient/${id}\n      headers: { X-Name: \"${patient-a.family}\" }\n      expect: { status: 200 }\n",
    );
    let endpoint = Endpoint::answering(|head, _| {
        if head.contains("/Patient/there") {
            return fhir("200 OK", "", &patient());
        }
        fhir("404 Not Found", "", &json!({"resourceType": "OperationOutcome"}))
    });
    let (_, record) = run(&workspace, &endpoint);
    let outcomes: Vec<(&str, &str)> = record["requirements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["id"].as_str().unwrap(), one["outcome"].as_str().unwrap()))
        .collect();
    assert_eq!(outcomes, [("M-1", "pass"), ("M-2", "fail")]);
    workspace.write(
        &format!("{FOLDER}/scenarios/all.yaml"),
        &format!(
            "- scenario: rows\n  title: Rows\n  verifies: [\"M-${{number}}\"]\n  needs: [\"${{record}}\"]\n  \
             matrix: [{{ number: \"1\", record: patient-a }}, {{ number: \"3\", record: nobody }}]\n  steps:\n    \
             - {{ read: \"Patient/${{number}}\", expect: {{ status: 200 }} }}\n{OTHER}"
        ),
    );
    let ended = workspace.run(&["standard", "check", FOLDER]);
    assert_eq!(ended.code, 2);
    let said = format!("{}{}", ended.stdout, ended.stderr).replace("\n  ", " ");
    assert!(said.contains("there is no requirement `M-3`, which a row of the matrix names"), "{said}");
    assert!(said.contains("there is no data `nobody` in standard.yaml"), "{said}");
}

#[test]
fn a_value_is_captured_from_a_later_page() {
    let workspace = workspace(&format!(
        "- scenario: paged\n  title: Paged\n  verifies: [M-1]\n  steps:\n    - search: Patient\n      params: {{ name: x }}\n      \
         pages: 5\n      capture: {{ wanted: \"entry.resource.where(gender = 'female').id.first()\" }}\n    \
         - read: Patient/${{wanted}}\n      expect: {{ status: 200 }}\n{OTHER}"
    ));
    let (endpoint, seen) = seeing(|head| {
        let second = head.contains("page=2");
        let (id, gender) = if second { ("second", "female") } else { ("first", "male") };
        let entry = json!({"resourceType": "Patient", "id": id, "gender": gender});
        let mut bundle =
            json!({"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": entry}]});
        if !second {
            bundle["link"] = json!([{"relation": "next", "url": "Patient?page=2"}]);
        }
        fhir("200 OK", "", &bundle)
    });
    run(&workspace, &endpoint);
    let lines: Vec<String> = asked(&seen).into_iter().map(|(line, _)| line).collect();
    assert!(lines.iter().any(|line| line.contains("/Patient/second")), "{lines:?}");
}
