//! What all formats are tested with: a file with findings of all kinds, some of them hostile.

use std::sync::Arc;

use super::*;
use crate::fhir::Position;
use crate::report::Style;
use crate::validate::{Issue, Severity, Validation};

const SOURCE: &str =
    "{\n  \"resourceType\": \"Patient\",\n  \"gender\": \"F\\u0007\", \"note\": \"\u{1b}[31m\"\n}\n";

/// An issue at a place, through two profiles.
pub(super) fn issue() -> Issue {
    Issue {
        code: "code-not-in-value-set",
        severity: Severity::Error,
        path: "Patient.gender".to_owned(),
        position: Some(Position { line: 3, column: 13 }),
        definitions: vec![
            "http://hl7.org/fhir/StructureDefinition/Patient|3.0.2#Patient.gender".to_owned(),
            "https://fhir.example.org/StructureDefinition/Example-Patient-1|1.0.0#Patient.gender".to_owned(),
        ],
        message: "`gender` holds no code of the value set \
                  http://example.org/fhir/ValueSet/a-value-set-with-a-name-that-is-longer-than-a-line-of-a-page"
            .to_owned(),
        expected: Some("one of: female, male, other, unknown".to_owned()),
        actual: Some("\"F\u{1b}]0;title\u{7}\"".to_owned()),
    }
}

fn of(severity: Severity, code: &'static str, message: &str) -> Issue {
    Issue {
        code,
        severity,
        definitions: Vec::new(),
        message: message.to_owned(),
        expected: None,
        actual: None,
        ..issue()
    }
}

fn judged(file: &str, line: Option<u32>, issues: Vec<Issue>) -> Judged {
    Judged::new(Arc::from(file), line, Validation { issues }, SOURCE)
}

/// Four files: one with all severities, one without a finding, one with an oddity of a name, one that is not decided.
fn all() -> Vec<Judged> {
    let all = vec![
        issue(),
        of(Severity::Warning, "profile-not-loaded", "the profile http://x/\u{202e}p is not loaded"),
        Issue { position: None, path: String::new(), ..of(Severity::Undecided, "malformed", "too long") },
        of(Severity::NotChecked, "extension-not-checked", "the extension http://x/e is not defined ]]> here"),
    ];
    vec![
        judged("records/patient.json", None, all),
        judged("records/good.json", None, Vec::new()),
        judged("./odd [1] \u{1b}name%.json", None, vec![of(Severity::Information, "invariant", "so it is")]),
        judged("records/open.json", None, vec![of(Severity::Undecided, "invariant-not-checked", "not told")]),
    ]
}

/// Two files of lines.
fn lines() -> Vec<Judged> {
    let first = || Issue {
        position: Some(Position { line: 1, column: 3 }),
        ..of(Severity::Error, "invariant", "no")
    };
    vec![
        judged("a.ndjson", Some(1), Vec::new()),
        judged("a.ndjson", Some(7), vec![first()]),
        judged("b.ndjson", Some(1), vec![first()]),
    ]
}

fn rendered(mut report: impl Report, judged: &[Judged]) -> String {
    let mut text: String = judged.iter().map(|judged| report.add(judged)).collect();
    text.push_str(&report.end().unwrap());
    text
}

fn has_no_control_character(text: &str) {
    let bad = text
        .chars()
        .find(|character| *character != '\n' && (character.is_control() || *character == '\u{202e}'));
    assert_eq!(bad, None, "{text:?}");
}

#[test]
fn text() {
    let text = rendered(Text::new(Style::default()), &all());
    has_no_control_character(&text);
    insta::assert_snapshot!(text);
}

#[test]
fn text_is_the_same_in_colour() {
    let plain = rendered(Text::new(Style { color: false }), &all());
    let colored = rendered(Text::new(Style { color: true }), &all());
    assert_ne!(plain, colored);
    assert_eq!(anstream::adapter::strip_str(&colored).to_string(), plain);
}

#[test]
fn no_line_is_wider_than_a_page_unless_it_is_one_word() {
    for line in rendered(Text::new(Style::default()), &all()).lines() {
        let longest = line.split_whitespace().map(|word| word.chars().count()).max().unwrap_or_default();
        assert!(line.chars().count() <= 80 || longest > 60, "{line}");
    }
}

#[test]
fn text_of_lines_counts_the_lines_of_the_file() {
    let text = rendered(Text::new(Style::default()), &lines());
    assert!(
        text.starts_with("a.ndjson:1: no finding\na.ndjson:7:3: error[invariant]: no\n  7 | {"),
        "{text}"
    );
}

#[test]
fn json() {
    let text = rendered(Json::new(Scope::Files), &all());
    has_no_control_character(&text);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(text, format!("{value:#}\n"), "laid out like any other JSON");
    assert_eq!(value[0]["outcome"]["issue"].as_array().unwrap().len(), 4);
    assert_eq!(value[1]["file"], "records/good.json");
    assert_eq!(value[1]["outcome"], operation_outcome(&Validation::default()));
    let one = rendered(Json::new(Scope::Resource), &all()[..1]);
    assert_eq!(one, format!("{:#}\n", value[0]["outcome"]));
    assert_eq!(rendered(Json::new(Scope::Lines), &[]), "[]\n");
    let lines: serde_json::Value =
        serde_json::from_str(&rendered(Json::new(Scope::Lines), &lines())).unwrap();
    assert_eq!((lines[1]["line"].as_u64(), lines[2]["line"].as_u64()), (Some(7), Some(1)));
    assert_eq!(lines[1]["outcome"]["issue"][0]["extension"][0]["valueInteger"], 7);
}

#[test]
fn ndjson() {
    let parsed = |text: String| -> Vec<serde_json::Value> {
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let items = parsed(rendered(Ndjson::new(Scope::Files), &all()));
    assert_eq!(items.len(), 4);
    assert_eq!(items[3]["file"], "records/open.json");
    let outcomes = parsed(rendered(Ndjson::new(Scope::Lines), &lines()[..2]));
    assert!(outcomes.iter().all(|outcome| outcome["resourceType"] == "OperationOutcome"), "{outcomes:?}");
    assert_eq!(outcomes[1]["issue"][0]["severity"], "error");
}

#[test]
fn junit() {
    let text = rendered(Junit::new("2026-11-22T02:31:00Z"), &all());
    has_no_control_character(&text);
    let document = roxmltree::Document::parse(&text).unwrap();
    let results: Vec<&str> = document
        .descendants()
        .filter(|node| node.has_tag_name("testcase"))
        .map(|case| case.first_element_child().map_or("", |child| child.tag_name().name()))
        .collect();
    assert_eq!(results, ["failure", "", "system-out", "error"]);
    // What the codes' pages say is theirs.
    insta::with_settings!({ filters => [(r"(?m)^[a-z-]+: [A-Z].*(\n  .*)*", "[how to mend it]")] }, {
        insta::assert_snapshot!(text.replace("><", ">\n<"));
    });
    assert!(text.contains("code-not-in-value-set: "), "{text}");
}

#[test]
fn junit_has_one_case_for_all_lines_of_a_file() {
    let text = rendered(Junit::new(""), &lines());
    assert!(text.contains("tests=\"2\" errors=\"0\" failures=\"2\""), "{text}");
    let many = (0..1_200).map(|_| lines().remove(1)).collect::<Vec<_>>();
    let text = rendered(Junit::new(""), &many);
    assert_eq!(text.matches("error[invariant]").count(), 1_000);
    assert!(text.contains("200 more findings are not listed") && text.contains("1200 errors"), "{text}");
}

#[test]
fn sarif() {
    let text = rendered(Sarif::new("/home/somebody".into()), &all());
    has_no_control_character(&text);
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(text, format!("{value:#}\n"), "laid out like any other JSON");
    for version in ["version", "semanticVersion"] {
        value["runs"][0]["tool"]["driver"][version] = "…".into();
    }
    for rule in value["runs"][0]["tool"]["driver"]["rules"].as_array_mut().unwrap() {
        // What the codes' pages say is theirs.
        for (_, text) in rule.as_object_mut().unwrap().iter_mut().filter(|(name, _)| *name != "id") {
            *text = "…".into();
        }
    }
    insta::assert_json_snapshot!(value);
}
