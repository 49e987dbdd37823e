//! A server that speaks TLS, on loopback, with certificates that are made for the test.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyIdMethod, KeyPair, RevokedCertParams, SerialNumber, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

/// The serial number of the next certificate.
static SERIAL: AtomicU64 = AtomicU64::new(1);

/// An authority that signs certificates.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key.
pub(crate) struct Signed {
    serial: u64,
    pub(crate) certificate: rcgen::Certificate,
    pub(crate) key: KeyPair,
}

/// When a certificate ends.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Ends {
    Past,
    Future,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for a host name or address.
    pub(crate) fn sign(&self, name: &str, ends: Ends) -> Signed {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        if ends == Ends::Past {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
        }
        let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        params.serial_number = Some(SerialNumber::from(serial));
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Signed { serial, certificate, key }
    }

    /// The list of certificates that it revoked.
    fn revokes(&self, revoked: &[&Signed]) -> CertificateRevocationListDer<'static> {
        let entry = |signed: &&Signed| RevokedCertParams {
            serial_number: SerialNumber::from(signed.serial),
            revocation_time: date_time_ymd(2024, 1, 1),
            reason_code: None,
            invalidity_date: None,
        };
        let list = CertificateRevocationListParams {
            this_update: date_time_ymd(2024, 1, 1),
            next_update: date_time_ymd(2099, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: revoked.iter().map(entry).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        list.signed_by(&self.0).unwrap().into()
    }
}

impl Signed {
    /// Certificate and key in one text.
    pub(crate) fn pem(&self) -> String {
        format!("{}{}", self.certificate.pem(), self.key.serialize_pem())
    }
}

/// A connection whose handshake is done when something is read from it.
pub(crate) type TlsStream = StreamOwned<ServerConnection, TcpStream>;

/// A server that runs until it is dropped.
pub(crate) struct TlsServer {
    pub(crate) url: String,
    port: u16,
    stop: Arc<AtomicBool>,
}

/// Which clients a server lets in.
pub(crate) struct Clients<'c> {
    /// Whose certificates they have.
    pub(crate) authority: &'c Authority,
    /// Those that were revoked.
    pub(crate) revoked: Vec<&'c Signed>,
    /// The name that they have; anybody's, if not given. Another is answered with 403.
    pub(crate) name: Option<&'static str>,
}

impl TlsServer {
    /// A server with a certificate that answers every request with a `CapabilityStatement`, by HTTP/1.1. Where `clients`
    /// is given, it wants a certificate of that authority.
    pub(crate) fn start(own: &Signed, clients: Option<&Authority>) -> Self {
        Self::letting_in(own, clients.map(|authority| Clients { authority, revoked: Vec::new(), name: None }))
    }

    /// A server with a certificate, which lets in such clients; anybody, if none are given.
    pub(crate) fn letting_in(own: &Signed, clients: Option<Clients<'_>>) -> Self {
        let name = clients.as_ref().and_then(|clients| clients.name);
        Self::speaking(own, clients, &["http/1.1"], move |stream| answer(stream, name))
    }

    /// A server that speaks one of these protocols on each connection, as `speak` does.
    pub(crate) fn speaking(
        own: &Signed,
        clients: Option<Clients<'_>>,
        protocols: &[&str],
        speak: impl Fn(&mut TlsStream) + Send + Sync + 'static,
    ) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = match clients {
            None => builder.with_no_client_auth(),
            Some(Clients { authority, revoked, .. }) => {
                let mut roots = RootCertStore::empty();
                roots.add(CertificateDer::from(authority.0.der().to_vec())).unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                    .with_crls([authority.revokes(&revoked)]);
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(own.key.serialize_der()));
        let chain = vec![CertificateDer::from(own.certificate.der().to_vec())];
        let mut configuration = builder.with_single_cert(chain, key).unwrap();
        configuration.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        let (configuration, speak) = (Arc::new(configuration), Arc::new(speak));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(stream), speak) = (stream, Arc::clone(&speak)) else { continue };
                let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
                let connection = ServerConnection::new(Arc::clone(&configuration)).unwrap();
                std::thread::spawn(move || speak(&mut StreamOwned::new(connection, stream)));
            }
        });
        Self { url: format!("https://localhost:{port}/fhir"), port, stop }
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the listener, so that it sees that it is to stop.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// Answers one request by HTTP/1.1, with 403 where the client's certificate is not one of the name that is wanted.
pub(crate) fn answer(stream: &mut TlsStream, wanted: Option<&str>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let body = "{\"resourceType\":\"CapabilityStatement\"}";
    let own = stream.conn.peer_certificates().and_then(<[_]>::first);
    let holds = |name: &str| own.is_some_and(|own| memchr::memmem::find(own, name.as_bytes()).is_some());
    let status = if wanted.is_none_or(holds) { "200 OK" } else { "403 Forbidden" };
    let response = crate::endpoint::response(status, "Content-Type: application/fhir+json\r\n", body);
    let _ = stream.write_all(response.as_bytes());
    stream.conn.send_close_notify();
    let _ = stream.flush();
}
