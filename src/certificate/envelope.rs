//! The envelope of a certificate: DSSE v1 (Dead Simple Signing Envelope), one payload and the signatures over it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::key::{KeyError, PublicKey, SigningKey};

/// The media type of an in-toto statement.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// A signed payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Envelope {
    /// The media type of the payload; signed with it.
    pub payload_type: String,
    /// The payload, base64.
    pub payload: String,
    /// Who signed it.
    pub signatures: Vec<Signature>,
}

/// One signature over the payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The sha256 of the public key, hexadecimal: a hint only, never a proof.
    pub keyid: String,
    /// The signature, base64.
    pub sig: String,
}

impl Envelope {
    /// An envelope around a payload, signed by nobody yet.
    #[must_use]
    pub fn around(payload: &[u8]) -> Self {
        Self {
            payload_type: PAYLOAD_TYPE.to_owned(),
            payload: STANDARD.encode(payload),
            signatures: Vec::new(),
        }
    }

    /// The payload; `None` where it is no base64.
    #[must_use]
    pub fn payload(&self) -> Option<Vec<u8>> {
        STANDARD.decode(&self.payload).ok()
    }

    /// Adds a signature. The same key signs once.
    ///
    /// # Errors
    /// The key cannot sign.
    pub fn sign(&mut self, key: &SigningKey) -> Result<(), KeyError> {
        let keyid = key.public().id();
        let payload = self.payload().ok_or(KeyError::Form("payload in base64"))?;
        let sig = STANDARD.encode(key.sign(&encoding(&self.payload_type, &payload))?);
        self.signatures.retain(|signature| signature.keyid != keyid);
        self.signatures.push(Signature { keyid, sig });
        Ok(())
    }

    /// Whether a key made a signature of this envelope. The text of the signature has one form only, so that no byte
    /// of it can change unnoticed.
    #[must_use]
    pub fn is_signed_by(&self, signature: &Signature, key: &PublicKey) -> bool {
        let Some(payload) = self.payload() else { return false };
        let Ok(bytes) = STANDARD.decode(&signature.sig) else { return false };
        key.id() == signature.keyid && key.verifies(&encoding(&self.payload_type, &payload), &bytes)
    }

    /// The envelope as it is written to a file.
    ///
    /// # Errors
    /// A defect of ours.
    pub fn to_text(&self) -> serde_json::Result<String> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }
}

/// The pre-authentication encoding of DSSE: what is signed.
fn encoding(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::key::Algorithm;
    use super::*;

    #[test]
    fn the_encoding_is_that_of_the_protocol() {
        assert_eq!(
            encoding("http://example.com/HelloWorld", b"hello world"),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
    }

    #[test]
    fn several_may_sign_and_none_twice() {
        let (supplier, _) = SigningKey::generate(Algorithm::Ed25519).unwrap();
        let (witness, _) = SigningKey::generate(Algorithm::EcdsaP256).unwrap();
        let mut envelope = Envelope::around(b"{}");
        envelope.sign(&supplier).unwrap();
        envelope.sign(&witness).unwrap();
        envelope.sign(&supplier).unwrap();
        assert_eq!(envelope.signatures.len(), 2);
        for signature in &envelope.signatures {
            let keys = [supplier.public(), witness.public()];
            assert_eq!(keys.iter().filter(|key| envelope.is_signed_by(signature, key)).count(), 1);
        }
        let mut changed = envelope.clone();
        changed.payload_type.push('x');
        assert!(!changed.is_signed_by(&changed.signatures[1], &supplier.public()));
    }
}
