//! HTTP: requests sent within bounds, and exchanges as they were sent and received. Knows no FHIR.

mod client;
mod curl;
mod evidence;
mod exchange;
mod redact;

pub use client::{Client, Limits, Route};
pub use curl::curl;
pub use evidence::{Evidence, EvidenceMessage};
pub use exchange::{Exchange, Failure, FailureKind, Headers, Request, Response};
pub use redact::{redact_address, redact_headers, redact_url};
