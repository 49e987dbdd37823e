//! Which credentials a request is to carry, right ones or wrong ones on purpose.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

/// Which credentials a request carries: those that are configured, unless it says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Credentials {
    /// The name of the identity; the one of `[auth]`, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// What of it is presented.
    pub manner: Manner,
    /// What the claims of a token are to be that we make ourselves, as by JSON Merge Patch; other credentials stay as
    /// they are.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub claims: Map<String, Value>,
    /// The certificate that is presented by TLS: the name of one that is configured, [`NO_CERTIFICATE`] or
    /// [`SELF_MADE`]; the one of `[tls]`, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
}

/// The name of no certificate at all.
pub const NO_CERTIFICATE: &str = "none";
/// The name of a certificate that we make ourselves, and that no authority vouches for.
pub const SELF_MADE: &str = "self-made";

/// What is presented of an identity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Manner {
    /// What is configured.
    #[default]
    AsConfigured,
    /// Nothing at all.
    Nothing,
    /// Something of the same form that means nothing.
    Garbage,
    /// A token whose time is over. Only a token that we make ourselves can be made so; for others, an identity with an
    /// expired token is to be configured.
    Expired,
    /// The right token with another signature; it must be a JWT.
    WrongSignature,
    /// A token that we make ourselves, its claims changed as by JSON Merge Patch (RFC 7386): null removes.
    Claims(Map<String, Value>),
    /// The value of the `Authorization` header as the scenario makes it.
    Text(String),
}

impl Credentials {
    /// The default identity, presented in a manner.
    #[must_use]
    pub fn of(manner: Manner) -> Self {
        Self { manner, ..Self::default() }
    }

    /// Another identity, as it is configured.
    #[must_use]
    pub fn identity(name: impl Into<String>) -> Self {
        Self { identity: Some(name.into()), ..Self::default() }
    }

    /// Whether they are those of `[auth]`, as they are configured.
    #[must_use]
    pub fn are_as_configured(&self) -> bool {
        *self == Self::default()
    }

    /// The same without what may have been a secret: a text is known by its digest.
    #[must_use]
    pub fn without_secrets(self) -> Self {
        let manner = match self.manner {
            Manner::Text(text) if !text.starts_with(DIGEST) => {
                Manner::Text(format!("{DIGEST}{}", hex::encode(Sha256::digest(text))))
            }
            other => other,
        };
        Self { manner, ..self }
    }
}

/// What the digest of a text begins with.
const DIGEST: &str = "sha256:";

/// What a request authenticated with, for those who read the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Presented {
    /// The name of the identity; none for the one of `[auth]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// In words: `a bearer token`, `no credentials`, `a token with a wrong signature` …
    pub what: String,
    /// The claims of a token that we made ourselves and that holds no secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<Map<String, Value>>,
}
