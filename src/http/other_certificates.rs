//! Connections on which another certificate of our own is presented, or none: wrong ones on purpose.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::transport::Transport;
use super::{
    ClientCertificate, Failure, FailureKind, Http2, Limits, NO_CERTIFICATE, ProxyRule, SELF_MADE, TlsOptions,
};

/// The ways to the endpoint by the certificate that is presented. Each has connections of its own.
#[derive(Debug)]
pub(super) struct OtherCertificates {
    pub(super) limits: Limits,
    pub(super) proxy: ProxyRule,
    /// How TLS is spoken otherwise.
    pub(super) tls: TlsOptions,
    /// When HTTP/2 is spoken.
    pub(super) http2: Http2,
    /// The certificates that are configured.
    pub(super) certificates: BTreeMap<String, Arc<ClientCertificate>>,
    /// Those that were asked for.
    pub(super) made: Mutex<HashMap<String, Transport>>,
}

impl OtherCertificates {
    /// The way on which the certificate of this name is presented.
    ///
    /// # Errors
    /// None is configured by that name, or it cannot be used.
    pub(super) fn transport(&self, name: &str) -> Result<Transport, Failure> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made.get(name) {
            return Ok(known.clone());
        }
        let certificate = self.certificate(name).map_err(unavailable)?;
        let tls = TlsOptions { certificate, ..self.tls.clone() };
        let transport = Transport::new(self.limits, &self.proxy, &tls, self.http2);
        let transport = transport.map_err(unavailable)?;
        made.insert(name.to_owned(), transport.clone());
        Ok(transport)
    }

    fn certificate(&self, name: &str) -> Result<Option<Arc<ClientCertificate>>, String> {
        match (name, self.certificates.get(name)) {
            (NO_CERTIFICATE, _) => Ok(None),
            (SELF_MADE, _) => ClientCertificate::self_made().map(Arc::new).map(Some),
            (_, Some(configured)) => Ok(Some(Arc::clone(configured))),
            (_, None) => Err(format!(
                "no certificate `{name}` is configured; see [certificates] in docs/connecting.md"
            )),
        }
    }
}

fn unavailable(message: String) -> Failure {
    Failure { kind: FailureKind::Credentials, message }
}
