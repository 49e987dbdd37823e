//! `standard diff`: two versions compared, with the real program.

use serde_json::{Value, json};

use crate::workspace::{Workspace, project, shared};

fn profile(version: &str, differential: &Value) -> String {
    json!({
        "resourceType": "StructureDefinition", "url": "http://x/StructureDefinition/Person-1",
        "version": version, "fhirVersion": "3.0.2", "name": "Person", "status": "draft", "kind": "resource", "abstract": false,
        "type": "Patient", "derivation": "constraint",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
        "differential": { "element": differential },
    })
    .to_string()
}

/// Two versions of a profile, of which the second is stricter in three ways and looser in one.
pub(crate) fn two_versions() -> Workspace {
    let workspace = Workspace::new();
    let hostile = json!({ "key": "x-1", "severity": "error", "expression": "true",
        "human": "<script>alert(1)</script> \u{202e}" });
    workspace
        .write("one/package/p.json", &profile("1.0.0", &json!([{ "path": "Patient.name", "max": "1" }])));
    workspace.write(
        "two/package/p.json",
        &profile(
            "2.0.0",
            &json!([
                { "path": "Patient", "constraint": [hostile] },
                { "path": "Patient.birthDate", "min": 1 },
                { "path": "Patient.photo", "max": "0" },
            ]),
        ),
    );
    workspace
}

#[test]
fn two_versions_of_a_profile_as_text() {
    let ended = two_versions().run(&["standard", "diff", "one", "two"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    assert!(!ended.stdout.contains('\u{202e}'));
    assert!(ended.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ended.stdout);
    insta::assert_snapshot!(ended.stdout);
}

#[test]
fn two_versions_of_a_profile_as_json_that_meets_its_schema() {
    let ended = two_versions().run(&["standard", "diff", "one", "two/package/p.json", "--format", "json"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    let found: Value = serde_json::from_str(&ended.stdout).unwrap();
    let schema = schemars::schema_for!(proofmark::comparison::Comparison).to_value();
    let errors: Vec<String> =
        jsonschema::validator_for(&schema).unwrap().iter_errors(&found).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(found["olderMayFail"], "yes");
    assert_eq!(found["tally"]["tighter"], 3);
    let birth_date = &found["profiles"][0]["elements"].as_array().unwrap().iter();
    let birth_date = birth_date.clone().find(|element| element["element"] == "Patient.birthDate").unwrap();
    assert_eq!(
        birth_date["changes"][0],
        json!({ "aspect": "min", "direction": "tighter", "decides": true, "older": "0..1", "newer": "1..1",
            "text": "now required" })
    );
}

#[test]
fn two_versions_of_a_profile_as_a_page() {
    let page = two_versions().run(&["standard", "diff", "one", "two", "--format", "html"]).stdout;
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("default-src 'none'"));
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;alert(1)"));
    assert!(page.contains("‹U+202E›") && !page.contains('\u{202e}'));
    for words in [
        "What met the older version may fail the newer.",
        "▲ Stricter: 3",
        "▽ Looser: 1",
        "Patient.birthDate",
    ] {
        assert!(page.contains(words), "expected «{words}»");
    }
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(&page, options).unwrap();
    let elements = || document.descendants().filter(roxmltree::Node::is_element);
    let levels: Vec<u32> =
        elements().filter_map(|node| node.tag_name().name().strip_prefix('h')?.parse().ok()).collect();
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    let mut ids: Vec<&str> = elements().filter_map(|node| node.attribute("id")).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "ids are unique");
    for name in ["href", "aria-labelledby"] {
        for target in elements().filter_map(|node| node.attribute(name)) {
            let target = target.trim_start_matches('#');
            assert!(target == "data:," || ids.contains(&target), "{name} {target}");
        }
    }
    assert!(elements().filter(|node| node.has_tag_name("th")).all(|node| node.has_attribute("scope")));
}

#[test]
fn a_standard_does_not_differ_from_itself() {
    let ended = Workspace::new().run(&["standard", "diff", "careconnect@1.3.0", "careconnect@1.3.0"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    for words in ["✓ No difference was found.", "80 profiles unchanged", "No difference in the requirements"]
    {
        assert!(ended.stdout.contains(words), "expected «{words}» in:\n{}", ended.stdout);
    }
}

#[test]
fn what_cannot_be_compared_is_an_error_with_a_way_out() {
    let workspace = two_versions();
    workspace.write("codes/v.json", r#"{"resourceType":"ValueSet","url":"http://x/v","status":"draft"}"#);
    let cases: [(&[&str], &[&str]); 5] = [
        (
            &["one", "carconnect@9"],
            &["carconnect@9: there is no such standard", "did you mean `careconnect`?"],
        ),
        (&["one", "nothing@9"], &["there is no such standard", "standards at hand: careconnect@1.3.0"]),
        (&["one", "./three"], &["./three: there is no such file or folder", "a standard as ID@VERSION"]),
        (&["one", "codes"], &["codes: there is no profile in it"]),
        (
            &["one", "two", "--profile", "http://x/StructureDefinition/Persn-1"],
            &["is not in one or two", "did you mean `http://x/StructureDefinition/Person-1`?"],
        ),
    ];
    for (arguments, words) in cases {
        let ended = workspace.run(&[&["standard", "diff"], arguments].concat());
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{arguments:?}");
        for words in words {
            assert!(ended.stderr.contains(words), "expected «{words}» in:\n{}", ended.stderr);
        }
    }
}

#[test]
fn the_restated_care_connect_package_is_equal_in_effect() {
    let Some(official) = shared("data/careconnect-stu3.tgz") else { return };
    let own = project("profiles/careconnect/1.3.0/package");
    let paths = [official.to_str().unwrap(), own.to_str().unwrap()];
    let ended = Workspace::new().run(&["standard", "diff", paths[0], paths[1], "--format", "json"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let found: Value = serde_json::from_str(&ended.stdout).unwrap();
    let tally = &found["tally"];
    assert_eq!(tally["profilesUnchanged"], 79, "{tally}");
    assert_eq!(tally["profilesChanged"], 0, "{tally}");
    // One value set is in neither package.
    assert_eq!(tally["profilesUndetermined"], 1, "{tally}");
}

#[test]
fn gp_connect_narrows_the_care_connect_patient() {
    let (Some(older), Some(newer)) = (shared("data/careconnect-stu3.tgz"), shared("data/gpconnect-stu3.tgz"))
    else {
        return;
    };
    let (older, newer) = (older.to_str().unwrap(), newer.to_str().unwrap());
    let pair = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1=\
                https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1";
    let ended = Workspace::new().run(&[
        "standard",
        "diff",
        older,
        newer,
        "--package",
        older,
        "--profile",
        pair,
        "--format",
        "json",
    ]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let found: Value = serde_json::from_str(&ended.stdout).unwrap();
    let profile = &found["profiles"][0];
    assert_eq!((profile["matchedBy"].as_str(), found["olderMayFail"].as_str()), (Some("asked"), Some("yes")));
    let elements = profile["elements"].as_array().unwrap();
    let said = |id: &str| -> Vec<(&str, &str, bool)> {
        let element = elements.iter().find(|element| element["element"] == id).unwrap();
        let changes = element["changes"].as_array().unwrap().iter();
        changes
            .map(|change| {
                let text = |key: &str| change[key].as_str().unwrap();
                (text("direction"), text("text"), change["decides"].as_bool().unwrap())
            })
            .collect()
    };
    assert_eq!(said("Patient.generalPractitioner")[0], ("tighter", "may no longer repeat", true));
    assert_eq!(said("Patient.identifier:nhsNumber.period"), [("tighter", "no longer allowed", true)]);
    assert_eq!(said("Patient.extension:deathNotificationStatus")[0], ("looser", "may now repeat", true));
    // An official name is required already.
    assert_eq!(said("Patient.name"), [("tighter", "now required", false)]);
    assert!(!elements.iter().any(|element| element["element"] == "Patient.identifier:nhsNumber.system"));
    assert_eq!(profile["gaps"], Value::Null);
}

#[test]
fn nothing_in_common_is_not_called_equal() {
    let workspace = Workspace::new();
    for (file, name, kind) in [("a.json", "a", "Patient"), ("b.json", "b", "Observation")] {
        let folder = file.trim_end_matches(".json");
        let profile = |url: &str| {
            serde_json::json!({
                "resourceType": "StructureDefinition", "url": url, "name": name, "status": "draft", "type": kind,
                "kind": "resource", "abstract": false, "derivation": "constraint",
                "baseDefinition": format!("http://hl7.org/fhir/StructureDefinition/{kind}"),
                "differential": { "element": [{ "id": kind, "path": kind }] }
            })
            .to_string()
        };
        workspace.write(&format!("{folder}/1.json"), &profile(&format!("http://example.org/{name}1")));
        workspace.write(&format!("{folder}/2.json"), &profile(&format!("http://example.org/{name}2")));
    }
    let ended = workspace.run(&["standard", "diff", "a", "b", "--format", "json"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let found: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(
        (found["olderMayFail"].as_str(), found["newerMayFail"].as_str()),
        (Some("unknown"), Some("unknown"))
    );
    let text = workspace.run(&["standard", "diff", "a", "b"]).stdout;
    assert!(!text.contains('✓') && !text.contains("what meets the newer meets the older"), "{text}");
}
