//! One request and its response on the page: a line for each, and an excerpt where something was found in it.

use minijinja::{Value, context};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::link;
use crate::inert::shorten;
use crate::report::facts::answer;
use crate::report::format::Evidence;
use crate::run::ExchangeSummary;

/// How much of a body the page shows, in characters; the whole is in the evidence file.
const BODY_LIMIT: usize = 4000;
/// How many headers of one message the page shows.
const HEADERS: usize = 40;

/// What the page shows of an evidence file.
#[derive(Deserialize)]
struct Saved {
    request: Message,
    #[serde(default)]
    response: Option<Message>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    headers: Vec<Header>,
    #[serde(default)]
    body: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

/// An exchange in one line, with its evidence file and digest.
pub(super) fn line(exchange: &ExchangeSummary) -> Value {
    context! {
        method => &exchange.method,
        url => &exchange.url,
        answer => answer(exchange),
        duration => exchange.duration_ms,
        file => &exchange.file,
        href => link::file(&exchange.file),
        sha256 => &exchange.sha256,
        excerpt => Value::from(()),
    }
}

/// The same with what was sent and received, as far as the evidence is there.
pub(super) fn with_excerpt(exchange: &ExchangeSummary, evidence: &Evidence<'_>) -> Value {
    let excerpt = evidence(&exchange.file).map(|text| excerpt(exchange, &text));
    context! { excerpt, ..line(exchange) }
}

fn excerpt(exchange: &ExchangeSummary, text: &str) -> Value {
    let altered = hex::encode(Sha256::digest(text)) != exchange.sha256;
    let Ok(saved) = serde_json::from_str::<Saved>(text) else {
        // Evidence in a form that this page does not know is shown as it is.
        return context! { altered, request => shorten(text, BODY_LIMIT), response => Value::from(()) };
    };
    let request = message(&format!("{} {}", exchange.method, exchange.url), &saved.request);
    let response = saved.response.map(|response| message(&capitalised(&answer(exchange)), &response));
    context! { altered, request, response }
}

fn message(first: &str, message: &Message) -> String {
    let mut lines = vec![first.to_owned()];
    lines.extend(
        message.headers.iter().take(HEADERS).map(|Header { name, value }| format!("{name}: {value}")),
    );
    if message.headers.len() > HEADERS {
        lines.push(format!("… and {} more headers", message.headers.len() - HEADERS));
    }
    if let Some(body) = message.body.as_deref().filter(|body| !body.is_empty()) {
        lines.push(String::new());
        lines.push(shorten(body, BODY_LIMIT));
    }
    lines.join("\n")
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first: String = characters.next().into_iter().flat_map(char::to_uppercase).collect();
    first + characters.as_str()
}
