//! Whether the server refuses the client.

use super::{CheckResult, Outcome};
use crate::code::Code;
use crate::http::{Failure, FailureKind, Response};

/// The page of this check.
pub const CODE: Code = Code {
    name: "refused",
    title: "Whether the server refuses the client",
    what: "A client that must not be let in is refused: by TLS, with an alert or by closing the connection in the \
        handshake, or by HTTP with a status of the 4xx class.",
    why: "A server that lets in whoever presents any certificate, or none, opens records to anybody. How it refuses is \
        left to it, since web servers differ in that.",
    example: "wrong:  200 for a client without a certificate\nright:  alert certificate_required, or 403",
    specification: "https://www.rfc-editor.org/rfc/rfc8446#section-6.2",
};

const CHECKED: &str = "that the client is refused";
const EXPECTED: &str = "a TLS connection that is refused, or a status of the 4xx class";

/// Checks it where there is an answer.
#[must_use]
pub fn answered(response: &Response) -> CheckResult {
    let refused = (400..500).contains(&response.status);
    let outcome = if refused { Outcome::Pass } else { Outcome::Fail };
    let result = CheckResult::new(CODE.name, outcome, CHECKED)
        .compared(EXPECTED, format!("status {}", response.status));
    if refused {
        return result;
    }
    result.hint(
        "have the server ask for a client certificate, and verify its authority, its dates and whose it is",
    )
}

/// Whether the lack of an answer is the refusal that was wanted. What else goes wrong shows nothing.
#[must_use]
pub fn is_refusal(failure: &Failure) -> bool {
    failure.kind == FailureKind::TlsRefused
}

/// Checks it where the server refused the TLS connection.
#[must_use]
pub fn unanswered(failure: &Failure) -> CheckResult {
    CheckResult::new(CODE.name, Outcome::Pass, CHECKED).compared(EXPECTED, failure.message.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Headers, Room};

    #[test]
    fn a_status_of_the_4xx_class_refuses_and_no_other() {
        let outcome = |status| {
            let response =
                Response { status, headers: Headers::default(), body: Vec::new(), room: Room::default() };
            answered(&response).outcome
        };
        for status in [400, 401, 403, 495, 496] {
            assert_eq!(outcome(status), Outcome::Pass, "{status}");
        }
        for status in [200, 302, 500, 503] {
            assert_eq!(outcome(status), Outcome::Fail, "{status}");
        }
    }

    #[test]
    fn only_a_refusal_by_the_server_is_one() {
        let failure = |kind| Failure { kind, message: String::new() };
        assert!(is_refusal(&failure(FailureKind::TlsRefused)));
        for kind in [FailureKind::Tls, FailureKind::Connect, FailureKind::Timeout, FailureKind::Protocol] {
            assert!(!is_refusal(&failure(kind)), "{kind:?}");
        }
    }
}
