//! Requests and connections of HTTP/2 that one side breaks off, in words: `RST_STREAM` and `GOAWAY` (RFC 9113, 6.4 and 6.8).

use h2::{Error, Reason};

use crate::http::FailureKind;

/// Whether a request that is broken off had been answered in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Nothing of the answer had come.
    Head,
    /// Its head had come.
    Body,
}

/// What kind of failure it is, and why; nothing if it is none of HTTP/2.
pub(super) fn of(error: &Error, part: Part) -> Option<(FailureKind, String)> {
    let reason = error.reason()?;
    let frame = if error.is_go_away() { "GOAWAY" } else { "RST_STREAM" };
    let cause = match (error.is_remote(), reason, part) {
        (true, Reason::NO_ERROR | Reason::REFUSED_STREAM, Part::Head) => {
            let message = format!("the server did not begin on the request ({frame} {reason:?})");
            return Some((FailureKind::NotProcessed, message));
        }
        (true, Reason::HTTP_1_1_REQUIRED, Part::Head) => {
            let message = format!("the server wants HTTP/1.1 for the request ({frame} {reason:?})");
            return Some((FailureKind::NotProcessed, message));
        }
        (true, ..) if error.is_go_away() => format!("the server gave the connection up (GOAWAY {reason:?})"),
        (true, ..) => format!("the server broke the answer off (RST_STREAM {reason:?})"),
        (false, Reason::PROTOCOL_ERROR, Part::Head) if error.is_reset() => {
            "its head is larger than 400 kB, or not as HTTP/2 has it: with a header of the connection, such as \
             Connection or Transfer-Encoding, say"
                .to_owned()
        }
        (false, Reason::PROTOCOL_ERROR, Part::Body) if error.is_reset() => {
            let message = "it ends before or beyond its end: the body is not of the length that its Content-Length says";
            return Some((FailureKind::Unreadable, format!("the answer could not be read: {message}")));
        }
        (false, Reason::ENHANCE_YOUR_CALM, _) => {
            "more comes than is taken: a head much larger than 400 kB, or frames with nothing in them".to_owned()
        }
        (false, ..) => format!("what comes is not as HTTP/2 has it ({reason:?})"),
    };
    Some((FailureKind::Protocol, format!("the answer could not be read: {cause}")))
}

/// Whether the server asks for HTTP/1.1.
pub(super) fn wants_http1(error: &Error) -> bool {
    error.is_remote() && error.reason() == Some(Reason::HTTP_1_1_REQUIRED)
}
