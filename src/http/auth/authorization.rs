//! What is put on a request so that it authenticates.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Authenticator, Credentials, Identity, Manner, Place, Presented, UnsignedJwt, jwt};
use crate::http::secret::REDACTED;
use crate::http::{Client, Exchange, Failure, FailureKind, Request, Secret};

/// What is put on a request. It is put on a copy that is sent and dropped: the request that is kept shows that there
/// were credentials, and not which.
#[derive(Debug, Default)]
pub(crate) struct Authorization {
    value: Option<Value>,
    /// What to say of it.
    pub(crate) presented: Option<Presented>,
    /// Whether it holds a token that was asked for earlier, and that may have ended since.
    pub(crate) kept_token: bool,
}

#[derive(Debug)]
struct Value {
    place: Place,
    /// `Bearer` or `Basic`.
    scheme: Option<&'static str>,
    text: Secret,
    /// Whether it would let anybody in.
    is_secret: bool,
}

impl Authorization {
    /// The request as it is sent.
    pub(crate) fn on(&self, request: &Request) -> Request {
        self.with(request, |value| value.text.reveal().to_owned())
    }

    /// The request as it is kept. Its address is the one that was asked for, without a parameter for a key.
    pub(crate) fn shown_on(&self, request: &Request) -> Request {
        match &self.value {
            Some(Value { place: Place::Query(_), .. }) => request.clone(),
            _ => self.with(request, |_| REDACTED.to_owned()),
        }
    }

    /// The secret in it.
    pub(crate) fn secret(&self) -> Option<&str> {
        self.value.as_ref().filter(|value| value.is_secret).map(|value| value.text.reveal())
    }

    fn with(&self, request: &Request, text: impl Fn(&Value) -> String) -> Request {
        let mut request = request.clone();
        let Some(value) = &self.value else { return request };
        let text = text(value);
        match &value.place {
            // What a scenario writes itself is what it wants to be sent.
            Place::Header(name) if request.headers.get(name).is_some_and(|own| own != REDACTED) => {}
            Place::Header(name) => {
                let text = value.scheme.map_or_else(|| text.clone(), |scheme| format!("{scheme} {text}"));
                request.headers.set(name, text);
            }
            Place::Query(name) => {
                let others: Vec<(String, String)> = request
                    .url
                    .query_pairs()
                    .filter(|(known, _)| known != name)
                    .map(|(known, value)| (known.into_owned(), value.into_owned()))
                    .collect();
                request.url.query_pairs_mut().clear().extend_pairs(others).append_pair(name, &text);
            }
        }
        request
    }

    fn bearer(token: impl Into<String>, is_secret: bool) -> Value {
        let place = Place::Header("Authorization".to_owned());
        Value { place, scheme: Some("Bearer"), text: Secret::new(token.into()), is_secret }
    }
}

impl Authenticator {
    /// What a request is to carry. Requests for a token that are made for it are added to `exchanges`.
    ///
    /// # Errors
    /// No token was given out, or none can be made as it is wanted.
    pub(crate) async fn authorization(
        &self,
        credentials: &Credentials,
        client: &Client,
        exchanges: &mut Vec<Exchange>,
    ) -> Result<Authorization, Failure> {
        let name = credentials.identity.as_deref();
        let identity = self.find(name).ok_or_else(|| {
            let name = name.unwrap_or_default();
            unavailable(format!("no identity `{name}` is configured; see [identities] in docs/connecting.md"))
        })?;
        let mut kept_token = false;
        let mut claims = None;
        let (value, what) = match (identity, &credentials.manner) {
            (_, Manner::Nothing) => (None, "no credentials"),
            (Identity::None, Manner::AsConfigured) => return Ok(Authorization::default()),
            (_, Manner::Text(text)) => (Some(own(text)), "an `Authorization` header of the scenario's own"),
            (_, Manner::Garbage) => (Some(garbage(identity)), "credentials that mean nothing"),
            (Identity::UnsignedJwt(jwt), manner) => {
                let (value, made) = unsigned(jwt, credentials);
                claims = Some(made);
                (Some(value), describe_unsigned(manner))
            }
            (Identity::Bearer(token), Manner::AsConfigured) => {
                (Some(Authorization::bearer(token.reveal(), true)), "a bearer token")
            }
            (Identity::Basic { user, password }, Manner::AsConfigured) => {
                (Some(basic(user, password.reveal(), true)), "user name and password")
            }
            (Identity::ApiKey { place, key }, Manner::AsConfigured) => {
                let text = key.clone();
                (Some(Value { place: place.clone(), scheme: None, text, is_secret: true }), "an API key")
            }
            (Identity::OAuth2(oauth), Manner::AsConfigured) => {
                let (token, kept) = oauth.token(client, exchanges).await?;
                kept_token = kept;
                (Some(Authorization::bearer(token.reveal(), true)), "a token from the token endpoint")
            }
            (Identity::Bearer(token), Manner::WrongSignature) => {
                (Some(forged(token)?), "the bearer token with a wrong signature")
            }
            (Identity::OAuth2(oauth), Manner::WrongSignature) => {
                let (token, _) = oauth.token(client, exchanges).await?;
                (Some(forged(&token)?), "a token from the token endpoint with a wrong signature")
            }
            (_, Manner::Expired) => {
                return Err(unavailable(
                    "only a token that is made here can be made expired; configure an identity that holds an expired \
                     one, under [identities]",
                ));
            }
            (_, Manner::WrongSignature | Manner::Claims(_)) => {
                return Err(unavailable(
                    "the configured credentials are no token whose signature or claims \
                                        could be changed",
                ));
            }
        };
        let presented = Presented { identity: credentials.identity.clone(), what: what.to_owned(), claims };
        Ok(Authorization { value, presented: Some(presented), kept_token })
    }

    /// Forgets the token of an identity, which was refused.
    pub(crate) async fn forget(&self, credentials: &Credentials) {
        if let Some(Identity::OAuth2(oauth)) = self.find(credentials.identity.as_deref()) {
            oauth.kept.lock().await.token = None;
        }
    }

    /// Every secret that is configured.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let identities = self.named.values().chain([&self.default]);
        let secrets = identities.filter_map(|identity| match identity {
            Identity::Bearer(token) => Some(token.reveal().to_owned()),
            Identity::Basic { password, .. } => Some(password.reveal().to_owned()),
            Identity::ApiKey { key, .. } => Some(key.reveal().to_owned()),
            Identity::None | Identity::OAuth2(_) | Identity::UnsignedJwt(_) => None,
        });
        secrets.collect()
    }
}

/// The failure of a request that cannot be made as it is wanted.
fn unavailable(message: impl Into<String>) -> Failure {
    Failure { kind: FailureKind::Credentials, message: message.into() }
}

fn own(text: &str) -> Value {
    let place = Place::Header("Authorization".to_owned());
    Value { place, scheme: None, text: Secret::new(text.to_owned()), is_secret: false }
}

fn basic(user: &str, password: &str, is_secret: bool) -> Value {
    let place = Place::Header("Authorization".to_owned());
    let text = Secret::new(STANDARD.encode(format!("{user}:{password}")));
    Value { place, scheme: Some("Basic"), text, is_secret }
}

/// Of the same form as what is right, and nobody's.
fn garbage(identity: &Identity) -> Value {
    match identity {
        Identity::Basic { .. } => basic("nobody", "not-the-password", false),
        Identity::ApiKey { place, .. } => {
            let text = Secret::new("not-a-key".to_owned());
            Value { place: place.clone(), scheme: None, text, is_secret: false }
        }
        _ => Authorization::bearer("not-a-token", false),
    }
}

fn unsigned(
    jwt: &UnsignedJwt,
    credentials: &Credentials,
) -> (Value, serde_json::Map<String, serde_json::Value>) {
    let (token, claims) = jwt.token(credentials, jiff::Timestamp::now().as_second());
    (Authorization::bearer(token, false), claims)
}

fn describe_unsigned(manner: &Manner) -> &'static str {
    match manner {
        Manner::Expired => "an unsigned token that has expired",
        Manner::WrongSignature => "an unsigned token with a signature",
        Manner::Claims(_) => "an unsigned token with changed claims",
        _ => "an unsigned token",
    }
}

fn forged(token: &Secret) -> Result<Value, Failure> {
    let wrong = jwt::with_wrong_signature(token.reveal());
    let wrong =
        wrong.ok_or_else(|| unavailable("the token is no JWT, whose signature could be made wrong"))?;
    Ok(Authorization::bearer(wrong, false))
}
