//! Values that are never printed, and the list of them by which they are kept out of all that is kept.

use std::sync::{Arc, PoisonError, RwLock};

/// What stands in place of a secret.
pub(super) const REDACTED: &str = "[redacted]";

/// The least length at which a secret is looked for in an answer: `1` or `test` is no secret, and taking it out would
/// garble what is judged.
const SHORTEST: usize = 6;

/// A secret: it prints as `[redacted]` wherever it is printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a secret.
    #[must_use]
    pub fn new(value: String) -> Self {
        Self(value)
    }

    /// The secret itself, for the one place that sends it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(REDACTED)
    }
}

/// All secrets that a client has sent or received. An endpoint that sends one back (in an error that repeats the
/// request, say) does not bring it to disk: it is taken out of the answer before anybody sees the answer.
#[derive(Clone, Default)]
pub(super) struct KnownSecrets(Arc<RwLock<Vec<String>>>);

/// The ways in which an endpoint can write a secret back: as it is, in an address, in JSON.
fn spellings(secret: &str) -> Vec<String> {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    let encoded = utf8_percent_encode(secret, UNRESERVED).to_string();
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let quoted = serde_json::Value::from(secret).to_string();
    let json = quoted[1..quoted.len() - 1].to_owned();
    let mut spellings = vec![
        secret.to_owned(),
        lower_escapes(&encoded),
        encoded,
        lower_escapes(&form),
        form,
        json.replace('/', "\\/"),
        json,
    ];
    spellings.sort();
    spellings.dedup();
    spellings
}

/// An address with the digits of its escapes in lower case, as some write them.
fn lower_escapes(encoded: &str) -> String {
    let mut parts = encoded.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| match part.get(..2) {
        Some(digits) => format!("{text}%{}{}", digits.to_ascii_lowercase(), &part[2..]),
        None => format!("{text}%{part}"),
    })
}

impl KnownSecrets {
    /// Remembers a secret.
    pub(super) fn add(&self, secret: &str) {
        if secret.len() < SHORTEST || self.0.read().is_ok_and(|known| known.iter().any(|one| one == secret)) {
            return;
        }
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.extend(spellings(secret));
        // The longest first: one that holds another is taken out whole.
        known.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        known.dedup();
    }

    /// A text without the secrets.
    pub(super) fn out_of_text(&self, text: String) -> String {
        match String::from_utf8(self.out_of(text.into_bytes())) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        }
    }

    /// Bytes without the secrets.
    pub(super) fn out_of(&self, bytes: Vec<u8>) -> Vec<u8> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().fold(bytes, |bytes, secret| {
            let finder = memchr::memmem::Finder::new(secret.as_bytes());
            let mut kept = Vec::new();
            let mut end = 0;
            for start in finder.find_iter(&bytes) {
                kept.extend_from_slice(&bytes[end..start]);
                kept.extend_from_slice(REDACTED.as_bytes());
                end = start + secret.len();
            }
            if end == 0 {
                return bytes;
            }
            kept.extend_from_slice(&bytes[end..]);
            kept
        })
    }
}

impl std::fmt::Debug for KnownSecrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(REDACTED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_comes_back_is_taken_out_whole() {
        let known = KnownSecrets::default();
        known.add("0123456789");
        known.add("0123456789-abc");
        known.add("short");
        let text = known.out_of_text("a 0123456789-abc, 0123456789 and short".to_owned());
        assert_eq!(text, "a [redacted], [redacted] and short");
    }

    #[test]
    fn a_secret_does_not_print() {
        assert_eq!(format!("{:?}", Secret::new("abc".to_owned())), "[redacted]");
    }
}
