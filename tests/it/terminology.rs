//! `validate --terminology`, against a terminology service on loopback.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::endpoint::{Endpoint, response};
use crate::workspace::Workspace;

/// An Observation whose code is not here, and a patient's name that is nobody's business.
const OBSERVATION: &str = r#"{"resourceType":"Observation","status":"final","code":{"coding":[
    {"system":"http://snomed.info/sct","code":"CODE","display":"secret words"}],"text":"Mrs Secret"},
    "valueString":"Mrs Secret"}"#;

pub(crate) struct Service {
    pub(crate) endpoint: Endpoint,
    pub(crate) seen: Arc<Mutex<Vec<(String, String)>>>,
}

/// Answers a batch if `batches`; knows the code 1 and no other.
pub(crate) fn service(batches: bool) -> Service {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    let endpoint = Endpoint::start(move |line, stream| {
        let body = if line.starts_with("GET") { String::new() } else { body(stream) };
        kept.lock().unwrap().push((line.to_owned(), body.clone()));
        let resource: Value = serde_json::from_str(&body).unwrap_or_default();
        let answer = if line.starts_with("GET /fhir/metadata") {
            let software = json!({"name": "Example  Terminology", "version": "2.1"});
            Some(json!({"resourceType": "CapabilityStatement", "software": software}))
        } else if resource["resourceType"] == "Bundle" {
            batches.then(|| {
                let entries = resource["entry"].as_array().unwrap().iter();
                let entries: Vec<Value> =
                    entries.map(|entry| json!({"response": {"status": "200"}, "resource": judged(&entry["resource"])})).collect();
                json!({"resourceType": "Bundle", "type": "batch-response", "entry": entries})
            })
        } else {
            Some(judged(&resource))
        };
        let text = match answer {
            Some(answer) => {
                response("200 OK", "Content-Type: application/fhir+json\r\n", &answer.to_string())
            }
            None => response("405 Method Not Allowed", "", ""),
        };
        let _ = stream.write_all(text.as_bytes());
    });
    Service { endpoint, seen }
}

fn judged(parameters: &Value) -> Value {
    let parameters = parameters["parameter"].as_array().unwrap();
    let code = parameters.iter().find(|one| one["name"] == "code").unwrap();
    json!({"resourceType": "Parameters",
        "parameter": [{"name": "result", "valueBoolean": code["valueCode"] == "1"}]})
}

/// The body of a request whose head was read; the client sends it in one piece.
fn body(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut block = [0; 4096];
    while serde_json::from_slice::<Value>(&text).is_err() {
        match stream.read(&mut block) {
            Ok(read) if read > 0 => text.extend_from_slice(&block[..read]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn validate(folder: &Workspace, code: &str, service: &str) -> (i32, String, String) {
    folder.write("observation.json", &OBSERVATION.replace("CODE", code));
    let ended = folder.run(&[
        "validate",
        "--fhir-version",
        "4.0",
        "--format",
        "json",
        "--terminology",
        service,
        "observation.json",
    ]);
    (ended.code, ended.stdout, ended.stderr)
}

#[test]
fn a_service_tells_what_is_not_here_and_is_named() {
    for batches in [true, false] {
        let folder = Workspace::new();
        let service = service(batches);
        let (code, stdout, stderr) = validate(&folder, "2", &service.endpoint.url);
        assert_eq!(code, 1, "{stdout}{stderr}");
        assert!(stdout.contains("unknown-code") && stdout.contains(&service.endpoint.url), "{stdout}");
        let (code, stdout, _) = validate(&folder, "1", &service.endpoint.url);
        assert_eq!(code, 0, "{stdout}");
        let seen = service.seen.lock().unwrap();
        assert!(seen.iter().all(|(_, body)| !body.contains("ecret")), "{seen:?}");
        assert!(seen.iter().all(|(line, _)| line.starts_with("POST /fhir")), "{seen:?}");
        assert_eq!(
            seen.iter().any(|(line, _)| line.contains("/CodeSystem/$validate-code")),
            !batches,
            "{seen:?}"
        );
    }
}

#[test]
fn an_answer_is_kept_for_the_next_run() {
    let folder = Workspace::new();
    let service = service(true);
    for _ in 0..2 {
        assert_eq!(validate(&folder, "2", &service.endpoint.url).0, 1);
    }
    assert_eq!(service.seen.lock().unwrap().len(), 1);
}

#[test]
fn a_service_without_batches_is_sent_only_one() {
    let folder = Workspace::new();
    let service = service(false);
    for code in ["1", "2"] {
        folder.write(&format!("observation-{code}.json"), &OBSERVATION.replace("CODE", code));
    }
    let more = ["--terminology", &service.endpoint.url, "observation-1.json", "observation-2.json"];
    let ended = folder.run(&[&["validate", "--fhir-version", "4.0"], &more[..]].concat());
    assert!(ended.stderr.contains("2 code(s) told"), "{}{}", ended.stdout, ended.stderr);
    let seen = service.seen.lock().unwrap();
    let batches = seen.iter().filter(|(_, body)| body.contains("\"Bundle\"")).count();
    assert_eq!((batches, seen.len()), (1, 3), "{seen:?}");
}

/// Services that fail, each in its own way.
pub(crate) fn failing() -> Vec<Endpoint> {
    let long = "x".repeat(9 << 20);
    let ways = [
        ("500 Internal Server Error", "", "{}"),
        ("200 OK", "", "not json"),
        ("200 OK", "", long.as_str()),
        ("302 Found", "Location: http://127.0.0.1:1/\r\n", ""),
        ("200 OK", "", r#"{"resourceType":"Bundle","type":"batch-response","entry":[]}"#),
    ];
    ways.iter().map(|(status, headers, body)| Endpoint::always(status, headers, body)).collect()
}

#[test]
fn a_service_that_fails_decides_nothing() {
    for (way, service) in failing().iter().enumerate() {
        let folder = Workspace::new();
        let (code, stdout, stderr) = validate(&folder, "2", &service.url);
        assert_eq!(code, 0, "{way}: {stdout}{stderr}");
        assert!(
            !stdout.contains("unknown-code") && stderr.contains("1 could not be told"),
            "{stdout}{stderr}"
        );
    }
}

#[test]
fn an_address_that_is_none_is_refused() {
    let folder = Workspace::new();
    let (code, _, stderr) = validate(&folder, "1", "file:///etc/passwd");
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("not the address of a terminology service"), "{stderr}");
    assert_eq!(validate(&folder, "1", "none").0, 0);
}
