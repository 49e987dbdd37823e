//! A JSON Schema that the body meets: for what is JSON and not FHIR.

use serde_json::Value;

use super::{CheckResult, Finding, Outcome, Page, Weight, body};
use crate::code::Code;
use crate::files::Folder;
use crate::standard::SchemaSource;

/// The page of this check.
pub const CODE: Code = Code {
    name: "json-schema",
    title: "The body meets a JSON Schema",
    what: "The body is JSON, and is as the JSON Schema says that the standard gives for it.",
    why: "Token responses and .well-known documents are not FHIR, and no profile says what they hold.",
    example: "wrong:  { \"token_endpoint\": 1 }\nright:  { \"token_endpoint\": \"https://example.org/token\" }",
    specification: "https://json-schema.org/draft/2020-12/json-schema-core",
};

/// How many findings of one body are listed.
const MAX_FINDINGS: usize = 50;

/// Checks the body; `folder` is the standard's.
#[must_use]
pub fn check(source: &SchemaSource, page: &Page, folder: &Folder) -> CheckResult {
    let (checked, schema) = match source {
        SchemaSource::Inline(schema) => {
            ("that the body meets the JSON Schema".to_owned(), Ok(Value::from(schema.clone())))
        }
        SchemaSource::File(file) => (format!("that the body meets {file}"), read(file, folder)),
    };
    let validator = schema.and_then(|schema| {
        jsonschema::validator_for(&schema).map_err(|error| format!("the schema cannot be used: {error}"))
    });
    let validator = match validator {
        Ok(validator) => validator,
        Err(message) => {
            let mut result = CheckResult::new(CODE.name, Outcome::Inconclusive, checked);
            result.actual = Some(message);
            return result;
        }
    };
    let bytes = page.response().map_or(&[][..], |response| &response.body);
    let value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(error) => {
            return CheckResult::new(CODE.name, Outcome::Fail, checked)
                .compared("JSON", format!("{} ({error})", body::beginning(bytes)));
        }
    };
    let findings: Vec<Finding> = validator
        .iter_errors(&value)
        .take(MAX_FINDINGS)
        .map(|error| Finding {
            code: CODE.name.to_owned(),
            weight: Weight::Error,
            exchange: Some(page.id.clone()),
            path: error.instance_path().to_string(),
            line: None,
            column: None,
            definition: Some(error.schema_path().to_string()),
            message: shortened(&error.to_string()),
            expected: None,
            actual: None,
        })
        .collect();
    let outcome = if findings.is_empty() { Outcome::Pass } else { Outcome::Fail };
    let actual = match findings.first() {
        Some(first) if first.path.is_empty() => first.message.clone(),
        Some(first) => format!("{}: {}", first.path, first.message),
        None => "it does".to_owned(),
    };
    let mut result = CheckResult::new(CODE.name, outcome, checked).compared("what the schema says", actual);
    result.findings = findings;
    result
}

fn read(file: &str, folder: &Folder) -> Result<Value, String> {
    let bytes = folder.read(file).map_err(|error| format!("the file {file}: {error}"))?;
    serde_json::from_slice(&bytes).map_err(|error| format!("the file {file}: {error}"))
}

/// The words of an error quote the value that it is about, however long it is.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 300;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
