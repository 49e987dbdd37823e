//! `doctor` against endpoints that are as they should be, and others.

use serde_json::{Value, json};

use crate::endpoint::{Endpoint, response};
use crate::guarded::Guarded;
use crate::small_server::{SmallServer, Writes, synthetic};
use crate::tls_server::{Authority, Ends, TlsServer};
use crate::workspace::{Ended, Workspace};

fn doctor(workspace: &Workspace, endpoint: &str) -> (Ended, Value) {
    let arguments = ["doctor", "--standard", "careconnect", "--endpoint", endpoint];
    let ended = workspace.run(&[&arguments[..], &["--format", "json"]].concat());
    assert!(ended.code == 0 || ended.code == 3, "{}", ended.stderr);
    let found = serde_json::from_str(&ended.stdout).unwrap();
    (ended, found)
}

/// The state of a check, and what was found.
fn check<'f>(found: &'f Value, name: &str) -> (&'f str, &'f str) {
    let check = found["checks"].as_array().unwrap().iter().find(|check| check["name"] == name);
    let check = check.unwrap_or_else(|| panic!("no check {name}: {found}"));
    (check["state"].as_str().unwrap(), check["found"].as_str().unwrap())
}

fn data<'f>(found: &'f Value, name: &str) -> &'f Value {
    found["data"].as_array().unwrap().iter().find(|data| data["name"] == name).unwrap()
}

#[test]
fn all_is_well() {
    let server = SmallServer::start(synthetic(), Writes::Nothing);
    let workspace = Workspace::new();
    let (ended, found) = doctor(&workspace, &server.url);
    assert_eq!(ended.code, 0, "{found:#}");
    for name in ["address", "authentication", "capabilities", "FHIR version", "formats", "clock"] {
        assert_eq!(check(&found, name).0, "ok", "{name}: {found:#}");
    }
    assert_eq!(found["scenarios"]["notDemonstrable"], 0);
    assert_eq!(data(&found, "patient-a")["state"], "found");
    assert_eq!(data(&found, "deleted-patient")["state"], "not-named");
    let asked = server.endpoint.received("").len();
    assert_eq!(found["requests"], asked);
    assert!(asked <= 2 + synthetic().len(), "{asked} requests");
    assert!(server.endpoint.received("P").is_empty(), "something was written");

    let text = workspace.run(&["doctor", "--standard", "careconnect", "--endpoint", &server.url]);
    assert_eq!(text.code, 0);
    assert!(text.stdout.contains("  ok       patient-a            found\n"), "{}", text.stdout);
    assert!(text.stdout.lines().all(|line| line.chars().count() <= 80), "{}", text.stdout);
}

#[test]
fn an_empty_server_is_told_what_to_load() {
    let server = SmallServer::start(Vec::new(), Writes::Nothing);
    let workspace = Workspace::new();
    let (ended, found) = doctor(&workspace, &server.url);
    assert_eq!(ended.code, 3);
    let patient = data(&found, "patient-a");
    assert_eq!(patient["state"], "not-found");
    let remedy = patient["remedy"].as_str().unwrap();
    assert!(
        remedy.starts_with("load Patient/patient-01 of `proofmark standard data careconnect`, or name"),
        "{remedy}"
    );
    let blocked = found["scenarios"]["notDemonstrable"].as_u64().unwrap();
    assert!(blocked > 20 && blocked < found["scenarios"]["all"].as_u64().unwrap(), "{blocked}");
    let obstacles = found["scenarios"]["obstacles"].as_array().unwrap();
    let one = obstacles.iter().find(|one| one["case"] == "observation-by-category").unwrap();
    assert_eq!(one["reason"], "patient-a was not found");
    let text = workspace.run(&["doctor", "--standard", "careconnect", "--endpoint", &server.url]);
    assert_eq!(text.code, 3);
    assert!(text.stdout.lines().all(|line| line.chars().count() <= 80), "{}", text.stdout);
    assert!(!text.stdout.contains("9991202145"), "an identifier is shown");
}

#[test]
fn a_record_that_is_another_is_said_to_be() {
    let mut records = synthetic();
    for record in &mut records {
        if record["id"] == "patient-01" {
            record["gender"] = json!("unknown");
            record.as_object_mut().unwrap().remove("telecom");
        }
    }
    let server = SmallServer::start(records, Writes::Nothing);
    let (ended, found) = doctor(&Workspace::new(), &server.url);
    assert_eq!(ended.code, 3);
    let lacks = data(&found, "patient-a")["lacks"].to_string();
    assert!(lacks.contains("a telephone number and an e-mail address"), "{lacks}");
    assert!(lacks.contains("the gender of the example"), "{lacks}");
}

#[test]
fn nobody_answers() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (ended, found) = doctor(&Workspace::new(), &format!("http://127.0.0.1:{port}/fhir"));
    assert_eq!(ended.code, 3);
    assert_eq!(check(&found, "address").0, "problem");
    assert!(check(&found, "address").1.contains("no connection"), "{found:#}");
    assert_eq!(check(&found, "clock").0, "skipped");
    assert_eq!(found["requests"], 1);
    let scenarios = &found["scenarios"];
    let passed_over = scenarios["notApplicable"].as_u64().unwrap();
    assert_eq!(
        scenarios["notDemonstrable"].as_u64().unwrap() + passed_over,
        scenarios["all"].as_u64().unwrap()
    );
}

#[test]
fn no_metadata() {
    let endpoint = Endpoint::start(|line, stream| {
        use std::io::Write as _;
        let answer = if line.contains("metadata") {
            response("404 Not Found", "", "")
        } else {
            let bundle = r#"{"resourceType":"Bundle","type":"searchset","total":0}"#;
            response("200 OK", "Content-Type: application/fhir+json\r\n", bundle)
        };
        let _ = stream.write_all(answer.as_bytes());
    });
    let (ended, found) = doctor(&Workspace::new(), &endpoint.url);
    assert_eq!(ended.code, 3);
    assert_eq!(check(&found, "capabilities"), ("problem", "GET metadata is answered with status 404"));
    assert_eq!(check(&found, "FHIR version").0, "skipped");
    assert_eq!(check(&found, "clock"), ("warning", "the answer has no Date header"));
}

#[test]
fn credentials_that_are_missing_wrong_or_not_needed() {
    let guarded = |lets_in: fn(Option<&str>) -> bool| {
        Guarded::start(move |request, _| {
            if request.line.contains("metadata") || lets_in(request.header("authorization")) {
                crate::guarded::fhir(true)
            } else {
                crate::guarded::fhir(false)
            }
        })
    };
    let strict = guarded(|token| token == Some("Bearer RIGHTTOKEN"));
    let workspace = Workspace::new();
    let (ended, found) = doctor(&workspace, &strict.url);
    assert_eq!(ended.code, 3);
    let words = "the server asks for credentials (status 401), and none are configured";
    assert_eq!(check(&found, "authentication"), ("problem", words));

    workspace.write("token", "WRONGTOKEN");
    workspace.write("proofmark.toml", "[auth]\nbearer = { file = \"token\" }\n");
    let (ended, found) = doctor(&workspace, &strict.url);
    assert_eq!(ended.code, 3);
    assert_eq!(check(&found, "authentication").0, "problem");
    assert!(check(&found, "authentication").1.contains("with status 401"), "{found:#}");
    assert!(!ended.stdout.contains("WRONGTOKEN"));

    workspace.write("token", "RIGHTTOKEN");
    let (_, found) = doctor(&workspace, &strict.url);
    assert_eq!(check(&found, "authentication").0, "ok", "{found:#}");
    let words = "a request without credentials is refused with status 401";
    assert_eq!(check(&found, "without it"), ("ok", words));

    let open = guarded(|_| true);
    let (_, found) = doctor(&workspace, &open.url);
    assert_eq!(check(&found, "without it").0, "warning", "{found:#}");
}

#[test]
fn a_clock_that_is_an_hour_off() {
    let ahead = |seconds: i64| {
        let then = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
        let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
        let headers = format!(
            "Content-Type: application/fhir+json\r\nDate: {}\r\n",
            printer.timestamp_to_rfc9110_string(&then).unwrap()
        );
        Endpoint::always(
            "200 OK",
            &headers,
            "{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"4.0.1\"}",
        )
    };
    let endpoint = ahead(3630);
    let (_, found) = doctor(&Workspace::new(), &endpoint.url);
    assert_eq!(check(&found, "clock"), ("warning", "the server's clock is 60 minutes ahead of ours"));
    assert_eq!(check(&found, "FHIR version").0, "problem", "{found:#}");
    let endpoint = ahead(-7210);
    let (_, found) = doctor(&Workspace::new(), &endpoint.url);
    assert_eq!(check(&found, "clock"), ("warning", "the server's clock is 2 hours behind ours"));
}

#[test]
fn certificates_that_expired_or_hold() {
    let authority = Authority::new("Test authority");
    let workspace = Workspace::new();
    workspace.write("authority.pem", &authority.pem());
    workspace.write("proofmark.toml", "[tls]\nca-file = \"authority.pem\"\n");
    let expired = TlsServer::start(&authority.sign("localhost", Ends::Past), None);
    let (ended, found) = doctor(&workspace, &expired.url);
    assert_eq!(ended.code, 3);
    assert_eq!(check(&found, "address").0, "ok");
    assert_eq!(check(&found, "TLS").0, "problem");
    assert!(check(&found, "TLS").1.contains("expired"), "{found:#}");

    let valid = TlsServer::start(&authority.sign("localhost", Ends::Future), None);
    let (_, found) = doctor(&workspace, &valid.url);
    let (state, words) = check(&found, "TLS");
    assert_eq!(state, "ok", "{words}");
    assert!(words.starts_with("TLS 1.3; the certificate is of CN=localhost"), "{words}");
}

#[test]
fn doctor_wants_an_endpoint_and_a_standard() {
    let workspace = Workspace::new();
    let ended = workspace.run(&["doctor", "--standard", "careconnect"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("which endpoint?"), "{}", ended.stderr);
}
