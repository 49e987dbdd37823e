//! The digest of what a run received, as the shareable record has it.
//!
//! Who has the shareable form of an answer knows all of its text but the identifiers. A plain digest of the original
//! would let them try NHS numbers until one fits. So it is made with the seed of the run, which is private.

use ring::hmac;

use super::recorder::digest;

/// The digest of an original: HMAC-SHA256, with the run's seed, of its sha256. Hexadecimal.
#[must_use]
pub fn original_digest(seed: &str, bytes: &[u8]) -> String {
    of_digest(seed, &digest(bytes))
}

/// The same of an original whose sha256 is known.
pub(super) fn of_digest(seed: &str, sha256: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, seed.as_bytes());
    hex::encode(hmac::sign(&key, sha256.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_has_the_seed_can_make_it() {
        let original = b"Patient 9990000018";
        assert_eq!(original_digest("a", original), original_digest("a", original));
        assert_ne!(original_digest("a", original), original_digest("b", original));
        assert_ne!(original_digest("a", original), original_digest("a", b"Patient 9990000026"));
        assert_ne!(original_digest("a", original), digest(original));
    }
}
