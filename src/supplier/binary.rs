//! Binary: what it holds, as it is, unless the client asks for FHIR.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::{StatusCode, header};

use super::negotiation::{of_media_type, refused};
use super::problem::Problem;
use super::request::Request;
use super::store::Stored;
use crate::fhir::Format;

/// What a Binary holds.
#[derive(Debug, Clone)]
pub(super) struct Native {
    pub(super) content_type: String,
    pub(super) bytes: Vec<u8>,
}

/// What a Binary holds, where the client wants that and not the resource; by STU3 that is the default.
pub(super) fn native(
    request: &Request,
    stored: &Stored,
    offered: &[Format],
) -> Result<Option<Native>, Problem> {
    if stored.kind != "Binary" || request.parameter("_format").is_some() {
        return Ok(None);
    }
    let root = stored.tree.root();
    let (Some(content_type), Some(content)) = (root.text("contentType"), root.text("content")) else {
        return Ok(None);
    };
    let accept: Vec<&str> =
        request.headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let accept = accept.join(",");
    let mut ranges = accept.split(',').map(|range| range.split(';').next().unwrap_or_default().trim());
    let own = essence(content_type);
    let any = own.split('/').next().map(|kind| format!("{kind}/*"));
    let wants_native = accept.trim().is_empty()
        || ranges
            .clone()
            .any(|range| range == "*/*" || range.eq_ignore_ascii_case(&own) || Some(range) == any.as_deref());
    let wants_fhir = ranges.any(|range| of_media_type(range).is_some_and(|format| offered.contains(&format)));
    match (wants_fhir, wants_native) {
        // Asked for FHIR by name, among others perhaps that anything will do.
        (true, _) => Ok(None),
        (false, true) => {
            let content: String = content.split_whitespace().collect();
            let bytes = STANDARD.decode(content).map_err(|_| {
                let diagnostics = format!("the content of Binary/{} is not base64", stored.id);
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "exception", diagnostics)
            })?;
            Ok(Some(Native { content_type: content_type.to_owned(), bytes }))
        }
        (false, false) => Err(refused(&accept, offered)),
    }
}

fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
