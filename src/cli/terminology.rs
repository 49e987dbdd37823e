//! `--terminology URL|none`: who is asked about codes that the packages do not tell.

use std::path::PathBuf;

use super::error::{Error, Result};
use super::printer::Printer;
use crate::config::CACHE_HOME;
use crate::inert::one_line;
use crate::terminology::Client;

/// What stands for no service.
const NONE: &str = "none";

/// The service asked for, if any.
pub(super) fn service(asked: Option<&str>) -> Result<Option<Client>> {
    let Some(address) = asked.filter(|address| *address != NONE) else { return Ok(None) };
    let client = Client::new(address, folder().as_deref())
        .map_err(|error| Error::hint(error.to_string(), "give its base URL, or `none`"))?;
    Ok(Some(client))
}

/// Says what came of asking.
pub(super) fn note(address: &str, told: usize, untold: usize, printer: &mut Printer) {
    let address = one_line(address);
    printer.note(&format!("{address}: {told} code(s) told, {untold} could not be told"));
}

/// Where answers are kept: within the user's cache folder.
fn folder() -> Option<PathBuf> {
    let cache = std::env::var_os(CACHE_HOME).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let cache = cache.or_else(|| Some(std::env::home_dir()?.join(".cache")))?;
    Some(cache.join("proofmark").join("terminology"))
}
