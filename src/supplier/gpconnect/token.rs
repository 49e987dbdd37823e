//! The token of a request: a JSON Web Token that nobody signs, which says who asks, and for what.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::header;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::problem::bad_request;
use super::shape;
use super::urls::{ORGANISATION_CODE, SDS_USER};
use crate::fhir::Definitions;
use crate::supplier::problem::Problem;
use crate::supplier::request::Request;

/// How many seconds a token is valid.
const LIFETIME: i64 = 300;

/// The claims of a token.
#[derive(Debug)]
pub(super) struct Token(Map<String, Value>);

impl Token {
    /// Reads the token that a request carries.
    pub(super) fn of(request: &Request) -> Result<Self, Problem> {
        let shown = request.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = shown.and_then(|text| text.strip_prefix("Bearer ")).map(str::trim);
        let token = token.ok_or_else(|| bad_request("the header Authorization has no bearer token"))?;
        let parts: Vec<&str> = token.split('.').collect();
        let [head, claims, ""] = parts[..] else {
            return Err(bad_request("the token is not of two encoded parts, each with a dot behind it"));
        };
        object(head, "header")?;
        object(claims, "payload").map(Self)
    }

    /// Refuses a token that lacks a claim, or has one that is wrong for a scope.
    pub(super) fn check(
        &self,
        scope: &str,
        now: Timestamp,
        definitions: &dyn Definitions,
    ) -> Result<(), Problem> {
        for name in ["iss", "sub", "aud"] {
            self.text(name)?;
        }
        self.check_times(now)?;
        let reason = self.text("reason_for_request")?;
        if reason != "directcare" {
            return Err(bad_request(format!("reason_for_request is `{reason}`, and not directcare")));
        }
        let requested = self.text("requested_scope")?;
        if requested != scope {
            return Err(bad_request(format!("requested_scope is `{requested}`, and this needs {scope}")));
        }
        self.check_device(definitions)?;
        self.check_organisation(definitions)?;
        self.check_practitioner(definitions)
    }

    fn text(&self, name: &str) -> Result<&str, Problem> {
        let value = self.0.get(name).and_then(Value::as_str).unwrap_or_default();
        if value.is_empty() {
            return Err(bad_request(format!("the claim {name} is missing, or no text")));
        }
        Ok(value)
    }

    fn check_times(&self, now: Timestamp) -> Result<(), Problem> {
        let seconds = |name: &str| {
            let value = self.0.get(name).and_then(Value::as_i64);
            value.ok_or_else(|| bad_request(format!("the claim {name} is missing, or no number of seconds")))
        };
        let (issued, expires) = (seconds("iat")?, seconds("exp")?);
        if expires.checked_sub(issued) != Some(LIFETIME) {
            return Err(bad_request("the token is not valid for five minutes from its issue"));
        }
        if expires < now.as_second() {
            return Err(bad_request("the token has expired"));
        }
        Ok(())
    }

    fn resource(&self, name: &str, kind: &str, definitions: &dyn Definitions) -> Result<&Value, Problem> {
        let resource = self.0.get(name).filter(|value| value.is_object());
        let resource =
            resource.ok_or_else(|| bad_request(format!("the claim {name} is missing, or no object")))?;
        shape::demand(definitions, kind, resource)?;
        Ok(resource)
    }

    fn check_device(&self, definitions: &dyn Definitions) -> Result<(), Problem> {
        let device = self.resource("requesting_device", "Device", definitions)?;
        let wanted = ["/identifier/0/system", "/identifier/0/value", "/model", "/version"];
        demand_texts("requesting_device", device, &wanted)
    }

    fn check_organisation(&self, definitions: &dyn Definitions) -> Result<(), Problem> {
        let organisation = self.resource("requesting_organization", "Organization", definitions)?;
        demand_texts("requesting_organization", organisation, &["/name"])?;
        demand_identifier("requesting_organization", organisation, ORGANISATION_CODE)
    }

    fn check_practitioner(&self, definitions: &dyn Definitions) -> Result<(), Problem> {
        let practitioner = self.resource("requesting_practitioner", "Practitioner", definitions)?;
        let wanted = ["/id", "/name/0/family", "/name/0/given/0"];
        demand_texts("requesting_practitioner", practitioner, &wanted)?;
        demand_identifier("requesting_practitioner", practitioner, SDS_USER)?;
        if practitioner["id"].as_str() != Some(self.text("sub")?) {
            return Err(bad_request("sub is not the id of the requesting practitioner"));
        }
        Ok(())
    }
}

/// One part of a token, which is an object in JSON.
fn object(part: &str, name: &str) -> Result<Map<String, Value>, Problem> {
    let malformed = || bad_request(format!("the {name} of the token is no JSON object in base64url"));
    let bytes = URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).map_err(|_| malformed())?;
    serde_json::from_slice(&bytes).map_err(|_| malformed())
}

fn demand_texts(claim: &str, resource: &Value, pointers: &[&str]) -> Result<(), Problem> {
    for pointer in pointers {
        let text = resource.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        if text.is_empty() {
            let element = pointer.trim_start_matches('/').replace("/0", "").replace('/', ".");
            return Err(bad_request(format!("{claim} has no {element}")));
        }
    }
    Ok(())
}

fn demand_identifier(claim: &str, resource: &Value, system: &str) -> Result<(), Problem> {
    let identifiers = resource["identifier"].as_array().into_iter().flatten();
    let found = identifiers.filter(|one| one["system"] == system).find_map(|one| one["value"].as_str());
    if found.is_none_or(str::is_empty) {
        return Err(bad_request(format!("{claim} has no identifier of {system}")));
    }
    Ok(())
}
