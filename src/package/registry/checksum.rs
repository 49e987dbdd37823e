//! What a registry says of an archive's content, and whether it is true.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// The digests that a registry publishes of one archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Checksum {
    /// Subresource Integrity: `sha512-BASE64`, perhaps several with blanks between.
    pub(super) integrity: Option<String>,
    /// The sha1, in hexadecimal; from before integrity.
    pub(super) shasum: Option<String>,
}

impl Checksum {
    /// Compares the strongest digest that is published.
    pub(super) fn check(&self, bytes: &[u8]) -> Result<(), String> {
        let stated = self.integrity.as_deref().unwrap_or_default();
        let named = |algorithm: &str| {
            stated.split_whitespace().find_map(|one| one.strip_prefix(algorithm)?.strip_prefix('-'))
        };
        let compare = |algorithm: &str, found: &[u8]| {
            let expected = named(algorithm)?.split('?').next().unwrap_or_default();
            Some((algorithm.to_owned(), expected.to_owned(), STANDARD.encode(found)))
        };
        let strongest = compare("sha512", &Sha512::digest(bytes))
            .or_else(|| compare("sha384", &Sha384::digest(bytes)))
            .or_else(|| compare("sha256", &Sha256::digest(bytes)))
            .or_else(|| {
                let expected = self.shasum.as_ref()?.trim().to_ascii_lowercase();
                Some(("sha1".to_owned(), expected, hex::encode(Sha1::digest(bytes))))
            });
        match strongest {
            Some((algorithm, expected, found)) if expected != found => Err(format!(
                "the archive is not what the registry says: its {algorithm} is {found}, expected {}",
                expected.escape_debug()
            )),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checksum(integrity: Option<&str>, shasum: Option<&str>) -> Checksum {
        Checksum { integrity: integrity.map(str::to_owned), shasum: shasum.map(str::to_owned) }
    }

    #[test]
    fn the_strongest_decides() {
        let right = format!("sha1-xx sha512-{}", STANDARD.encode(Sha512::digest(b"x")));
        assert_eq!(checksum(Some(&right), Some("wrong")).check(b"x"), Ok(()));
        let error = checksum(Some(&right), None).check(b"y").unwrap_err();
        assert!(error.contains("its sha512 is"), "{error}");
        let sha1 = hex::encode_upper(Sha1::digest(b"x"));
        assert_eq!(checksum(None, Some(&sha1)).check(b"x"), Ok(()));
        assert!(checksum(None, Some(&sha1)).check(b"y").is_err());
        assert_eq!(checksum(None, None).check(b"y"), Ok(()));
    }
}
