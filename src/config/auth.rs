//! Identities as configured: `[auth]` and `[identities.NAME]`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use super::{SecretFrom, Sources};
use crate::http::{Algorithm, ClientCredentials, Identity, Place, Proof, SigningKey, UnsignedJwt};
use crate::standard::FileError;

/// How requests authenticate.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Auth {
    /// Without credentials.
    None,
    /// With a token that was given out beforehand.
    Bearer(SecretFrom),
    /// With user name and password.
    Basic(Basic),
    /// With a key that the endpoint gave out.
    ApiKey(ApiKey),
    /// With a token of a token endpoint: OAuth 2.0 client credentials, SMART Backend Services, NHS signed JWT.
    Oauth2(OAuth2),
    /// With a token that nobody signs, as GP Connect asks for.
    UnsignedJwt(Unsigned),
}

/// User name and password.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Basic {
    /// The user name.
    pub user: String,
    /// The password.
    pub password: SecretFrom,
}

/// A key, and where it is put: in a header or in a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ApiKey {
    /// The header that it is put in, for instance `apikey`.
    #[serde(default)]
    pub header: Option<String>,
    /// The parameter of the query that it is put in.
    #[serde(default)]
    pub parameter: Option<String>,
    /// The key.
    pub key: SecretFrom,
}

/// A client of a token endpoint. It shows who it is by a secret or by a private key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OAuth2 {
    /// Who we are to it.
    pub client_id: String,
    /// The token endpoint; the one that the FHIR endpoint's `.well-known/smart-configuration` names, by default.
    #[serde(default)]
    pub token_endpoint: Option<Url>,
    /// What is asked for, for instance `system/*.read`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The client's secret.
    #[serde(default)]
    pub client_secret: Option<SecretFrom>,
    /// Where the secret is put; in the header, by default.
    #[serde(default)]
    pub secret_in: SecretPlace,
    /// The private key that signs an assertion, in PEM.
    #[serde(default)]
    pub private_key: Option<SecretFrom>,
    /// How it signs; RS384 by default.
    #[serde(default)]
    pub algorithm: KeyAlgorithm,
    /// What the other side knows the key by (`kid`).
    #[serde(default)]
    pub key_id: Option<String>,
    /// Whom the assertion is for (`aud`); the token endpoint, by default.
    #[serde(default)]
    pub audience: Option<String>,
}

/// Where a client's secret is put.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SecretPlace {
    /// In the `Authorization` header (`client_secret_basic`).
    #[default]
    Header,
    /// In the form (`client_secret_post`).
    Form,
}

/// How a private key signs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
pub enum KeyAlgorithm {
    /// RSA with SHA-384.
    #[default]
    #[serde(rename = "RS384")]
    Rs384,
    /// RSA with SHA-512.
    #[serde(rename = "RS512")]
    Rs512,
    /// The curve P-384 with SHA-384.
    #[serde(rename = "ES384")]
    Es384,
}

/// A token that nobody signs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Unsigned {
    /// Its claims. `iat` and `exp`, five minutes apart, are made for each request; `aud` is the base address of the
    /// endpoint, unless it is given.
    #[serde(default)]
    pub claims: Map<String, Value>,
}

impl Auth {
    /// The identity, with its secrets. `key` is where it is configured; `base` the base address of the endpoint.
    ///
    /// # Errors
    /// What is missing or not as it should be.
    pub fn identity(&self, key: &str, base: &Url, sources: &Sources<'_>) -> Result<Identity, FileError> {
        Ok(match self {
            Self::None => Identity::None,
            Self::Bearer(token) => Identity::Bearer(sources.secret(&format!("{key}.bearer"), token)?),
            Self::Basic(basic) => {
                if basic.user.contains(':') {
                    return Err(sources.error(format!("{key}.basic: a user name cannot hold a colon")));
                }
                let password = sources.secret(&format!("{key}.basic.password"), &basic.password)?;
                Identity::Basic { user: basic.user.clone(), password }
            }
            Self::ApiKey(api_key) => {
                let place = match (&api_key.header, &api_key.parameter) {
                    (Some(header), None) => Place::Header(header.clone()),
                    (None, Some(parameter)) => Place::Query(parameter.clone()),
                    _ => {
                        return Err(
                            sources.error(format!("{key}.api-key needs either `header` or `parameter`"))
                        );
                    }
                };
                Identity::ApiKey { place, key: sources.secret(&format!("{key}.api-key.key"), &api_key.key)? }
            }
            Self::Oauth2(oauth) => {
                let key = format!("{key}.oauth2");
                let proof = oauth.proof(&key, sources)?;
                if let Some(endpoint) = &oauth.token_endpoint
                    && !matches!(endpoint.scheme(), "http" | "https")
                {
                    return Err(
                        sources.error(format!("{key}.token-endpoint: `{endpoint}` is not http or https"))
                    );
                }
                Identity::OAuth2(Box::new(ClientCredentials::new(
                    base.clone(),
                    oauth.token_endpoint.clone(),
                    oauth.client_id.clone(),
                    proof,
                    oauth.scopes.clone(),
                )))
            }
            Self::UnsignedJwt(unsigned) => {
                let mut claims = unsigned.claims.clone();
                let audience = base.as_str().trim_end_matches('/');
                claims.entry("aud").or_insert_with(|| Value::String(audience.to_owned()));
                Identity::UnsignedJwt(UnsignedJwt { claims })
            }
        })
    }
}

impl OAuth2 {
    fn proof(&self, key: &str, sources: &Sources<'_>) -> Result<Proof, FileError> {
        match (&self.client_secret, &self.private_key) {
            (Some(secret), None) => {
                let secret = sources.secret(&format!("{key}.client-secret"), secret)?;
                Ok(match self.secret_in {
                    SecretPlace::Header => Proof::SecretInHeader(secret),
                    SecretPlace::Form => Proof::SecretInForm(secret),
                })
            }
            (None, Some(private)) => {
                let key = format!("{key}.private-key");
                let pem = sources.secret(&key, private)?;
                let algorithm = match self.algorithm {
                    KeyAlgorithm::Rs384 => Algorithm::Rs384,
                    KeyAlgorithm::Rs512 => Algorithm::Rs512,
                    KeyAlgorithm::Es384 => Algorithm::Es384,
                };
                let signing = SigningKey::from_pem(pem.reveal().as_bytes(), algorithm, self.key_id.clone())
                    .map_err(|why| sources.error(format!("{key}: {why}")))?;
                Ok(Proof::Assertion { key: signing, audience: self.audience.clone() })
            }
            _ => Err(sources.error(format!("{key} needs either `client-secret` or `private-key`"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::Config;

    fn identity(text: &str) -> Result<Identity, FileError> {
        let config = Config::parse("proofmark.toml", text).unwrap();
        let environment = |name: &str| (name == "SECRET").then(|| "abc\n".to_owned());
        let sources = Sources { file: Path::new("proofmark.toml"), environment: &environment };
        config.auth.unwrap().identity("auth", &"https://h/fhir".parse().unwrap(), &sources)
    }

    #[test]
    fn each_kind_is_read() {
        let Identity::Bearer(token) = identity("[auth]\nbearer = { env = \"SECRET\" }").unwrap() else {
            panic!()
        };
        assert_eq!(token.reveal(), "abc");
        assert!(matches!(identity("auth = \"none\"").unwrap(), Identity::None));
        let basic = "[auth.basic]\nuser = \"u\"\npassword = { env = \"SECRET\" }";
        assert!(matches!(identity(basic).unwrap(), Identity::Basic { .. }));
        let key = "[auth.api-key]\nparameter = \"k\"\nkey = { env = \"SECRET\" }";
        let Identity::ApiKey { place, .. } = identity(key).unwrap() else { panic!() };
        assert_eq!(place, Place::Query("k".into()));
        let oauth =
            "[auth.oauth2]\nclient-id = \"c\"\nclient-secret = { env = \"SECRET\" }\nsecret-in = \"form\"";
        let Identity::OAuth2(oauth) = identity(oauth).unwrap() else { panic!() };
        assert!(matches!(oauth.proof, Proof::SecretInForm(_)));
        let Identity::UnsignedJwt(jwt) = identity("[auth.unsigned-jwt.claims]\niss = \"me\"").unwrap() else {
            panic!()
        };
        assert_eq!(jwt.claims["aud"], "https://h/fhir");
    }

    #[test]
    fn what_is_missing_is_named() {
        for (text, words) in [
            (
                "[auth]\nbearer = { env = \"TOKEN\" }",
                "auth.bearer: the environment variable TOKEN is not set",
            ),
            ("[auth]\nbearer = { file = \"nowhere\" }", "auth.bearer: nowhere cannot be read"),
            (
                "[auth.api-key]\nkey = { env = \"SECRET\" }",
                "auth.api-key needs either `header` or `parameter`",
            ),
            ("[auth.oauth2]\nclient-id = \"c\"", "auth.oauth2 needs either `client-secret` or `private-key`"),
            (
                "[auth.oauth2]\nclient-id = \"c\"\nprivate-key = { env = \"SECRET\" }",
                "auth.oauth2.private-key: it holds no private key",
            ),
        ] {
            let error = identity(text).unwrap_err().to_string();
            assert!(error.starts_with("proofmark.toml: ") && error.contains(words), "{error}");
        }
    }
}
