//! Standards made of a package: run against a small R4 server in the test, which has no fault or one.

use serde_json::{Value, json};

use crate::endpoint::{Endpoint, response};
use crate::workspace::{Ended, Workspace};

const PROFILE: &str = "http://example.org/StructureDefinition/clinic-patient";

/// What is wrong with the server.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    IgnoresGender,
    ClaimsNoRead,
    BreaksTheProfile,
    HasNoObservations,
}

fn expected(code: &str) -> Value {
    json!([{ "url": "http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation", "valueCode": code }])
}

/// A package of a CapabilityStatement and a profile, in the folder `clinic`.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    let write = |name: &str, value: Value| workspace.write(&format!("clinic/{name}"), &value.to_string());
    write(
        "package.json",
        json!({ "name": "hl7.fhir.zz.clinic", "version": "1.0.0", "fhirVersions": ["4.0.1"] }),
    );
    write(
        "profile.json",
        json!({
            "resourceType": "StructureDefinition", "url": PROFILE, "name": "ClinicPatient", "status": "active",
            "kind": "resource", "abstract": false, "type": "Patient", "derivation": "constraint",
            "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
            "differential": { "element": [
                { "id": "Patient", "path": "Patient" },
                { "id": "Patient.identifier", "path": "Patient.identifier", "min": 1 },
                { "id": "Patient.birthDate", "path": "Patient.birthDate", "mustSupport": true }
            ] }
        }),
    );
    let combination = json!({
        "url": "http://hl7.org/fhir/StructureDefinition/capabilitystatement-search-parameter-combination",
        "extension": [
            { "url": "required", "valueString": "patient" }, { "url": "required", "valueString": "code" },
            expected("SHALL")[0]
        ]
    });
    let parameter = |name: &str| json!({ "name": name, "type": "token", "extension": expected("SHALL") });
    write(
        "statement.json",
        json!({
            "resourceType": "CapabilityStatement", "url": "http://example.org/CapabilityStatement/clinic",
            "name": "Clinic", "status": "active", "kind": "requirements", "rest": [{ "mode": "server", "resource": [
                { "type": "Patient", "extension": expected("SHALL"),
                  "supportedProfile": [PROFILE], "_supportedProfile": [{ "extension": expected("SHALL") }],
                  "interaction": [{ "code": "read", "extension": expected("SHALL") },
                                  { "code": "vread", "extension": expected("MAY") }],
                  "searchParam": [parameter("_id"), parameter("identifier"), parameter("gender"),
                                  parameter("birthdate"), parameter("family")] },
                { "type": "Observation", "extension": [expected("SHALL")[0], combination],
                  "searchParam": [parameter("patient"), parameter("code"), parameter("_id")],
                  "searchInclude": ["Observation:subject"], "_searchInclude": [{ "extension": expected("SHALL") }] }
            ] }]
        }),
    );
    workspace
}

fn statement(fault: Fault) -> Value {
    let names =
        |names: &[&str]| names.iter().map(|name| json!({ "name": name, "type": "token" })).collect::<Value>();
    let read = if fault == Fault::ClaimsNoRead { json!([]) } else { json!([{ "code": "read" }]) };
    json!({
        "resourceType": "CapabilityStatement", "status": "active", "kind": "instance", "rest": [{ "mode": "server",
        "resource": [
            { "type": "Patient", "supportedProfile": [format!("{PROFILE}|1.0.0")], "interaction": read,
              "searchParam": names(&["_id", "identifier", "gender", "birthdate", "family"]) },
            { "type": "Observation", "searchInclude": ["Observation:subject"],
              "searchParam": names(&["patient", "code", "_id"]) }
        ] }]
    })
}

fn records(fault: Fault) -> Vec<Value> {
    let patient = |id: &str, gender: &str, family: &str| {
        json!({
            "resourceType": "Patient", "id": id, "meta": { "profile": [PROFILE] }, "gender": gender,
            "identifier": [{ "system": "http://example.org/number", "value": format!("n,{id}") }],
            "name": [{ "family": family }], "birthDate": if gender == "male" { "1970-01-02" } else { "1980-05-06" }
        })
    };
    let mut first = patient("p1", "male", "O'Hara");
    if fault == Fault::BreaksTheProfile {
        first.as_object_mut().unwrap().remove("identifier");
    }
    let mut records = vec![first, patient("p2", "female", "Smith")];
    if fault != Fault::HasNoObservations {
        records.push(json!({
            "resourceType": "Observation", "id": "o1", "status": "final", "subject": { "reference": "Patient/p2" },
            "code": { "coding": [{ "system": "http://loinc.org", "code": "8867-4" }] }
        }));
    }
    records
}

/// Whether a record meets a parameter, as far as the records here need it.
fn meets(record: &Value, name: &str, value: &str) -> bool {
    let token = |system: &Value, code: &Value| {
        let code = code.as_str().unwrap_or_default().replace(',', "\\,");
        value == code || value == format!("{}|{code}", system.as_str().unwrap_or_default())
    };
    match name {
        "_id" => record["id"] == value,
        "gender" => record["gender"] == value,
        "birthdate" => record["birthDate"] == value,
        "family" => record["name"][0]["family"] == value,
        "identifier" => token(&record["identifier"][0]["system"], &record["identifier"][0]["value"]),
        "code" => token(&record["code"]["coding"][0]["system"], &record["code"]["coding"][0]["code"]),
        "patient" => {
            record["subject"]["reference"].as_str().unwrap().ends_with(value.trim_start_matches("Patient/"))
        }
        _ => true,
    }
}

/// A value of a query, decoded.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let code: String = rest.by_ref().take(2).map(char::from).collect();
            bytes.push(u8::from_str_radix(&code, 16).unwrap());
        } else {
            bytes.push(if byte == b'+' { b' ' } else { byte });
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn answer(line: &str, fault: Fault) -> String {
    let ok = |body: &Value| response("200 OK", "Content-Type: application/fhir+json\r\n", &body.to_string());
    let path = line.split(' ').nth(1).unwrap().trim_start_matches("/fhir/");
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    if path == "metadata" {
        return ok(&statement(fault));
    }
    let records = records(fault);
    if let Some((kind, id)) = path.split_once('/') {
        let found = records.iter().find(|record| record["resourceType"] == kind && record["id"] == id);
        return found.map_or_else(|| response("404 Not Found", "", ""), ok);
    }
    let query: Vec<(&str, String)> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name, decoded(value)))
        .filter(|(name, _)| !(fault == Fault::IgnoresGender && *name == "gender"))
        .collect();
    let matches = records.iter().filter(|record| {
        record["resourceType"] == path && query.iter().all(|(name, value)| meets(record, name, value))
    });
    let mut entries: Vec<Value> =
        matches.map(|record| json!({ "resource": record, "search": { "mode": "match" } })).collect();
    if query.iter().any(|(name, _)| *name == "_include") && !entries.is_empty() {
        entries.push(json!({ "resource": records[1], "search": { "mode": "include" } }));
    }
    ok(&json!({ "resourceType": "Bundle", "type": "searchset", "entry": entries }))
}

fn run(workspace: &Workspace, fault: Fault) -> (Ended, Value) {
    let endpoint = Endpoint::answering(move |head, _| answer(head.lines().next().unwrap_or_default(), fault));
    let ended = workspace.run(&["run", "--package", "clinic", "--endpoint", &endpoint.url]);
    assert!(workspace.path("proofmark-out/run.json").exists(), "{}", ended.stderr);
    let record = workspace.json("proofmark-out/run.json");
    (ended, record)
}

/// The requirements of an outcome.
fn of_outcome(record: &Value, outcome: &str) -> Vec<String> {
    let requirements = record["requirements"].as_array().unwrap().iter();
    let found = requirements.filter(|requirement| requirement["outcome"] == outcome);
    found.map(|requirement| requirement["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_server_that_does_as_the_package_says_is_conformant() {
    let workspace = workspace();
    let (ended, record) = run(&workspace, Fault::None);
    assert_eq!(ended.code, 0, "{}\n{}", ended.stdout, ended.stderr);
    assert_eq!(of_outcome(&record, "not-applicable"), ["ZZ-CLINIC/Patient.vread"]);
    assert_eq!(of_outcome(&record, "pass").len(), 16);
    // What was made can be judged again.
    let judged = workspace.run(&["judge", "proofmark-out", "--package", "clinic"]);
    assert_eq!(judged.code, 0, "{}", judged.stderr);
}

#[test]
fn a_fault_fails_the_requirement_that_it_breaks_and_no_other() {
    for (fault, requirement) in [
        (Fault::IgnoresGender, "ZZ-CLINIC/Patient.search.gender"),
        (Fault::ClaimsNoRead, "ZZ-CLINIC/Patient.read"),
        (Fault::BreaksTheProfile, "ZZ-CLINIC/Patient.profile.clinic-patient"),
    ] {
        let (ended, record) = run(&workspace(), fault);
        assert_eq!(ended.code, 1, "{}", ended.stderr);
        assert_eq!(of_outcome(&record, "fail"), [requirement]);
    }
}

#[test]
fn without_records_the_report_says_which_to_load() {
    let (ended, record) = run(&workspace(), Fault::HasNoObservations);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    let shown = of_outcome(&record, "not-demonstrated");
    assert_eq!(
        shown,
        [
            "ZZ-CLINIC/Observation.search.patient",
            "ZZ-CLINIC/Observation.search.code",
            "ZZ-CLINIC/Observation.search._id",
            "ZZ-CLINIC/Observation.search.patient+code",
            "ZZ-CLINIC/Observation.include.Observation:subject",
        ]
    );
    assert!(record.to_string().contains("Load a record of type Observation that has a value for code."));
}

#[test]
fn what_is_made_is_shown_without_a_run() {
    let workspace = workspace();
    let shown = workspace.run(&["standard", "show", "--package", "clinic"]);
    assert!(shown.stdout.contains("hl7.fhir.zz.clinic@1.0.0"), "{}", shown.stderr);
    let listed = workspace.run(&["standard", "requirements", "--package", "clinic"]);
    assert!(listed.stdout.contains("ZZ-CLINIC/Observation.search.patient+code SHALL"), "{}", listed.stdout);
    let planned = workspace.run(&["plan", "--package", "clinic"]);
    assert!(planned.stdout.contains("GET Patient?identifier=${value1}"), "{}", planned.stdout);
    let wrong = workspace.run(&["plan", "--package", "clinic", "--capabilities", "http://example.org/none"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("http://example.org/CapabilityStatement/clinic"), "{}", wrong.stderr);
}

#[test]
fn a_standard_takes_in_what_its_package_states() {
    let workspace = workspace();
    let folder = "standards/own/1.0.0";
    workspace.write(
        &format!("{folder}/standard.yaml"),
        "id: own\ntitle: Own\nversion: 1.0.0\npublisher: Nobody\nfhirVersion: 4.0.1\npackages: [./package]\n\
         generate: http://example.org/CapabilityStatement/clinic\n\
         lifecycle: { status: active, label: active }\nroles: [server]\nareas: { all: All }\n",
    );
    workspace.write(
        &format!("{folder}/requirements.yaml"),
        "- id: OWN-1\n  level: MAY\n  area: all\n  text: Patients are found by gender, or not.\n  clause: { page: p }\n  \
         maturity: active\n  replaces: [OWN/Patient.search.gender]\n",
    );
    workspace.write(
        &format!("{folder}/scenarios/all.yaml"),
        "scenario: own\ntitle: Own\nverifies: [OWN-1]\nsteps:\n  - search: Patient\n    params: { gender: male }\n    \
         expect: { status: 200 }\n",
    );
    for file in ["package.json", "profile.json", "statement.json"] {
        let text = workspace.read(&format!("clinic/{file}"));
        workspace.write(&format!("{folder}/package/{file}"), &text);
    }
    let endpoint =
        Endpoint::answering(|head, _| answer(head.lines().next().unwrap_or_default(), Fault::IgnoresGender));
    let ended =
        workspace.run(&["run", "--profiles", "standards", "--standard", "own", "--endpoint", &endpoint.url]);
    assert_eq!(ended.code, 0, "{}\n{}", ended.stdout, ended.stderr);
    let passed = of_outcome(&workspace.json("proofmark-out/run.json"), "pass");
    assert!(passed.contains(&"OWN-1".to_owned()) && passed.contains(&"OWN/Patient.search.family".to_owned()));
    assert!(!passed.contains(&"OWN/Patient.search.gender".to_owned()));
    let listed = workspace.run(&["standard", "requirements", "--profiles", "standards", "own"]);
    assert!(listed.stdout.contains("OWN/Patient.search.family"), "{}", listed.stderr);
}
