//! A request as a line for the shell, so that a supplier can repeat it.

use base64::Engine as _;

use super::redact::redact_body;
use super::{Request, redact_headers, redact_url};

/// The `curl` line that repeats a request, secrets left out.
#[must_use]
pub fn curl(request: &Request) -> String {
    let mut line = String::from("curl -i");
    if request.method != "GET" {
        line.push_str(" -X ");
        line.push_str(&quote(&request.method));
    }
    for (name, value) in &redact_headers(&request.headers, &request.secret_headers).0 {
        line.push_str(" -H ");
        line.push_str(&quote(&format!("{name}: {value}")));
    }
    if let Some(body) = &request.body {
        if let Ok(text) = std::str::from_utf8(body) {
            let text = redact_body(text, request.headers.get("content-type"));
            line.push_str(&format!(" --data-binary {}", quote(&text)));
        } else {
            // The shell cannot say these bytes; they come through a pipe.
            let encoded = base64::engine::general_purpose::STANDARD.encode(body);
            line = format!("printf %s {encoded} | base64 -d | {line} --data-binary @-");
        }
    }
    line.push(' ');
    line.push_str(&quote(&redact_url(&request.url)));
    line
}

/// In single quotes, so that the shell takes nothing in it for its own.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Headers;

    #[test]
    fn a_line_can_be_pasted() {
        let request = Request {
            method: "POST".into(),
            url: "http://h/Patient?family=O'Hara".parse().unwrap(),
            headers: Headers(vec![("Authorization".into(), "Bearer abc".into())]),
            secret_headers: Vec::new(),
            body: Some("$(rm)".into()),
            credentials: crate::http::Credentials::default(),
            room: crate::http::Room::default(),
        };
        assert_eq!(
            curl(&request),
            r"curl -i -X 'POST' -H 'Authorization: Bearer [redacted]' --data-binary '$(rm)' 'http://h/Patient?family=O%27Hara'"
        );
    }
}
