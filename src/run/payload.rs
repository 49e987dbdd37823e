//! The body of a request, made of what a step says.

use base64::Engine as _;
use serde_json::{Value, json};

use super::patch;
use super::request::encode_query;
use crate::check::KeptAnswers;
use crate::fhir::{Definitions, Format, parse, write_json, write_xml};
use crate::files::Folder;
use crate::standard::variables::{Escaping, fill_with};
use crate::standard::{Action, Body, BundleRequest, MadeBody, Step, is_resource_text};

/// A body as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Payload {
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// Its media type, unless the step's headers name one.
    pub(super) media_type: Option<&'static str>,
}

/// What a body is made with.
pub(super) struct Workshop<'w> {
    /// The standard's folder.
    pub(super) folder: &'w Folder,
    /// The definitions by which a resource is written as XML.
    pub(super) definitions: &'w dyn Definitions,
    /// The values of `${name}`, for files; those of the step are filled in already.
    pub(super) value: &'w dyn Fn(&str) -> Option<String>,
    /// The answers that earlier steps kept.
    pub(super) kept: &'w KeptAnswers,
}

const FHIR_JSON: &str = "application/fhir+json";
const FHIR_XML: &str = "application/fhir+xml";

/// Why a body could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unmade {
    /// A file uses a name that has no value.
    Missing(String),
    /// Anything else, in words.
    Other(String),
}

impl From<String> for Unmade {
    fn from(message: String) -> Self {
        Self::Other(message)
    }
}

impl Workshop<'_> {
    /// The body of a step, with all values filled in; `None` where it sends none.
    pub(super) fn payload(&self, step: &Step) -> Result<Option<Payload>, Unmade> {
        let format = wanted(step);
        match step.action() {
            Some(Action::Bundle(kind, requests)) => {
                let entries: Vec<Value> =
                    requests.iter().map(|request| self.entry(request)).collect::<Result<_, _>>()?;
                self.resource(&json!({"resourceType": "Bundle", "type": kind, "entry": entries}), format)
                    .map(Some)
            }
            Some(Action::Operation(_)) if step.parameters.is_some() => {
                let parameters = json!({"resourceType": "Parameters", "parameter": step.parameters});
                self.resource(&parameters, format).map(Some)
            }
            action => {
                let Some(body) = step.bodies().next() else { return Ok(None) };
                let media_type = match action {
                    Some(Action::Patch(_)) => Some("application/json-patch+json"),
                    Some(Action::Raw(_)) | None => None,
                    Some(_) => Some(FHIR_JSON),
                };
                self.body(body, format, media_type).map(Some)
            }
        }
    }

    fn body(&self, body: &Body, format: Format, media_type: Option<&'static str>) -> Result<Payload, Unmade> {
        let made = match body {
            Body::Text(text) => return Ok(Payload { bytes: text.clone().into_bytes(), media_type }),
            Body::Made(made) => made,
        };
        let MadeBody { resource, merge, patch, json, file, base64, form, answer } = made.as_ref();
        let changes = Changes { merge: written(merge.as_ref())?, patch: written(patch.as_ref())? };
        if let Some(resource) = resource {
            return match resource {
                Value::String(file) if changes.are_none() => self.resource_file(file, format),
                _ => self.resource(&self.structure(resource, &changes)?, format),
            };
        }
        if let Some(json) = json {
            return Ok(Payload {
                bytes: json.to_string().into_bytes(),
                media_type: media_type.or(Some("application/json")),
            });
        }
        if let Some(file) = file {
            return Ok(Payload { bytes: self.file(file)?, media_type });
        }
        if let Some(form) = form {
            let fields: Vec<(String, String)> = form
                .iter()
                .flat_map(|(name, values)| values.all().iter().map(|value| (name.clone(), value.clone())))
                .collect();
            let media_type = Some("application/x-www-form-urlencoded");
            return Ok(Payload { bytes: encode_query(&fields).into_bytes(), media_type });
        }
        if let Some(name) = answer {
            let kept = self.kept.get(name).and_then(|kept| kept.answer.first()?.response());
            let response =
                kept.ok_or_else(|| format!("there is no earlier answer `{name}` to send again"))?;
            if changes.are_none() {
                return Ok(Payload { bytes: response.body.clone(), media_type });
            }
            let tree = parse(&response.body)
                .map_err(|error| format!("the earlier answer `{name}` cannot be changed: {error}"))?;
            let mut structure = serde_json::from_str(&write_json(tree.root(), self.definitions))
                .map_err(|error| format!("the earlier answer `{name}` cannot be changed: {error}"))?;
            changes.apply(&mut structure)?;
            return self.resource(&structure, format);
        }
        let text = base64.as_deref().unwrap_or_default();
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(text)
            .map_err(|error| format!("the body `{text}` is not Base64: {error}"))?;
        Ok(Payload { bytes, media_type })
    }

    /// One entry of a batch or transaction.
    fn entry(&self, request: &BundleRequest) -> Result<Value, Unmade> {
        let mut entry = serde_json::Map::new();
        if let Some(full_url) = &request.full_url {
            entry.insert("fullUrl".to_owned(), full_url.clone().into());
        }
        if let Some(resource) = &request.resource {
            entry.insert("resource".to_owned(), self.structure(resource, &Changes::default())?);
        }
        let mut asked = json!({"method": request.method, "url": request.url});
        if let Some(version) = &request.if_match {
            asked["ifMatch"] = version.clone().into();
        }
        if let Some(search) = &request.if_none_exist {
            asked["ifNoneExist"] = search.clone().into();
        }
        entry.insert("request".to_owned(), asked);
        Ok(Value::Object(entry))
    }

    /// A resource as a structure, changed.
    fn structure(&self, resource: &Value, changes: &Changes) -> Result<Value, Unmade> {
        let mut structure = match resource {
            Value::String(file) => {
                let json = self.resource_file(file, Format::Json)?;
                serde_json::from_slice(&json.bytes)
                    .map_err(|error| format!("{file} cannot be read: {error}"))?
            }
            structure => structure.clone(),
        };
        changes.apply(&mut structure)?;
        Ok(structure)
    }

    /// A resource from its text or a file, in the format wanted; it stays as it is where that is its own.
    fn resource_file(&self, file: &str, format: Format) -> Result<Payload, Unmade> {
        // The values of a text are filled in already, those of a file are not.
        let is_text = is_resource_text(file);
        let bytes = if is_text { file.as_bytes().to_vec() } else { self.file(file)? };
        let file = if is_text { "the resource" } else { file };
        let tree = parse(&bytes).map_err(|error| format!("{file} cannot be read: {error}"))?;
        if tree.format() == format {
            return Ok(Payload { bytes, media_type: Some(media_type(format)) });
        }
        let text = match format {
            Format::Xml => write_xml(tree.root(), self.definitions).map_err(|error| error.to_string())?,
            Format::Json => write_json(tree.root(), self.definitions),
        };
        Ok(Payload { bytes: text.into_bytes(), media_type: Some(media_type(format)) })
    }

    fn resource(&self, structure: &Value, format: Format) -> Result<Payload, Unmade> {
        let json = structure.to_string();
        let text = match format {
            Format::Json => json,
            Format::Xml => {
                let tree = parse(json.as_bytes()).map_err(|error| error.to_string())?;
                write_xml(tree.root(), self.definitions).map_err(|error| error.to_string())?
            }
        };
        Ok(Payload { bytes: text.into_bytes(), media_type: Some(media_type(format)) })
    }

    /// The bytes of a file, with values filled in where it is text.
    fn file(&self, file: &str) -> Result<Vec<u8>, Unmade> {
        let bytes = self.folder.read(file).map_err(|error| format!("the file {file}: {error}"))?.into_owned();
        let Some(escaping) = Escaping::of(file) else { return Ok(bytes) };
        match String::from_utf8(bytes) {
            Ok(text) => fill_with(&text, |name| Some(escaping.apply(&(self.value)(name)?)))
                .map(String::into_bytes)
                .map_err(Unmade::Missing),
            Err(error) => Ok(error.into_bytes()),
        }
    }
}

fn media_type(format: Format) -> &'static str {
    match format {
        Format::Json => FHIR_JSON,
        Format::Xml => FHIR_XML,
    }
}

/// The format that a resource is sent in: the one that the step's `Content-Type` names.
fn wanted(step: &Step) -> Format {
    let mut headers = step.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    match headers.next() {
        Some((_, Some(value))) if value.split(';').next().is_some_and(|essence| essence.contains("xml")) => {
            Format::Xml
        }
        _ => Format::Json,
    }
}

/// What is changed of a resource before it is sent.
#[derive(Debug, Clone, Default)]
struct Changes {
    merge: Option<Value>,
    patch: Option<Value>,
}

impl Changes {
    fn are_none(&self) -> bool {
        self.merge.is_none() && self.patch.is_none()
    }

    fn apply(&self, structure: &mut Value) -> Result<(), String> {
        if let Some(changes) = &self.merge {
            merge_into(structure, changes);
        }
        self.patch.as_ref().map_or(Ok(()), |changes| patch::apply(structure, changes))
    }
}

/// Changes as they are written: a structure, or its text, as a matrix gives it.
fn written(changes: Option<&Value>) -> Result<Option<Value>, String> {
    let read = changes.map(|changes| match changes {
        Value::String(text) => {
            serde_json::from_str(text).map_err(|error| format!("what is to be changed is no JSON: {error}"))
        }
        changes => Ok(changes.clone()),
    });
    read.transpose()
}

/// Changes a structure as a JSON Merge Patch says (RFC 7386, section 2).
fn merge_into(target: &mut Value, changes: &Value) {
    let Value::Object(changes) = changes else {
        *target = changes.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    if let Value::Object(members) = target {
        for (name, change) in changes {
            if change.is_null() {
                members.shift_remove(name);
            } else {
                merge_into(members.entry(name.clone()).or_insert(Value::Null), change);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(step: &str) -> Result<(String, Option<&'static str>), Unmade> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        let patient = r#"{"resourceType":"Patient","gender":"male","name":[{"family":"${family}"}]}"#;
        std::fs::write(folder.path().join("data/patient.json"), patient).unwrap();
        std::fs::write(folder.path().join("data/other.txt"), "a ${family} ${none}").unwrap();
        let workshop = Workshop {
            folder: &Folder::Disk(folder.path().to_owned()),
            definitions: &(),
            value: &|name| (name == "family").then(|| "O\"Hara".to_owned()),
            kept: &KeptAnswers::new(),
        };
        let payload = workshop.payload(&serde_json::from_str(step).unwrap())?.unwrap();
        Ok((String::from_utf8_lossy(&payload.bytes).into_owned(), payload.media_type))
    }

    #[test]
    fn a_body_is_made_of_a_text_a_structure_a_file_bytes_or_a_form() {
        let made = |step: &str| payload(step).unwrap();
        assert_eq!(made(r#"{"create":"Patient","body":"x"}"#), ("x".into(), Some(FHIR_JSON)));
        assert_eq!(
            made(r#"{"create":"Patient","body":{"resource":"data/patient.json"}}"#).0,
            r#"{"resourceType":"Patient","gender":"male","name":[{"family":"O\"Hara"}]}"#
        );
        assert_eq!(
            made(
                r#"{"create":"Patient","body":{"resource":"data/patient.json","merge":{"gender":null,"active":true}}}"#
            )
            .0,
            r#"{"resourceType":"Patient","name":[{"family":"O\"Hara"}],"active":true}"#
        );
        assert_eq!(
            made(
                r#"{"create":"Patient","body":{"resource":"data/patient.json","patch":[{"op":"add","path":"/name/-","value":{"text":"N"}}]}}"#
            )
            .0,
            r#"{"resourceType":"Patient","gender":"male","name":[{"family":"O\"Hara"},{"text":"N"}]}"#
        );
        assert_eq!(
            made(r#"{"patch":"Patient/1","body":{"json":[{"op":"remove","path":"/gender"}]}}"#),
            (r#"[{"op":"remove","path":"/gender"}]"#.into(), Some("application/json-patch+json"))
        );
        assert_eq!(
            made(r#"{"request":{"method":"POST","path":"x"},"body":{"base64":"e/8="}}"#),
            ("{\u{fffd}".into(), None)
        );
        assert_eq!(
            made(r#"{"request":{"method":"POST","path":"token"},"body":{"form":{"a":"b c","d":["1","2"]}}}"#),
            ("a=b%20c&d=1&d=2".into(), Some("application/x-www-form-urlencoded"))
        );
    }

    #[test]
    fn a_resource_is_sent_in_the_format_of_the_content_type() {
        let (text, media_type) = payload(
            r#"{"create":"Patient","headers":{"content-type":"application/fhir+xml;charset=utf-8"},
            "body":{"resource":"data/patient.json"}}"#,
        )
        .unwrap();
        assert!(text.contains("<family value=\"O&quot;Hara\"/>"), "{text}");
        assert_eq!(media_type, Some(FHIR_XML));
    }

    #[test]
    fn a_bundle_holds_the_requests_and_an_operation_its_parameters() {
        let (text, _) = payload(
            r#"{"transaction":[{"method":"POST","url":"Patient","fullUrl":"urn:uuid:1","ifNoneExist":"a=b",
            "resource":"data/patient.json"},{"method":"GET","url":"Patient/1"}]}"#,
        )
        .unwrap();
        let bundle: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(bundle["type"], "transaction");
        assert_eq!(bundle["entry"][0]["request"]["ifNoneExist"], "a=b");
        assert_eq!(bundle["entry"][0]["resource"]["gender"], "male");
        assert_eq!(bundle["entry"][1]["request"], json!({"method": "GET", "url": "Patient/1"}));
        let (text, _) =
            payload(r#"{"operation":"$x","parameters":[{"name":"a","valueString":"b"}]}"#).unwrap();
        assert_eq!(text, r#"{"resourceType":"Parameters","parameter":[{"name":"a","valueString":"b"}]}"#);
    }

    #[test]
    fn a_name_without_a_value_in_a_file_is_told() {
        let error = payload(r#"{"create":"Patient","body":{"file":"data/other.txt"}}"#).unwrap_err();
        assert_eq!(error, Unmade::Missing("none".into()));
        let error = payload(r#"{"create":"Patient","body":{"file":"../secret"}}"#).unwrap_err();
        assert!(matches!(error, Unmade::Other(message) if message.contains("there is no file")));
    }
}
