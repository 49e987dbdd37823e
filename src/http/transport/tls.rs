//! How we present ourselves by TLS, and whom we trust.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ClientConfig, RootCertStore};

use crate::http::Secret;

/// The name of HTTP/2 in ALPN (RFC 9113, 3.1).
pub(super) const HTTP2: &[u8] = b"h2";

/// The oldest version of TLS that is spoken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TlsVersion {
    /// TLS 1.2.
    #[default]
    Tls12,
    /// TLS 1.3.
    Tls13,
}

/// What TLS is set up with.
#[derive(Debug, Clone, Default)]
pub struct TlsOptions {
    /// Authorities that are trusted besides those of the machine.
    pub authorities: Vec<CertificateDer<'static>>,
    /// Our own certificate, for servers that ask for one.
    pub certificate: Option<Arc<ClientCertificate>>,
    /// The oldest version that is spoken.
    pub minimum: TlsVersion,
}

/// A certificate with its key, and those that vouch for it.
pub struct ClientCertificate {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl std::fmt::Debug for ClientCertificate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} certificates and a key", self.chain.len())
    }
}

impl ClientCertificate {
    /// From PEM: the certificates of one text, the key of another (which may be the same).
    ///
    /// # Errors
    /// What is not as it should be, in words.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, String> {
        let chain = authorities_from_pem(certificates)?;
        Ok(Self { chain, key: key_from_pem(key)? })
    }

    /// One that we make now, of our own authority that nobody has heard of.
    ///
    /// # Errors
    /// The system has no source of random numbers.
    pub fn self_made() -> Result<Self, String> {
        let name = vec!["client.proofmark.invalid".to_owned()];
        let made = rcgen::generate_simple_self_signed(name)
            .map_err(|error| format!("no certificate could be made: {error}"))?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        Ok(Self { chain: vec![made.cert.der().clone()], key })
    }

    /// From PKCS#12, as `.p12` and `.pfx` files hold it.
    ///
    /// # Errors
    /// What is not as it should be, in words.
    pub fn from_pkcs12(bytes: &[u8], password: &Secret) -> Result<Self, String> {
        let policy = p12_keystore::Pkcs12ImportPolicy::Relaxed;
        let store = p12_keystore::KeyStore::from_pkcs12(bytes, password.reveal(), policy)
            .map_err(|error| format!("it cannot be opened: {error}; is the password right?"))?;
        let (_, chain) = store.private_key_chain().ok_or("it holds no private key")?;
        let certificates = chain.certs().iter().map(|one| CertificateDer::from(one.as_der().to_vec()));
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(chain.key().as_der().to_vec()));
        Ok(Self { chain: certificates.collect(), key })
    }
}

/// The certificates of a PEM text, at least one.
///
/// # Errors
/// What is not as it should be, in words.
pub fn authorities_from_pem(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text).collect();
    let found = found.map_err(|error| format!("it is not PEM: {error}"))?;
    if found.is_empty() {
        return Err("it holds no certificate; expected -----BEGIN CERTIFICATE-----".to_owned());
    }
    Ok(found)
}

/// The private key of a PEM text.
///
/// # Errors
/// What is not as it should be, in words.
pub(crate) fn key_from_pem(text: &[u8]) -> Result<PrivateKeyDer<'static>, String> {
    if memchr::memmem::find(text, b"ENCRYPTED").is_some() {
        return Err(
            "the key is encrypted; decrypt it (openssl pkey -in KEY -out NEW), or give PKCS#12 with a \
                    password"
                .to_owned(),
        );
    }
    PrivateKeyDer::from_pem_slice(text)
        .map_err(|error| format!("it holds no private key: {error}; expected -----BEGIN PRIVATE KEY-----"))
}

/// What rustls needs to know.
///
/// # Errors
/// What cannot be used, in words.
pub(super) fn configuration(options: &TlsOptions) -> Result<ClientConfig, String> {
    let provider: Arc<CryptoProvider> = Arc::new(default_provider());
    let versions: &[&rustls::SupportedProtocolVersion] = match options.minimum {
        TlsVersion::Tls12 => &[&rustls::version::TLS13, &rustls::version::TLS12],
        TlsVersion::Tls13 => &[&rustls::version::TLS13],
    };
    let mut roots = RootCertStore::empty();
    // What of the machine's own store cannot be read is not trusted: the handshake then says so.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for authority in &options.authorities {
        roots.add(authority.clone()).map_err(|error| format!("a certificate of an authority: {error}"))?;
    }
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots);
    let mut configuration = match &options.certificate {
        None => builder.with_no_client_auth(),
        Some(own) => builder
            .with_client_auth_cert(own.chain.clone(), own.key.clone_key())
            .map_err(|error| format!("the client certificate: {error}"))?,
    };
    configuration.alpn_protocols = vec![HTTP2.to_vec(), b"http/1.1".to_vec()];
    Ok(configuration)
}
