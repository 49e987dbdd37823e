//! What is meant to be shared of a run tells nothing of any patient.

use std::collections::BTreeSet;
use std::path::Path;

use proofmark::fhir::parse;

use crate::workspace::{Workspace, project, resources};

/// What identifies people in the records that the reference supplier serves, as a reader would look for it.
fn identifying() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let folders = ["fixtures/careconnect", "profiles/careconnect/1.3.0/data"];
    for file in folders.iter().flat_map(|folder| resources(&project(folder))) {
        let Ok(tree) = parse(&std::fs::read(&file).unwrap()) else { continue };
        for element in tree.root().descendants() {
            let parent = element.parent().map_or("", |parent| parent.name());
            let of_patient = tree.root().resource_type() == Some("Patient");
            let identifies = match element.name() {
                "family" | "given" | "birthDate" | "postalCode" | "line" => true,
                "value" => of_patient && ["identifier", "telecom"].contains(&parent),
                _ => false,
            };
            found.extend(element.value().filter(|_| identifies).map(str::to_owned));
        }
    }
    assert!(found.len() > 40, "{found:?}");
    found
}

fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("private") {
            continue;
        }
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Whether a text holds a word, not as a part of another.
fn holds(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        !letter(text[..at].chars().next_back()) && !letter(text[at + word.len()..].chars().next())
    })
}

#[test]
fn no_shared_file_names_a_patient() {
    let workspace = Workspace::new();
    // One run that passes and one that fails, whose messages quote what was found.
    let folders = ["passing", "failing"];
    let passing = workspace.run(&["demo", "--out", "passing"]);
    let failing = workspace.run(&["demo", "--out", "failing", "--fault", "wrong-patient-in-search"]);
    let mut shared = vec![("stdout".to_owned(), passing.stdout), ("stdout".to_owned(), failing.stdout)];
    for folder in folders {
        let mut found = Vec::new();
        files(&workspace.path(folder), &mut found);
        assert!(found.len() > 50);
        for file in found {
            shared.push((file.display().to_string(), std::fs::read_to_string(&file).unwrap()));
        }
    }
    for word in identifying() {
        for (file, text) in &shared {
            let decoded = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
            assert!(!holds(text, &word) && !holds(&decoded, &word), "{file} holds {word}");
        }
    }
    // The originals are there, for their owner alone.
    let original = workspace.read("failing/private/run.json");
    assert!(original.contains("nhs-number%7C999"));
    #[cfg(unix)]
    for file in ["private", "private/run.json", "private/inputs.json"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(workspace.path("failing").join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{file} is readable by others");
    }
}

#[test]
fn the_owner_can_see_the_originals() {
    let workspace = Workspace::new();
    workspace.run(&["demo", "--fault", "wrong-patient-in-search"]);
    let shared = workspace.run(&["report", "proofmark-out"]).stdout;
    let originals = workspace.run(&["report", "proofmark-out", "--originals"]).stdout;
    assert!(shared.contains("[name:") || shared.contains("[nhs-number:"), "{shared}");
    assert!(!originals.contains("[name:") && !originals.contains("[nhs-number:"), "{originals}");
    assert!(originals.contains("999"), "{originals}");
}

/// What an endpoint can answer of a patient beside a well-formed Patient.
const LEAKS: [&str; 5] = [
    r#"{"resourceType":"Patient","name":[{"family":"Brokenson","given":["Mia",]}],"birthDate":"1961-02-03"}"#,
    r#"<Patient xmlns="http://hl7.org/fhir"><name><family value="Brokenson"/><birthDate value="1961-02-03">"#,
    r#"{"resourceType":"Observation","subject":{"reference":"Patient/1","display":"Mia Brokenson"}}"#,
    r#"{"resourceType":"Observation","subject":{"identifier":{"system":"urn:x","value":"MRN-445566"}}}"#,
    r#"{"resourceType":"Patient","deceasedDateTime":"1961-02-03","address":[{"city":"Brokenson Green"}]}"#,
];

#[test]
fn what_an_endpoint_says_of_a_patient_elsewhere_is_not_shared_either() {
    for body in LEAKS {
        let workspace = Workspace::new();
        crate::tiny::standard(
            &workspace,
            "1.0.0",
            &crate::tiny::requirement("T-1"),
            "- scenario: a\n  title: a\n  verifies: [T-1]\n  steps:\n    - read: Patient/1\n      \
             expect: { status: 200, resource: Patient, fhirpath: \"name.family = 'x'\" }\n",
        );
        let content = "x".repeat(100_000);
        let endpoint = crate::endpoint::Endpoint::always(
            "200 OK",
            "Content-Type: application/fhir+json\r\n",
            &body.replace("urn:x", &format!("urn:{content}")),
        );
        let arguments = ["run", "--standard", "tiny", "--profiles", "more", "--endpoint", &endpoint.url];
        let ended = workspace.run(&arguments);
        let mut found = Vec::new();
        files(&workspace.path("proofmark-out"), &mut found);
        let mut texts = vec![ended.stdout];
        texts.extend(found.iter().map(|file| std::fs::read_to_string(file).unwrap()));
        for word in ["Brokenson", "Mia", "1961-02-03", "MRN-445566", "Green"] {
            assert!(texts.iter().all(|text| !holds(text, word)), "{word} of {body}");
        }
    }
}

#[test]
fn a_name_in_full_is_found_in_the_free_text_of_another_answer() {
    let workspace = Workspace::new();
    let read = |name: &str, path: &str| {
        format!(
            "- scenario: {name}\n  title: {name}\n  verifies: [T-1]\n  steps:\n    - read: {path}\n      \
             expect: {{ status: 200, fhirpath: \"comment = 'x'\" }}\n"
        )
    };
    let scenarios = format!("{}{}", read("observation", "Observation/1"), read("patient", "Patient/1"));
    crate::tiny::standard(&workspace, "1.0.0", &crate::tiny::requirement("T-1"), &scenarios);
    // Parts that are not looked for by themselves: a word of FHIR, two letters, an initial; and letters beyond ASCII.
    let patient = r#"{"resourceType":"Patient","link":[{"type":"refer"}],"name":[{"family":"Link","given":["Wu","Q"]},
        {"family":"Brök","given":["Zoë"]},{"text":"Mrs Jo Type"}]}"#;
    let observation = r#"{"resourceType":"Observation","text":{"div":"<div>LINK, Wu was seen; wu link agreed, Q. Q LINK
        too; ZO\u00cb BR&#214;K and zo\u00eb br\u00f6k; Type, Jo</div>"},"comment":"spoke with wu LINK and jo type",
        "performer":[{"reference":"Practitioner/1","display":"Dr Al Code"}],"note":[{"text":"signed: CODE, AL"}]}"#;
    let endpoint = crate::endpoint::Endpoint::answering(move |head, _| {
        let body = if head.contains("Patient/1") { patient } else { observation };
        crate::endpoint::response("200 OK", "Content-Type: application/fhir+json\r\n", body)
    });
    let arguments = ["run", "--standard", "tiny", "--profiles", "more", "--endpoint", &endpoint.url];
    let ended = workspace.run(&arguments);
    assert_eq!(ended.code, 1, "{}{}", ended.stdout, ended.stderr);
    let mut found = Vec::new();
    files(&workspace.path("proofmark-out"), &mut found);
    let mut texts = vec![ended.stdout];
    texts.extend(found.iter().map(|file| std::fs::read_to_string(file).unwrap()));
    let names =
        ["wu link", "link, wu", "q link", "zoë", r"zo\u00eb", "brök", r"br\u00f6k", "br&#214;k", "type, jo"];
    for text in texts.iter().map(|text| text.to_lowercase().replace(r"\\", r"\")) {
        for name in names.into_iter().chain(["jo type", "al code", "code, al"]) {
            assert!(!holds(&text, name), "{name} in {text}");
        }
    }
    // What is no name stays.
    assert!(workspace.read("proofmark-out/evidence/observation-1-1.json").contains(" was seen; "));
}

#[test]
fn the_name_of_a_supplier_stays_even_where_a_patient_is_called_so() {
    let workspace = Workspace::new();
    let scenario = crate::tiny::scenario("read", "T-1", "Patient/1", 200);
    crate::tiny::standard(&workspace, "1.0.0", &crate::tiny::requirement("T-1"), &scenario);
    workspace.write("proofmark.toml", "[supplier]\nname = \"Brokenson Systems Ltd\"\n");
    let endpoint = crate::endpoint::Endpoint::answering(|_, _| {
        let patient = r#"{"resourceType":"Patient","name":[{"family":"Brokenson"}]}"#;
        crate::endpoint::response("200 OK", "Content-Type: application/fhir+json\r\n", patient)
    });
    let arguments = ["run", "--standard", "tiny", "--profiles", "more", "--endpoint", &endpoint.url];
    let ended = workspace.run(&arguments);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    assert_eq!(workspace.json("proofmark-out/run.json")["supplier"]["name"], "Brokenson Systems Ltd");
    assert!(!workspace.read("proofmark-out/evidence/read-1-1.json").contains("Brokenson"));
}
