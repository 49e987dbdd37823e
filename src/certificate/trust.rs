//! Whom a verifier trusts: a file of public keys, each with whose it is, as what they may sign, and for how long.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Signer;
use super::key::PublicKey;
use crate::standard::{Document, FileError};

/// Public keys that are trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    keys: Vec<TrustedKey>,
}

/// A key that is trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedKey {
    /// Whose it is.
    pub name: String,
    /// As what they may sign.
    pub signs_as: Vec<Signer>,
    /// The key.
    pub key: PublicKey,
    /// The first day on which it counts.
    pub from: Option<String>,
    /// The last.
    pub until: Option<String>,
    /// From which day on it is not to be trusted, and why.
    pub revoked: Option<Revoked>,
}

/// A key that is no longer trusted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Revoked {
    /// Since which day, `YYYY-MM-DD`.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub on: String,
    /// Why.
    pub reason: String,
}

/// A trust file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrustFile {
    /// The keys.
    #[schemars(length(min = 1))]
    keys: Vec<Entry>,
}

/// A key of a trust file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Entry {
    /// Whose it is.
    #[schemars(length(min = 1))]
    name: String,
    /// As what they may sign: `supplier`, `witness`, `body`, `register`.
    #[schemars(length(min = 1))]
    signs_as: Vec<Signer>,
    /// The key in PEM, as `proofmark keygen` writes it to `proofmark.pub`.
    public_key: String,
    /// The first day on which it counts, `YYYY-MM-DD`.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    from: Option<String>,
    /// The last day.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    until: Option<String>,
    /// Since when it is not to be trusted, and why.
    revoked: Option<Revoked>,
}

impl Trust {
    /// Reads a trust file (YAML), or a public key in PEM, which is then trusted to sign as anybody.
    ///
    /// # Errors
    /// What is wrong with the file, and where.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<FileError>> {
        if text.trim_start().starts_with("-----BEGIN") {
            let key = PublicKey::from_pem(text)
                .map_err(|error| vec![FileError::of_file(file, error.to_string())])?;
            let signs_as = vec![Signer::Supplier, Signer::Witness, Signer::Body, Signer::Register];
            let (name, from, until, revoked) = (file.to_owned(), None, None, None);
            return Ok(Self { keys: vec![TrustedKey { name, signs_as, key, from, until, revoked }] });
        }
        let document = Document::parse(file, text).map_err(|error| vec![error])?;
        let TrustFile { keys } = document.read()?;
        let mut trusted: Vec<TrustedKey> = Vec::new();
        let mut errors = Vec::new();
        for (index, entry) in keys.into_iter().enumerate() {
            let at = format!("/keys/{index}/publicKey");
            match PublicKey::from_pem(&entry.public_key) {
                Err(error) => {
                    errors.push(document.error(&at, error.to_string()).hint(
                        "copy all of proofmark.pub, its first and last line too, behind `publicKey: |`",
                    ));
                }
                Ok(key) if trusted.iter().any(|other| other.key == key) => {
                    errors.push(document.error(&at, "the same key is there twice"));
                }
                Ok(key) => {
                    let Entry { name, signs_as, from, until, revoked, .. } = entry;
                    trusted.push(TrustedKey { name, signs_as, key, from, until, revoked });
                }
            }
        }
        if errors.is_empty() { Ok(Self { keys: trusted }) } else { Err(errors) }
    }

    /// All of them, in order.
    #[must_use]
    pub fn keys(&self) -> &[TrustedKey] {
        &self.keys
    }

    /// The trusted key that an id names.
    #[must_use]
    pub fn key(&self, id: &str) -> Option<&TrustedKey> {
        self.keys.iter().find(|trusted| trusted.key.id() == id)
    }
}

impl TrustedKey {
    /// Why the key does not count on a day (`YYYY-MM-DD`); `None` where it does.
    #[must_use]
    pub fn objection(&self, day: &str) -> Option<String> {
        let name = &self.name;
        if let Some(Revoked { on, reason }) = &self.revoked
            && day >= on.as_str()
        {
            return Some(format!("the key of {name} was revoked on {on}: {reason}"));
        }
        match (&self.from, &self.until) {
            (Some(from), _) if day < from.as_str() => {
                Some(format!("the key of {name} counts from {from} on"))
            }
            (_, Some(until)) if day > until.as_str() => Some(format!("the key of {name} expired on {until}")),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::key::{Algorithm, SigningKey};
    use super::*;

    #[test]
    fn keys_count_in_their_time_and_until_they_are_revoked() {
        let pem = SigningKey::generate(Algorithm::Ed25519).unwrap().0.public().to_pem();
        let text = format!(
            "keys:\n  - name: Example Ltd\n    signsAs: [supplier]\n    from: 2026-01-01\n    until: 2026-12-31\n    \
             revoked: {{ on: 2026-06-01, reason: lost }}\n    publicKey: |\n      {}\n",
            pem.trim_end().replace('\n', "\n      ")
        );
        let trust = Trust::read("trust.yaml", &text).unwrap();
        let id = PublicKey::from_pem(&pem).unwrap().id();
        let key = trust.key(&id).unwrap();
        assert_eq!(key.objection("2026-05-31"), None);
        assert!(key.objection("2025-12-31").unwrap().contains("counts from"));
        assert!(key.objection("2026-06-01").unwrap().contains("revoked on 2026-06-01: lost"));
        let unrevoked = TrustedKey { revoked: None, ..key.clone() };
        assert!(unrevoked.objection("2027-01-01").unwrap().contains("expired on 2026-12-31"));
        let twice = format!("{text}{}", text.trim_start_matches("keys:\n"));
        let errors = Trust::read("trust.yaml", &twice).unwrap_err();
        assert!(errors[0].to_string().contains("the same key is there twice"), "{}", errors[0]);
    }

    #[test]
    fn a_file_that_holds_no_key_says_where() {
        let text = "keys:\n  - name: a\n    signsAs: [body]\n    publicKey: nonsense\n";
        let errors = Trust::read("trust.yaml", text).unwrap_err();
        assert!(errors[0].to_string().starts_with("trust.yaml:4:"), "{}", errors[0]);
    }
}
