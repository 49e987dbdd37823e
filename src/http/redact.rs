//! What must not reach disk, screen or report.

use url::Url;

use super::{Headers, Request};

const REDACTED: &str = "[redacted]";

/// The least length at which a header's value is looked for in an answer: `1` or `test` is no secret, and
/// taking it out would garble what is judged.
const SHORTEST_SECRET: usize = 6;

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
pub(super) fn secret_values(request: &Request) -> Vec<String> {
    let secret = |name: &str| {
        is_secret_header(name) || request.secret_headers.iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    let headers = request.headers.0.iter().filter(|(name, _)| secret(name));
    let values = headers.flat_map(|(_, value)| {
        let credentials = value.split_once(' ').map(|(_, credentials)| credentials.trim().to_owned());
        [Some(value.clone()), credentials]
    });
    values.flatten().filter(|value| value.len() >= SHORTEST_SECRET && !value.contains(REDACTED)).collect()
}

/// A text with every one of the secrets taken out.
pub(super) fn redact_values(text: &str, secrets: &[String]) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), REDACTED))
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

fn is_secret_word(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words =
        ["key", "token", "secret", "password", "assertion", "session", "auth", "credential", "signature"];
    words.iter().any(|word| name.contains(word)) || name == "sig"
}

/// An address without user name, password and secret parameters.
#[must_use]
pub fn redact_url(url: &Url) -> String {
    let mut url = url.clone();
    // These fail only for addresses that have no host, which cannot hold credentials.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let Some(query) = url.query() else { return url.to_string() };
    let redacted: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if is_secret_word(name) => format!("{name}={REDACTED}"),
            _ => pair.to_owned(),
        })
        .collect();
    let redacted = redacted.join("&");
    url.set_query(None);
    format!("{url}?{redacted}")
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
}
