//! From the configuration to who we say that we are.

use url::Url;

use super::{Config, Sources};
use crate::http::{Authenticator, Identity};
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
}
