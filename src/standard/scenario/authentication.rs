//! Which credentials a request carries: right ones, or wrong ones on purpose.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Which credentials a request carries: a word, or a mapping.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Authentication {
    /// What of the supplier's own identity is presented.
    Presented(Presented),
    /// Another identity, or a token made otherwise.
    Made(MadeAuthentication),
}

/// What is presented of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Presented {
    /// What is configured.
    Configured,
    /// Nothing at all.
    None,
    /// Something of the same form that means nothing.
    Garbage,
    /// A token whose time is over.
    Expired,
    /// The right token with another signature.
    WrongSignature,
}

/// Another identity, a token made otherwise, or another certificate. At most one of `presents`, `claims` and `header`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MadeAuthentication {
    /// The name of an identity in `[identities]` of the supplier's configuration.
    #[serde(default)]
    #[schemars(example = &"other-practice")]
    pub identity: Option<String>,
    /// What of it is presented.
    #[serde(default)]
    #[schemars(example = &"expired")]
    pub presents: Option<Presented>,
    /// Changes to the claims of a token that Proofmark makes itself, as by JSON Merge Patch: null takes a claim away.
    #[serde(default)]
    #[schemars(example = json!({"reason_for_request": "secondaryuses", "requesting_device": null}))]
    pub claims: Option<Map<String, Value>>,
    /// The value of the `Authorization` header.
    #[serde(default)]
    #[schemars(example = &"Bearer ${uuid}")]
    pub header: Option<String>,
    /// The certificate that the client presents by TLS: the name of one in `[certificates]` of the supplier's
    /// configuration, `none` for no certificate, or `self-made` for one that no authority vouches for.
    #[serde(default)]
    #[schemars(example = &"none", example = &"expired")]
    pub certificate: Option<String>,
}

impl MadeAuthentication {
    /// Whether it says one thing, and something.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        let manners = usize::from(self.presents.is_some())
            + usize::from(self.claims.is_some())
            + usize::from(self.header.is_some());
        manners == 1 || manners == 0 && (self.identity.is_some() || self.certificate.is_some())
    }
}
