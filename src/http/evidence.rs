//! An exchange as it is kept: secrets taken out, text where it is text.

use base64::Engine as _;
use serde::{Deserialize, Serialize};

use super::{Exchange, Failure, Headers, redact_headers, redact_url};

/// What is kept of an exchange; one JSON file each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// The id of the exchange.
    pub id: String,
    /// When the request was sent, RFC 3339 in UTC.
    pub started: String,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// The request.
    pub request: EvidenceMessage,
    /// The addresses that redirected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redirects: Vec<String>,
    /// The response, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<EvidenceMessage>,
    /// Why there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// A request or a response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceMessage {
    /// The method of a request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The address of a request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The status of a response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The headers, name and value.
    pub headers: Headers,
    /// The body, where it is UTF-8 text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The body in Base64, where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_base64: Option<String>,
}

impl Evidence {
    /// What is kept of an exchange.
    #[must_use]
    pub fn of(id: &str, exchange: &Exchange) -> Self {
        let request = EvidenceMessage {
            method: Some(exchange.request.method.clone()),
            url: Some(redact_url(&exchange.request.url)),
            status: None,
            headers: redact_headers(&exchange.request.headers, &exchange.request.secret_headers),
            body: exchange.request.body.clone(),
            body_base64: None,
        };
        let response = exchange.result.as_ref().ok().map(|response| {
            let text = std::str::from_utf8(&response.body).ok();
            EvidenceMessage {
                method: None,
                url: None,
                status: Some(response.status),
                headers: redact_headers(&response.headers, &[]),
                body: text.map(str::to_owned),
                body_base64: match text {
                    Some(_) => None,
                    None => Some(base64::engine::general_purpose::STANDARD.encode(&response.body)),
                },
            }
        });
        Self {
            id: id.to_owned(),
            started: exchange.started.clone(),
            duration_ms: exchange.duration_ms,
            request,
            redirects: exchange
                .redirects
                .iter()
                .filter_map(|url| Some(redact_url(&url.parse().ok()?)))
                .collect(),
            response,
            failure: exchange.result.as_ref().err().cloned(),
        }
    }

    /// The file that it is kept in: JSON, readable, the same bytes for the same exchange.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Serializing plain data with text keys does not fail.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}
