//! An answer: first as a resource, then as the message that carries it.

use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Response, StatusCode};

use super::negotiation::content_type;
use super::problem::Problem;
use super::store::Stored;
use crate::fhir::{Definitions, Format, parse_json, write_xml};

/// An answer before a format is chosen.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// The resource, in JSON.
    pub(super) resource: String,
    /// For a search that worked: the ids of all that it found, on this page or another.
    pub(super) found: Option<Vec<String>>,
}

impl Answer {
    pub(super) fn ok(resource: String) -> Self {
        Self { status: StatusCode::OK, headers: HeaderMap::new(), resource, found: None }
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
        if let Some(allow) = problem.allow {
            answer.header(header::ALLOW, allow);
        }
        answer
    }

    /// The message, with its resource in the format wanted; XML has the order of the definitions.
    pub(super) fn message(self, format: Format, definitions: &dyn Definitions) -> Response<String> {
        let mut message = Response::new(self.resource);
        *message.status_mut() = self.status;
        *message.headers_mut() = self.headers;
        if format == Format::Xml {
            let tree = parse_json(message.body()).ok();
            match tree.and_then(|tree| write_xml(tree.root(), definitions).ok()) {
                Some(xml) => *message.body_mut() = xml,
                // Only a fault can make a resource that cannot be read back or written; that shows too.
                None => *message.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
            }
        }
        message.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(format)));
        message
    }

    fn header(&mut self, name: header::HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
    }
}
