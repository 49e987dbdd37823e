//! The digest of a package: over its unpacked content, so that it can be told from a folder of the cache
//! as well as from an archive.
//!
//! It is the sha256 of one line a file, sorted by path: the sha256 of the file in hexadecimal, two blanks,
//! the path from the package's folder in the cache with forward slashes, a line feed. Files and folders
//! whose name begins with a dot do not count: tools write indexes of their own there.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::files::Folder;

/// Collects the files of a package.
#[derive(Debug, Default)]
pub(super) struct Hasher {
    files: BTreeMap<String, String>,
    bytes: u64,
}

/// What identifies the content of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentDigest {
    /// The digest, in hexadecimal.
    pub sha256: String,
    /// How large the files are that it counts, in bytes.
    pub bytes: u64,
}

impl Hasher {
    pub(super) fn add(&mut self, path: &str, bytes: &[u8]) {
        if counts(path) {
            self.bytes += bytes.len() as u64;
            self.files.insert(path.to_owned(), hex::encode(Sha256::digest(bytes)));
        }
    }

    pub(super) fn finish(self) -> ContentDigest {
        let mut all = Sha256::new();
        for (path, digest) in self.files {
            all.update(format!("{digest}  {path}\n"));
        }
        ContentDigest { sha256: hex::encode(all.finalize()), bytes: self.bytes }
    }
}

/// The digest of a package's folder.
pub(super) fn of_folder(folder: &Folder) -> std::io::Result<ContentDigest> {
    let mut digest = Hasher::default();
    for path in folder.files()?.iter().filter(|path| counts(path)) {
        digest.add(path, &folder.read(path)?);
    }
    Ok(digest.finish())
}

fn counts(path: &str) -> bool {
    !path.split('/').any(|part| part.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_documented_lines() {
        let mut digest = Hasher::default();
        digest.add("package/b.json", b"b");
        digest.add("package/a.json", b"a");
        digest.add("package/.index.json", b"whatever");
        digest.add(".cache/x", b"whatever");
        let lines = format!(
            "{}  package/a.json\n{}  package/b.json\n",
            hex::encode(Sha256::digest(b"a")),
            hex::encode(Sha256::digest(b"b"))
        );
        assert_eq!(digest.finish().sha256, hex::encode(Sha256::digest(lines)));
    }
}
