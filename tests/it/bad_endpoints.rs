//! Endpoints that are not what they should be: each ends the run in order, with an outcome and its cause.

use std::io::Write as _;
use std::time::Duration;

use serde_json::Value;

use crate::endpoint::{Endpoint, response};
use crate::workspace::{Ended, Workspace};

/// Runs the suite against an endpoint, with short limits, and returns the record.
fn run(endpoint: &str) -> (Ended, Value, Workspace) {
    let workspace = Workspace::new();
    workspace.write("proofmark.toml", "jobs = 16\n[limits]\ntimeout-seconds = 1.0\nmax-body-megabytes = 1\n");
    let ended = workspace.run(&["run", "--standard", "careconnect", "--endpoint", endpoint]);
    assert!(workspace.path("proofmark-out/run.json").exists(), "{}", ended.stderr);
    let record = workspace.json("proofmark-out/run.json");
    (ended, record, workspace)
}

/// The outcome of a requirement, and all that the checks which verify it say.
fn said(record: &Value, id: &str) -> (String, String) {
    let requirement =
        record["requirements"].as_array().unwrap().iter().find(|found| found["id"] == id).unwrap();
    let mut texts = String::new();
    for check in record["scenarios"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|scenario| scenario["steps"].as_array().unwrap())
        .flat_map(|step| step["checks"].as_array().unwrap())
        .filter(|check| check["verifies"].as_array().unwrap().iter().any(|verified| verified == id))
    {
        texts.push_str(&check.to_string());
    }
    (requirement["outcome"].as_str().unwrap().to_owned(), texts)
}

#[track_caller]
fn expect(record: &Value, id: &str, outcome: &str, words: &str) {
    let (found, texts) = said(record, id);
    assert_eq!(found, outcome, "{id}: {texts}");
    assert!(texts.contains(words), "{id} does not say «{words}»: {texts}");
}

#[test]
fn nobody_answers() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (ended, record, _workspace) = run(&format!("http://127.0.0.1:{port}/fhir"));
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    assert_eq!(record["standards"][0]["verdict"], "incomplete");
    let outcomes: Vec<&str> = record["scenarios"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scenario| scenario["outcome"].as_str().unwrap())
        .collect();
    // What the supplier did not name is passed over whoever answers.
    assert!(
        outcomes.iter().all(|outcome| matches!(*outcome, "inconclusive" | "not-applicable")),
        "{outcomes:?}"
    );
    let passed_over: Vec<&str> = record["scenarios"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|scenario| scenario["outcome"] == "not-applicable")
        .map(|scenario| scenario["reason"].as_str().unwrap())
        .collect();
    assert!(
        passed_over.iter().all(|reason| reason.contains("is named in the configuration")),
        "{passed_over:?}"
    );
    assert!(ended.stdout.contains("no connection"), "{}", ended.stdout);
    expect(&record, "CC-CAP-001", "inconclusive", "no connection");
}

#[test]
fn a_login_page_with_status_200() {
    let page = "<!DOCTYPE html>\n<html><body><form>Log in</form></body></html>";
    let endpoint = Endpoint::always("200 OK", "Content-Type: text/html\r\n", page);
    let (ended, record, _workspace) = run(&endpoint.url);
    assert_eq!(ended.code, 1);
    expect(&record, "CC-CAP-001", "fail", "this is a web page (Content-Type: text/html)");
    let words: Vec<&str> = ended.stdout.split_whitespace().collect();
    let hint = "a login form or a proxy answers in place of the FHIR server";
    assert!(words.join(" ").contains(hint), "{}", ended.stdout);
}

#[test]
fn a_500_without_a_body() {
    let endpoint = Endpoint::always("500 Internal Server Error", "", "");
    let (ended, record, _workspace) = run(&endpoint.url);
    assert_eq!(ended.code, 1);
    expect(&record, "CC-CAP-001", "fail", "\"actual\":\"500\"");
    expect(&record, "CC-SRCH-001", "fail", "an empty body");
}

#[test]
fn json_that_ends_in_the_middle() {
    let endpoint = Endpoint::always(
        "200 OK",
        "Content-Type: application/fhir+json;charset=UTF-8\r\n",
        "{\"resourceType\":\"CapabilityStatement\",\n  \"status\": \"act",
    );
    let (ended, record, _workspace) = run(&endpoint.url);
    assert_eq!(ended.code, 1);
    expect(
        &record,
        "CC-CAP-001",
        "fail",
        "not well-formed JSON: a string that is not closed before the end of the text",
    );
    expect(&record, "CC-CAP-001", "fail", "\"line\":2");
}

#[test]
fn xml_with_a_document_type_declaration() {
    let body = "<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>\n\
                <CapabilityStatement xmlns=\"http://hl7.org/fhir\"><name value=\"&a;\"/></CapabilityStatement>";
    let endpoint = Endpoint::always("200 OK", "Content-Type: application/fhir+xml\r\n", body);
    let (ended, record, _workspace) = run(&endpoint.url);
    assert_eq!(ended.code, 1);
    expect(&record, "CC-CAP-001", "fail", "a document type declaration (DTD), which is refused for safety");
}

#[test]
fn two_hundred_megabytes_of_body() {
    let endpoint = Endpoint::start(|_, stream| {
        let _ = stream.write_all(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: 209715200\r\n\r\n",
        );
        let block = vec![b' '; 64 * 1024];
        for _ in 0..3200 {
            if stream.write_all(&block).is_err() {
                return;
            }
        }
    });
    let (ended, record, _workspace) = run(&endpoint.url);
    assert_eq!(ended.code, 3);
    expect(&record, "CC-CAP-001", "inconclusive", "the body is larger than 1 MB and was not read to the end");
}

#[test]
fn an_endpoint_that_takes_too_long() {
    let endpoint = Endpoint::start(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{");
        std::thread::sleep(Duration::from_secs(3));
    });
    let (ended, record, _workspace) = run(&endpoint.url);
    assert_eq!(ended.code, 3);
    expect(&record, "CC-CAP-001", "inconclusive", "no complete answer within 1 s");
}

#[test]
fn a_redirect_to_another_host_is_not_followed() {
    let elsewhere = std::net::TcpListener::bind("127.0.0.2:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let location = format!("Location: http://{}/fhir/metadata\r\n", elsewhere.local_addr().unwrap());
    let endpoint = Endpoint::always("302 Found", &location, "");
    let (ended, record, _workspace) = run(&endpoint.url);
    assert_eq!(ended.code, 1);
    expect(&record, "CC-CAP-001", "fail", "a redirect to http://127.0.0.2");
    assert!(elsewhere.accept().is_err(), "the other host was asked");
}

#[test]
fn redirects_in_a_circle_end() {
    let endpoint = Endpoint::start(|line, stream| {
        let other = if line.contains("/a") { "/b" } else { "/a" };
        let _ = stream.write_all(response("302 Found", &format!("Location: {other}\r\n"), "").as_bytes());
    });
    let (_, record, _workspace) = run(&endpoint.url);
    expect(&record, "CC-CAP-001", "inconclusive", "redirected");
}

#[test]
fn what_is_no_http_at_all() {
    let endpoint = Endpoint::start(|_, stream| {
        let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.6\r\n");
    });
    let (ended, record, _workspace) = run(&endpoint.url);
    assert_eq!(ended.code, 3);
    expect(&record, "CC-CAP-001", "inconclusive", "the answer could not be read");
}

#[test]
fn markup_and_escapes_of_an_endpoint_are_inert() {
    let body = r#"{"resourceType":"<script>alert(1)</script>\u001b[31m\u202e","x":"]]>"}"#;
    let endpoint =
        Endpoint::always("200 OK", "Content-Type: application/fhir+json\r\nX-Evil: <img src=x>\r\n", body);
    let (ended, _, workspace) = run(&endpoint.url);
    assert_eq!(ended.code, 1);
    assert!(!ended.stdout.contains('\u{1b}') && !ended.stdout.contains('\u{202e}'), "{}", ended.stdout);
    let page = workspace.read("proofmark-out/report.html");
    assert!(!page.contains("<script>alert(1)") && !page.contains("<img src=x>"));
    let junit = workspace.read("proofmark-out/junit.xml");
    assert!(!junit.contains('\u{1b}'));
    roxmltree::Document::parse(&junit).unwrap();
}

#[test]
fn secrets_never_reach_the_disk() {
    let endpoint = Endpoint::always(
        "200 OK",
        "Set-Cookie: session=TOPSECRET\r\nContent-Type: application/fhir+json\r\n",
        "{}",
    );
    let workspace = Workspace::new();
    workspace.write(
        "proofmark.toml",
        "[auth]\nbearer = { env = \"SUPPLIER_TOKEN\" }\n[headers]\nOcp-Apim-Subscription = \"TOPSECRET\"\n",
    );
    let output = workspace
        .command(&["run", "--standard", "careconnect", "--endpoint", &endpoint.url, "--report", "text"])
        .env("SUPPLIER_TOKEN", "TOPSECRET")
        .output()
        .unwrap();
    let ended = Ended::of(output);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(!ended.stdout.contains("TOPSECRET") && !ended.stderr.contains("TOPSECRET"));
    let mut files = 0;
    for entry in walk(&workspace.path("proofmark-out")) {
        let text = std::fs::read_to_string(&entry).unwrap();
        assert!(!text.contains("TOPSECRET"), "{}", entry.display());
        files += 1;
    }
    assert!(files > 50, "only {files} files");
    let evidence = workspace.read("proofmark-out/evidence/capabilities.json");
    assert!(evidence.contains("Bearer [redacted]"), "{evidence}");
}

pub(crate) fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] })
        .collect()
}
