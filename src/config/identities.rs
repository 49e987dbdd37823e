//! From the configuration to who we say that we are.

use url::Url;

use super::{Config, Sources};
use crate::http::Authenticator;
use crate::standard::FileError;

impl Config {
    /// All identities, with their secrets; `base` is the base address of the endpoint.
    ///
    /// # Errors
    /// What is missing or not as it should be.
    pub fn authenticator(&self, base: &Url, sources: &Sources<'_>) -> Result<Authenticator, FileError> {
        let mut made = Authenticator::default();
        if let Some(auth) = &self.auth {
            made.default = auth.identity("auth", base, sources)?;
        }
        for (name, auth) in &self.identities {
            let identity = auth.identity(&format!("identities.{name}"), base, sources)?;
            made.named.insert(name.clone(), identity);
        }
        Ok(made)
    }
}
