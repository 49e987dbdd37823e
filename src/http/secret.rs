//! Values that are never printed, and the list of them by which they are kept out of all that is kept.

use std::sync::{Arc, PoisonError, RwLock};

/// What stands in place of a secret.
pub(super) const REDACTED: &str = "[redacted]";

/// The least length at which a secret is looked for in an answer: `1` or `test` is no secret, and taking it out would
/// garble what is judged.
pub(super) const SHORTEST: usize = 6;

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

impl KnownSecrets {
    /// Remembers a secret.
    pub(super) fn add(&self, secret: &str) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if secret.len() >= SHORTEST && !known.iter().any(|one| one == secret) {
            known.push(secret.to_owned());
            // The longest first: one that holds another is taken out whole.
            known.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        }
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
