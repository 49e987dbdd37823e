//! Files of the user's that cannot be used: exit 2, and a message with file, place and what to do.

use crate::workspace::{Workspace, project};

/// A workspace with a copy of the built-in standard to spoil.
fn with_standard(spoil: impl Fn(&Workspace)) -> (i32, String) {
    let workspace = Workspace::new();
    copy(&project("profiles/careconnect/1.3.0"), &workspace.path("standards/careconnect/1.3.0"));
    spoil(&workspace);
    let ended = workspace.run(&["plan", "--standard", "careconnect", "--profiles", "standards"]);
    (ended.code, ended.stderr)
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

const FOLDER: &str = "standards/careconnect/1.3.0";

#[track_caller]
fn refused((code, stderr): (i32, String), words: &[&str]) {
    assert_eq!(code, 2, "{stderr}");
    for word in words {
        assert!(stderr.contains(word), "expected «{word}» in:\n{stderr}");
    }
}

fn scenario(workspace: &Workspace, text: &str) {
    workspace.write(&format!("{FOLDER}/scenarios/mine.yaml"), text);
}

#[test]
fn a_copy_of_the_standard_is_as_good() {
    let (code, stderr) = with_standard(|_| ());
    assert_eq!(code, 0, "{stderr}");
}

#[test]
fn a_scenario_that_names_an_unknown_variable() {
    let result = with_standard(|workspace| {
        scenario(
            workspace,
            "scenario: mine\ntitle: Mine\nverifies: [CC-PAT-009]\nneeds: [patient-a]\nsteps:\n  - search: Patient\n    \
             params: { identifier: \"${patient-a.nhsNumbr}\" }\n    expect: { status: 200 }\n",
        );
    });
    refused(
        result,
        &[
            "scenarios/mine.yaml:7:15: there is no value `patient-a.nhsNumbr`",
            "hint: did you mean `patient-a.nhsNumber`?",
        ],
    );
}

#[test]
fn a_scenario_with_an_unknown_key_requirement_and_expression() {
    let result = with_standard(|workspace| {
        scenario(
            workspace,
            "scenario: mine\ntitle: Mine\nverifies: [CC-PAT-999]\nsteps:\n  - search: Patient\n    expcet: { status: 200 }\n",
        );
    });
    refused(result, &["scenarios/mine.yaml:6:5: unknown key `expcet`", "did you mean `expect`?"]);
    let result = with_standard(|workspace| {
        scenario(
            workspace,
            "scenario: mine\ntitle: Mine\nverifies: [CC-PAT-999]\nsteps:\n  - search: Patient\n    expect:\n      \
             fhirpath: \"name.frist()\"\n",
        );
    });
    refused(
        result,
        &[
            "scenarios/mine.yaml:3:12: there is no requirement `CC-PAT-999`",
            "scenarios/mine.yaml:7:7: not valid FHIRPath",
            "frist",
        ],
    );
}

#[test]
fn checks_that_can_never_fail_are_refused() {
    let cases = [
        ("{}", "7:5: this group expects nothing, so it can never fail"),
        ("{ stauts: 200 }", "7:15: unknown key `stauts`"),
        ("[{ status: 200 }, { verifies: [CC-PAT-009], stauts: 200 }]", "unknown key `stauts`"),
        ("{ paging: true }", "`paging` needs `pages` on the step"),
        ("{ everyEntry: { matchesSearch: [family] } }", "the step sends no parameter `family`"),
        ("{ header: { ETag: { matches: \"(\" } } }", "not a valid regular expression"),
        ("{ charset: latin1 }", "no other character set than utf-8"),
        ("{ within: 2s }", "`within` only warns"),
        ("{ status: [1xx, 2xx, 3xx, 4xx, 5xx] }", "every status is one of these"),
        ("{ status: [] }", "an empty list expects nothing"),
        ("{ header: { A: { echoes: X-Request-ID } } }", "the step sends no header `X-Request-ID`"),
        ("{ header: { A: { matches: \".*\" } } }", "every value matches this"),
        ("{ body: empty, resource: Patient }", "an empty body holds nothing"),
        ("{ jsonSchema: {} }", "everything meets this schema"),
        ("{ jsonSchema: data/none.json }", "the file data/none.json"),
        ("{ jsonSchema: { type: nothing } }", "not a JSON Schema that can be used"),
        ("{ bundle: {} }", "this expects nothing of the Bundle"),
        ("{ bundle: { included: { min: 0 } } }", "every number is within these bounds"),
        ("{ bundle: { count: { min: 2, max: 1 } } }", "no number is within these bounds"),
        ("{ anyEntry: { mode: include } }", "this expects nothing of the entry"),
        ("{ operationOutcome: { severity: [bad] } }", "`bad` is no severity"),
        ("{ fhirpath: \"true\" }", "this is always true"),
        ("{ fhirpath: { path: id } }", "say what is checked"),
        ("{ anyOf: [{ status: 200 }] }", "one alternative is none"),
        ("{ anyOf: [{ status: 200 }, {}] }", "this group expects nothing"),
        ("{ status: 200, when: {} }", "a condition says what must be claimed"),
        ("{ status: 200, when: { capability: Patient.sing } }", "`Patient.sing` is no capability"),
    ];
    for (expect, message) in cases {
        let result = with_standard(|workspace| {
            scenario(
                workspace,
                &format!(
                    "scenario: mine\ntitle: Mine\nverifies: [CC-PAT-009]\nsteps:\n  - search: Patient\n    \
                     params: {{ gender: male }}\n    expect: {expect}\n"
                ),
            );
        });
        refused(result, &["scenarios/mine.yaml", message]);
    }
}

#[test]
fn steps_that_cannot_be_sent_as_they_are_written_are_refused() {
    let cases = [
        ("{ read: Patient/1, search: Patient }", "this one has 2"),
        ("{ read: Patient/1, method: POST }", "`method` is of `search` and `operation` only"),
        ("{ read: Patient/1, body: x }", "`body` is of `create`"),
        ("{ create: Patient }", "`create` needs a `body`"),
        ("{ create: Patient, body: { json: {}, form: {} } }", "this one names 2"),
        ("{ create: Patient, body: { resource: { id: x } } }", "expected a resource with a `resourceType`"),
        ("{ create: Patient, body: { resource: data/none.json } }", "the file data/none.json"),
        ("{ create: Patient, body: { base64: \"?\" } }", "not Base64"),
        ("{ create: Patient, ifMatch: \"1\", body: x }", "`ifMatch` is of `update`"),
        ("{ vread: Patient/1 }", "expected TYPE/ID/_history/VERSION"),
        ("{ operation: Patient/everything }", "names no operation"),
        ("{ batch: [{ method: POST, url: Patient }] }", "POST needs a `resource`"),
        ("{ read: Patient/1, optional: true, expect: { status: 200 } }", "an optional step can never fail"),
        ("{ read: Patient/1, capture: { uuid: id } }", "`uuid` is the name of a generated value"),
        (
            "{ read: Patient/1, capture: { a: { header: X, status: true } } }",
            "one of `header` and `status: true`",
        ),
        ("{ read: \"Patient/${today+1x}\" }", "`x` is no unit of time"),
        ("{ read: \"Patient/${nhsNumber.wrong}\" }", "`wrong` is no kind of NHS number"),
    ];
    for (step, message) in cases {
        let result = with_standard(|workspace| {
            let text = format!(
                "scenario: mine\ntitle: Mine\nverifies: [CC-PAT-009]\nsteps:\n  - {step}\n  \
                 - {{ read: Patient/2, expect: {{ status: 200 }} }}\n"
            );
            scenario(workspace, &text);
        });
        refused(result, &["scenarios/mine.yaml:5:", message]);
    }
    let result = with_standard(|workspace| {
        let text = "scenario: mine\ntitle: Mine\nverifies: [CC-PAT-009]\nvariables: { a: \"${b}\" }\nsteps:\n  \
                    - { read: Patient/2, expect: { status: 200 } }\nteardown:\n  - { delete: Patient/2, expect: { status: 200 } }\n";
        scenario(workspace, text);
    });
    refused(
        result,
        &["mine.yaml:4:", "there is no value `b`", "mine.yaml:8:", "decides nothing without `verifies`"],
    );
}

/// What `standard check` says of a copy of the standard with a scenario more.
fn checked(spoil: impl Fn(&Workspace), format: &str) -> (i32, String) {
    let workspace = Workspace::new();
    copy(&project("profiles/careconnect/1.3.0"), &workspace.path(FOLDER));
    spoil(&workspace);
    let ended = workspace.run(&["standard", "check", FOLDER, "--format", format]);
    (ended.code, ended.stdout)
}

#[test]
fn a_standard_is_checked_as_a_whole() {
    let (code, stdout) = checked(|_| (), "text");
    assert_eq!((code, stdout.contains("0 errors")), (0, true), "{stdout}");
    let suspect = |workspace: &Workspace| {
        workspace.write(&format!("{FOLDER}/data/unused.txt"), "x");
        scenario(
            workspace,
            "scenario: mine\ntitle: Mine\nverifies: [CC-PAT-009, CC-PAT-010]\nmatrix: { unused: [a, b] }\nvariables: { idle: x }\nsteps:\n  \
             - search: Patient\n    params: { colour: red }\n    capture: { lost: id }\n    expect:\n      verifies: [CC-PAT-009]\n      \
             conformsTo: http://example.org/none\n",
        );
    };
    let (code, stdout) = checked(suspect, "text");
    assert_eq!(code, 0, "{stdout}");
    let words = stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in [
        "data/unused.txt nothing uses this file",
        "mine.yaml:3:1 each group verifies requirements of its own",
        "mine.yaml:4:1 no step uses the value `unused`, so its cases are all alike",
        "mine.yaml:5:14 no step uses the variable `idle`",
        "mine.yaml:8:5 `colour` is no search parameter of Patient",
        "mine.yaml:9:16 no step uses the captured value `lost`",
        "the profile http://example.org/none is in none of the packages",
    ] {
        assert!(words.contains(expected), "expected «{expected}» in:\n{stdout}");
    }
    assert!(
        stdout.lines().all(|line| line.chars().count() <= 80 || line.starts_with("warning: ")),
        "{stdout}"
    );
    // Errors of all files come at once, those too that are found before the names are looked at.
    let broken = |workspace: &Workspace| {
        scenario(workspace, "scenario: mine\ntitle: Mine\nverifies: [CC-PAT-009]\nstesp: []\n");
        let file = format!("{FOLDER}/requirements.yaml");
        workspace.write(&file, &workspace.read(&file).replacen("level: SHALL", "level: SHLL", 1));
    };
    let (code, stdout) = checked(broken, "json");
    let found: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    let files: Vec<&str> =
        found["errors"].as_array().unwrap().iter().map(|error| error["file"].as_str().unwrap()).collect();
    assert_eq!(code, 2);
    assert!(files.iter().any(|file| file.ends_with("mine.yaml")), "{stdout}");
    assert!(files.iter().any(|file| file.ends_with("requirements.yaml")), "{stdout}");
}

#[test]
fn a_requirement_that_nothing_verifies() {
    let result = with_standard(|workspace| {
        let file = format!("{FOLDER}/requirements.yaml");
        let text = workspace.read(&file);
        workspace.write(
            &file,
            &format!(
                "{text}\n- id: CC-NEW-001\n  level: SHALL\n  area: patient\n  text: Something new.\n  \
                 clause: {{ page: somewhere }}\n  maturity: draft\n"
            ),
        );
    });
    refused(result, &["requirements.yaml", "no scenario verifies `CC-NEW-001`", "hint: write one"]);
}

#[test]
fn a_standard_with_a_broken_profile() {
    let result = with_standard(|workspace| {
        let file = format!("{FOLDER}/package/StructureDefinition-CareConnect-Patient-1.json");
        let text = workspace.read(&file).replace("\"Patient.gender\"", "\"Patient.gendre\"");
        workspace.write(&file, &text);
    });
    refused(
        result,
        &[
            "StructureDefinition-CareConnect-Patient-1.json",
            "cannot be used: Patient.gendre: there is no element `gendre`",
            "hint: mend the profile",
        ],
    );
    let result = with_standard(|workspace| {
        workspace.write(&format!("{FOLDER}/package/ValueSet-x.json"), "{\n  \"resourceType\": ValueSet }");
    });
    refused(result, &["ValueSet-x.json:2:19: not well-formed JSON: 'V' where a value was expected"]);
}

#[test]
fn a_configuration_with_an_unknown_key() {
    let workspace = Workspace::new();
    workspace.write("proofmark.toml", "endpoint = \"http://127.0.0.1:9/fhir\"\nstandrad = \"careconnect\"\n");
    let ended = workspace.run(&["run"]);
    refused((ended.code, ended.stderr), &["proofmark.toml:2:1: unknown field `standrad`", "`standard`"]);
}

#[test]
fn data_that_the_standard_does_not_know() {
    let workspace = Workspace::new();
    workspace.write("proofmark.toml", "[data.patient-aa]\nnhsNumber = \"9990000018\"\n");
    let ended = workspace.run(&["plan", "--standard", "careconnect"]);
    refused((ended.code, ended.stderr), &["[data.patient-aa]", "did you mean `patient-a`?"]);
}

#[test]
fn a_run_folder_is_not_written_over() {
    let workspace = Workspace::new();
    workspace.write("proofmark-out/run.json", "{}");
    let ended = workspace.run(&["demo"]);
    refused((ended.code, ended.stderr), &["proofmark-out holds another run", "--force"]);
    assert_eq!(workspace.read("proofmark-out/run.json"), "{}");
}

#[test]
fn a_run_that_cannot_be_read() {
    let workspace = Workspace::new();
    workspace.write("run.json", "{\"schemaVersion\": \"9.0\"}");
    let ended = workspace.run(&["report", "run.json"]);
    refused((ended.code, ended.stderr), &["run.json", "9"]);
    let ended = workspace.run(&["report", "nowhere"]);
    refused((ended.code, ended.stderr), &["nowhere"]);
}

#[test]
fn an_endpoint_that_is_no_address() {
    let workspace = Workspace::new();
    let ended = workspace.run(&["run", "--standard", "careconnect", "--endpoint", "localhost:8080"]);
    refused(
        (ended.code, ended.stderr),
        &["`localhost:8080` is no address of an endpoint", "http://HOST/PATH"],
    );
}
