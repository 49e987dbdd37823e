//! The evidence as an HTTP Archive (HAR 1.2), which every browser's tools open.
//!
//! <http://www.softwareishard.com/blog/har-12-spec/>

use std::collections::HashMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::format::Evidence;
use crate::http::{self, HttpVersion};
use crate::run::{ExchangeSummary, RunRecord, ScenarioResult};

/// Writes the archive: a page for each scenario, an entry for each exchange. An exchange whose evidence is not there is
/// left out of it. Only one exchange is held at a time: a run can have thousands, of megabytes each.
///
/// # Errors
/// The archive cannot be written, or evidence is none.
pub fn write(record: &RunRecord, evidence: &Evidence<'_>, out: &mut dyn Write) -> io::Result<()> {
    let scenarios: HashMap<&str, &ScenarioResult> = record
        .scenarios
        .iter()
        .flat_map(|scenario| {
            scenario.steps.iter().flat_map(|step| &step.exchanges).map(move |id| (id.as_str(), scenario))
        })
        .collect();
    let creator = json!({ "name": record.tool.name, "version": record.tool.version });
    write!(out, "{{\"log\":{{\"version\":\"1.2\",\"creator\":{creator},\"entries\":[")?;
    let mut pages: Vec<Value> = Vec::new();
    let mut first = true;
    for exchange in &record.exchanges {
        let Some(kept) = read(exchange, evidence)? else { continue };
        let scenario = scenarios.get(exchange.id.as_str()).copied();
        if let Some(scenario) = scenario
            && pages.last().is_none_or(|last| last["id"] != scenario.id)
        {
            pages.push(page(scenario, &kept));
        }
        out.write_all(if first { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &entry(&kept, scenario))?;
        first = false;
    }
    // Behind the entries, since each is read once only, and a page begins with its first.
    out.write_all(b"\n],\"pages\":")?;
    serde_json::to_writer(&mut *out, &pages)?;
    out.write_all(b"}}\n")
}

fn page(scenario: &ScenarioResult, first: &http::Evidence) -> Value {
    json!({
        "startedDateTime": first.started,
        "id": scenario.id,
        "title": scenario.title,
        "pageTimings": {},
    })
}

fn read(exchange: &ExchangeSummary, evidence: &Evidence<'_>) -> io::Result<Option<http::Evidence>> {
    let kept = evidence(&exchange.file).map(|kept| serde_json::from_str(&kept));
    Ok(kept.transpose()?)
}

fn entry(kept: &http::Evidence, scenario: Option<&ScenarioResult>) -> Value {
    let mut entry = json!({
        "startedDateTime": kept.started,
        "time": kept.duration_ms,
        "request": request(kept),
        "response": response(kept),
        "cache": {},
        "timings": { "send": 0, "wait": kept.duration_ms, "receive": 0 },
        "_exchange": kept.id,
    });
    if let Some(scenario) = scenario {
        entry["pageref"] = scenario.id.clone().into();
    }
    entry
}

/// The version of HTTP; nobody knows it of a request that was not answered.
fn version(kept: &http::Evidence) -> &'static str {
    kept.http_version.map_or("unknown", HttpVersion::name)
}

fn request(kept: &http::Evidence) -> Value {
    let message = &kept.request;
    let url = message.url.as_deref().unwrap_or_default();
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let pairs: Vec<Value> = url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    let mut request = json!({
        "method": message.method,
        "url": url,
        "httpVersion": version(kept),
        "cookies": [],
        "headers": headers(message),
        "queryString": pairs,
        "headersSize": -1,
        "bodySize": message.body.as_ref().map_or(0, String::len),
    });
    if let Some(body) = &message.body {
        let media_type = message.headers.get("content-type").unwrap_or_default();
        request["postData"] = json!({ "mimeType": media_type, "params": [], "text": body });
    }
    request
}

fn response(kept: &http::Evidence) -> Value {
    let Some(message) = &kept.response else {
        // As browsers write a request that was not answered.
        let error = kept.failure.as_ref().map(|failure| failure.message.clone());
        return json!({
            "status": 0,
            "statusText": "",
            "httpVersion": version(kept),
            "cookies": [],
            "headers": [],
            "content": { "size": 0, "mimeType": "" },
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
            "_error": error,
        });
    };
    let media_type = message.headers.get("content-type").unwrap_or_default();
    let mut content = json!({ "mimeType": media_type });
    if let Some(text) = &message.body {
        content["size"] = text.len().into();
        content["text"] = text.clone().into();
    } else if let Some(encoded) = &message.body_base64 {
        content["size"] = (encoded.len() / 4 * 3).into();
        content["text"] = encoded.clone().into();
        content["encoding"] = "base64".into();
    }
    json!({
        "status": message.status,
        "statusText": "",
        "httpVersion": version(kept),
        "cookies": [],
        "headers": headers(message),
        "content": content,
        "redirectURL": message.headers.get("location").unwrap_or_default(),
        "headersSize": -1,
        "bodySize": -1,
    })
}

fn headers(message: &http::EvidenceMessage) -> Vec<Value> {
    message.headers.0.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}
