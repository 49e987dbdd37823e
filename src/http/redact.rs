//! What must not reach disk, screen or report.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::secret::{KnownSecrets, REDACTED};
use super::{Headers, Request};

/// A copy of the headers with the values of secret ones taken out; `also_secret` names further ones.
#[must_use]
pub fn redact_headers(headers: &Headers, also_secret: &[String]) -> Headers {
    let redacted = headers.0.iter().map(|(name, value)| {
        let secret =
            is_secret_header(name) || also_secret.iter().any(|known| known.eq_ignore_ascii_case(name));
        let is_address =
            ["location", "content-location"].iter().any(|known| name.eq_ignore_ascii_case(known));
        let value = match (secret, is_address) {
            (true, _) => secret_value(value),
            (false, true) => redact_address(value),
            (false, false) => value.clone(),
        };
        (name.clone(), value)
    });
    Headers(redacted.collect())
}

/// The secrets that a request carries in its headers: the values of secret ones, and the credentials within.
pub(super) fn secrets_of(request: &Request) -> KnownSecrets {
    let secret = |name: &str| {
        is_secret_header(name) || request.secret_headers.iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    let secrets = KnownSecrets::default();
    for (_, value) in request.headers.0.iter().filter(|(name, _)| secret(name)) {
        let credentials = value.split_once(' ').map(|(_, credentials)| credentials.trim());
        for value in [Some(value.as_str()), credentials].into_iter().flatten() {
            if !value.contains(REDACTED) {
                secrets.add(value);
            }
        }
    }
    secrets
}

/// An address as a server wrote it, without credentials where it is one that can hold them.
#[must_use]
pub fn redact_address(text: &str) -> String {
    Url::parse(text).map_or_else(|_| text.to_owned(), |url| redact_url(&url))
}

/// The scheme of an `Authorization` header is no secret and helps to find what is wrong.
fn secret_value(value: &str) -> String {
    match value.split_once(' ') {
        Some((scheme @ ("Bearer" | "Basic"), _)) => format!("{scheme} {REDACTED}"),
        _ => REDACTED.to_owned(),
    }
}

fn is_secret_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        // A challenge says how to authenticate and holds no secret.
        "www-authenticate" | "proxy-authenticate" => false,
        "cookie" | "set-cookie" => true,
        _ => is_secret_word(&name),
    }
}

/// Whether a name is one of those that credentials go by. Whole words count: `authoredon` and `Idempotency-Key` hold
/// nothing that has to be kept.
fn is_secret_word(name: &str) -> bool {
    let mut spaced = String::with_capacity(name.len() + 4);
    let mut lower_before = false;
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && lower_before {
            spaced.push(' ');
        }
        lower_before = letter.is_ascii_lowercase();
        spaced.push(if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' });
    }
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let secret = |word: &&str| {
        const WORDS: [&str; 20] = [
            "apikey",
            "assertion",
            "auth",
            "authentication",
            "authorization",
            "bearer",
            "cookie",
            "credential",
            "credentials",
            "jwt",
            "passwd",
            "password",
            "secret",
            "session",
            "sessionid",
            "sig",
            "signature",
            "subscriptionkey",
            "token",
            "accesstoken",
        ];
        WORDS.contains(word)
    };
    let keys = |pair: &[&str]| {
        pair[1] == "key"
            && ["access", "api", "auth", "client", "functions", "private", "secret", "shared", "subscription"]
                .contains(&pair[0])
    };
    words.iter().any(secret) || words.windows(2).any(keys) || words == ["key"]
}

/// An address without user name, password and secret parameters.
#[must_use]
pub fn redact_url(url: &Url) -> String {
    let mut url = url.clone();
    // These fail only for addresses that have no host, which cannot hold credentials.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let Some(query) = url.query() else { return url.to_string() };
    let redacted = redact_form(query);
    url.set_query(None);
    format!("{url}?{redacted}")
}

/// A body without what a token endpoint is sent and sends back, and no other may keep.
pub(super) fn redact_body(text: &str, content_type: Option<&str>) -> String {
    let content_type = content_type.unwrap_or_default();
    if content_type.starts_with("application/x-www-form-urlencoded") {
        return redact_form(text);
    }
    if !holds_token(text) {
        return text.to_owned();
    }
    TOKENS
        .replace_all(text, |found: &regex::Captures<'_>| format!("{}\"{REDACTED}\"", &found[1]))
        .into_owned()
}

/// Whether a text may hold what a token endpoint sends back.
pub(super) fn holds_token(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"_token\"").is_some()
}

/// The members of a token response that are secrets (RFC 6749, 5.1; `OpenID` Connect Core, 3.1.3.3).
static TOKENS: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant that a test compiles")]
    Regex::new(r#"("(?:access|refresh|id)_token"\s*:\s*)"(?:[^"\\]|\\.)*""#).unwrap()
});

/// The parameters of a query or form, the values of secret ones taken out.
fn redact_form(text: &str) -> String {
    let redacted: Vec<String> = text
        .split('&')
        .map(|pair| match pair.split_once('=') {
            // Says which kind of secret follows, and is none.
            Some(("client_assertion_type", _)) => pair.to_owned(),
            Some((name, _)) if is_secret_word(name) => format!("{name}={REDACTED}"),
            _ => pair.to_owned(),
        })
        .collect();
    redacted.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_taken_out() {
        let headers = Headers(
            [
                ("Authorization", "Bearer abc"),
                ("authorization", "abc"),
                ("Set-Cookie", "session=abc"),
                ("X-Api-Key", "abc"),
                ("X-Mine", "abc"),
                ("Location", "https://user:pass@h/x"),
                ("WWW-Authenticate", "Bearer realm=x"),
                ("Accept", "abc/def"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        );
        let values: Vec<String> =
            redact_headers(&headers, &["x-mine".to_owned()]).0.into_iter().map(|(_, value)| value).collect();
        assert_eq!(
            values,
            [
                "Bearer [redacted]",
                "[redacted]",
                "[redacted]",
                "[redacted]",
                "[redacted]",
                "https://h/x",
                "Bearer realm=x",
                "abc/def"
            ]
        );
        let url = Url::parse("https://user:pass@h/x?a=1&access_token=abc").unwrap();
        assert_eq!(redact_url(&url), "https://h/x?a=1&access_token=[redacted]");
    }

    #[test]
    fn what_goes_to_and_comes_from_a_token_endpoint_is_taken_out() {
        let form =
            "grant_type=client_credentials&client_secret=abc&client_assertion_type=t&client_assertion=abc";
        assert_eq!(
            redact_body(form, Some("application/x-www-form-urlencoded")),
            "grant_type=client_credentials&client_secret=[redacted]&client_assertion_type=t&client_assertion=[redacted]"
        );
        let json = r#"{"access_token" : "a\"bc", "expires_in":300,"id_token":"abc","token_type":"bearer"}"#;
        assert_eq!(
            redact_body(json, Some("application/json")),
            r#"{"access_token" : "[redacted]", "expires_in":300,"id_token":"[redacted]","token_type":"bearer"}"#
        );
    }

    #[test]
    fn whole_words_make_a_secret() {
        for name in
            ["Authorization", "X-Api-Key", "access_token", "clientSecret", "sessionid", "key", "X-Auth"]
        {
            assert!(is_secret_word(name), "{name}");
        }
        for name in ["authoredon", "author", "Idempotency-Key", "X-Author", "monkey", "tokenised", "patient"]
        {
            assert!(!is_secret_word(name), "{name}");
        }
    }
}
