//! An exchange as it is kept: secrets taken out, text where it is text.

use base64::Engine as _;
use serde::{Deserialize, Serialize};

use super::{Exchange, Failure, Headers, Request, Response, redact_headers, redact_url};

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

    /// The exchange that it was made of, secrets left out.
    ///
    /// # Errors
    /// What is missing or malformed in it.
    pub fn exchange(self) -> Result<Exchange, String> {
        let url = self.request.url.as_deref().ok_or("it names no address")?;
        let request = Request {
            method: self.request.method.clone().ok_or("it names no method")?,
            url: url.parse().map_err(|error| format!("`{url}` is no address: {error}"))?,
            headers: self.request.headers.clone(),
            secret_headers: Vec::new(),
            body: self.request.body.clone(),
        };
        let result = match (self.response, self.failure) {
            (Some(message), None) => Ok(message.response()?),
            (None, Some(failure)) => Err(failure),
            _ => return Err("it has neither or both of a response and a failure".to_owned()),
        };
        let (started, duration_ms) = (self.started, self.duration_ms);
        Ok(Exchange { request, result, redirects: self.redirects, started, duration_ms })
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

impl EvidenceMessage {
    fn response(self) -> Result<Response, String> {
        let body = match (self.body, self.body_base64) {
            (Some(text), None) => text.into_bytes(),
            (None, Some(encoded)) => base64::engine::general_purpose::STANDARD
                .decode(encoded)
                .map_err(|error| format!("its body is not Base64: {error}"))?,
            _ => return Err("its response has neither or both of `body` and `bodyBase64`".to_owned()),
        };
        let status = self.status.ok_or("its response has no status")?;
        Ok(Response { status, headers: self.headers, body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(body: &[u8]) -> Exchange {
        Exchange {
            request: Request {
                method: "POST".into(),
                url: "https://user:pass@h/Patient?a=1&access_token=abcdefgh".parse().unwrap(),
                headers: Headers(vec![("Authorization".into(), "Bearer s3cr3t-token".into())]),
                secret_headers: Vec::new(),
                body: Some("x".into()),
            },
            result: Ok(Response {
                status: 401,
                headers: Headers(vec![("X-Seen".into(), "s3cr3t-token".into())]),
                body: body.to_vec(),
            }),
            redirects: vec!["https://h/a".into()],
            started: "2026-01-01T00:00:00Z".into(),
            duration_ms: 3,
        }
    }

    #[test]
    fn what_is_kept_is_read_back_as_it_was_judged() {
        for body in [b"text \xff\xfe".as_slice(), b"{\"a\": 1}", b""] {
            let judged = exchange(body).without_secrets();
            let kept: Evidence = serde_json::from_slice(&Evidence::of("x", &judged).to_bytes()).unwrap();
            assert_eq!(kept.exchange().unwrap(), judged);
        }
    }

    #[test]
    fn a_secret_that_the_answer_repeats_is_taken_out() {
        let judged = exchange(b"no such token: s3cr3t-token").without_secrets();
        let text = format!("{judged:?}");
        assert!(!text.contains("s3cr3t") && !text.contains("pass@") && !text.contains("abcdefgh"), "{text}");
        assert_eq!(judged.result.unwrap().body, b"no such token: [redacted]");
    }
}
