//! Identities: who we can say that we are, and how.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use url::Url;

use super::{ClientCredentials, UnsignedJwt};
use crate::http::Secret;

/// A way to authenticate.
#[derive(Debug, Default)]
pub enum Identity {
    /// Without credentials.
    #[default]
    None,
    /// A token that was given out beforehand (RFC 6750).
    Bearer(Secret),
    /// User name and password (RFC 7617).
    Basic {
        /// The user name.
        user: String,
        /// The password.
        password: Secret,
    },
    /// A key that the endpoint gave out.
    ApiKey {
        /// Where it is put.
        place: Place,
        /// The key.
        key: Secret,
    },
    /// A token that is asked for by OAuth 2.0 client credentials (RFC 6749, 4.4).
    OAuth2(Box<ClientCredentials>),
    /// A token that we make ourselves and nobody signs, as GP Connect asks for.
    UnsignedJwt(UnsignedJwt),
}

impl Identity {
    /// An unsigned token of these claims, for the audience `base` unless they name one; `None` without claims.
    #[must_use]
    pub fn unsigned(claims: &Map<String, Value>, base: &Url) -> Option<Self> {
        if claims.is_empty() {
            return None;
        }
        let mut claims = claims.clone();
        let audience = base.as_str().trim_end_matches('/');
        claims.entry("aud").or_insert_with(|| Value::String(audience.to_owned()));
        Some(Self::UnsignedJwt(UnsignedJwt { claims }))
    }
}

/// Where an API key is put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A header of this name.
    Header(String),
    /// A parameter of the query of this name.
    Query(String),
}

/// All identities of a run.
#[derive(Debug, Default)]
pub struct Authenticator {
    /// The one that requests present unless they say otherwise.
    pub default: Identity,
    /// Others, by name.
    pub named: BTreeMap<String, Identity>,
}

impl Authenticator {
    /// The identity of a name, the default one without a name.
    pub(super) fn find(&self, name: Option<&str>) -> Option<&Identity> {
        name.map_or(Some(&self.default), |name| self.named.get(name))
    }
}
