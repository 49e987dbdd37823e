//! Why there is no answer, in words that help to find out more.

use std::error::Error;
use std::io;

use rustls::{AlertDescription, CertificateError, Error as TlsError};

use super::breaking_off::{self, Part};
use crate::http::{Failure, FailureKind};

const TOO_LARGE_HEAD: &str = "its head is too large: more than 100 headers, or more than 400 kB";
const SHORT_BODY: &str = "it ends before its end: the body is shorter than its Content-Length";
const CLOSED: &str = "the connection was closed before the answer was complete";
const CLOSE_NOTIFY: &str = "close_notify";
const CUT: &str =
    "the connection was closed before the answer was complete, and without the close_notify of TLS";

/// The failure of a request that could not be sent, or whose answer did not come.
pub(super) fn of_request(error: &hyper_util::client::legacy::Error) -> Failure {
    match tls_cause(error) {
        Some(cause) => of_tls(cause),
        None if causes(error).any(is_broken_handshake) => {
            Failure { kind: FailureKind::TlsRefused, message: BROKEN_HANDSHAKE.to_owned() }
        }
        None if error.is_connect() => {
            Failure { kind: FailureKind::Connect, message: format!("no connection: {}", innermost(error)) }
        }
        None => of_answer(error, Part::Head),
    }
}

/// Whether the server asks for HTTP/1.1.
pub(super) fn wants_http1(error: &(dyn Error + 'static)) -> bool {
    http2_cause(error).is_some_and(breaking_off::wants_http1)
}

/// The failure of an answer with too large a head.
pub(super) fn of_large_head() -> Failure {
    unread(TOO_LARGE_HEAD)
}

/// The failure of a body that is broken off as if it were whole.
pub(super) fn of_short_body() -> Failure {
    Failure { kind: FailureKind::Unreadable, ..unread(SHORT_BODY) }
}

/// The failure of a body whose head came.
pub(super) fn of_body(error: &(dyn Error + 'static)) -> Failure {
    let failure = of_answer(error, Part::Body);
    // What ends in good order, or is not in the form of chunks, was sent so. A connection that is reset, or that TLS does
    // not close, may have been cut by anybody.
    let sent_so = |error: &io::Error| {
        use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
        matches!(error.kind(), InvalidData | InvalidInput | UnexpectedEof)
    };
    let over_tls = matches!(failure.kind, FailureKind::Tls | FailureKind::TlsRefused)
        || failure.message.contains(CLOSE_NOTIFY);
    let is_sent_so = causes(error).filter_map(|cause| cause.downcast_ref()).any(sent_so);
    if is_sent_so && !over_tls { Failure { kind: FailureKind::Unreadable, ..failure } } else { failure }
}

/// The failure of an answer that could not be read to its end.
fn of_answer(error: &(dyn Error + 'static), part: Part) -> Failure {
    if let Some(cause) = tls_cause(error) {
        return of_tls(cause);
    }
    if let Some((kind, message)) = http2_cause(error).and_then(|cause| breaking_off::of(cause, part)) {
        return Failure { kind, message };
    }
    let hyper = causes(error).find_map(|cause| cause.downcast_ref::<hyper::Error>());
    let cause = match hyper {
        Some(hyper) if hyper.is_parse_too_large() => TOO_LARGE_HEAD.to_owned(),
        Some(hyper) if hyper.is_incomplete_message() => CLOSED.to_owned(),
        _ => innermost(error),
    };
    let cause = match cause.as_str() {
        "end of file before message length reached" => SHORT_BODY,
        "unexpected EOF during chunk size line" => "it ends before its end: the last chunk is missing",
        // The connection of HTTP/2 that an answer was to come by is gone.
        "stream closed because of a broken pipe" => CLOSED,
        other if other.contains(CLOSE_NOTIFY) => CUT,
        other => other,
    };
    unread(cause)
}

fn unread(cause: &str) -> Failure {
    Failure { kind: FailureKind::Protocol, message: format!("the answer could not be read: {cause}") }
}

/// An error with those that caused it.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| cause(*error))
}

/// What caused an error; errors of input and output hide theirs a level deeper, and HTTP/2 hides those.
fn cause<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    if let Some(inner) = error.downcast_ref::<h2::Error>().and_then(h2::Error::get_io) {
        return Some(inner);
    }
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

fn http2_cause<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e h2::Error> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

fn tls_cause<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e TlsError> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// What is said where the server closes the connection while TLS is agreed on.
const BROKEN_HANDSHAKE: &str =
    "the server refused the TLS connection: it closed the connection in the handshake";

/// Whether the server closed the connection in good order before TLS was agreed on. One that is reset may have been cut
/// by anybody.
fn is_broken_handshake(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| {
        error.kind() == io::ErrorKind::UnexpectedEof && error.to_string() == "tls handshake eof"
    })
}

/// The words of the innermost cause; those around it repeat the address.
fn innermost(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

/// The failure of a connection that TLS did not let through.
pub(super) fn of_tls(error: &TlsError) -> Failure {
    let kind = match error {
        TlsError::AlertReceived(_) => FailureKind::TlsRefused,
        _ => FailureKind::Tls,
    };
    Failure { kind, message: words(error) }
}

fn words(error: &TlsError) -> String {
    match error {
        TlsError::AlertReceived(alert) => {
            format!("the server refused the TLS connection: {}", alert_words(*alert))
        }
        TlsError::InvalidCertificate(error) => {
            format!("the server's certificate is not accepted: {}", certificate_words(error))
        }
        TlsError::PeerIncompatible(reason) => {
            format!("the server and this client have no way of TLS in common: {reason:?}")
        }
        TlsError::InvalidMessage(_) => {
            "no TLS connection: what answers at this address does not speak TLS; is it http rather than https?"
                .to_owned()
        }
        other => format!("no TLS connection: {other}"),
    }
}

fn certificate_words(error: &CertificateError) -> String {
    match error {
        CertificateError::Expired => "it has expired".to_owned(),
        CertificateError::ExpiredContext { not_after, .. } => {
            let seconds = i64::try_from(not_after.as_secs()).unwrap_or(i64::MAX);
            let moment = jiff::Timestamp::from_second(seconds).map(|moment| moment.to_string());
            format!("it expired on {}", moment.unwrap_or_default())
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not yet valid".to_owned()
        }
        CertificateError::UnknownIssuer => "no authority that is trusted vouches for it; if it is a private \
                                            one, name its certificate as `ca-file` under [tls]"
            .to_owned(),
        CertificateError::NotValidForName => "it is not for this host".to_owned(),
        CertificateError::NotValidForNameContext { presented, .. } => {
            let names: Vec<&str> = presented.iter().take(5).map(String::as_str).collect();
            format!("it is not for this host, but for {}", names.join(", "))
        }
        CertificateError::Revoked => "it has been revoked".to_owned(),
        CertificateError::BadEncoding => "it cannot be read".to_owned(),
        other => other.to_string(),
    }
}

/// The alert in words, with its name in RFC 8446.
fn alert_words(alert: AlertDescription) -> String {
    let (name, words) = match alert {
        AlertDescription::HandshakeFailure => {
            ("handshake_failure", "no cipher suite in common, or it wants a client certificate")
        }
        AlertDescription::ProtocolVersion => ("protocol_version", "it speaks no version of TLS that we do"),
        AlertDescription::InsufficientSecurity => ("insufficient_security", "it wants stronger ciphers"),
        AlertDescription::CertificateRequired => {
            ("certificate_required", "it wants a client certificate; see [tls] in docs/connecting.md")
        }
        AlertDescription::BadCertificate => ("bad_certificate", "it does not accept our certificate"),
        AlertDescription::UnsupportedCertificate => {
            ("unsupported_certificate", "it does not accept the kind of our certificate")
        }
        AlertDescription::CertificateRevoked => ("certificate_revoked", "our certificate has been revoked"),
        AlertDescription::CertificateExpired => ("certificate_expired", "our certificate has expired"),
        AlertDescription::CertificateUnknown => ("certificate_unknown", "it does not accept our certificate"),
        AlertDescription::UnknownCA => {
            ("unknown_ca", "it does not trust the authority that signed our certificate")
        }
        AlertDescription::AccessDenied => ("access_denied", "our certificate is valid, and not let in"),
        AlertDescription::DecryptError => ("decrypt_error", "a signature could not be verified"),
        AlertDescription::UnrecognisedName => ("unrecognized_name", "it does not know this host name"),
        AlertDescription::NoApplicationProtocol => {
            ("no_application_protocol", "it speaks neither HTTP/2 nor HTTP/1.1")
        }
        AlertDescription::InternalError => ("internal_error", "something is wrong on its side"),
        other => return format!("alert {other:?}"),
    };
    format!("{words} (alert {name})")
}
