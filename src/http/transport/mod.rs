//! The way of bytes: connections, TLS, proxies, content encodings. Nothing here decides what is sent or why.

mod breaking_off;
mod connections;
mod connector;
mod decode;
mod facts;
mod failure;
mod proxy;
mod refusals;
mod send;
mod stream;
mod tls;

pub use facts::{Certificate, TlsFacts};
pub use proxy::ProxyRule;
pub(super) use send::{Received, Transport};
pub(super) use tls::key_from_pem;
pub use tls::{ClientCertificate, TlsOptions, TlsVersion, authorities_from_pem};

use proxy::Proxy;
