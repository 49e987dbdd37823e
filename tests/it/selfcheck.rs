//! The selfcheck itself, on a standard so small that what it must find can be seen.

use crate::workspace::{Ended, Workspace};

const SUPPLIER: &str = "basePath: /fhir\nsoftware: { name: Tiny, version: \"1\" }\npublished: \"2026-01-01\"\n\
    fhirVersion: 3.0.2\npageSize: 10\nmaximumPageSize: 10\neveryResource: []\n\
    resources:\n  - { type: Patient, profile: \"http://hl7.org/fhir/StructureDefinition/Patient\", parameters: [] }\n";
const SCENARIO: &str = "- scenario: read\n  title: A patient is read\n  verifies: [T-1]\n  steps:\n    - read: Patient/p\n      \
    expect: { status: 200, header: { ETag: present } }\n";
const NO_STATUS: &str = "  - name: wrong-status\n    title: Another status\n    description: It says 202.\n    breaks: [T-1]\n    \
    when: { interaction: read }\n    changes: [{ setStatus: 202 }]\n";
const NO_ETAG: &str = "  - name: no-etag\n    title: No ETag\n    description: It is left out.\n    breaks: [T-1]\n    \
    when: { interaction: read }\n    changes: [{ removeHeader: ETag }]\n";
const INVISIBLE: &str = "  - name: invisible\n    title: Nobody looks\n    description: Not judged.\n    breaks: [T-1]\n    \
    when: { interaction: read }\n    changes: [{ setHeader: { name: X-Own, value: x } }]\n";

/// What selfcheck says of the tiny standard with these faults and variations.
fn selfcheck(faults: &str, variations: &str, arguments: &[&str]) -> (Ended, Workspace) {
    let workspace = Workspace::new();
    crate::tiny::standard(&workspace, "1.0.0", &crate::tiny::requirement("T-1"), SCENARIO);
    workspace.write("own/supplier.yaml", SUPPLIER);
    workspace
        .write("own/p.json", r#"{"resourceType":"Patient","id":"p","meta":{"versionId":"1"},"active":true}"#);
    workspace.write("own/faults.yaml", &format!("faults:\n{faults}"));
    if !variations.is_empty() {
        workspace.write("own/variations.yaml", &format!("variations:\n{variations}"));
    }
    let mut all = vec!["selfcheck", "--standard", "tiny", "--profiles", "more", "--fixtures", "own"];
    all.extend(arguments);
    (workspace.run(&all), workspace)
}

fn json(faults: &str, variations: &str, arguments: &[&str]) -> (i32, serde_json::Value) {
    let (ended, _) = selfcheck(faults, variations, &[&["--format", "json"], arguments].concat());
    let found = serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("{}", ended.stderr));
    (ended.code, found)
}

#[test]
fn a_suite_that_catches_all_and_alarms_at_nothing_is_proved() {
    let tidy =
        "  - { name: sorted, title: Sorted, description: Sorted., changes: [{ json: { keys: sorted } }] }\n";
    let (code, found) = json(&[NO_STATUS, NO_ETAG].concat(), tidy, &[]);
    assert_eq!(code, 0, "{found:#}");
    for (key, expected) in [("faults", 2), ("caught", 2), ("checks", 2), ("variations", 1)] {
        assert_eq!(found[key], expected, "{key}");
    }
    for key in ["survivors", "checksThatNeverFail", "falseAlarms", "mismatches"] {
        assert_eq!(found[key], serde_json::json!([]), "{key}");
    }
    assert_eq!(found["matrix"][0]["caughtBy"][0]["id"], "read, step 1: status (T-1)");
    assert_eq!(found["byCheck"][0]["failedBy"], serde_json::json!(["no-etag"]), "{}", found["byCheck"]);
    let schema = schemars::schema_for!(proofmark::selfcheck::SelfCheck).to_value();
    let errors: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&found)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn a_fault_that_lives_is_named() {
    let (code, found) = json(&[NO_STATUS, NO_ETAG, INVISIBLE].concat(), "", &[]);
    assert_eq!((code, &found["survivors"]), (1, &serde_json::json!(["invisible"])));
    assert_eq!(found["caught"], 2);
}

#[test]
fn a_check_that_never_fails_is_named() {
    let (code, found) = json(NO_STATUS, "", &[]);
    assert_eq!(
        (code, &found["checksThatNeverFail"]),
        (1, &serde_json::json!(["read, step 1: header (T-1)"]))
    );
    assert_eq!(found["survivors"], serde_json::json!([]));
}

#[test]
fn a_variation_that_alarms_is_named() {
    let odd = "  - { name: odd, title: Odd, description: Not so., changes: [{ setStatus: 203 }] }\n";
    let (code, found) = json(&[NO_STATUS, NO_ETAG].concat(), odd, &[]);
    assert_eq!((code, &found["falseAlarms"]), (1, &serde_json::json!(["odd"])));
    assert_eq!(found["byVariation"][1]["failed"], serde_json::json!(["T-1"]));
}

#[test]
fn a_variation_that_leaves_open_what_is_mandatory_alarms_and_one_that_forgoes_a_recommendation_does_not() {
    let hidden = "  - { name: hidden, title: Hidden, description: Not so., when: { interaction: read }, changes: [breakConnection] }\n";
    let (code, found) = json(&[NO_STATUS, NO_ETAG].concat(), hidden, &[]);
    assert_eq!((code, &found["falseAlarms"]), (1, &serde_json::json!(["hidden"])));
    assert_eq!(found["byVariation"][1]["open"], serde_json::json!(["T-1"]));
    // What is mandatory cannot be forgone.
    let odd = "  - { name: odd, title: Odd, description: Not so., forgoes: [T-1], changes: [{ setStatus: 203 }] }\n";
    let (code, found) = json(&[NO_STATUS, NO_ETAG].concat(), odd, &[]);
    assert_eq!((code, &found["falseAlarms"]), (1, &serde_json::json!(["odd"])));
}

#[test]
fn an_answer_that_does_not_come_is_caught() {
    let broken = "  - name: broken\n    title: No answer\n    description: The connection breaks.\n    breaks: [T-1]\n    \
        when: { interaction: read }\n    changes: [breakConnection]\n";
    let (code, found) = json(broken, "", &["--fault", "broken"]);
    assert_eq!((code, &found["caught"], &found["complete"]), (0, &1.into(), &false.into()), "{found:#}");
    assert_eq!(found["matrix"][0]["failed"], serde_json::json!(["T-1"]));
}

#[test]
fn other_requirements_than_a_fault_names_are_told() {
    let more = NO_ETAG.replace("breaks: [T-1]", "breaks: { atLeast: [T-1, T-9] }");
    let (_, found) = json(&more, "", &["--fault", "no-etag"]);
    assert_eq!(found["mismatches"], serde_json::json!(["no-etag"]));
    assert_eq!(found["matrix"][0]["missed"], serde_json::json!(["T-9"]));
}

#[test]
fn the_reports_name_what_is_left_to_do() {
    let (ended, workspace) = selfcheck(
        &[NO_STATUS, INVISIBLE].concat(),
        "",
        &["--report", "html=page.html", "--report", "json=found.json"],
    );
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    for words in [
        "1 of 2 caught",
        "invisible: Nobody looks",
        "read, step 1: header (T-1)",
        "Standard        Tiny 1.0.0",
    ] {
        assert!(ended.stdout.contains(words), "expected «{words}» in:\n{}", ended.stdout);
    }
    let page = workspace.read("page.html");
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
    let document = roxmltree::Document::parse_with_options(&page, options).unwrap();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        assert!(!matches!(node.tag_name().name(), "script" | "img" | "iframe"), "nothing from elsewhere");
        if let Some(target) = node.attribute("href").and_then(|href| href.strip_prefix('#')) {
            assert!(document.descendants().any(|found| found.attribute("id") == Some(target)), "#{target}");
        }
    }
    assert!(page.contains("Nobody looks") && page.contains("1 of 2 never fail"));
    assert_eq!(workspace.json("found.json")["survivors"][0], "invisible");
    let (ended, _) = selfcheck(NO_STATUS, "", &["--fault", "wrong-statu"]);
    assert!(ended.code == 2 && ended.stderr.contains("did you mean `wrong-status`?"), "{}", ended.stderr);
    let (ended, _) = selfcheck(NO_STATUS, "", &["--report", "pdf=x"]);
    assert!(ended.code == 2 && ended.stderr.contains("text, json and html"), "{}", ended.stderr);
}
