//! The headers of the Spine that every request carries.

use super::problem::bad_request;
use crate::supplier::problem::Problem;
use crate::supplier::request::Request;

/// The id of the interaction that a request says it is, where its other headers are in order.
pub(super) fn check<'r>(request: &'r Request, asid: &str) -> Result<&'r str, Problem> {
    demand(request, "Ssp-TraceID")?;
    demand(request, "Ssp-From")?;
    let provider = demand(request, "Ssp-To")?;
    if provider != asid {
        return Err(bad_request(format!("Ssp-To is {provider}, and this provider is {asid}")));
    }
    demand(request, "Ssp-InteractionID")
}

fn demand<'r>(request: &'r Request, name: &str) -> Result<&'r str, Problem> {
    let value = request.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if value.trim().is_empty() {
        return Err(bad_request(format!("the header {name} is missing or blank")));
    }
    Ok(value)
}
