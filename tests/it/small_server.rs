//! A FHIR server in a few lines, on loopback: it holds what a test gives it, and takes what it is told to take.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::endpoint::response;
use crate::guarded::{Guarded, Received};
use crate::workspace::project;

/// What a server takes of writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writes {
    Nothing,
    Transactions,
    Updates,
    Creates,
}

type Records = BTreeMap<String, Value>;

/// A server that runs until it is dropped.
pub(crate) struct SmallServer {
    pub(crate) url: String,
    pub(crate) endpoint: Guarded,
    records: Arc<Mutex<Records>>,
}

impl SmallServer {
    pub(crate) fn start(records: Vec<Value>, writes: Writes) -> Self {
        let held: Records = records.into_iter().map(|record| (name(&record), record)).collect();
        let records = Arc::new(Mutex::new(held));
        let held = Arc::clone(&records);
        let endpoint = Guarded::start(move |request, _| answer(&mut held.lock().unwrap(), request, writes));
        Self { url: endpoint.url.clone(), endpoint, records }
    }

    /// The names of all that it holds.
    pub(crate) fn names(&self) -> Vec<String> {
        self.records.lock().unwrap().keys().cloned().collect()
    }

    /// One that it holds.
    pub(crate) fn record(&self, name: &str) -> Value {
        self.records.lock().unwrap()[name].clone()
    }
}

/// The synthetic records of Care Connect.
pub(crate) fn synthetic() -> Vec<Value> {
    let files = crate::workspace::resources(&project("profiles/careconnect/1.3.0/data"));
    files.iter().map(|file| serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()).collect()
}

fn name(record: &Value) -> String {
    format!("{}/{}", record["resourceType"].as_str().unwrap(), record["id"].as_str().unwrap())
}

fn json_answer(status: &str, body: &Value) -> String {
    response(status, &format!("Content-Type: application/fhir+json\r\n{}", date()), &body.to_string())
}

fn date() -> String {
    let now = jiff::fmt::rfc2822::DateTimePrinter::new();
    format!("Date: {}\r\n", now.timestamp_to_rfc9110_string(&jiff::Timestamp::now()).unwrap())
}

fn refused(status: &str) -> String {
    let outcome = json!({
        "resourceType": "OperationOutcome",
        "issue": [{ "severity": "error", "code": "not-supported", "diagnostics": "not here" }],
    });
    json_answer(status, &outcome)
}

fn answer(records: &mut Records, request: &Received, writes: Writes) -> String {
    let mut words = request.line.split(' ');
    let (method, address) = (words.next().unwrap(), words.next().unwrap());
    let url = url::Url::parse(&format!("http://h{address}")).unwrap();
    let path = url.path().trim_start_matches("/fhir").trim_matches('/').to_owned();
    match (method, path.split('/').collect::<Vec<_>>().as_slice()) {
        ("GET", ["metadata"]) => json_answer("200 OK", &statement(writes)),
        ("GET", [_, _]) => match records.get(&path) {
            Some(record) => json_answer("200 OK", record),
            None => refused("404 Not Found"),
        },
        ("GET", [kind]) => json_answer("200 OK", &search(records, kind, &url)),
        ("POST", [""]) if writes == Writes::Transactions => transaction(records, &request.body),
        ("PUT", [_, _]) if writes == Writes::Updates => {
            let record: Value = serde_json::from_str(&request.body).unwrap();
            records.insert(path, record.clone());
            json_answer("201 Created", &record)
        }
        ("POST", [kind]) if writes == Writes::Creates => {
            let mut record: Value = serde_json::from_str(&request.body).unwrap();
            let id = format!("s{}", records.len() + 1);
            record["id"] = json!(id);
            records.insert(name(&record), record.clone());
            let location = format!("Location: /fhir/{kind}/{id}/_history/1\r\n");
            response(
                "201 Created",
                &format!("Content-Type: application/fhir+json\r\n{location}"),
                &record.to_string(),
            )
        }
        _ => refused("405 Method Not Allowed"),
    }
}

fn statement(writes: Writes) -> Value {
    let interactions: &[&str] = match writes {
        Writes::Updates => &["read", "search-type", "update"],
        Writes::Creates => &["read", "search-type", "create"],
        _ => &["read", "search-type"],
    };
    let interactions: Vec<Value> = interactions.iter().map(|code| json!({ "code": code })).collect();
    let types: std::collections::BTreeSet<String> =
        synthetic().iter().filter_map(|record| record["resourceType"].as_str().map(str::to_owned)).collect();
    let resources: Vec<Value> = types
        .iter()
        .map(|kind| json!({ "type": kind, "interaction": interactions, "updateCreate": writes == Writes::Updates }))
        .collect();
    let mut rest = json!({ "mode": "server", "resource": resources });
    if writes == Writes::Transactions {
        rest["interaction"] = json!([{ "code": "transaction" }]);
    }
    json!({
        "resourceType": "CapabilityStatement", "status": "active", "date": "2019-01-01", "kind": "instance",
        "fhirVersion": "3.0.2", "acceptUnknown": "no", "format": ["application/fhir+json"], "rest": [rest],
    })
}

fn search(records: &Records, kind: &str, url: &url::Url) -> Value {
    let of_kind = records.values().filter(|record| record["resourceType"] == *kind);
    let found: Vec<Value> = of_kind
        .filter(|record| url.query_pairs().all(|(name, value)| matches(record, &name, &value)))
        .map(|record| json!({ "resource": record, "search": { "mode": "match" } }))
        .collect();
    json!({ "resourceType": "Bundle", "type": "searchset", "total": found.len(), "entry": found })
}

fn matches(record: &Value, name: &str, value: &str) -> bool {
    let coded = |list: &Value| {
        let (system, code) = value.split_once('|').unwrap();
        let codings = if list.is_object() { &list["coding"] } else { list };
        codings
            .as_array()
            .into_iter()
            .flatten()
            .any(|one| one["system"] == system && (one["value"] == code || one["code"] == code))
    };
    let refers = |element: &Value, kind: &str| element["reference"] == format!("{kind}/{value}");
    match name {
        "identifier" => coded(&record["identifier"]),
        "code" | "type" => coded(&record[name]),
        "patient" => refers(&record["subject"], "Patient") || refers(&record["patient"], "Patient"),
        "practitioner" => refers(&record[name], "Practitioner"),
        "organization" => refers(&record[name], "Organization"),
        "date" | "effective" | "authoredon" | "asserted-date" | "created" => is_dated(record, value),
        "clinical-status" => record["clinicalStatus"] == value,
        "status" => record["status"] == value,
        _ => true,
    }
}

/// The elements that hold the date of a record, or the period.
const DATES: [&str; 11] = [
    "effectiveDateTime",
    "effectivePeriod",
    "performedDateTime",
    "performedPeriod",
    "period",
    "date",
    "authoredOn",
    "created",
    "assertedDate",
    "issued",
    "indexed",
];

/// Whether a record is of the day that is asked for, or of a time from it (`ge`) or up to it (`le`).
fn is_dated(record: &Value, value: &str) -> bool {
    let Some(date) = DATES.iter().find_map(|name| record.get(name)) else { return false };
    let day = |date: &Value| date.as_str().map(|date| date.chars().take(10).collect::<String>());
    let start = day(date).or_else(|| day(&date["start"])).unwrap_or_default();
    let end = day(date).or_else(|| day(&date["end"])).unwrap_or("9999".to_owned());
    match value.split_at_checked(2) {
        Some(("ge", from)) => end.as_str() >= from,
        Some(("le", to)) => start.as_str() <= to,
        _ => start == value,
    }
}

fn transaction(records: &mut Records, body: &str) -> String {
    let bundle: Value = serde_json::from_str(body).unwrap();
    let mut entries = Vec::new();
    for entry in bundle["entry"].as_array().unwrap() {
        assert_eq!(entry["request"]["method"], "PUT", "{entry}");
        let name = entry["request"]["url"].as_str().unwrap().to_owned();
        entries.push(
            json!({ "response": { "status": "201 Created", "location": format!("{name}/_history/1") } }),
        );
        records.insert(name, entry["resource"].clone());
    }
    json_answer(
        "200 OK",
        &json!({ "resourceType": "Bundle", "type": "transaction-response", "entry": entries }),
    )
}
