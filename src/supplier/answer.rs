//! An answer: first as a resource, then as the message that carries it.

use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Response, StatusCode};

use super::binary::Native;
use super::negotiation::content_type;
use super::problem::Problem;
use super::store::Stored;
use crate::fhir::{Definitions, Format, parse_json, write_xml};

/// An answer before a format is chosen.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// The resource, in JSON; nothing, for an answer without a body.
    pub(super) resource: String,
    /// What goes in the place of the resource, for a Binary that is asked for as it is.
    pub(super) native: Option<Native>,
    /// For a search that worked: the ids of all that it found, on this page or another.
    pub(super) found: Option<Vec<String>>,
}

impl Answer {
    pub(super) fn ok(resource: String) -> Self {
        Self { status: StatusCode::OK, headers: HeaderMap::new(), resource, native: None, found: None }
    }

    /// The answer to a read.
    pub(super) fn of_stored(stored: &Stored) -> Self {
        let mut answer = Self::ok(stored.source().to_owned());
        if let Some(version) = stored.version() {
            answer.header(header::ETAG, &format!("W/\"{version}\""));
        }
        if let Some((time, _)) = &stored.last_updated {
            let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
            if let Ok(date) = printer.timestamp_to_rfc9110_string(time) {
                answer.header(header::LAST_MODIFIED, &date);
            }
        }
        answer
    }

    /// The answer to a request that cannot be met.
    pub(super) fn of_problem(problem: &Problem) -> Self {
        let mut answer = Self { status: problem.status, ..Self::ok(problem.outcome()) };
        if let Some((name, value)) = &problem.header {
            answer.header(name.clone(), value);
        }
        answer
    }

    /// The message, with its resource in the format wanted; XML has the order of the definitions.
    pub(super) fn message(self, format: Format, definitions: &dyn Definitions) -> Response<Vec<u8>> {
        let mut message = Response::new(Vec::new());
        *message.status_mut() = self.status;
        *message.headers_mut() = self.headers;
        if let Some(native) = self.native {
            if let Ok(content_type) = HeaderValue::from_str(&native.content_type) {
                message.headers_mut().insert(header::CONTENT_TYPE, content_type);
            }
            *message.body_mut() = native.bytes;
            return message;
        }
        if self.resource.is_empty() {
            return message;
        }
        if format == Format::Json {
            *message.body_mut() = self.resource.into_bytes();
        } else {
            let tree = parse_json(&self.resource).ok();
            match tree.and_then(|tree| write_xml(tree.root(), definitions).ok()) {
                Some(xml) => *message.body_mut() = xml.into_bytes(),
                // Only a fault can make a resource that cannot be read back or written; that shows too.
                None => *message.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
            }
        }
        message.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(format)));
        message
    }

    pub(super) fn header(&mut self, name: header::HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
    }
}
