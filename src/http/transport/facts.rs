//! What client and server agreed on by TLS.

use rustls::pki_types::CertificateDer;
use rustls::{ClientConnection, ProtocolVersion};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// What was agreed on with TLS, and who the other side said it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TlsFacts {
    /// The version, `TLS 1.2` or `TLS 1.3`.
    pub version: String,
    /// The cipher suite, by its name in the registry of IANA.
    pub cipher_suite: String,
    /// The protocol that was chosen by ALPN, if any was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alpn: Option<String>,
    /// The server's certificate, then those that the server sent to vouch for it.
    pub certificates: Vec<Certificate>,
}

/// A certificate that a server showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// Whom it speaks of.
    pub subject: String,
    /// Who vouches for it.
    pub issuer: String,
    /// From when it is valid, RFC 3339 in UTC.
    pub valid_from: String,
    /// When it expires, RFC 3339 in UTC.
    pub expires: String,
    /// The sha256 of it, hexadecimal.
    pub sha256: String,
}

impl TlsFacts {
    /// The facts of a connection whose handshake is done.
    pub(super) fn of(connection: &ClientConnection) -> Self {
        let version = match connection.protocol_version() {
            Some(ProtocolVersion::TLSv1_2) => "TLS 1.2".to_owned(),
            Some(ProtocolVersion::TLSv1_3) => "TLS 1.3".to_owned(),
            other => format!("{other:?}"),
        };
        let suite = connection.negotiated_cipher_suite();
        let suite = suite.map_or_else(String::new, |suite| format!("{:?}", suite.suite()));
        let certificates = connection.peer_certificates().unwrap_or_default();
        Self {
            version,
            // The registry's names of the suites of TLS 1.3 do not repeat the version.
            cipher_suite: suite.replace("TLS13_", "TLS_"),
            alpn: connection.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned()),
            certificates: certificates.iter().map(Certificate::of).collect(),
        }
    }
}

impl Certificate {
    fn of(der: &CertificateDer<'_>) -> Self {
        let sha256 = hex::encode(Sha256::digest(der));
        match x509_parser::parse_x509_certificate(der) {
            Ok((_, certificate)) => Self {
                subject: certificate.subject().to_string(),
                issuer: certificate.issuer().to_string(),
                valid_from: moment(certificate.validity().not_before.timestamp()),
                expires: moment(certificate.validity().not_after.timestamp()),
                sha256,
            },
            // Only those behind the first can be unreadable: that one was verified.
            Err(_) => Self {
                subject: "a certificate that cannot be read".to_owned(),
                issuer: String::new(),
                valid_from: String::new(),
                expires: String::new(),
                sha256,
            },
        }
    }
}

fn moment(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map(|moment| moment.to_string()).unwrap_or_default()
}
