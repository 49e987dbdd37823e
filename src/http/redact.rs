//! What must not reach disk, screen or report.

use url::Url;

use super::Headers;

const REDACTED: &str = "[redacted]";

/// A copy of the headers with the values of secret ones taken out.
#[must_use]
pub fn redact_headers(headers: &Headers) -> Headers {
    let redacted = headers.0.iter().map(|(name, value)| {
        let value = if is_secret_header(name) { secret_value(value) } else { value.clone() };
        (name.clone(), value)
    });
    Headers(redacted.collect())
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
    matches!(name.as_str(), "authorization" | "proxy-authorization" | "cookie" | "set-cookie")
        || is_secret_word(&name)
}

fn is_secret_word(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["api-key", "apikey", "token", "secret", "password", "assertion"].iter().any(|word| name.contains(word))
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
                ("WWW-Authenticate", "Bearer realm=x"),
                ("Accept", "abc/def"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        );
        let values: Vec<String> = redact_headers(&headers).0.into_iter().map(|(_, value)| value).collect();
        assert_eq!(
            values,
            ["Bearer [redacted]", "[redacted]", "[redacted]", "[redacted]", "Bearer realm=x", "abc/def"]
        );
        let url = Url::parse("https://user:pass@h/x?a=1&access_token=abc").unwrap();
        assert_eq!(redact_url(&url), "https://h/x?a=1&access_token=[redacted]");
    }
}
