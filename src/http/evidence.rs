//! An exchange as it is kept: secrets taken out, text where it is text.

use std::sync::Arc;

use base64::Engine as _;
use serde::{Deserialize, Serialize};

use super::redact::redact_body;
use super::{
    Credentials, Exchange, Failure, Headers, How, HttpVersion, Presented, Request, Response, Room, TlsFacts,
    Try, redact_headers, redact_url,
};

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
    /// Which credentials the request was to carry.
    #[serde(default, skip_serializing_if = "Credentials::are_as_configured")]
    pub credentials: Credentials,
    /// What the request authenticated with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presented: Option<Presented>,
    /// The requests for a token that were made for it first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub token_requests: Vec<Evidence>,
    /// The tries before the one that counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tries: Vec<Try>,
    /// The version of HTTP that the answer came by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_version: Option<HttpVersion>,
    /// What was agreed on by TLS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsFacts>,
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
        let request = &exchange.request;
        let headers = redact_headers(&request.headers, &request.secret_headers);
        let request = EvidenceMessage {
            method: Some(request.method.clone()),
            url: Some(redact_url(&request.url)),
            ..EvidenceMessage::of(headers, request.body.as_deref())
        };
        let response = exchange.result.as_ref().ok().map(|response| EvidenceMessage {
            status: Some(response.status),
            ..EvidenceMessage::of(redact_headers(&response.headers, &[]), Some(&response.body))
        });
        let how = &exchange.how;
        let token_requests = how.token_requests.iter().enumerate();
        let token_requests =
            token_requests.map(|(index, exchange)| Self::of(&format!("{id}-token-{}", index + 1), exchange));
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
            credentials: exchange.request.credentials.clone(),
            presented: how.presented.clone(),
            token_requests: token_requests.collect(),
            tries: how.tries.clone(),
            http_version: how.version,
            tls: how.tls.as_deref().cloned(),
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
            body: self.request.bytes()?,
            credentials: self.credentials,
            room: Room::default(),
        };
        let result = match (self.response, self.failure) {
            (Some(message), None) => Ok(message.response()?),
            (None, Some(failure)) => Err(failure),
            _ => return Err("it has neither or both of a response and a failure".to_owned()),
        };
        let token_requests: Result<Vec<Exchange>, String> =
            self.token_requests.into_iter().map(Self::exchange).collect();
        let how = How {
            presented: self.presented,
            token_requests: token_requests?,
            tries: self.tries,
            version: self.http_version,
            tls: self.tls.map(Arc::new),
        };
        let (started, duration_ms) = (self.started, self.duration_ms);
        Ok(Exchange { request, result, redirects: self.redirects, started, duration_ms, how })
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
    fn of(headers: Headers, body: Option<&[u8]>) -> Self {
        let (text, base64) = match body.map(|body| (body, std::str::from_utf8(body))) {
            None => (None, None),
            Some((_, Ok(text))) => (Some(redact_body(text, headers.get("content-type"))), None),
            Some((body, Err(_))) => (None, Some(base64::engine::general_purpose::STANDARD.encode(body))),
        };
        Self { method: None, url: None, status: None, headers, body: text, body_base64: base64 }
    }

    fn bytes(&self) -> Result<Option<Vec<u8>>, String> {
        match (&self.body, &self.body_base64) {
            (None, None) => Ok(None),
            (Some(text), None) => Ok(Some(text.clone().into_bytes())),
            (None, Some(encoded)) => base64::engine::general_purpose::STANDARD
                .decode(encoded)
                .map(Some)
                .map_err(|error| format!("its body is not Base64: {error}")),
            _ => Err("it has both `body` and `bodyBase64`".to_owned()),
        }
    }

    fn response(self) -> Result<Response, String> {
        let body = self.bytes()?.ok_or("its response has no `body`")?;
        let status = self.status.ok_or("its response has no status")?;
        Ok(Response { status, headers: self.headers, body, room: Room::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Manner;

    fn exchange(body: &[u8]) -> Exchange {
        Exchange {
            request: Request {
                method: "POST".into(),
                url: "https://user:pass@h/Patient?a=1&access_token=abcdefgh".parse().unwrap(),
                headers: Headers(vec![("Authorization".into(), "Bearer s3cr3t-token".into())]),
                secret_headers: Vec::new(),
                body: Some("x".into()),
                credentials: Credentials::of(Manner::Text("Bearer s3cr3t-token".into())),
                room: Room::default(),
            },
            result: Ok(Response {
                status: 401,
                headers: Headers(vec![("X-Seen".into(), "s3cr3t-token".into())]),
                body: body.to_vec(),
                room: Room::default(),
            }),
            redirects: vec!["https://h/a".into()],
            started: "2026-01-01T00:00:00Z".into(),
            duration_ms: 3,
            how: How::default(),
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
