//! The files that a command is given: a file, a folder, or standard input.

use std::io::Read as _;
use std::path::Path;

use super::error::{Error, Result};
use crate::files::{Folder, read_bounded};

/// How much is read from standard input, in bytes.
const MAX_INPUT: u64 = 64 << 20;

/// The bytes of one file, or with `-` those of standard input.
pub(super) fn one(path: &Path) -> Result<Vec<u8>> {
    let name = path.display().to_string();
    if name != "-" {
        return read_bounded(path).map_err(|error| Error::io(&name, error));
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .take(MAX_INPUT)
        .read_to_end(&mut bytes)
        .map_err(|error| Error::io("standard input", error))?;
    Ok(bytes)
}

/// The resources at a path, each with its name: of a folder, all its JSON and XML files.
pub(super) fn all(path: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let name = path.display().to_string();
    if !path.is_dir() {
        return Ok(vec![(name, one(path)?)]);
    }
    let folder = Folder::Disk(path.to_owned());
    let mut inputs = Vec::new();
    for file in folder.files().map_err(|error| Error::io(&name, error))? {
        if is_resource_file(&file) {
            let bytes = folder.read(&file).map_err(|error| Error::io(folder.display(&file), error))?;
            inputs.push((folder.display(&file), bytes.into_owned()));
        }
    }
    if inputs.is_empty() {
        return Err(Error::message(format!("{name}: the folder holds no .json or .xml file")));
    }
    Ok(inputs)
}

fn is_resource_file(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    extension.eq_ignore_ascii_case("json") || extension.eq_ignore_ascii_case("xml")
}
