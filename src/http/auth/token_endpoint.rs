//! Asking a token endpoint for a token.

use serde::Deserialize;
use url::Url;

use super::oauth2::no_token;
use super::token::{Token, kept_body};
use super::{ClientCredentials, Credentials, Manner, Proof};
use crate::http::{Client, Exchange, Failure, Headers, Request, Room, Secret, redact_url};

/// What of a SMART configuration is read.
#[derive(Deserialize)]
struct SmartConfiguration {
    token_endpoint: Option<String>,
}

impl ClientCredentials {
    /// A token that is valid, and whether it was asked for earlier. The requests that are made for it are added to
    /// `exchanges`.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) async fn token(
        &self,
        client: &Client,
        exchanges: &mut Vec<Exchange>,
    ) -> Result<(Secret, bool), Failure> {
        // Whoever comes while a token is asked for waits here, and then finds it.
        let mut kept = self.kept.lock().await;
        if let Some(token) = kept.token.as_ref().filter(|token| token.is_fresh()) {
            return Ok((token.value.clone(), true));
        }
        if let Some(refused) = &kept.refused {
            return Err(refused.clone());
        }
        if kept.endpoint.is_none() {
            kept.endpoint = Some(match &self.token_endpoint {
                Some(endpoint) => endpoint.clone(),
                None => self.discover(client, exchanges).await?,
            });
        }
        let Some(endpoint) = kept.endpoint.clone() else { return Err(no_token("no token endpoint")) };
        let (request, secrets) = self.request(&endpoint, jiff::Timestamp::now().as_second())?;
        for secret in &secrets {
            client.secrets().add(secret);
        }
        let mut exchange = client.send_plain(request).await;
        let token = match &mut exchange.result {
            Err(failure) => Err(no_token(format!("no token: {}", failure.message))),
            Ok(response) => {
                // It is kept until the request that it was made for is answered, which must not wait for it.
                response.room = Room::default();
                let token = Token::of(response).map_err(|why| no_token(format!("no token: {why}")));
                if let Ok(token) = &token {
                    client.secrets().add(token.value.reveal());
                }
                response.body = client.secrets().out_of(kept_body(&response.body));
                if response.status < 500 && response.status != 429 {
                    kept.refused = token.as_ref().err().cloned();
                }
                token
            }
        };
        exchanges.push(exchange);
        let token = token?;
        let value = token.value.clone();
        kept.token = Some(token);
        Ok((value, false))
    }

    /// The token endpoint that the endpoint itself names.
    async fn discover(&self, client: &Client, exchanges: &mut Vec<Exchange>) -> Result<Url, Failure> {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend([".well-known", "smart-configuration"]);
        }
        let mut headers = Headers::default();
        headers.set("Accept", "application/json");
        let request = Request {
            method: "GET".to_owned(),
            url: url.clone(),
            headers,
            secret_headers: Vec::new(),
            body: None,
            credentials: Credentials::of(Manner::Nothing),
            room: Room::default(),
        };
        let exchange = client.send_plain(request).await;
        let found = exchange
            .result
            .as_ref()
            .map_err(|failure| failure.message.clone())
            .and_then(|response| match response.status {
                200 => serde_json::from_slice::<SmartConfiguration>(&response.body)
                    .map_err(|error| format!("it is not as it should be: {error}")),
                status => Err(format!("it was answered with status {status}")),
            })
            .and_then(|found| found.token_endpoint.ok_or_else(|| "it names no `token_endpoint`".to_owned()))
            .and_then(|text| {
                url.join(&text).map_err(|error| format!("its `token_endpoint` is no address: {error}"))
            })
            .and_then(|endpoint| self.trusted(endpoint));
        exchanges.push(exchange);
        found.map_err(|why| {
            let url = redact_url(&url);
            no_token(format!("no token: {url}: {why}; configure `token-endpoint`"))
        })
    }

    /// A secret goes to no other host than those that the user named. An assertion is for its audience alone: where that
    /// is the token endpoint itself, it may be sent to where an endpoint says, by https; where the user named another,
    /// who has the assertion could use it there, so that it goes to no host that the user did not name.
    fn trusted(&self, endpoint: Url) -> Result<Url, String> {
        if endpoint.origin() == self.base.origin() {
            return Ok(endpoint);
        }
        let named = redact_url(&endpoint);
        let elsewhere = |what: &str| {
            Err(format!("its `token_endpoint` {named} is on another host, which {what} is not sent to"))
        };
        match &self.proof {
            Proof::Assertion { .. } if endpoint.scheme() != "https" => {
                Err(format!("its `token_endpoint` {named} is not https"))
            }
            Proof::Assertion { audience: None, .. } => Ok(endpoint),
            Proof::Assertion { audience: Some(audience), .. } => match Url::parse(audience) {
                Ok(audience) if audience.origin() == endpoint.origin() => Ok(endpoint),
                _ => elsewhere("an assertion for the configured `audience`"),
            },
            Proof::SecretInHeader(_) | Proof::SecretInForm(_) => elsewhere("a secret"),
        }
    }
}
