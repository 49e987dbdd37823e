//! An event of the register's history: one file, whose form is fixed to the byte.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::certificate::{Assurance, Envelope, KeyError, PublicKey, Signature, SigningKey};

/// What the signature of an event is over, as DSSE names it.
const PAYLOAD_TYPE: &str = "application/vnd.proofmark.register-event+json";

/// What happened to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// A certificate was listed; the entry begins.
    Issued,
    /// A new certificate of the same product version took the place of the last.
    Renewed,
    /// It does not count until it is reinstated.
    Suspended,
    /// It counts again.
    Reinstated,
    /// It was taken back, for good.
    Withdrawn,
    /// Another entry took its place, for good.
    Superseded,
    /// Its last day was over.
    Expired,
    /// Something was found after it was listed.
    Nonconformity,
}

impl EventKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Issued,
        Self::Renewed,
        Self::Suspended,
        Self::Reinstated,
        Self::Withdrawn,
        Self::Superseded,
        Self::Expired,
        Self::Nonconformity,
    ];

    /// Whether such an event brings a certificate.
    #[must_use]
    pub fn brings_certificate(self) -> bool {
        matches!(self, Self::Issued | Self::Renewed)
    }
}

impl std::fmt::Display for EventKind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Issued => "issued",
            Self::Renewed => "renewed",
            Self::Suspended => "suspended",
            Self::Reinstated => "reinstated",
            Self::Withdrawn => "withdrawn",
            Self::Superseded => "superseded",
            Self::Expired => "expired",
            Self::Nonconformity => "nonconformity",
        })
    }
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Event {
    /// Its place in the history, from 1; the name of its file.
    pub number: u64,
    /// The sha256 of the file of the event before it, hexadecimal; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// When, RFC 3339 in UTC, to the second.
    pub at: String,
    /// Who recorded it.
    pub by: String,
    /// What happened.
    pub kind: EventKind,
    /// The entry that it happened to: the id of the certificate that was listed first.
    pub entry: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The certificate that it brings, if it is issued or renewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<CertificateReference>,
    /// Where the product is used, such as `general-practice`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub care_settings: Vec<String>,
    /// How the supplier agreed that what is not conformant is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<String>,
    /// The entry that took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<String>,
    /// The requirements that a nonconformity is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<String>,
    /// The signature of the register over everything above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
}

/// A certificate in the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CertificateReference {
    /// Its id.
    pub id: String,
    /// The sha256 of its file, hexadecimal, which is the file's name too.
    pub sha256: String,
    /// What it was worth when it was listed, by who had signed.
    pub assurance: Assurance,
}

impl CertificateReference {
    /// The file of the certificate in the register.
    #[must_use]
    pub fn file(&self) -> String {
        format!("certificates/{}.json", self.sha256)
    }
}

impl Event {
    /// The file of the event with a number.
    #[must_use]
    pub fn file(number: u64) -> String {
        format!("events/{number:08}.json")
    }

    /// The event as it is written to its file.
    ///
    /// # Errors
    /// A defect of ours.
    pub fn to_text(&self) -> serde_json::Result<String> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }

    /// The event of a file. Its form is fixed, so that nothing can hide in it.
    ///
    /// # Errors
    /// Why it is none, in words.
    pub fn read(text: &str) -> Result<Self, String> {
        let event: Self = serde_json::from_str(text).map_err(|error| format!("it is no event: {error}"))?;
        if !event.at.parse::<Timestamp>().is_ok_and(|at| moment(at) == event.at) {
            return Err(format!("`{}` is no moment as events write it", event.at));
        }
        match event.to_text() {
            Ok(written) if written == text => Ok(event),
            _ => Err("it is not written as events are".to_owned()),
        }
    }

    /// The day of it, `YYYY-MM-DD`.
    #[must_use]
    pub fn day(&self) -> &str {
        self.at.get(..10).unwrap_or(&self.at)
    }

    /// Adds the register's signature.
    ///
    /// # Errors
    /// The key cannot sign.
    pub fn sign(&mut self, key: &SigningKey) -> Result<(), KeyError> {
        let mut envelope = self.envelope().ok_or(KeyError::Form("event"))?;
        envelope.sign(key)?;
        self.signature = envelope.signatures.pop();
        Ok(())
    }

    /// Whether a key made its signature.
    #[must_use]
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        match (&self.signature, self.envelope()) {
            (Some(signature), Some(envelope)) => envelope.is_signed_by(signature, key),
            _ => false,
        }
    }

    fn envelope(&self) -> Option<Envelope> {
        let unsigned = Self { signature: None, ..self.clone() };
        let mut envelope = Envelope::around(&serde_json::to_vec(&unsigned).ok()?);
        PAYLOAD_TYPE.clone_into(&mut envelope.payload_type);
        Some(envelope)
    }
}

/// A moment as events write it: RFC 3339 in UTC, to the second.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The digest by which files are named: sha256, hexadecimal.
pub(super) fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
