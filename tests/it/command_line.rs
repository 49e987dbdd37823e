//! Commands that need no endpoint.

use crate::workspace::Workspace;

fn run(arguments: &[&str]) -> String {
    let ended = Workspace::new().run(arguments);
    assert_eq!(ended.code, 0, "{arguments:?}: {}", ended.stderr);
    ended.stdout
}

#[test]
fn help_names_the_commands_and_exit_codes() {
    insta::assert_snapshot!(run(&["--help"]));
}

#[test]
fn standards_can_be_listed_and_shown() {
    assert!(run(&["standard", "list"]).starts_with("careconnect@1.3.0"));
    let shown = run(&["standard", "show", "careconnect"]);
    for words in ["draft in every published profile", "Not covered", "patient-a: Patient; an NHS number"] {
        assert!(shown.contains(words), "expected «{words}» in:\n{shown}");
    }
    let requirements: serde_json::Value =
        serde_json::from_str(&run(&["standard", "requirements", "careconnect@1.3.0", "--format", "json"]))
            .unwrap();
    let patient = requirements.as_array().unwrap().iter().find(|found| found["id"] == "CC-PAT-009").unwrap();
    assert_eq!((patient["level"].as_str(), patient["binding"].as_bool()), (Some("SHALL"), Some(true)));
    assert!(!patient["scenarios"].as_array().unwrap().is_empty());
}

#[test]
fn a_plan_sends_nothing_and_names_the_data() {
    let plan = run(&["plan", "--standard", "careconnect"]);
    for words in
        ["verifies CC-PAT-009", "GET Patient?identifier=", "patient-a (the standard's synthetic record)"]
    {
        assert!(plan.contains(words), "expected «{words}» in:\n{plan}");
    }
}

#[test]
fn every_code_has_a_page_with_all_its_headings() {
    let list = run(&["explain", "--list"]);
    assert!(list.lines().count() > 40, "{list}");
    let codes = proofmark::check::codes().into_iter().chain(proofmark::validate::codes());
    let mut seen = std::collections::BTreeSet::new();
    for code in codes {
        assert!(seen.insert(code.name), "{} is there twice", code.name);
        for part in [code.title, code.what, code.why, code.example, code.specification] {
            assert!(!part.trim().is_empty(), "{}", code.name);
        }
        assert!(code.specification.starts_with("http"), "{}", code.name);
    }
    insta::assert_snapshot!(run(&["explain", "element-missing"]));
}

#[test]
fn a_requirement_can_be_explained_and_a_misspelt_code_is_suggested() {
    let page = run(&["explain", "CC-PAT-009"]);
    assert!(page.starts_with("CC-PAT-009: SHALL, for the server; careconnect@1.3.0 (draft)"), "{page}");
    let ended = Workspace::new().run(&["explain", "element-mising"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("did you mean `element-missing`?"), "{}", ended.stderr);
}

#[test]
fn completions_are_made_for_a_shell() {
    assert!(run(&["completions", "bash"]).contains("_proofmark"));
}

#[test]
fn faults_are_listed() {
    let list = run(&["supplier", "--list-faults"]);
    assert!(list.contains("missing-etag: No ETag on a read"), "{list}");
}

#[test]
fn a_supplier_of_another_folder_is_served() {
    let workspace = Workspace::new();
    workspace.write("own/supplier.yaml", include_str!("../../fixtures/careconnect/supplier.yaml"));
    workspace.write(
        "own/people.json",
        r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"own-1"}}]}"#,
    );
    let mut supplier = workspace
        .command(&["supplier", "--fixtures", "own", "--latency", "1ms"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(supplier.stdout.take().unwrap()), &mut line)
        .unwrap();
    let host = line.trim().strip_prefix("listening on http://").unwrap().strip_suffix("/STU3").unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    let request = "GET /STU3/Patient/own-1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
    let answer = std::io::read_to_string(stream).unwrap();
    supplier.kill().unwrap();
    supplier.wait().unwrap();
    assert!(answer.ends_with(r#"{"resourceType":"Patient","id":"own-1"}"#), "{answer}");
    for (arguments, words) in [
        (["supplier", "--fixtures", "nowhere"], "there is no folder nowhere"),
        (["supplier", "--latency", "soon"], "`soon` is no time; expected for instance 20ms or 1s"),
    ] {
        let ended = workspace.run(&arguments);
        assert!(ended.code == 2 && ended.stderr.contains(words), "{}", ended.stderr);
    }
}

#[test]
fn usage_errors_end_with_2() {
    let ended = Workspace::new().run(&["run", "--jobs", "0"]);
    assert_eq!(ended.code, 2);
    let ended = Workspace::new().run(&["run"]);
    assert_eq!((ended.code, ended.stderr.contains("which standard?")), (2, true));
    let ended = Workspace::new().run(&["supplier", "--fault", "missing-etg"]);
    assert!(ended.stderr.contains("did you mean `missing-etag`?"), "{}", ended.stderr);
}

#[test]
fn validation_says_where_and_what() {
    let workspace = Workspace::new();
    workspace.write(
        "patient.json",
        "{\n  \"resourceType\": \"Patient\",\n  \"gender\": \"F\",\n  \"birthDate\": \"1974-02-30\"\n}\n",
    );
    let ended = workspace.run(&["validate", "patient.json"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    insta::assert_snapshot!(ended.stdout);
    let ended = workspace.run(&["validate", "--format", "json", "patient.json"]);
    let outcome: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(outcome["resourceType"], "OperationOutcome");
    assert_eq!(outcome["issue"][0]["details"]["coding"][0]["code"], "code-not-in-value-set");
    assert_eq!(outcome["issue"][0]["extension"][0]["valueInteger"], 3);
    assert_eq!(outcome["issue"][0]["expression"][0], "Patient.gender");
}

#[test]
fn a_profile_that_is_not_loaded_says_how_to_load_it() {
    let workspace = Workspace::new();
    workspace.write(
        "patient.json",
        r#"{"resourceType":"Patient","meta":{"profile":["http://example.org/p"]},"active":true}"#,
    );
    let ended = workspace.run(&["validate", "patient.json"]);
    assert_eq!(ended.code, 0, "{}", ended.stdout);
    let words: Vec<&str> = ended.stdout.split_whitespace().collect();
    assert!(words.join(" ").contains("load it with --package"), "{}", ended.stdout);
    let ended = workspace.run(&["validate", "--profile", "http://example.org/p", "patient.json"]);
    assert_eq!(ended.code, 2, "{}", ended.stdout);
}

#[test]
fn one_of_several_files_that_is_no_resource_is_an_error_at_its_place() {
    let workspace = Workspace::new();
    workspace.write("a.json", r#"{"resourceType":"Patient","active":true}"#);
    workspace.write("b.xml", "<Patient xmlns=\"http://hl7.org/fhir\">\n<active value=\"true\"></Patient>");
    let ended = workspace.run(&["validate", "a.json", "b.xml"]);
    assert_eq!(ended.code, 1);
    assert!(ended.stdout.contains("a.json: no finding"), "{}", ended.stdout);
    assert!(ended.stdout.contains("b.xml:2:"), "{}", ended.stdout);
    assert!(ended.stdout.contains("not well-formed XML"), "{}", ended.stdout);
    let ended = workspace.run(&["validate", "nothing.json"]);
    assert_eq!(ended.code, 2);
}

#[test]
fn a_resource_is_judged_by_the_release_that_is_asked_for() {
    let workspace = Workspace::new();
    let request =
        r#"{"resourceType":"ServiceRequest","status":"active","intent":"order","subject":{"display":"x"}}"#;
    workspace.write("request.json", request);
    let asked = ["validate", "--best-practice", "warning", "--fhir-version"];
    let r4 = workspace.run(&[&asked[..], &["4.0", "request.json"]].concat());
    assert_eq!(r4.code, 0, "{}", r4.stdout);
    assert!(
        r4.stdout.contains("http://hl7.org/fhir/StructureDefinition/ServiceRequest|4.0.1"),
        "{}",
        r4.stdout
    );
    let stu3 = workspace.run(&["validate", "--fhir-version", "3.0", "request.json"]);
    assert_eq!(stu3.code, 1);
    assert!(stu3.stdout.contains("`ServiceRequest` is not a resource type of STU3"), "{}", stu3.stdout);
    let other =
        workspace.run(&["validate", "--fhir-version", "4.0", "--standard", "careconnect", "request.json"]);
    assert_eq!(other.code, 2);
    assert!(other.stderr.contains("is a standard of FHIR STU3, and not of R4"), "{}", other.stderr);
}
