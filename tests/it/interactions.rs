//! What a standard wants of every request, what scenarios share, and what they have for themselves.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::endpoint::Endpoint;
use crate::language::{FOLDER, OTHER, fhir, patient, run, seeing, workspace};
use crate::workspace::Workspace;

/// Adds to standard.yaml of a workspace.
fn with(workspace: &Workspace, more: &str) {
    let file = format!("{FOLDER}/standard.yaml");
    let written = workspace.read(&file);
    workspace.write(&file, &format!("{written}{more}"));
}

const INTERACTIONS: &str = "requestHeaders: { X-Trace: \"${uuid}\", X-To: \"1\" }\nendpoints: { records: deeper/records }\n\
    interactions:\n  read:\n    method: GET\n    path: Patient/*\n    headers: { X-Kind: read }\n    \
    claims: { scope: reading }\n  other:\n    method: GET\n    path: Patient/*\n    headers: { X-Kind: other }\n  record:\n    \
    method: POST\n    path: $record\n    endpoint: records\n    headers: { X-Kind: record }\ntoken: { iss: me, scope: none }\n";

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().skip(1).find_map(|line| {
        let (known, value) = line.split_once(':')?;
        known.eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

/// The claims of the token of a request.
fn claims(head: &str) -> serde_json::Value {
    use base64::Engine as _;
    let token = header(head, "authorization").unwrap().strip_prefix("Bearer ").unwrap();
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[test]
fn requests_carry_what_the_standard_says_of_their_interaction() {
    let workspace = workspace(&format!(
        "- scenario: carried\n  title: Carried\n  verifies: [M-1]\n  steps:\n    - read: Patient/1\n      expect: {{ status: 200 }}\n    \
         - read: Patient/2\n      interaction: other\n      headers: {{ X-To: null }}\n      expect: {{ status: 200 }}\n    \
         - operation: $record\n      method: POST\n      expect: {{ status: 200 }}\n    - read: Patient/3\n      \
         headers: {{ X-Kind: mine }}\n      auth: {{ claims: {{ iat: now-600s, exp: iat+301s }} }}\n      \
         expect: {{ status: 200 }}\n{OTHER}"
    ));
    with(&workspace, INTERACTIONS);
    let (endpoint, seen) = seeing(|_| fhir("200 OK", "", &patient()));
    let (ended, record) = run(&workspace, &endpoint);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let seen = seen.lock().unwrap();
    let find = |line: &str| &seen.iter().find(|(head, _)| head.contains(line)).unwrap().0;
    let (first, second, third) = (find("/Patient/1 "), find("/Patient/2 "), find("/Patient/3 "));
    let operation = find("/fhir/deeper/records/$record ");
    assert_eq!(
        [first, second, third, operation].map(|head| header(head, "x-kind").unwrap()),
        ["read", "other", "mine", "record"]
    );
    assert_eq!((header(first, "x-to"), header(second, "x-to")), (Some("1"), None));
    let traces = [first, second, operation].map(|head| header(head, "x-trace").unwrap());
    assert!(
        traces.iter().all(|trace| trace.len() == 36) && traces[0] != traces[1] && traces[1] != traces[2],
        "{traces:?}"
    );
    assert_eq!((&claims(first)["scope"], &claims(second)["scope"]), (&json!("reading"), &json!("none")));
    let times = claims(third);
    assert_eq!(times["exp"].as_i64().unwrap() - times["iat"].as_i64().unwrap(), 301);
    assert!(record["endpoint"]["others"]["records"].as_str().unwrap().ends_with("/fhir/deeper/records"));
    let again = workspace.run(&["judge", "--profiles", "standards", "proofmark-out"]);
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
}

#[test]
fn a_further_address_can_be_elsewhere() {
    let workspace = workspace(&format!(
        "- scenario: elsewhere\n  title: Elsewhere\n  verifies: [M-1]\n  steps:\n    - operation: $record\n      method: POST\n      \
         expect: {{ status: 200 }}\n{OTHER}"
    ));
    with(&workspace, INTERACTIONS);
    let (endpoint, _) = seeing(|_| fhir("200 OK", "", &patient()));
    let (records, seen) = seeing(|_| fhir("200 OK", "", &patient()));
    workspace.write("proofmark.toml", &format!("[endpoints]\nrecords = \"{}/apart\"\n", records.url));
    let (ended, _) = run(&workspace, &endpoint);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    assert!(seen.lock().unwrap()[0].0.contains("/fhir/apart/$record "));
}

#[test]
fn shared_lists_stand_for_their_entries() {
    let workspace = workspace(&format!(
        "- scenario: sharing\n  title: Sharing\n  verifies: [M-1]\n  matrix: {{ person: [patient-a] }}\n  needs: [\"${{person}}\"]\n  \
         steps:\n    - use: make\n    - read: Patient/${{made}}\n      expect: [{{ use: found }}]\n{OTHER}"
    ));
    workspace.write(
        &format!("{FOLDER}/shared.yaml"),
        "make:\n  - create: Patient\n    body:\n      resource: data/new.json\n      merge: '{\"gender\":null}'\n      \
         patch: [{ op: add, path: /name/-, value: { family: \"${person.family}\" } }]\n    capture: { made: id }\n\
         found:\n  - status: 200\n  - fhirpath: gender = 'male'\n",
    );
    let file = format!("{FOLDER}/data/new.json");
    workspace.write(&file, &workspace.read(&file).replace("${patient-a.family}", "New"));
    let (endpoint, seen) = seeing(|_| fhir("200 OK", "", &patient()));
    let (ended, record) = run(&workspace, &endpoint);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let sent = seen.lock().unwrap().iter().find(|(head, _)| head.starts_with("POST")).unwrap().1.clone();
    assert_eq!(sent, r#"{"resourceType":"Patient","name":[{"family":"New"},{"family":"O'Hara"}]}"#);
    let steps = record["scenarios"][0]["steps"].as_array().unwrap();
    assert_eq!(steps[1]["checks"].as_array().unwrap().len(), 2);
    workspace.write(&format!("{FOLDER}/shared.yaml"), "other: [{ status: 200 }]\n");
    let checked = workspace.run(&["standard", "check", FOLDER]);
    let said = format!("{}{}", checked.stdout, checked.stderr);
    assert!(checked.code == 2 && said.contains("there is no list `make` in shared.yaml"), "{said}");
}

#[test]
fn what_is_exclusive_is_never_done_side_by_side_and_a_case_has_its_name() {
    let rows: Vec<String> = (0..6).map(|row| format!("{{ case: number-{row}, id: \"{row}\" }}")).collect();
    let workspace = workspace(&format!(
        "- scenario: alone\n  title: Alone\n  verifies: [M-1]\n  exclusive: slots\n  matrix: [{}]\n  steps:\n    \
         - {{ read: \"Patient/${{id}}\", expect: {{ status: 200 }} }}\n    \
         - {{ read: \"Patient/${{id}}\", expect: {{ status: 200 }} }}\n{OTHER}",
        rows.join(", ")
    ));
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counting, highest) = (Arc::clone(&now), Arc::clone(&most));
    let endpoint = Endpoint::answering(move |head, _| {
        if head.contains("/Patient/") {
            highest.fetch_max(counting.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(std::time::Duration::from_millis(5));
            counting.fetch_sub(1, Ordering::SeqCst);
        }
        fhir("200 OK", "", &patient())
    });
    let (ended, record) = run(&workspace, &endpoint);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    assert_eq!(most.load(Ordering::SeqCst), 1);
    assert_eq!(record["scenarios"][5]["id"], "alone[number-5]");
}

#[test]
fn given_values_are_neither_loaded_nor_looked_for() {
    let workspace = workspace(&format!(
        "- scenario: given\n  title: Given\n  verifies: [M-1]\n  needs: [stranger]\n  steps:\n    - search: Patient\n      \
         params: {{ family: \"${{stranger.family}}\" }}\n      expect: {{ status: 200 }}\n{OTHER}"
    ));
    with(&workspace, "  stranger:\n    resource: Patient\n    given: { family: Nobody }\n");
    let (endpoint, seen) =
        seeing(|_| fhir("200 OK", "", &json!({"resourceType": "Bundle", "type": "searchset"})));
    let (ended, _) = run(&workspace, &endpoint);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let asked = seen.lock().unwrap().iter().filter(|(head, _)| head.contains("Nobody")).count();
    assert_eq!(asked, 1, "once by the scenario, and not before");
    let file = format!("{FOLDER}/standard.yaml");
    workspace.write(&file, &workspace.read(&file).replace("given:", "find: { family: x }\n    given:"));
    assert_eq!(workspace.run(&["standard", "check", FOLDER]).code, 2);
}

#[test]
fn what_a_step_made_that_fails_is_cleared_away() {
    let workspace = workspace(&format!(
        "- scenario: made\n  title: Made\n  verifies: [M-1]\n  steps:\n    - create: Patient\n      \
         body: {{ resource: {{ resourceType: Patient }} }}\n      expect: [{{ status: 200 }}, {{ fhirpath: id = 'other' }}]\n      \
         capture: {{ made: id }}\n    - {{ read: \"Patient/${{made}}\", expect: {{ status: 200 }} }}\n  teardown:\n    \
         - delete: Patient/${{made}}\n{OTHER}"
    ));
    let (endpoint, seen) = seeing(|_| fhir("200 OK", "", &patient()));
    let (ended, _) = run(&workspace, &endpoint);
    assert_eq!(ended.code, 1, "{}{}", ended.stdout, ended.stderr);
    let seen = seen.lock().unwrap();
    assert!(seen.iter().any(|(head, _)| head.starts_with("DELETE /fhir/Patient/1 ")));
    assert!(
        !seen.iter().any(|(head, _)| head.starts_with("GET /fhir/Patient/1 ")),
        "nothing goes by it but the teardown"
    );
}
