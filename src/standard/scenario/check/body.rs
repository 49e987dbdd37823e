//! The bodies of a step: that they can be made.

use base64::Engine as _;
use serde_json::Value;

use super::ScenarioCheck;
use crate::fhir::parse;
use crate::standard::{Body, FileError, MadeBody, Step, is_resource_text, variables};

impl ScenarioCheck<'_> {
    pub(super) fn bodies(&self, step: &Step, pointer: &str, known: &[String], errors: &mut Vec<FileError>) {
        if let Some(Body::Made(made)) = &step.body {
            self.made(made, &format!("{pointer}/body"), known, errors);
        }
        if let Some(Body::Made(made)) = step.request.as_ref().and_then(|raw| raw.body.as_ref()) {
            self.made(made, &format!("{pointer}/request/body"), known, errors);
        }
        let key = if step.batch.is_some() { "batch" } else { "transaction" };
        for (index, request) in step.bundled().iter().enumerate() {
            let at = format!("{pointer}/{key}/{index}");
            let sends = matches!(request.method.as_str(), "POST" | "PUT");
            let known_method =
                sends || matches!(request.method.as_str(), "GET" | "DELETE" | "HEAD" | "PATCH");
            if !known_method && !request.method.contains("${") {
                let message = format!("`{}` is no method of an entry", request.method);
                errors.push(self.document.error(&format!("{at}/method"), message));
            }
            if sends && request.resource.is_none() {
                let message = format!("{} needs a `resource`", request.method);
                errors.push(self.document.error(&at, message));
            }
            if let Some(resource) = &request.resource {
                self.resource(resource, &format!("{at}/resource"), known, errors);
            }
        }
    }

    fn made(&self, made: &MadeBody, pointer: &str, known: &[String], errors: &mut Vec<FileError>) {
        let mut report = |at: &str, message: String| errors.push(self.document.error(at, message));
        if made.kinds() != 1 {
            let message = "a body is a text, or made of one of resource, json, file, base64, form and answer";
            report(pointer, format!("{message}; this one names {}", made.kinds()));
        }
        let is_changeable = made.resource.is_some() || made.answer.is_some();
        for (key, is_there) in [("merge", made.merge.is_some()), ("patch", made.patch.is_some())] {
            if is_there && !is_changeable {
                report(
                    &format!("{pointer}/{key}"),
                    format!("`{key}` needs a `resource` or `answer` to change"),
                );
            }
        }
        if let Some(text) = made.base64.as_ref().filter(|text| !text.contains("${"))
            && let Err(error) = base64::engine::general_purpose::STANDARD.decode(text)
        {
            report(&format!("{pointer}/base64"), format!("not Base64: {error}"));
        }
        if let Some(resource) = &made.resource {
            self.resource(resource, &format!("{pointer}/resource"), known, errors);
        }
        if let Some(file) = &made.file {
            self.file(file, &format!("{pointer}/file"), known, errors);
        }
    }

    /// A resource: its structure, or a file that holds one.
    pub(super) fn resource(
        &self,
        resource: &Value,
        pointer: &str,
        known: &[String],
        errors: &mut Vec<FileError>,
    ) {
        match resource {
            Value::String(text) if is_resource_text(text) => {
                let filled = variables::fill(text, |_| Some("1")).unwrap_or_else(|_| text.clone());
                if let Err(error) = parse(filled.as_bytes()) {
                    let message = format!("not well-formed {}: {}", error.format, error.message);
                    errors.push(self.document.error(pointer, message));
                }
            }
            Value::String(file) => {
                let Some(text) = self.file(file, pointer, known, errors) else { return };
                // A file with `${…}` outside a text is no JSON until it is filled in.
                let filled = variables::fill(&text, |_| Some("1")).unwrap_or(text);
                if let Err(error) = parse(filled.as_bytes()) {
                    let message = format!("{file} is not well-formed {}: {}", error.format, error.message);
                    errors.push(self.document.error(pointer, message));
                }
            }
            Value::Object(structure) if structure.contains_key("resourceType") => {}
            _ => {
                let message =
                    "expected a resource with a `resourceType`, or a file below the standard's folder";
                errors.push(
                    self.document.error(pointer, message).hint("what is no resource goes under `json`"),
                );
            }
        }
    }

    /// The text of a file that a body is made of; reports what is wrong with it.
    fn file(
        &self,
        file: &str,
        pointer: &str,
        known: &[String],
        errors: &mut Vec<FileError>,
    ) -> Option<String> {
        if file.contains("${") {
            return None;
        }
        let bytes = match self.folder.read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                errors.push(self.document.error(pointer, format!("the file {file}: {error}")));
                return None;
            }
        };
        let text = String::from_utf8(bytes.into_owned()).ok()?;
        if variables::is_filled(file) {
            for name in variables::names(&text) {
                errors.extend(self.problem(name, known, |message| {
                    self.document.error(pointer, format!("in {file}: {message}"))
                }));
            }
        }
        Some(text)
    }
}
