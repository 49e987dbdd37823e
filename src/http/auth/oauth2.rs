//! OAuth 2.0 client credentials: by a secret, or by a signed assertion as SMART Backend Services and the NHS API
//! platform ask for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tokio::sync::Mutex;
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::SigningKey;
use super::token::Token;
use crate::http::{Credentials, Failure, FailureKind, Headers, Manner, Request, Room, Secret};

/// How long an assertion is valid: five minutes is the most that SMART allows.
const ASSERTION_SECONDS: i64 = 300;

/// A client of a token endpoint, and the token that it was given.
#[derive(Debug)]
pub struct ClientCredentials {
    /// The token endpoint; asked of the endpoint's `.well-known/smart-configuration`, if not given.
    pub token_endpoint: Option<Url>,
    /// The base address of the FHIR endpoint.
    pub base: Url,
    /// Who we are.
    pub client_id: String,
    /// How we show it.
    pub proof: Proof,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// What was given. Locked while a token is asked for, so that one request asks and the others wait.
    pub(super) kept: Mutex<Kept>,
}

/// How a client shows who it is.
#[derive(Debug)]
pub enum Proof {
    /// A secret in the `Authorization` header (`client_secret_basic`).
    SecretInHeader(Secret),
    /// A secret in the form (`client_secret_post`).
    SecretInForm(Secret),
    /// A signed assertion (`private_key_jwt`, RFC 7523).
    Assertion {
        /// The key.
        key: SigningKey,
        /// Whom the assertion is for; the token endpoint, if not given.
        audience: Option<String>,
    },
}

/// What is known from earlier.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) endpoint: Option<Url>,
    pub(super) token: Option<Token>,
    /// What the token endpoint refused it will refuse again: it is asked once a run.
    pub(super) refused: Option<Failure>,
}

impl ClientCredentials {
    /// A client that has no token yet.
    #[must_use]
    pub fn new(
        base: Url,
        token_endpoint: Option<Url>,
        client_id: String,
        proof: Proof,
        scopes: Vec<String>,
    ) -> Self {
        Self { token_endpoint, base, client_id, proof, scopes, kept: Mutex::default() }
    }

    /// The request for a token, and the secrets in it; its moment in seconds since 1970.
    ///
    /// # Errors
    /// The assertion cannot be signed.
    pub(super) fn request(&self, endpoint: &Url, now: i64) -> Result<(Request, Vec<String>), Failure> {
        let mut headers = Headers::default();
        headers.set("Content-Type", "application/x-www-form-urlencoded");
        headers.set("Accept", "application/json");
        let mut secrets = Vec::new();
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        if !self.scopes.is_empty() {
            form.append_pair("scope", &self.scopes.join(" "));
        }
        match &self.proof {
            Proof::SecretInHeader(secret) => {
                // RFC 6749, 2.3.1: both are encoded as in a form before they are put together.
                let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
                let pair = format!("{}:{}", encoded(&self.client_id), encoded(secret.reveal()));
                let pair = STANDARD.encode(pair);
                headers.set("Authorization", format!("Basic {pair}"));
                secrets.extend([secret.reveal().to_owned(), pair]);
            }
            Proof::SecretInForm(secret) => {
                form.append_pair("client_id", &self.client_id);
                form.append_pair("client_secret", secret.reveal());
                secrets.push(secret.reveal().to_owned());
            }
            Proof::Assertion { key, audience } => {
                let claims = json!({
                    "iss": self.client_id,
                    "sub": self.client_id,
                    "aud": audience.as_deref().unwrap_or(endpoint.as_str()),
                    "jti": random_id(),
                    "iat": now,
                    "exp": now + ASSERTION_SECONDS,
                });
                let assertion = key.sign(&claims).map_err(no_token)?;
                form.append_pair(
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                );
                form.append_pair("client_assertion", &assertion);
                secrets.push(assertion);
            }
        }
        let request = Request {
            method: "POST".to_owned(),
            url: endpoint.clone(),
            headers,
            secret_headers: Vec::new(),
            body: Some(form.finish().into_bytes()),
            credentials: Credentials::of(Manner::Nothing),
            room: Room::default(),
        };
        Ok((request, secrets))
    }
}

/// A failure to get a token, in words.
pub(super) fn no_token(message: impl Into<String>) -> Failure {
    Failure { kind: FailureKind::Authorization, message: message.into() }
}

/// An id that no other token has.
fn random_id() -> String {
    let mut bytes = [0_u8; 16];
    // Without randomness TLS would not work either; a repeated id would be refused by the other side.
    let _ = rustls::crypto::ring::default_provider().secure_random.fill(&mut bytes);
    hex::encode(bytes)
}
