//! The supplier as its clients see it: over real HTTP, byte for byte.

mod binary;
mod changes;
mod faults;
mod gpconnect;
mod http;
mod include;
mod search;
mod security;
mod write;

use std::fmt::Write as _;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;
use crate::fhir::{DefinedElement, Definitions};

const CONFIGURATION: &str = include_str!("../../../fixtures/careconnect/supplier.yaml");

const RESOURCES: [(&str, &str); 8] = [
    (
        "a.json",
        r#"{"resourceType":"Patient","id":"a","meta":{"versionId":"3","lastUpdated":"2019-06-04T09:30:00.000Z"},
        "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9991202145"},{"value":"LOCAL1"}],
        "name":[{"use":"official","family":"Ashcombe","given":["Robin","Elise"],"prefix":["Mrs"]}],
        "telecom":[{"system":"phone","value":"01632960101"},{"system":"email","value":"r@example.org"}],
        "gender":"female","birthDate":"1974-03-19","address":[{"postalCode":"ZZ99 1AB"}]}"#,
    ),
    (
        "b.json",
        r#"{"resourceType":"Patient","id":"b","meta":{"versionId":"1","lastUpdated":"2019-06-01T00:00:00Z"},
        "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9991356991"}],
        "name":[{"use":"official","family":"Ashworth","given":["Zoë"]}],"gender":"male","birthDate":"1988"}"#,
    ),
    (
        "c.json",
        r#"{"resourceType":"Patient","id":"c","name":[{"family":"Pendry"},{"use":"old","family":"Ashe"}]}"#,
    ),
    (
        "o1.json",
        r#"{"resourceType":"Observation","id":"o1","status":"final","subject":{"reference":"Patient/a"},
        "category":[{"coding":[{"system":"http://hl7.org/fhir/observation-category","code":"laboratory"}]}],
        "code":{"coding":[{"system":"http://snomed.info/sct","code":"1003"},{"code":"local"}]},
        "effectiveDateTime":"2018-05-14T09:30:00+01:00","valueQuantity":{"value":1.50}}"#,
    ),
    (
        "o2.json",
        r#"{"resourceType":"Observation","id":"o2","subject":{"reference":"Patient/b"},
        "category":[{"coding":[{"system":"http://hl7.org/fhir/observation-category","code":"vital-signs"}]}],
        "effectivePeriod":{"start":"2018-05-01","end":"2018-06-30"}}"#,
    ),
    ("o3.json", r#"{"resourceType":"Observation","id":"o3","subject":{"reference":"Group/a"}}"#),
    (
        "o4.json",
        r#"{"resourceType":"Observation","id":"o4","subject":{"reference":"http://elsewhere.example.org/Patient/a"}}"#,
    ),
    (
        "al.json",
        r#"{"resourceType":"AllergyIntolerance","id":"al","clinicalStatus":"active",
        "patient":{"reference":"Patient/a"}}"#,
    ),
];

/// An answer as it came over the wire.
struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Reply {
    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name))?;
        Some(&found.1)
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The ids of a searchset's entries.
    fn ids(&self) -> Vec<String> {
        let bundle = self.json();
        assert_eq!((self.status, &bundle["type"]), (200, &Value::from("searchset")), "{bundle}");
        let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
        entries.iter().map(|entry| entry["resource"]["id"].as_str().unwrap().to_owned()).collect()
    }

    fn link(&self, relation: &str) -> Option<String> {
        let bundle = self.json();
        let link = bundle["link"].as_array()?.iter().find(|link| link["relation"] == relation)?.clone();
        Some(link["url"].as_str()?.to_owned())
    }

    /// The code and the text of the one issue of an error.
    fn issue(&self) -> (String, String) {
        let outcome = self.json();
        assert_eq!(outcome["resourceType"], "OperationOutcome", "{outcome}");
        let issue = &outcome["issue"][0];
        assert_eq!(issue["severity"], "error", "{outcome}");
        let text = |name: &str| issue[name].as_str().unwrap().to_owned();
        (text("code"), text("diagnostics"))
    }
}

fn configuration() -> Configuration {
    Configuration::load("supplier.yaml", CONFIGURATION).unwrap()
}

/// The order of a few elements, which XML needs.
fn definitions() -> std::sync::Arc<dyn Definitions> {
    #[derive(Debug)]
    struct InThisOrder;
    impl Definitions for InThisOrder {
        fn element(&self, _: &str, name: &str) -> Option<DefinedElement<'_>> {
            let names = ["id", "meta", "identifier", "status", "category", "code", "subject"];
            let order = names.iter().position(|known| *known == name)?;
            Some(DefinedElement { type_name: "", repeats: false, order })
        }
    }
    std::sync::Arc::new(InThisOrder)
}

fn options(configuration: Configuration, fault: Option<Fault>) -> Options {
    Options {
        address: ([127, 0, 0, 1], 0).into(),
        store: Store::load(RESOURCES).unwrap(),
        configuration,
        definitions: definitions(),
        alteration: fault.map(|fault| fault.alteration()),
        bearer: None,
        latency: None,
    }
}

async fn start_with(configuration: Configuration, fault: Option<Fault>) -> Running {
    Supplier::start(options(configuration, fault)).await.unwrap()
}

async fn start() -> Running {
    start_with(configuration(), None).await
}

impl Running {
    async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], "").await
    }

    /// Sends a request to a path below the base.
    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let base = self.base_url();
        let (host, base_path) = base.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let mut text =
            format!("{method} /{base_path}{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        for (name, value) in headers {
            let _ = write!(text, "{name}: {value}\r\n");
        }
        if !body.is_empty() {
            let _ = write!(text, "Content-Length: {}\r\n", body.len());
        }
        let mut stream = TcpStream::connect(host).await.unwrap();
        stream.write_all(format!("{text}\r\n{body}").as_bytes()).await.unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).await.unwrap();
        let reply = String::from_utf8(reply).unwrap();
        let (head, body) = reply.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Reply { status, headers, body: body.to_owned() }
    }
}
