//! `proofmark validate`: what goes in, what comes out, and in which order.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use crate::workspace::{Ended, Workspace, project};

const GOOD: &str = r#"{"resourceType":"Patient","active":true}"#;
const BAD: &str = r#"{"resourceType":"Patient","gender":"F"}"#;

fn json(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {}", ended.stdout))
}

fn codes(outcome: &Value) -> Vec<&str> {
    let issues = outcome["issue"].as_array().unwrap();
    issues.iter().filter_map(|issue| issue["details"]["coding"][0]["code"].as_str()).collect()
}

fn with_input(workspace: &Workspace, arguments: &[&str], input: &[u8]) -> Ended {
    let mut command = workspace.command(arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    Ended::of(child.wait_with_output().unwrap())
}

/// Two hundred lines, every seventh of which is wrong, and one blank.
fn many_lines() -> String {
    (0..200)
        .map(|number| match number {
            50 => "\n".to_owned(),
            number if number % 7 == 0 => format!("{BAD}\n"),
            number => format!("{{\"resourceType\":\"Patient\",\"id\":\"p{number}\"}}\n"),
        })
        .collect()
}

#[test]
fn lines_are_judged_side_by_side_and_reported_in_order() {
    let workspace = Workspace::new();
    workspace.write("many.ndjson", &many_lines());
    let ended = workspace.run(&["validate", "--jobs", "4", "--format", "ndjson", "many.ndjson"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("199 resource(s): 29 error(s)"), "{}", ended.stderr);
    let outcomes: Vec<Value> = ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let numbers = (0..200).filter(|number| *number != 50);
    assert_eq!(outcomes.len(), 199);
    for (number, outcome) in numbers.zip(&outcomes) {
        let expected: &[&str] = if number % 7 == 0 { &["code-not-in-value-set"] } else { &[] };
        assert_eq!(codes(outcome), expected, "line {}", number + 1);
        if number % 7 == 0 {
            assert_eq!(outcome["issue"][0]["extension"][0]["valueInteger"], number + 1);
        }
    }
    for format in ["text", "json", "ndjson", "sarif"] {
        let one = workspace.run(&["validate", "--jobs", "1", "--format", format, "many.ndjson"]);
        let four = workspace.run(&["validate", "--jobs", "4", "--format", format, "many.ndjson"]);
        assert_eq!(one.stdout, four.stdout, "{format}");
    }
}

#[test]
fn lines_are_read_from_standard_input() {
    let workspace = Workspace::new();
    let input = format!("{GOOD}\n{{\n{BAD}");
    let arguments = ["validate", "--input", "ndjson", "--format", "json", "-"];
    let ended = with_input(&workspace, &arguments, input.as_bytes());
    let items = json(&ended);
    assert_eq!((items[0]["line"].as_u64(), items[0]["file"].as_str()), (Some(1), Some("-")));
    assert_eq!(codes(&items[1]["outcome"]), ["malformed"]);
    assert_eq!(codes(&items[2]["outcome"]), ["code-not-in-value-set"]);
    let ended = with_input(&workspace, &["validate", "-"], BAD.as_bytes());
    assert!(ended.stdout.starts_with("-:1:36: error[code-not-in-value-set]"), "{}", ended.stdout);
    let ended = workspace.run(&["validate", "-", "-"]);
    assert_eq!((ended.code, ended.stderr.contains("standard input")), (2, true), "{}", ended.stderr);
}

#[test]
fn a_line_that_is_enormous_is_not_passed_and_not_held() {
    let workspace = Workspace::new();
    let enormous = format!(r#"{{"resourceType":"Patient","id":"{}"}}"#, "x".repeat(17 << 20));
    workspace.write("big.ndjson", &format!("{GOOD}\n{enormous}\n{GOOD}\n"));
    let ended = workspace.run(&["validate", "--format", "json", "big.ndjson"]);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    let items = json(&ended);
    assert_eq!(codes(&items[1]["outcome"]), ["not-read"]);
    assert_eq!(items[1]["outcome"]["issue"][0]["details"]["text"], "the line is longer than 16 MB");
    assert_eq!((items[2]["line"].as_u64(), codes(&items[2]["outcome"]).len()), (Some(3), 0));
}

#[test]
fn nothing_at_all_is_not_a_pass() {
    let workspace = Workspace::new();
    workspace.write("empty.ndjson", "\n\n");
    workspace.write("empty.json", "");
    let ended = workspace.run(&["validate", "--format", "json", "empty.ndjson"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (3, "[]\n"));
    let ended = workspace.run(&["validate", "--format", "json", "empty.json"]);
    assert_eq!((ended.code, codes(&json(&ended))), (1, vec!["malformed"]));
}

#[test]
fn a_file_that_cannot_be_read_is_an_outcome_of_that_file() {
    let workspace = Workspace::new();
    workspace.write("a.json", GOOD);
    workspace.write("c.json", GOOD);
    let arguments = ["validate", "--format", "json", "a.json", "b.json", "x.ndjson", "c.json"];
    let ended = workspace.run(&arguments);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    let items = json(&ended);
    assert_eq!(items.as_array().unwrap().len(), 4);
    for (index, file) in ["b.json", "x.ndjson"].iter().enumerate() {
        assert_eq!(items[index + 1]["file"], *file);
        assert_eq!(codes(&items[index + 1]["outcome"]), ["not-read"]);
    }
    assert!(codes(&items[3]["outcome"]).is_empty());
    for alone in ["b.json", "x.ndjson"] {
        let ended = workspace.run(&["validate", alone]);
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{}", ended.stderr);
    }
}

#[test]
fn one_resource_is_one_outcome_and_a_folder_of_several_an_array() {
    let workspace = Workspace::new();
    workspace.write("in/a.json", GOOD);
    let one = workspace.run(&["validate", "--format", "json", "in"]);
    assert_eq!(json(&one)["resourceType"], "OperationOutcome");
    workspace.write(
        "in/deeper/b.xml",
        "<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>",
    );
    workspace.write("in/c.NDJSON", &format!("{GOOD}\n{BAD}\n"));
    workspace.write("in/readme.txt", "no resource");
    let several = json(&workspace.run(&["validate", "--format", "json", "in"]));
    let named: Vec<(&str, Option<u64>)> = several
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["file"].as_str().unwrap(), item["line"].as_u64()))
        .collect();
    assert_eq!(
        named,
        [("in/a.json", None), ("in/c.NDJSON", Some(1)), ("in/c.NDJSON", Some(2)), ("in/deeper/b.xml", None)]
    );
    let lines = workspace.run(&["validate", "--format", "ndjson", "in"]).stdout;
    let again: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(Value::Array(again), several);
}

#[cfg(unix)]
#[test]
fn a_link_in_a_folder_is_not_followed() {
    let workspace = Workspace::new();
    workspace.write("in/a.json", GOOD);
    workspace.write("secret.json", BAD);
    std::os::unix::fs::symlink("..", workspace.path("in/loop")).unwrap();
    std::os::unix::fs::symlink("../secret.json", workspace.path("in/b.json")).unwrap();
    let ended = workspace.run(&["validate", "in"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "in/a.json: no finding\n"), "{}", ended.stderr);
}

#[test]
fn hostile_content_reaches_no_terminal() {
    let workspace = Workspace::new();
    let hostile =
        "{\"resourceType\":\"Patient\",\"gender\":\"\u{9b}31m\u{202e}\u{1b}[2J\",\"\u{1b}]0;x\u{7}\":1}";
    workspace.write("hostile.json", hostile);
    let long =
        format!("{{\"resourceType\":\"Patient\",\"id\":\"{}\",\"gender\":\"F\"}}", "x".repeat(1 << 20));
    workspace.write("long.json", &long);
    std::fs::write(workspace.path("latin.json"), b"{\"resourceType\":\"Patient\",\"id\":\"\xe9\"}").unwrap();
    for format in ["text", "json", "ndjson", "junit", "sarif"] {
        let arguments = ["validate", "--format", format, "hostile.json", "long.json", "latin.json"];
        let ended = workspace.run(&arguments);
        assert_eq!(ended.code, 1, "{}", ended.stderr);
        let bad =
            |character: &char| *character != '\n' && (character.is_control() || *character == '\u{202e}');
        assert_eq!(ended.stdout.chars().find(bad), None, "{format}: {}", ended.stdout);
        assert!(ended.stdout.len() < 20_000, "{format}: {} bytes", ended.stdout.len());
    }
}

#[test]
fn junit_and_sarif_name_the_place() {
    let workspace = Workspace::new();
    workspace.write("records/a patient.json", BAD);
    workspace.write("records/good.json", GOOD);
    let ended = workspace.run(&["validate", "--format", "junit", "records"]);
    let document = roxmltree::Document::parse(&ended.stdout).unwrap();
    let failure = document.descendants().find(|node| node.has_tag_name("failure")).unwrap();
    assert_eq!(failure.parent().unwrap().attribute("file"), Some("records/a patient.json"));
    assert!(failure.text().unwrap().contains("records/a patient.json:1:36: error[code-not-in-value-set]"));
    let absolute = workspace.path("records").canonicalize().unwrap();
    for folder in ["records", "./records", absolute.to_str().unwrap()] {
        let log = json(&workspace.run(&["validate", "--format", "sarif", folder]));
        let result = &log["runs"][0]["results"][0];
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "records/a%20patient.json", "{folder}");
        assert_eq!(place["region"], serde_json::json!({ "startLine": 1, "startColumn": 36 }));
    }
}

/// The members that SARIF 2.1.0 requires, and what it says of those that are there.
#[test]
fn sarif_is_as_its_specification_says() {
    let workspace = Workspace::new();
    workspace.write("a.json", BAD);
    workspace.write("b.ndjson", &format!("{BAD}\n{{\n"));
    for files in [&["a.json", "b.ndjson", "missing.json"][..], &[]] {
        let ended = match files {
            [] => with_input(&workspace, &["validate", "--format", "sarif", "-"], GOOD.as_bytes()),
            files => workspace.run(&[&["validate", "--format", "sarif"], files].concat()),
        };
        let log = json(&ended);
        assert_eq!(log["version"], "2.1.0");
        let run = &log["runs"][0];
        let driver = &run["tool"]["driver"];
        assert_eq!(driver["name"], "Proofmark");
        let rules = driver["rules"].as_array().unwrap();
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.is_empty(), files.is_empty());
        for rule in rules {
            for text in ["shortDescription", "fullDescription", "help"] {
                assert!(rule[text]["text"].is_string(), "{text} of {rule}");
            }
            url::Url::parse(rule["helpUri"].as_str().unwrap()).unwrap();
        }
        for result in results {
            let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()), "{result}");
            assert!(!result["message"]["text"].as_str().unwrap().is_empty(), "{result}");
            assert!(result["partialFingerprints"]["proofmarkIssue/v1"].is_string(), "{result}");
            let place = &result["locations"][0]["physicalLocation"];
            assert!(place["artifactLocation"]["uri"].is_string(), "{result}");
            assert!(place["region"].is_null() || place["region"]["startLine"].as_u64() > Some(0), "{result}");
        }
    }
}

#[test]
fn the_fingerprint_of_a_finding_outlives_lines_above_it() {
    let workspace = Workspace::new();
    let fingerprint = |text: &str| {
        workspace.write("a.json", text);
        let log = json(&workspace.run(&["validate", "--format", "sarif", "a.json"]));
        log["runs"][0]["results"][0]["partialFingerprints"].clone()
    };
    assert_eq!(fingerprint(BAD), fingerprint(&format!("\n\n{BAD}")));
    assert_ne!(fingerprint(BAD), fingerprint(&BAD.replace("\"F\"", "\"M\"")));
}

#[test]
fn each_code_in_the_source_can_be_explained() {
    let known: Vec<&str> = proofmark::check::codes()
        .into_iter()
        .chain(proofmark::validate::codes())
        .map(|code| code.name)
        .collect();
    let mut missing = Vec::new();
    let mut count = 0;
    for folder in ["src/check", "src/profile", "src/terminology", "src/validate"] {
        let files = proofmark::files::Folder::Disk(project(folder));
        for file in &files.files().unwrap() {
            let text = files.read_text(file).unwrap();
            for definition in text.split("Code = Code {").skip(1) {
                let name = definition.split('"').nth(1).unwrap();
                count += 1;
                if !known.contains(&name) {
                    missing.push(format!("{name} of {folder}/{file}"));
                }
            }
        }
    }
    assert!(count > 45, "only {count} codes are found");
    assert!(missing.is_empty(), "not in the list of codes: {missing:?}");
}
