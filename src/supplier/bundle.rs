//! The Bundle that answers a search.

use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::parameters::{Parameter, encode};
use super::search::{Context, OFFSET, Search};
use super::store::Stored;

/// One page of a search's results, in JSON. The same search always gives the same text.
pub(super) fn searchset<'c>(
    context: Context<'c>,
    kind: &str,
    search: &Search<'c>,
    found: &[&'c Stored],
) -> String {
    let start = search.offset.min(found.len());
    let end = found.len().min(start.saturating_add(search.count));
    let head = json!({
        "resourceType": "Bundle",
        "id": id(kind, &search.used),
        "meta": context.store.newest().map(|newest| json!({ "lastUpdated": newest })),
        "type": "searchset",
        "total": found.len(),
        "link": links(context, kind, search, found.len()),
    });
    let mut text = without_nulls(head).to_string();
    // The resources are put in as their authors wrote them: `1.50` stays `1.50`.
    if start < end {
        let matches = &found[start..end];
        let included = search.included(matches);
        let entries = matches.iter().map(|stored| (*stored, "match"));
        text.pop();
        text.push_str(",\"entry\":[");
        let all = entries.chain(included.into_iter().map(|stored| (stored, "include")));
        for (index, (stored, mode)) in all.enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let _ = write!(
                text,
                "{comma}{{\"fullUrl\":{},\"resource\":{},\"search\":{{\"mode\":\"{mode}\"}}}}",
                Value::from(full_url(context, stored)),
                stored.source()
            );
        }
        text.push_str("]}");
    }
    text
}

/// A Bundle without links and addresses: each resource to the letter, with how it came into a search, where it is one.
pub(super) fn plain<'s>(
    kind: &str,
    profile: Option<&str>,
    resources: impl IntoIterator<Item = (&'s str, Option<&'static str>)>,
) -> String {
    let entries: Vec<String> = resources
        .into_iter()
        .map(|(resource, mode)| {
            let search = mode.map(|mode| format!(",\"search\":{{\"mode\":\"{mode}\"}}")).unwrap_or_default();
            format!("{{\"resource\":{resource}{search}}}")
        })
        .collect();
    let meta = profile.map(|profile| json!({ "profile": [profile] }));
    let mut text = without_nulls(json!({ "resourceType": "Bundle", "meta": meta, "type": kind })).to_string();
    if !entries.is_empty() {
        text.pop();
        let _ = write!(text, ",\"entry\":[{}]}}", entries.join(","));
    }
    text
}

/// The versions of one resource, newest first.
pub(super) fn history(context: Context<'_>, (kind, id): (&str, &str), versions: &[&Stored]) -> String {
    let entries: Vec<String> = versions
        .iter()
        .map(|stored| {
            format!(
                "{{\"fullUrl\":{},\"resource\":{},\"request\":{{\"method\":\"PUT\",\"url\":{}}},\"response\":{{\"status\":\"200\"}}}}",
                Value::from(full_url(context, stored)),
                stored.source(),
                Value::from(format!("{kind}/{id}"))
            )
        })
        .collect();
    let url = format!("{}/{kind}/{id}/_history", context.base);
    format!(
        "{{\"resourceType\":\"Bundle\",\"type\":\"history\",\"total\":{},\"link\":[{{\"relation\":\"self\",\"url\":{}}}],\"entry\":[{}]}}",
        versions.len(),
        Value::from(url),
        entries.join(",")
    )
}

/// The address of a resource.
pub(super) fn full_url(context: Context<'_>, stored: &Stored) -> String {
    format!("{}/{}/{}", context.base, stored.kind, stored.id)
}

/// The first page of the search that a link leads into.
pub(super) fn first_page(link: &str) -> String {
    let (path, query) = link.split_once('?').unwrap_or((link, ""));
    let others: Vec<&str> = query.split('&').filter(|pair| pair.split('=').next() != Some(OFFSET)).collect();
    format!("{path}?{}", others.join("&"))
}

fn links(context: Context<'_>, kind: &str, search: &Search<'_>, total: usize) -> Vec<Value> {
    let url = |parameters: &[Parameter]| {
        let query = encode(parameters);
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}/{kind}{mark}{query}", context.base)
    };
    let page = |offset: usize| {
        let mut parameters: Vec<Parameter> =
            search.used.iter().filter(|parameter| parameter.name != OFFSET).cloned().collect();
        parameters.push(Parameter::new(OFFSET, offset.to_string()));
        url(&parameters)
    };
    let mut links = vec![json!({ "relation": "self", "url": url(&search.used) })];
    let next = search.offset.saturating_add(search.count);
    if search.count > 0 && next < total {
        links.push(json!({ "relation": "next", "url": page(next) }));
    }
    if search.count > 0 && search.offset > 0 {
        let previous = search.offset.min(total).saturating_sub(search.count);
        links.push(json!({ "relation": "previous", "url": page(previous) }));
    }
    links
}

/// An id that only the search decides.
fn id(kind: &str, used: &[Parameter]) -> String {
    let digest = Sha256::digest(format!("{kind}?{}", encode(used)));
    hex::encode(&digest[..16])
}

fn without_nulls(mut value: Value) -> Value {
    if let Value::Object(members) = &mut value {
        members.retain(|_, member| !member.is_null());
    }
    value
}
