//! The compact form of base definitions: a zip archive with an index, read entry by entry.
//!
//! `examples/base_definitions.rs` makes it. Nothing is unpacked before it is asked for: judging a
//! Patient reads Patient and its types, not the three thousand definitions of a release.

use std::io::{Cursor, Read as _};
use std::sync::{Arc, Mutex};

use serde::Deserialize;
use zip::ZipArchive;

use super::definition::{Content, Place};
use super::{Definition, Error};

const INDEX: &str = ".index.json";

/// An open archive. The lock is held only while one entry is read.
pub(super) struct CompactArchive {
    zip: Mutex<ZipArchive<Cursor<&'static [u8]>>>,
}

impl std::fmt::Debug for CompactArchive {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("CompactArchive")
    }
}

impl CompactArchive {
    pub(super) fn entry(&self, name: &str) -> Option<Vec<u8>> {
        let mut zip = self.zip.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut file = zip.by_name(name).ok()?;
        let mut bytes = Vec::with_capacity(usize::try_from(file.size()).unwrap_or(0));
        file.read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }
}

#[derive(Deserialize)]
struct Index {
    files: Vec<IndexEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct IndexEntry {
    filename: String,
    resource_type: String,
    url: String,
    version: Option<String>,
    #[serde(default)]
    base: Vec<String>,
    code: Option<String>,
}

/// The definitions of a built-in archive.
pub(super) fn definitions(package: &str, bytes: &'static [u8]) -> Result<Vec<Definition>, Error> {
    let damaged = |message: String| Error::Unusable { package: package.to_owned(), message };
    let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(error.to_string()))?;
    let archive = Arc::new(CompactArchive { zip: Mutex::new(zip) });
    let index = archive.entry(INDEX).ok_or_else(|| damaged(format!("{INDEX} is missing")))?;
    let index: Index =
        serde_json::from_slice(&index).map_err(|error| damaged(format!("{INDEX}: {error}")))?;
    let definitions = index.files.into_iter().map(|entry| Definition {
        file: format!("{package}/{}", entry.filename),
        search: entry.code.map(|code| (code, entry.base)),
        resource_type: entry.resource_type,
        url: entry.url,
        version: entry.version,
        content: Content::stored(Place::Compact { archive: Arc::clone(&archive), name: entry.filename }),
    });
    Ok(definitions.collect())
}
