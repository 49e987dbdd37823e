//! Keys that sign and verify: Ed25519 (RFC 8032), or ECDSA on P-256 with SHA-256 for those whose keys must be.

use std::fmt;

use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair as _, UnparsedPublicKey,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};
use sha2::{Digest as _, Sha256};

use super::pem;

/// What stands before the 32 bytes of an Ed25519 key in a `SubjectPublicKeyInfo` (RFC 8410).
const ED25519_PREFIX: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
/// What stands before the 65 bytes of a point of P-256 in a `SubjectPublicKeyInfo` (RFC 5480).
const P256_PREFIX: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// How a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Algorithm {
    /// Ed25519.
    #[default]
    Ed25519,
    /// ECDSA on P-256 with SHA-256.
    EcdsaP256,
}

/// Why a key cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It is not what it should be.
    #[error("it is no {0}")]
    Form(&'static str),
    /// The machine has no random numbers, or the key refuses to sign.
    #[error("the system gives no random numbers")]
    Random,
}

/// A key that signs. It is never printed.
pub struct SigningKey {
    pair: Pair,
    random: SystemRandom,
}

enum Pair {
    Ed25519(Ed25519KeyPair),
    EcdsaP256(EcdsaKeyPair),
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the private key of {}", self.public().id())
    }
}

impl SigningKey {
    /// A new key, as PEM (PKCS #8) to be kept, and ready for use.
    ///
    /// # Errors
    /// The machine has no random numbers.
    pub fn generate(algorithm: Algorithm) -> Result<(Self, String), KeyError> {
        let random = SystemRandom::new();
        let document = match algorithm {
            Algorithm::Ed25519 => Ed25519KeyPair::generate_pkcs8(&random),
            Algorithm::EcdsaP256 => EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random),
        };
        let document = document.map_err(|_| KeyError::Random)?;
        let text = pem::write("PRIVATE KEY", document.as_ref());
        Ok((Self::from_pem(&text)?, text))
    }

    /// From PEM (PKCS #8).
    ///
    /// # Errors
    /// It is no private key of a kind that is known here.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let wrong = KeyError::Form("private key in PEM (PKCS #8), Ed25519 or ECDSA P-256");
        let Ok(key) = PrivatePkcs8KeyDer::from_pem_slice(text.as_bytes()) else { return Err(wrong) };
        let der = key.secret_pkcs8_der();
        let random = SystemRandom::new();
        // Keys made elsewhere may leave the public half out; then there is nothing to compare it with.
        let pair = if let Ok(pair) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der) {
            Pair::Ed25519(pair)
        } else if let Ok(pair) = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, der, &random) {
            Pair::EcdsaP256(pair)
        } else {
            return Err(wrong);
        };
        Ok(Self { pair, random })
    }

    /// Its public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        match &self.pair {
            Pair::Ed25519(pair) => PublicKey::new(Algorithm::Ed25519, pair.public_key().as_ref()),
            Pair::EcdsaP256(pair) => PublicKey::new(Algorithm::EcdsaP256, pair.public_key().as_ref()),
        }
    }

    /// Signs.
    ///
    /// # Errors
    /// The machine has no random numbers, which ECDSA needs.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        match &self.pair {
            Pair::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Pair::EcdsaP256(pair) => pair
                .sign(&self.random, message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| KeyError::Random),
        }
    }
}

/// A key that verifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    algorithm: Algorithm,
    bytes: Vec<u8>,
}

impl PublicKey {
    fn new(algorithm: Algorithm, bytes: &[u8]) -> Self {
        Self { algorithm, bytes: bytes.to_vec() }
    }

    /// From PEM (`SubjectPublicKeyInfo`).
    ///
    /// # Errors
    /// It is no public key of a kind that is known here.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let wrong = KeyError::Form("public key in PEM, Ed25519 or ECDSA P-256");
        let Ok(key) = SubjectPublicKeyInfoDer::from_pem_slice(text.as_bytes()) else { return Err(wrong) };
        match (key.strip_prefix(ED25519_PREFIX), key.strip_prefix(P256_PREFIX)) {
            (Some(bytes), _) if bytes.len() == 32 => Ok(Self::new(Algorithm::Ed25519, bytes)),
            (_, Some(bytes)) if bytes.len() == 65 && bytes[0] == 4 => {
                Ok(Self::new(Algorithm::EcdsaP256, bytes))
            }
            _ => Err(wrong),
        }
    }

    /// As PEM.
    #[must_use]
    pub fn to_pem(&self) -> String {
        pem::write("PUBLIC KEY", &self.der())
    }

    /// What signatures name it by: the sha256 of its `SubjectPublicKeyInfo`, hexadecimal.
    #[must_use]
    pub fn id(&self) -> String {
        hex::encode(Sha256::digest(self.der()))
    }

    /// Whether the key made the signature of the message.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self.algorithm {
            Algorithm::Ed25519 => UnparsedPublicKey::new(&ED25519, &self.bytes).verify(message, signature),
            Algorithm::EcdsaP256 => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &self.bytes).verify(message, signature)
            }
        }
        .is_ok()
    }

    fn der(&self) -> Vec<u8> {
        let prefix = match self.algorithm {
            Algorithm::Ed25519 => ED25519_PREFIX,
            Algorithm::EcdsaP256 => P256_PREFIX,
        };
        [prefix, &self.bytes].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_verifies_and_nothing_else_does() {
        for algorithm in [Algorithm::Ed25519, Algorithm::EcdsaP256] {
            let (key, pem) = SigningKey::generate(algorithm).unwrap();
            let again = SigningKey::from_pem(&pem).unwrap();
            assert_eq!(key.public(), again.public());
            let public = PublicKey::from_pem(&key.public().to_pem()).unwrap();
            assert_eq!(public.id(), key.public().id());
            let signature = again.sign(b"a statement").unwrap();
            assert!(public.verifies(b"a statement", &signature));
            assert!(!public.verifies(b"A statement", &signature));
            let (other, _) = SigningKey::generate(algorithm).unwrap();
            assert!(!other.public().verifies(b"a statement", &signature));
        }
    }

    #[test]
    fn other_files_are_no_keys() {
        let (key, pem) = SigningKey::generate(Algorithm::Ed25519).unwrap();
        assert!(PublicKey::from_pem(&pem).is_err());
        assert!(SigningKey::from_pem(&key.public().to_pem()).is_err());
        assert!(SigningKey::from_pem("").is_err());
        assert!(!format!("{key:?}").contains("PRIVATE"));
    }
}
