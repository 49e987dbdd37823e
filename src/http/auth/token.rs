//! Tokens as a token endpoint gives them out.

use std::time::Duration;

use serde::Deserialize;
use tokio::time::Instant;

use crate::http::secret::REDACTED;
use crate::http::{Response, Secret};

/// A token is renewed so long before it expires, or at half its life if that is shorter.
const MARGIN: Duration = Duration::from_secs(30);

/// A token that is kept until shortly before it expires.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) value: Secret,
    /// When it is to be renewed; never, if the endpoint does not say how long it lives.
    renew: Option<Instant>,
}

/// What a token endpoint answers (RFC 6749, 5.1 and 5.2).
#[derive(Deserialize)]
struct Answer {
    access_token: Option<String>,
    token_type: Option<String>,
    expires_in: Option<serde_json::Value>,
    error: Option<String>,
    error_description: Option<String>,
}

/// The members of an answer that are no secrets.
const OPEN: [&str; 6] = ["token_type", "expires_in", "scope", "error", "error_description", "error_uri"];

/// What stands in place of an answer that is no JSON object.
const NOT_KEPT: &str = "[not kept: no token response]";

/// What is kept of the body that a token endpoint answers with: of a JSON object, the members that are known to be no
/// secrets. Anything else can hold a token where nobody looks for it.
pub(super) fn kept_body(body: &[u8]) -> Vec<u8> {
    if body.is_empty() {
        return Vec::new();
    }
    let Ok(mut members) = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(body) else {
        return NOT_KEPT.into();
    };
    for (name, value) in &mut members {
        if !OPEN.contains(&name.as_str()) || value.is_object() || value.is_array() {
            *value = REDACTED.into();
        }
    }
    serde_json::Value::Object(members).to_string().into_bytes()
}

impl Token {
    pub(super) fn is_fresh(&self) -> bool {
        self.renew.is_none_or(|renew| Instant::now() < renew)
    }

    /// The token of an answer.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub(super) fn of(response: &Response) -> Result<Self, String> {
        let status = response.status;
        let answer: Answer = serde_json::from_slice(&response.body).map_err(|_| {
            // What is wrong could quote a token.
            let what =
                if status == 200 { "and a body that is no token response (RFC 6749, 5.1)" } else { "" };
            format!("the token endpoint answered with status {status} {what}").trim_end().to_owned()
        })?;
        if status != 200 || answer.error.is_some() {
            let error = answer.error.unwrap_or_else(|| "no `error`".to_owned());
            let description = answer.error_description.map_or_else(String::new, |text| format!(": {text}"));
            return Err(format!("the token endpoint answered with status {status}, {error}{description}"));
        }
        let value = answer
            .access_token
            .filter(|token| !token.is_empty())
            .ok_or("the token endpoint answered with status 200 and no `access_token`")?;
        if let Some(kind) = answer.token_type.filter(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            return Err(format!("the token endpoint gave a token of type `{kind}`, not `Bearer`"));
        }
        // Some write the number as a string.
        let seconds = answer.expires_in.and_then(|value| match value {
            serde_json::Value::String(text) => text.parse().ok(),
            other => other.as_u64(),
        });
        let life = seconds.map(Duration::from_secs);
        let renew =
            life.and_then(|life| Instant::now().checked_add(life.saturating_sub(MARGIN.min(life / 2))));
        Ok(Self { value: Secret::new(value), renew })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Headers, Room};

    fn answer(status: u16, body: &str) -> Response {
        Response {
            status,
            headers: Headers::default(),
            body: body.as_bytes().to_vec(),
            room: Room::default(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_renewed_before_it_expires() {
        let token =
            Token::of(&answer(200, r#"{"access_token":"abc","token_type":"bearer","expires_in":300}"#));
        let token = token.unwrap();
        assert_eq!(token.value.reveal(), "abc");
        tokio::time::advance(Duration::from_secs(269)).await;
        assert!(token.is_fresh());
        tokio::time::advance(Duration::from_secs(2)).await;
        assert!(!token.is_fresh());
        let short = Token::of(&answer(200, r#"{"access_token":"abc","expires_in":"10"}"#)).unwrap();
        tokio::time::advance(Duration::from_secs(6)).await;
        assert!(!short.is_fresh());
    }

    #[test]
    fn of_an_answer_only_what_is_no_secret_is_kept() {
        for (body, expected) in [
            (
                r#"{"access_token": "abc", "token_type": "bearer", "expires_in": 3, "data": {"token": "abc"}}"#,
                r#"{"access_token":"[redacted]","token_type":"bearer","expires_in":3,"data":"[redacted]"}"#,
            ),
            (
                r#"{"error": "invalid_client", "scope": ["abc"]}"#,
                r#"{"error":"invalid_client","scope":"[redacted]"}"#,
            ),
            ("access_token=abc&token_type=bearer", NOT_KEPT),
            ("<html>abc", NOT_KEPT),
            ("\"abc\"", NOT_KEPT),
            ("", ""),
        ] {
            assert_eq!(String::from_utf8(kept_body(body.as_bytes())).unwrap(), expected);
        }
    }

    #[test]
    fn a_refusal_is_told_in_the_words_of_the_endpoint() {
        for (status, body, words) in [
            (
                401,
                r#"{"error":"invalid_client","error_description":"who?"}"#,
                "status 401, invalid_client: who?",
            ),
            (200, "{}", "no `access_token`"),
            (200, "<html>", "a body that is no token response"),
            (200, "\"a-token\"", "a body that is no token response"),
            (503, "", "status 503"),
            (200, r#"{"access_token":"a","token_type":"mac"}"#, "of type `mac`"),
        ] {
            let error = Token::of(&answer(status, body)).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }
}
