//! The private key that a command signs with, from a file or from the environment.

use std::path::Path;

use super::certify::text_of;
use super::error::{Error, Result};
use crate::certificate::SigningKey;

/// The permissions of others than a file's owner.
#[cfg(unix)]
const OTHERS: u32 = 0o077;

/// The key of a file, or else of an environment variable; none, where neither is named.
pub(super) fn signing_key(file: Option<&Path>, variable: Option<&str>) -> Result<Option<SigningKey>> {
    let (name, text) = match (file, variable) {
        (Some(file), _) => {
            owned(file)?;
            (file.display().to_string(), text_of(file)?)
        }
        (None, Some(variable)) => {
            let text = std::env::var(variable).map_err(|_| {
                Error::message(format!("the environment variable {variable} is not set, or is no text"))
            })?;
            (format!("${variable}"), text)
        }
        (None, None) => return Ok(None),
    };
    SigningKey::from_pem(&text)
        .map(Some)
        .map_err(|error| Error::hint(format!("{name}: {error}"), "`proofmark keygen --out DIR` makes one"))
}

/// A private key that others can read is no longer private.
#[cfg(unix)]
fn owned(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(file)
        .map_err(|error| Error::io(file.display().to_string(), error))?
        .permissions()
        .mode();
    if mode & OTHERS == 0 {
        return Ok(());
    }
    Err(Error::hint(
        format!("{} can be read by others than its owner", file.display()),
        format!("`chmod 600 {}`; if others may have read it, make a new key", file.display()),
    ))
}

#[cfg(not(unix))]
fn owned(_: &Path) -> Result<()> {
    Ok(())
}
