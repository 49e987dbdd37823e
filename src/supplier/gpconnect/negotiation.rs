//! The format of an answer: `_format`, else Accept, else that of the request, else JSON.

use hyper::{StatusCode, header};

use crate::fhir::Format;
use crate::supplier::negotiation;
use crate::supplier::problem::Problem;
use crate::supplier::request::Request;

/// The format that the answer to a request is to have. What cannot be given is answered 415.
pub(in crate::supplier) fn negotiate(request: &Request, offered: &[Format]) -> Result<Format, Problem> {
    let accepted = request.headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let takes_anything = accepted.map(str::trim).all(|accept| accept.is_empty() || accept == "*/*");
    let wanted = request.parameter("_format");
    if wanted.is_none() && takes_anything {
        let sent = request.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let same = sent.and_then(negotiation::of_media_type).filter(|format| offered.contains(format));
        return Ok(same.or(offered.first().copied()).unwrap_or(Format::Json));
    }
    negotiation::negotiate(&request.headers, wanted, offered)
        .map_err(|problem| Problem { status: StatusCode::UNSUPPORTED_MEDIA_TYPE, ..problem })
}
