//! Who may ask: a bearer token where the supplier wants one, and records that nobody is shown.

use hyper::{StatusCode, header};
use serde_json::{Value, json};

use super::problem::Problem;
use super::request::{Request, Route};
use super::server::Supplier;

/// What a client is told that shows no token, or none that is good.
const CHALLENGE: &str = "Bearer realm=\"proofmark\"";
const INVALID: &str = "Bearer realm=\"proofmark\", error=\"invalid_token\"";

impl Supplier {
    /// Refuses a request without the token. The capability statement says how to get one, and is open.
    pub(super) fn admit(&self, request: &Request) -> Result<(), Problem> {
        let Some(wanted) = &self.bearer else { return Ok(()) };
        if request.liberties.admitted || matches!(request.route, Route::Capabilities | Route::Base) {
            return Ok(());
        }
        let shown = request.headers.get(header::AUTHORIZATION);
        let token = shown.and_then(|value| value.to_str().ok()).and_then(|text| {
            let (scheme, token) = text.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
        });
        let (challenge, diagnostics) = match (shown, token) {
            (_, Some(token)) if token == wanted => return Ok(()),
            (None, _) => (CHALLENGE, "a bearer token is wanted, and there is none"),
            (Some(_), _) => (INVALID, "the token that was shown is not good here"),
        };
        Err(Problem::new(StatusCode::UNAUTHORIZED, "login", diagnostics)
            .with(header::WWW_AUTHENTICATE, challenge))
    }

    /// Refuses a record that nobody is shown.
    pub(super) fn allow(&self, kind: &str, id: &str) -> Result<(), Problem> {
        let name = format!("{kind}/{id}");
        if self.configuration.forbidden.contains(&name) {
            let diagnostics = format!("{name} may not be seen by this client");
            return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", diagnostics));
        }
        Ok(())
    }

    /// What the capability statement says of security, where there is any.
    pub(super) fn security(&self) -> Option<Value> {
        self.bearer.as_ref()?;
        let origin = self.base.strip_suffix(&self.configuration.base_path).unwrap_or(&self.base);
        Some(json!({
            "extension": [{
                "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
                "extension": [
                    { "url": "token", "valueUri": format!("{origin}/oauth/token") },
                    { "url": "register", "valueUri": format!("{origin}/oauth/register") },
                    { "url": "authorize", "valueUri": format!("{origin}/oauth/authorize") },
                ],
            }],
            "cors": false,
            "service": [{
                "coding": [{
                    "system": "http://hl7.org/fhir/restful-security-service",
                    "code": "SMART-on-FHIR",
                    "display": "SMART-on-FHIR",
                }],
                "text": "OAuth 2.0 as SMART on FHIR profiles it",
            }],
            "description": "Every request but that for this statement carries a bearer token.",
        }))
    }
}
