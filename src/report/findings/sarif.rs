//! SARIF, which code hosts show at the line of a pull request.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Judged, Report};
use crate::inert::visible;
use crate::report::RenderError;
use crate::validate::{Issue, Severity, codes};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What a URI's path may not hold as it is. A colon could be taken for the end of a scheme.
const NOT_IN_A_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b':')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The report as SARIF 2.1.0. The results are written as they come; the rules that they name come after them.
#[derive(Debug)]
pub struct Sarif {
    folder: PathBuf,
    rules: Vec<&'static str>,
    results: usize,
    is_begun: bool,
}

impl Sarif {
    /// An empty report. Files below the folder are named relative to it: a code host knows them so.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, rules: Vec::new(), results: 0, is_begun: false }
    }

    fn begin(&mut self) -> String {
        if std::mem::replace(&mut self.is_begun, true) {
            return String::new();
        }
        format!(
            "{{\n  \"$schema\": \"{SCHEMA}\",\n  \"version\": \"2.1.0\",\n  \"runs\": [\n    {{\n      \
             \"columnKind\": \"unicodeCodePoints\",\n      \"results\": ["
        )
    }

    fn result(&mut self, judged: &Judged, issue: &Issue) -> Value {
        let known = self.rules.iter().position(|rule| *rule == issue.code);
        let rule = known.unwrap_or_else(|| {
            self.rules.push(issue.code);
            self.rules.len() - 1
        });
        let mut place = json!({ "artifactLocation": { "uri": uri(&judged.file, &self.folder) } });
        if let Some(position) = issue.position {
            place["region"] = json!({ "startLine": position.line, "startColumn": position.column });
        } else if let Some(line) = judged.line {
            place["region"] = json!({ "startLine": line });
        }
        let mut location = json!({ "physicalLocation": place });
        if !issue.path.is_empty() {
            location["logicalLocations"] =
                json!([{ "fullyQualifiedName": visible(&issue.path), "kind": "member" }]);
        }
        json!({
            "ruleId": issue.code,
            "ruleIndex": rule,
            "level": level(issue.severity),
            "message": { "text": message(issue) },
            "locations": [location],
            "partialFingerprints": { "proofmarkIssue/v1": fingerprint(issue) },
        })
    }

    /// The program and the rules that the results name.
    fn tool(&self) -> Value {
        let codes = codes();
        let rules: Vec<Value> = self
            .rules
            .iter()
            .map(|name| match codes.iter().find(|code| code.name == *name) {
                Some(code) => json!({
                    "id": code.name,
                    "shortDescription": { "text": code.title },
                    "fullDescription": { "text": format!("{} {}", code.what, code.why) },
                    "help": { "text": format!("{}\n\n{}\n\n{}", code.what, code.why, code.example) },
                    "helpUri": code.specification,
                }),
                None => json!({ "id": name }),
            })
            .collect();
        let version = env!("CARGO_PKG_VERSION");
        json!({ "driver": { "name": "Proofmark", "version": version, "semanticVersion": version, "rules": rules } })
    }
}

impl Report for Sarif {
    fn add(&mut self, judged: &Judged) -> String {
        let mut text = self.begin();
        for issue in &judged.validation.issues {
            text.push_str(if self.results == 0 { "\n        " } else { ",\n        " });
            self.results += 1;
            text.push_str(&indented(&self.result(judged, issue), 8));
        }
        text
    }

    fn end(&mut self) -> Result<String, RenderError> {
        let mut text = self.begin();
        text.push_str(if self.results == 0 { "]" } else { "\n      ]" });
        text.push_str(&format!(",\n      \"tool\": {}\n    }}\n  ]\n}}\n", indented(&self.tool(), 6)));
        Ok(text)
    }
}

fn indented(value: &Value, indent: usize) -> String {
    // No text of JSON holds a line end.
    format!("{value:#}").replace('\n', &format!("\n{}", " ".repeat(indent)))
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning | Severity::Undecided => "warning",
        Severity::NotChecked | Severity::Information => "note",
    }
}

/// All that is known of an issue, since a code host shows nothing else.
fn message(issue: &Issue) -> String {
    let mut text = issue.message.clone();
    let facts = [
        ("Element", Some(&issue.path)),
        ("Expected", issue.expected.as_ref()),
        ("Found", issue.actual.as_ref()),
    ];
    for (label, fact) in facts {
        if let Some(fact) = fact.filter(|fact| !fact.is_empty()) {
            text.push_str(&format!("\n{label}: {fact}"));
        }
    }
    for definition in &issue.definitions {
        text.push_str(&format!("\nProfile: {definition}"));
    }
    visible(&text)
}

/// The same for the same finding when lines above it come and go.
fn fingerprint(issue: &Issue) -> String {
    let actual = issue.actual.as_deref().unwrap_or_default();
    let digest = Sha256::digest([issue.code, &issue.path, &issue.message, actual].join("\n"));
    hex::encode(&digest[..16])
}

/// The URI of a file: relative to the folder where it is below it, with forward slashes.
fn uri(file: &str, folder: &Path) -> String {
    let path = Path::new(file);
    let relative = path.strip_prefix(folder).unwrap_or(path);
    let parts: Vec<String> = relative
        .components()
        .filter(|part| !matches!(part, std::path::Component::CurDir | std::path::Component::RootDir))
        .map(|part| utf8_percent_encode(&part.as_os_str().to_string_lossy(), NOT_IN_A_PATH).to_string())
        .collect();
    let path = parts.join("/");
    if relative.is_absolute() { format!("file:///{path}") } else { path }
}
