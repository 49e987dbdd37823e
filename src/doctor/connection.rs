//! Whether anybody answers at the address.

use super::Check;
use crate::http::{Exchange, FailureKind, redact_address};

const NAME: &str = "address";

pub(super) fn check(exchange: &Exchange) -> Check {
    let url = &exchange.request.url;
    let address = redact_address(url.as_str());
    match &exchange.result {
        Ok(_) => {
            let version = exchange.how.version.map(|version| format!(" by {version}")).unwrap_or_default();
            Check::ok(NAME, format!("{address} answers{version}, in {} ms", exchange.duration_ms))
        }
        Err(failure) => match failure.kind {
            FailureKind::Connect => Check::problem(
                NAME,
                failure.message.clone(),
                "see that the address is right, that the server runs, and that no firewall or proxy stands between",
            ),
            // What comes after the connection is looked at by the other checks.
            FailureKind::Tls
            | FailureKind::TlsRefused
            | FailureKind::Authorization
            | FailureKind::Credentials => Check::ok(NAME, format!("somebody answers at {address}")),
            FailureKind::Unreadable => Check::problem(
                NAME,
                failure.message.clone(),
                "send bodies in the content encoding, and of the length, that their headers say",
            ),
            FailureKind::Timeout => Check::problem(
                NAME,
                failure.message.clone(),
                "see why the server is slow, or give it more time with timeout-seconds under [limits]",
            ),
            _ => Check::problem(
                NAME,
                failure.message.clone(),
                "see that the address is the base address of a FHIR server",
            ),
        },
    }
}
