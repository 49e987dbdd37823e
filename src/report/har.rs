//! The evidence as an HTTP Archive (HAR 1.2), which every browser's tools open.
//!
//! <http://www.softwareishard.com/blog/har-12-spec/>

use serde_json::{Value, json};

use super::format::Evidence;
use crate::http;
use crate::run::{ExchangeSummary, RunRecord, ScenarioResult};

/// The archive: a page for each scenario, an entry for each exchange. An exchange whose evidence is not there is left
/// out of it.
///
/// # Errors
/// A defect of ours.
pub fn render(record: &RunRecord, evidence: &Evidence<'_>) -> Result<String, serde_json::Error> {
    let mut entries = Vec::new();
    let mut pages = Vec::new();
    for exchange in &record.exchanges {
        let Some(kept) = evidence(&exchange.file) else { continue };
        let kept: http::Evidence = serde_json::from_str(&kept)?;
        let scenario = scenario_of(exchange, record);
        if let Some(scenario) = scenario
            && pages.last().is_none_or(|page: &Value| page["id"] != scenario.id)
        {
            pages.push(json!({
                "startedDateTime": kept.started,
                "id": scenario.id,
                "title": scenario.title,
                "pageTimings": {},
            }));
        }
        entries.push(entry(&kept, scenario));
    }
    let log = json!({
        "log": {
            "version": "1.2",
            "creator": { "name": record.tool.name, "version": record.tool.version },
            "pages": pages,
            "entries": entries,
        }
    });
    let mut text = serde_json::to_string_pretty(&log)?;
    text.push('\n');
    Ok(text)
}

fn scenario_of<'r>(exchange: &ExchangeSummary, record: &'r RunRecord) -> Option<&'r ScenarioResult> {
    let sent =
        |scenario: &&ScenarioResult| scenario.steps.iter().any(|step| step.exchanges.contains(&exchange.id));
    record.scenarios.iter().find(sent)
}

fn entry(kept: &http::Evidence, scenario: Option<&ScenarioResult>) -> Value {
    let mut entry = json!({
        "startedDateTime": kept.started,
        "time": kept.duration_ms,
        "request": request(&kept.request),
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

/// What a request or response of HTTP is called here: the version is not recorded.
const VERSION: &str = "HTTP/1.1";

fn request(message: &http::EvidenceMessage) -> Value {
    let url = message.url.as_deref().unwrap_or_default();
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let pairs: Vec<Value> = url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    let mut request = json!({
        "method": message.method,
        "url": url,
        "httpVersion": VERSION,
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
            "httpVersion": VERSION,
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
        "httpVersion": VERSION,
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
