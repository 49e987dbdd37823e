//! JSON Web Tokens (RFC 7519) as we make them: signed by RSA or an elliptic curve, or by nobody.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::SignatureScheme;
use rustls::crypto::ring::sign::any_supported_type;
use serde_json::{Value, json};

use crate::http::transport::key_from_pem;

/// How a token is signed; the names are those of RFC 7518.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// RSA with SHA-384, as SMART Backend Services asks for.
    Rs384,
    /// RSA with SHA-512, as the NHS API platform asks for.
    Rs512,
    /// The curve P-384 with SHA-384, as SMART Backend Services asks for.
    Es384,
}

impl Algorithm {
    fn name(self) -> &'static str {
        match self {
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Es384 => "ES384",
        }
    }

    fn scheme(self) -> SignatureScheme {
        match self {
            Self::Rs384 => SignatureScheme::RSA_PKCS1_SHA384,
            Self::Rs512 => SignatureScheme::RSA_PKCS1_SHA512,
            Self::Es384 => SignatureScheme::ECDSA_NISTP384_SHA384,
        }
    }
}

/// A private key with the way that it signs.
#[derive(Clone)]
pub struct SigningKey {
    key: Arc<dyn rustls::sign::SigningKey>,
    algorithm: Algorithm,
    key_id: Option<String>,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "a key for {}", self.algorithm.name())
    }
}

impl SigningKey {
    /// From a private key in PEM; `key_id` is what the other side knows it by (`kid`).
    ///
    /// # Errors
    /// What is not as it should be, in words.
    pub fn from_pem(pem: &[u8], algorithm: Algorithm, key_id: Option<String>) -> Result<Self, String> {
        let key = any_supported_type(&key_from_pem(pem)?)
            .map_err(|error| format!("the key cannot be used: {error}"))?;
        let made = Self { key, algorithm, key_id };
        if made.key.choose_scheme(&[algorithm.scheme()]).is_none() {
            let wanted =
                if algorithm == Algorithm::Es384 { "a key of the curve P-384" } else { "an RSA key" };
            return Err(format!("{} needs {wanted}, and this is another kind of key", algorithm.name()));
        }
        Ok(made)
    }

    /// A signed token.
    ///
    /// # Errors
    /// It cannot be signed, in words.
    pub(super) fn sign(&self, claims: &Value) -> Result<String, String> {
        let mut header = json!({"alg": self.algorithm.name(), "typ": "JWT"});
        if let (Some(key_id), Value::Object(header)) = (&self.key_id, &mut header) {
            header.insert("kid".to_owned(), json!(key_id));
        }
        let content = unsigned(&header, claims);
        let signer = self.key.choose_scheme(&[self.algorithm.scheme()]).ok_or("the key does not fit")?;
        let mut signature = signer.sign(content.as_bytes()).map_err(|error| error.to_string())?;
        if self.algorithm == Algorithm::Es384 {
            signature = fixed(&signature).ok_or("the signature is not as it should be")?;
        }
        Ok(format!("{content}.{}", encode(&signature)))
    }
}

/// The first two parts of a token.
pub(super) fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims.to_string().as_bytes()))
}

/// Base64 as tokens use it.
pub(super) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A token with another signature than its own; `None` if it is no JWT.
pub(super) fn with_wrong_signature(token: &str) -> Option<String> {
    let [header, claims, signature] = token.split('.').collect::<Vec<_>>().try_into().ok()?;
    decoded(header)?;
    let mut bytes = URL_SAFE_NO_PAD.decode(signature).ok()?;
    // As long as the right one, and wrong from the first byte to the last.
    for byte in &mut bytes {
        *byte ^= 0x55;
    }
    Some(format!("{header}.{claims}.{}", encode(&bytes)))
}

/// A part of a token, read.
pub(super) fn decoded(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// A signature of P-384 as tokens hold it (RFC 7518, 3.4): two numbers of 48 bytes, rather than the DER that TLS uses.
fn fixed(der: &[u8]) -> Option<Vec<u8>> {
    let [0x30, length, content @ ..] = der else { return None };
    if usize::from(*length) != content.len() {
        return None;
    }
    let (first, rest) = integer(content)?;
    let (second, rest) = integer(rest)?;
    rest.is_empty().then(|| [first, second].concat())
}

/// An INTEGER of DER as 48 bytes, and what follows it.
fn integer(der: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let [0x02, length, rest @ ..] = der else { return None };
    let (bytes, rest) = rest.split_at_checked(usize::from(*length))?;
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    let bytes = &bytes[start..];
    let mut padded = vec![0; 48_usize.checked_sub(bytes.len())?];
    padded.extend_from_slice(bytes);
    Some((padded, rest))
}

#[cfg(test)]
mod tests {
    use ring::signature::{ECDSA_P384_SHA384_FIXED, UnparsedPublicKey};

    use super::*;

    fn key() -> rcgen::KeyPair {
        rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap()
    }

    #[test]
    fn what_is_signed_can_be_verified() {
        let pair = key();
        let pem = pair.serialize_pem();
        let key = SigningKey::from_pem(pem.as_bytes(), Algorithm::Es384, Some("k1".into())).unwrap();
        // The numbers are random: some begin with zeros, which is where their form goes wrong.
        for count in 0..300 {
            let token = key.sign(&json!({"count": count})).unwrap();
            let (content, signature) = token.rsplit_once('.').unwrap();
            let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
            let public = UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, pair.public_key_raw());
            public.verify(content.as_bytes(), &signature).unwrap();
            let wrong = with_wrong_signature(&token).unwrap();
            let signature = URL_SAFE_NO_PAD.decode(wrong.rsplit_once('.').unwrap().1).unwrap();
            assert!(public.verify(content.as_bytes(), &signature).is_err());
        }
        let token = key.sign(&json!({})).unwrap();
        let header = decoded(token.split('.').next().unwrap()).unwrap();
        assert_eq!(header, json!({"alg": "ES384", "typ": "JWT", "kid": "k1"}));
    }

    #[test]
    fn a_key_of_another_kind_is_refused() {
        let pem = key().serialize_pem();
        let error = SigningKey::from_pem(pem.as_bytes(), Algorithm::Rs512, None).unwrap_err();
        assert_eq!(error, "RS512 needs an RSA key, and this is another kind of key");
        assert!(with_wrong_signature("opaque").is_none());
    }
}
