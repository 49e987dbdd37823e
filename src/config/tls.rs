//! TLS and proxy as configured: `[tls]` and `[proxy]`.

use std::path::PathBuf;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{SecretFrom, Sources};
use crate::http::{ClientCertificate, ProxyRule, TlsOptions, TlsVersion, authorities_from_pem};
use crate::standard::FileError;

/// How TLS is spoken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TlsConfig {
    /// Certificates of authorities that are trusted besides those of the machine, in PEM.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Our own certificate in PEM, and those that vouch for it, for endpoints that ask for one.
    #[serde(default)]
    pub certificate_file: Option<PathBuf>,
    /// Its private key in PEM; in `certificate-file` too, by default.
    #[serde(default)]
    pub private_key: Option<SecretFrom>,
    /// Our own certificate with its key as PKCS#12 (`.p12`, `.pfx`), in place of the two.
    #[serde(default)]
    pub pkcs12_file: Option<PathBuf>,
    /// Its password; none, by default.
    #[serde(default)]
    pub pkcs12_password: Option<SecretFrom>,
    /// The oldest version of TLS that is spoken; 1.2 by default.
    #[serde(default)]
    pub minimum_version: TlsMinimum,
}

/// A certificate of our own: in PEM, or with its key as PKCS#12.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CertificateConfig {
    /// The certificate in PEM, and those that vouch for it.
    #[serde(default)]
    pub certificate_file: Option<PathBuf>,
    /// Its private key in PEM; in `certificate-file` too, by default.
    #[serde(default)]
    pub private_key: Option<SecretFrom>,
    /// The certificate with its key as PKCS#12 (`.p12`, `.pfx`), in place of the two.
    #[serde(default)]
    pub pkcs12_file: Option<PathBuf>,
    /// Its password; none, by default.
    #[serde(default)]
    pub pkcs12_password: Option<SecretFrom>,
}

/// The oldest version of TLS that is spoken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
pub enum TlsMinimum {
    /// TLS 1.2.
    #[default]
    #[serde(rename = "1.2")]
    Tls12,
    /// TLS 1.3.
    #[serde(rename = "1.3")]
    Tls13,
}

/// The proxy that requests go by, never to this machine itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum ProxyConfig {
    /// None, whatever the environment names.
    None(NoProxy),
    /// This one.
    By(NamedProxy),
}

/// No proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoProxy {
    /// No proxy.
    None,
}

/// A proxy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NamedProxy {
    /// Its address, `http://HOST:PORT`.
    pub url: Url,
    /// The user name, if it asks for one.
    #[serde(default)]
    pub user: Option<String>,
    /// The password.
    #[serde(default)]
    pub password: Option<SecretFrom>,
}

impl TlsConfig {
    /// What TLS is set up with.
    ///
    /// # Errors
    /// What is missing or not as it should be.
    pub fn options(&self, sources: &Sources<'_>) -> Result<TlsOptions, FileError> {
        let mut options = TlsOptions {
            minimum: match self.minimum_version {
                TlsMinimum::Tls12 => TlsVersion::Tls12,
                TlsMinimum::Tls13 => TlsVersion::Tls13,
            },
            ..TlsOptions::default()
        };
        if let Some(file) = &self.ca_file {
            let text = sources.bytes("tls.ca-file", file)?;
            options.authorities = authorities_from_pem(&text)
                .map_err(|why| sources.error(format!("tls.ca-file: {}: {why}", file.display())))?;
        }
        let own = CertificateConfig {
            certificate_file: self.certificate_file.clone(),
            private_key: self.private_key.clone(),
            pkcs12_file: self.pkcs12_file.clone(),
            pkcs12_password: self.pkcs12_password.clone(),
        };
        options.certificate = own.certificate("tls", sources)?.map(Arc::new);
        Ok(options)
    }
}

impl CertificateConfig {
    /// The certificate, if one is named; `at` is where this stands.
    ///
    /// # Errors
    /// What is missing or not as it should be.
    pub(super) fn certificate(
        &self,
        at: &str,
        sources: &Sources<'_>,
    ) -> Result<Option<ClientCertificate>, FileError> {
        let (file, read) = match (&self.certificate_file, &self.pkcs12_file) {
            (None, None) => {
                let alone = self.private_key.is_some() || self.pkcs12_password.is_some();
                let message = format!("{at}: a key or password needs `certificate-file` or `pkcs12-file`");
                return if alone { Err(sources.error(message)) } else { Ok(None) };
            }
            (Some(_), Some(_)) => {
                return Err(
                    sources.error(format!("{at} needs either `certificate-file` or `pkcs12-file`, not both"))
                );
            }
            (Some(file), None) => {
                let certificates = sources.bytes(&format!("{at}.certificate-file"), file)?;
                let read = match &self.private_key {
                    None => ClientCertificate::from_pem(&certificates, &certificates),
                    Some(key) => {
                        let key = sources.secret(&format!("{at}.private-key"), key)?;
                        ClientCertificate::from_pem(&certificates, key.reveal().as_bytes())
                    }
                };
                (file, read)
            }
            (None, Some(file)) => {
                let bytes = sources.bytes(&format!("{at}.pkcs12-file"), file)?;
                let password = self.pkcs12_password.as_ref();
                let password = password
                    .map(|from| sources.secret(&format!("{at}.pkcs12-password"), from))
                    .transpose()?;
                (file, ClientCertificate::from_pkcs12(&bytes, &password.unwrap_or_default()))
            }
        };
        read.map(Some).map_err(|why| sources.error(format!("{at}: {}: {why}", file.display())))
    }
}

impl ProxyConfig {
    /// Which proxy requests go by.
    ///
    /// # Errors
    /// What is missing or not as it should be.
    pub fn rule(&self, sources: &Sources<'_>) -> Result<ProxyRule, FileError> {
        let Self::By(NamedProxy { url, user, password }) = self else { return Ok(ProxyRule::Direct) };
        if url.scheme() != "http" || url.host().is_none() {
            return Err(sources
                .error(format!("proxy: `{url}` is no proxy that is supported; expected http://HOST:PORT")));
        }
        if url.password().is_some() {
            return Err(sources.error("proxy: a password is not written here; name it as `password`"));
        }
        let user = match (user, password) {
            (Some(user), Some(password)) => Some((user.clone(), sources.secret("proxy.password", password)?)),
            (None, None) => None,
            _ => return Err(sources.error("proxy needs both `user` and `password`, or neither")),
        };
        Ok(ProxyRule::By { url: url.clone(), user })
    }
}
