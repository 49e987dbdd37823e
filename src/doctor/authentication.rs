//! Whether the server lets us in with what is configured, and keeps others out.

use super::Check;
use crate::http::{Exchange, FailureKind};

const NAME: &str = "authentication";
const WITHOUT: &str = "without it";

/// A request with what is configured; `configured` says whether anything is.
pub(super) fn check(exchange: &Exchange, configured: bool) -> Check {
    let presented = exchange.how.presented.as_ref().map_or("no credentials", |presented| &presented.what);
    match (&exchange.result, configured) {
        (Err(failure), _)
            if matches!(failure.kind, FailureKind::Authorization | FailureKind::Credentials) =>
        {
            Check::problem(
                NAME,
                failure.message.clone(),
                "mend [auth] in proofmark.toml, or ask who gives out the access",
            )
        }
        (Err(_), _) => Check::skipped(NAME, "nothing was answered"),
        (Ok(response), true) if is_refusal(response.status) => Check::problem(
            NAME,
            format!("the server refuses {presented} with status {}", response.status),
            "see that what [auth] names is right, has not expired, and may read these resources",
        ),
        (Ok(response), false) if is_refusal(response.status) => Check::problem(
            NAME,
            format!("the server asks for credentials (status {}), and none are configured", response.status),
            "say under [auth] in proofmark.toml how to authenticate",
        ),
        (Ok(_), true) => Check::ok(NAME, format!("the server lets us in with {presented}")),
        (Ok(_), false) => Check::ok(NAME, "none is configured, and the server asks for none"),
    }
}

/// The same request without credentials.
pub(super) fn check_without(exchange: &Exchange) -> Check {
    match &exchange.result {
        Err(_) => Check::skipped(WITHOUT, "nothing was answered"),
        Ok(response) if is_refusal(response.status) => Check::ok(
            WITHOUT,
            format!("a request without credentials is refused with status {}", response.status),
        ),
        Ok(response) => Check::warning(
            WITHOUT,
            format!("a request without credentials is answered with status {}", response.status),
            "if the server holds more than synthetic records, have it refuse such requests",
        ),
    }
}

fn is_refusal(status: u16) -> bool {
    matches!(status, 401 | 403)
}
