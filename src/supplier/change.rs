//! What a fault does to an answer.

use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::Answer;
use super::request::Request;
use super::search::Context;
use super::server::Supplier;
use super::store::Store;
use super::{Path, When, bundle, patch};
use crate::fhir::Format;
use crate::standard::{Document, FileError};

/// One change to a request as the supplier understands it, to the resource that it answers with, or
/// to the message that carries it. The first step of a path is the type of the resource that it is
/// about, wherever in the answer that is (`*` stands for any): `Patient.name[use=official]`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Change {
    /// The search parameter is not known to the supplier.
    IgnoreParameter(String),
    /// The supplier claims to search for what it was asked, and reads `from` as `to`.
    MisreadParameter {
        /// The parameter.
        name: String,
        /// The part of its value that is misread.
        from: String,
        /// What it is taken for.
        to: String,
    },
    /// The element is not there.
    RemoveElement(Path),
    /// The element has another value, or is there where it was not.
    SetElement {
        /// Where it is.
        path: Path,
        /// What it holds.
        value: Value,
    },
    /// A text has another value, wherever in the answer it stands alone.
    ReplaceValue {
        /// The conformant value.
        from: String,
        /// What takes its place.
        to: Value,
    },
    /// A search finds one resource more, which does not match.
    AddNonMatch,
    /// A search finds nothing.
    EmptyBundle,
    /// Each entry of a Bundle is there twice.
    RepeatEntries,
    /// The link to the next page leads elsewhere.
    LoopNextLink(Page),
    /// The status is another.
    SetStatus(u16),
    /// The header is not there.
    RemoveHeader(String),
    /// The header has another value, or is there where it was not.
    SetHeader {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// The answer comes in the format that was not asked for.
    SwapFormat,
    /// The body ends early, after so many hundredths of it.
    TruncateBody(u8),
    /// The text of the body has something else in places, whatever that makes of it.
    ReplaceText {
        /// What stands there.
        from: String,
        /// What takes its place.
        to: String,
    },
    /// The body is always the same, whatever was asked.
    FixedBody {
        /// Its media type.
        content_type: String,
        /// Its text.
        body: String,
    },
}

/// A page that a wrong link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Page {
    /// The page that it is on.
    Itself,
    /// The first page.
    First,
}

impl Supplier {
    /// The answer to a request, spoilt by changes.
    pub(super) fn spoil(
        &self,
        changes: &[Change],
        request: &Request,
        store: &Store,
        mut answer: Answer,
        format: Format,
    ) -> Response<Vec<u8>> {
        let mut understood = request.clone();
        let mut misread = false;
        if request.is_search() {
            for change in changes {
                misread |= change.misread(&mut understood);
            }
        }
        if misread {
            answer = self.answer(store, &understood);
        }
        for change in changes {
            change.alter_resource(self.context(store), request, &mut answer);
        }
        let swapped = changes.iter().any(|change| matches!(change, Change::SwapFormat));
        let format = match (format, swapped) {
            (Format::Json, false) | (Format::Xml, true) => Format::Json,
            (Format::Xml, false) | (Format::Json, true) => Format::Xml,
        };
        let mut message = answer.message(format, self.definitions.as_ref());
        for change in changes {
            change.alter_message(&mut message);
        }
        message
    }
}

impl Change {
    /// Whether it can be made at all.
    pub(super) fn check(&self) -> Result<(), String> {
        let name = |name: &str| {
            HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("`{name}` is no header's name"))
        };
        let value = |value: &str| {
            HeaderValue::from_str(value).map_err(|_| format!("`{value}` cannot be in a header"))
        };
        match self {
            Self::SetStatus(status) => {
                StatusCode::from_u16(*status).map(drop).map_err(|_| format!("{status} is no HTTP status"))
            }
            Self::RemoveHeader(header) => name(header).map(drop),
            Self::SetHeader { name: header, value: text } => name(header).and_then(|_| value(text)).map(drop),
            Self::FixedBody { content_type, .. } => value(content_type).map(drop),
            Self::ReplaceText { from, .. } if from.is_empty() => {
                Err("`from` is empty: say what is to be replaced".to_owned())
            }
            Self::TruncateBody(percent) if *percent >= 100 => {
                Err(format!("{percent} hundredths of a body cuts nothing off"))
            }
            Self::RemoveElement(path) | Self::SetElement { path, .. } if path.steps.len() < 2 => {
                Err("a path begins with a type and goes on with an element: `Patient.name`".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Changes what the supplier takes the request for. Returns whether it did.
    fn misread(&self, request: &mut Request) -> bool {
        match self {
            Self::IgnoreParameter(name) => {
                request.parameters.retain(|parameter| parameter.base_name() != name);
            }
            Self::MisreadParameter { name, from, to } => {
                for parameter in request.parameters.iter_mut().filter(|found| found.base_name() == name) {
                    parameter.value = parameter.value.replacen(from, to, 1);
                }
            }
            _ => return false,
        }
        true
    }

    fn alter_resource(&self, context: Context<'_>, request: &Request, answer: &mut Answer) {
        match self {
            Self::RemoveElement(path) => edit(answer, |resource| patch::remove(resource, path)),
            Self::SetElement { path, value } => edit(answer, |resource| patch::set(resource, path, value)),
            Self::ReplaceValue { from, to } => edit(answer, |resource| patch::replace(resource, from, to)),
            Self::AddNonMatch => add_non_match(context, request, answer),
            Self::EmptyBundle => edit(answer, |bundle| {
                bundle["total"] = Value::from(0);
                bundle.as_object_mut().map(|bundle| bundle.shift_remove("entry"));
                if let Some(links) = bundle.get_mut("link").and_then(Value::as_array_mut) {
                    links.retain(|link| link["relation"] == "self");
                }
            }),
            Self::RepeatEntries => edit(answer, |bundle| {
                if let Some(entries) = bundle.get_mut("entry").and_then(Value::as_array_mut) {
                    let twice = entries.iter().flat_map(|entry| [entry.clone(), entry.clone()]);
                    *entries = twice.collect();
                }
            }),
            Self::LoopNextLink(page) => edit(answer, |bundle| loop_next_link(bundle, *page)),
            _ => {}
        }
    }

    fn alter_message(&self, message: &mut Response<Vec<u8>>) {
        match self {
            Self::SetStatus(status) => {
                if let Ok(status) = StatusCode::from_u16(*status) {
                    *message.status_mut() = status;
                }
            }
            Self::RemoveHeader(name) => {
                message.headers_mut().remove(name.as_str());
            }
            Self::SetHeader { name, value } => set_header(message, name, value),
            Self::TruncateBody(percent) => {
                let body = message.body_mut();
                body.truncate(body.len() * usize::from(*percent) / 100);
            }
            Self::ReplaceText { from, to } => {
                if let Ok(text) = std::str::from_utf8(message.body()) {
                    *message.body_mut() = text.replace(from, to).into_bytes();
                }
            }
            Self::FixedBody { content_type, body } => {
                *message.body_mut() = body.clone().into_bytes();
                set_header(message, header::CONTENT_TYPE.as_str(), content_type);
            }
            _ => {}
        }
    }
}

/// What is wrong with an alteration at a place of a file.
pub(super) fn errors(document: &Document, at: &str, when: &When, changes: &[Change]) -> Vec<FileError> {
    let mut errors = Vec::new();
    if changes.is_empty() {
        errors.push(document.error(&format!("{at}/changes"), "it changes nothing"));
    }
    if let Err(message) = when.check() {
        errors.push(document.error(&format!("{at}/when"), message));
    }
    for (number, change) in changes.iter().enumerate() {
        if let Err(message) = change.check() {
            errors.push(document.error(&format!("{at}/changes/{number}"), message));
        }
    }
    errors
}

/// Changes the resource of an answer as a value. What is not JSON stays as it is.
fn edit(answer: &mut Answer, change: impl FnOnce(&mut Value)) {
    if let Ok(mut resource) = serde_json::from_str(&answer.resource) {
        change(&mut resource);
        answer.resource = resource.to_string();
    }
}

fn add_non_match(context: Context<'_>, request: &Request, answer: &mut Answer) {
    let (Some(found), Some(kind)) = (answer.found.clone(), request.kind()) else { return };
    let Some(stranger) = context.store.of_type(kind).find(|stored| !found.contains(&stored.id)) else {
        return;
    };
    let Ok(resource) = serde_json::from_str::<Value>(stranger.source()) else { return };
    let entry = json!({
        "fullUrl": bundle::full_url(context, stranger),
        "resource": resource,
        "search": { "mode": "match" },
    });
    edit(answer, |bundle| {
        bundle["total"] = Value::from(found.len() + 1);
        match bundle.get_mut("entry").and_then(Value::as_array_mut) {
            Some(entries) => entries.push(entry),
            None => bundle["entry"] = json!([entry]),
        }
    });
}

fn loop_next_link(bundle: &mut Value, page: Page) {
    let Some(links) = bundle.get_mut("link").and_then(Value::as_array_mut) else { return };
    let Some(itself) = links.iter().find(|link| link["relation"] == "self").map(|link| link["url"].clone())
    else {
        return;
    };
    let target = match page {
        Page::Itself => itself,
        Page::First => Value::from(bundle::first_page(itself.as_str().unwrap_or_default())),
    };
    for link in links.iter_mut().filter(|link| link["relation"] == "next") {
        link["url"] = target.clone();
    }
}

fn set_header(message: &mut Response<Vec<u8>>, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
        message.headers_mut().insert(name, value);
    }
}
