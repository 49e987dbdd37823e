//! From the configuration to who we say that we are, and what we show for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use url::Url;

use super::{Config, Sources};
use crate::http::{Authenticator, ClientCertificate, Identity, NO_CERTIFICATE, SELF_MADE};
use crate::standard::{FileError, Manifest};

impl Config {
    /// All identities, with their secrets; `base` is the base address of the endpoint. Where `[auth]` is not configured, the
    /// one of the standard.
    ///
    /// # Errors
    /// What is missing or not as it should be.
    pub fn authenticator(
        &self,
        base: &Url,
        manifest: &Manifest,
        sources: &Sources<'_>,
    ) -> Result<Authenticator, FileError> {
        let mut made = Authenticator::default();
        if let Some(auth) = &self.auth {
            made.default = auth.identity("auth", base, sources)?;
        } else if let Some(identity) = Identity::unsigned(&manifest.token, base) {
            made.default = identity;
        }
        for (name, auth) in &self.identities {
            let identity = auth.identity(&format!("identities.{name}"), base, sources)?;
            made.named.insert(name.clone(), identity);
        }
        Ok(made)
    }

    /// The certificates of `[certificates]`, by their names.
    ///
    /// # Errors
    /// What is missing or not as it should be.
    pub fn certificates(
        &self,
        sources: &Sources<'_>,
    ) -> Result<BTreeMap<String, Arc<ClientCertificate>>, FileError> {
        let mut made = BTreeMap::new();
        for (name, config) in &self.certificates {
            let at = format!("certificates.{name}");
            if [NO_CERTIFICATE, SELF_MADE].contains(&name.as_str()) {
                return Err(sources.error(format!("{at}: scenarios mean something else by this name")));
            }
            let certificate = config.certificate(&at, sources)?;
            let missing = || sources.error(format!("{at} needs `certificate-file` or `pkcs12-file`"));
            made.insert(name.clone(), Arc::new(certificate.ok_or_else(missing)?));
        }
        Ok(made)
    }
}
