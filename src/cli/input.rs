//! The file that a command is given, or standard input.

use std::io::{self, Read as _};
use std::path::Path;

use super::error::{Error, Result};
use crate::files::read_bounded;

/// How much is read from standard input, in bytes.
const MAX_INPUT: u64 = 64 << 20;

/// The bytes of one file, or with `-` those of standard input.
pub(super) fn one(path: &Path) -> Result<Vec<u8>> {
    let name = path.display().to_string();
    if name == "-" {
        return standard_input().map_err(|error| Error::io("standard input", error));
    }
    read_bounded(path).map_err(|error| Error::io(&name, error))
}

/// The bytes of standard input, unless there are more than Proofmark has a use for.
pub(super) fn standard_input() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().take(MAX_INPUT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_INPUT {
        let message = format!("it is larger than {} MB", MAX_INPUT >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}
