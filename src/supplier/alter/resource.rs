//! Changes to the resource of an answer.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::{Side, instant, json as text, understanding};
use crate::supplier::answer::Answer;
use crate::supplier::bundle;
use crate::supplier::change::{Change, Page, ReferenceForm};
use crate::supplier::configuration::Offer;
use crate::supplier::patch;
use crate::supplier::request::Request;
use crate::supplier::search::Context;

impl Change {
    pub(in crate::supplier) fn alter_resource(
        &self,
        context: Context<'_>,
        request: &Request,
        answer: &mut Answer,
    ) {
        match self {
            Self::RemoveElement(path) => edit(answer, |resource| patch::remove(resource, path)),
            Self::SetElement { path, value } => edit(answer, |resource| patch::set(resource, path, value)),
            Self::AddElement { path, value } => edit(answer, |resource| patch::add(resource, path, value)),
            Self::RenameElement { path, to } => edit(answer, |resource| patch::rename(resource, path, to)),
            Self::ReplaceValue { from, to } => edit(answer, |resource| patch::replace(resource, from, to)),
            Self::AddNonMatch => add_non_match(context, request, answer),
            Self::EmptyBundle => edit(answer, |bundle| {
                bundle["total"] = Value::from(0);
                bundle.as_object_mut().map(|bundle| bundle.shift_remove("entry"));
                if let Some(links) = bundle.get_mut("link").and_then(Value::as_array_mut) {
                    links.retain(|link| link["relation"] == "self");
                }
            }),
            Self::DropIncluded(side) => edit(answer, |bundle| drop_included(bundle, *side)),
            Self::RepeatEntries => edit(answer, |bundle| {
                if let Some(entries) = bundle.get_mut("entry").and_then(Value::as_array_mut) {
                    *entries = entries.iter().flat_map(|entry| [entry.clone(), entry.clone()]).collect();
                }
            }),
            Self::LoopNextLink(page) => edit(answer, |bundle| loop_next_link(bundle, *page)),
            Self::DropFromLink { relation, parameter } => edit(answer, |bundle| {
                each_link(bundle, |found, url| {
                    let of = format!("{parameter}=");
                    let kept = |pair: &&str| !pair.starts_with(&of);
                    if found == relation {
                        query(url, |pairs| pairs.into_iter().filter(kept).collect())
                    } else {
                        url
                    }
                });
            }),
            Self::ReorderLinks => edit(answer, |bundle| {
                each_link(bundle, |_, url| query(url, |pairs| pairs.into_iter().rev().collect()));
            }),
            Self::RelativeLinks => edit(answer, |bundle| {
                each_link(bundle, |_, url| relative(&url, context.base).to_owned());
            }),
            Self::RelativeFullUrls => edit(answer, |bundle| {
                for entry in bundle.get_mut("entry").and_then(Value::as_array_mut).into_iter().flatten() {
                    if let Some(url) = entry["fullUrl"].as_str() {
                        entry["fullUrl"] = Value::from(relative(url, context.base));
                    }
                }
            }),
            Self::OpaquePages => edit(answer, |bundle| {
                each_link(bundle, |relation, url| match url.strip_prefix(context.base) {
                    Some(search) if relation != "self" => understanding::opaque(context.base, search),
                    _ => url,
                });
            }),
            Self::References(form) => edit(answer, |resource| references(resource, *form, context)),
            Self::Instants(form) => edit(answer, |resource| instant::rewrite(resource, form)),
            Self::AnswerError { status, code, diagnostics } => {
                let issue = json!({ "severity": "error", "code": code, "diagnostics": diagnostics });
                let outcome = json!({ "resourceType": "OperationOutcome", "issue": [issue] });
                let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                *answer = Answer { status, ..Answer::ok(outcome.to_string()) };
            }
            _ => {}
        }
    }
}

/// Changes the resource of an answer as a value. What is not JSON stays as it is.
fn edit(answer: &mut Answer, change: impl FnOnce(&mut Value)) {
    if let Some(mut resource) = text::read(&answer.resource) {
        change(&mut resource);
        answer.resource = text::write(&resource);
    }
}

fn add_non_match(context: Context<'_>, request: &Request, answer: &mut Answer) {
    let (Some(found), Some(kind)) = (answer.found.clone(), request.kind()) else { return };
    let Some(stranger) = context.store.of_type(kind).find(|stored| !found.contains(&stored.id)) else {
        return;
    };
    let Some(resource) = text::read(stranger.source()) else { return };
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

/// An address of this server, relative to its base; another one as it is.
fn relative<'u>(url: &'u str, base: &str) -> &'u str {
    url.strip_prefix(base).and_then(|rest| rest.strip_prefix('/')).unwrap_or(url)
}

fn drop_included(bundle: &mut Value, side: Side) {
    let Some(entries) = bundle.get_mut("entry").and_then(Value::as_array_mut) else { return };
    let is_included = |entry: &Value| entry["search"]["mode"] == "include";
    let at = match side {
        Side::First => entries.iter().position(is_included),
        Side::Last => entries.iter().rposition(is_included),
    };
    if let Some(at) = at {
        entries.remove(at);
    }
}

fn loop_next_link(bundle: &mut Value, page: Page) {
    let links = bundle.get("link").and_then(Value::as_array);
    let itself = links.and_then(|links| links.iter().find(|link| link["relation"] == "self"));
    let Some(itself) = itself.and_then(|link| link["url"].as_str()).map(str::to_owned) else { return };
    let target = match page {
        Page::Itself => itself,
        Page::First => bundle::first_page(&itself),
    };
    each_link(bundle, |relation, url| if relation == "next" { target.clone() } else { url });
}

/// Gives each link of a Bundle another address.
fn each_link(bundle: &mut Value, change: impl Fn(&str, String) -> String) {
    for link in bundle.get_mut("link").and_then(Value::as_array_mut).into_iter().flatten() {
        let relation = link["relation"].as_str().unwrap_or_default().to_owned();
        if let Some(url) = link["url"].as_str().map(str::to_owned) {
            link["url"] = Value::from(change(&relation, url));
        }
    }
}

/// An address with other pairs in its query.
fn query(url: String, change: impl Fn(Vec<&str>) -> Vec<&str>) -> String {
    match url.split_once('?') {
        None => url,
        Some((path, query)) => format!("{path}?{}", change(query.split('&').collect()).join("&")),
    }
}

/// Writes each reference to a resource of this server in one form.
fn references(value: &mut Value, form: ReferenceForm, context: Context<'_>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| references(item, form, context)),
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                match member.as_str().filter(|_| name == "reference") {
                    Some(text) => *member = Value::from(written(text, form, context)),
                    None => references(member, form, context),
                }
            }
        }
        _ => {}
    }
}

fn written(reference: &str, form: ReferenceForm, context: Context<'_>) -> String {
    let base = context.base;
    let relative = reference.strip_prefix(base).map(|rest| rest.trim_start_matches('/'));
    match form {
        ReferenceForm::Relative => relative.unwrap_or(reference).to_owned(),
        ReferenceForm::Absolute => {
            let local = reference.split_once('/').is_some_and(|(kind, _)| {
                !reference.contains(':') && kind.starts_with(|letter: char| letter.is_ascii_uppercase())
            });
            if local { format!("{base}/{reference}") } else { reference.to_owned() }
        }
        ReferenceForm::Versioned => {
            let (kind, id) = relative.unwrap_or(reference).split_once('/').unwrap_or_default();
            let offers = |offer| {
                context.configuration.resource(kind).is_some_and(|kind| kind.interactions.contains(&offer))
            };
            match context.store.get(kind, id).filter(|_| offers(Offer::Vread)) {
                Some(stored) => format!("{kind}/{id}/_history/{}", stored.version().unwrap_or("1")),
                None => reference.to_owned(),
            }
        }
    }
}
