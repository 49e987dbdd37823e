//! HTTP: requests sent within bounds, and exchanges as they were sent and received. Knows no FHIR.

mod auth;
mod client;
mod curl;
mod evidence;
mod exchange;
mod limits;
mod other_certificates;
mod pace;
mod redact;
mod retry;
mod room;
mod secret;
mod transport;
mod version;

pub use auth::{
    Algorithm, Authenticator, ClientCredentials, Credentials, Identity, Manner, NO_CERTIFICATE, Place,
    Presented, Proof, SELF_MADE, SigningKey, UnsignedJwt,
};
pub use client::{Client, ClientOptions};
pub use curl::curl;
pub use evidence::{Evidence, EvidenceMessage};
pub use exchange::{Exchange, Failure, FailureKind, Headers, How, Request, Response, Try, TryAgain};
pub use limits::Limits;
pub use redact::{redact_address, redact_headers, redact_url};
pub use room::Room;
pub use secret::Secret;
pub use transport::{
    Certificate, ClientCertificate, ProxyRule, TlsFacts, TlsOptions, TlsVersion, authorities_from_pem,
};
pub use version::{Http2, HttpVersion};
