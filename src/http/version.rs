//! Versions of HTTP.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The version of HTTP that an answer came by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum HttpVersion {
    /// HTTP/1.0.
    #[serde(rename = "HTTP/1.0")]
    Http10,
    /// HTTP/1.1.
    #[serde(rename = "HTTP/1.1")]
    Http11,
    /// HTTP/2.
    #[serde(rename = "HTTP/2")]
    Http2,
}

impl HttpVersion {
    /// The version of an answer; none other than these is spoken.
    pub(super) fn of(version: hyper::Version) -> Option<Self> {
        match version {
            hyper::Version::HTTP_10 => Some(Self::Http10),
            hyper::Version::HTTP_11 => Some(Self::Http11),
            hyper::Version::HTTP_2 => Some(Self::Http2),
            _ => None,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Http10 => "HTTP/1.0",
            Self::Http11 => "HTTP/1.1",
            Self::Http2 => "HTTP/2",
        }
    }
}

impl fmt::Display for HttpVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// When HTTP/2 is spoken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Http2 {
    /// Where the server chooses it by ALPN, which is a part of TLS; HTTP/1.1 otherwise.
    #[default]
    Negotiated,
    /// Without TLS too, from the first byte on: the server is known to speak it (RFC 9113, 3.3).
    PriorKnowledge,
}
