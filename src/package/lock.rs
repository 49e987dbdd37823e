//! `proofmark.lock`: which packages, in which version, with which content.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Change, Error, PackageId, Problem, Range};
use crate::fhir::Position;
use crate::files::read_bounded;

/// The version of the file's format.
const FORMAT: u32 = 1;
const HEAD: &str =
    "# Written by `proofmark package install`. It pins packages by the digest of their content.\n\n";

/// The packages that are pinned.
#[derive(Debug, Clone)]
pub struct Lock {
    file: PathBuf,
    packages: BTreeMap<PackageId, String>,
    changed: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    #[serde(default, rename = "package")]
    packages: Vec<Pinned>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pinned {
    name: String,
    version: String,
    sha256: String,
}

impl Lock {
    /// The lock file that is looked for where none is named.
    pub const FILE: &'static str = "proofmark.lock";

    /// A lock that pins nothing yet.
    #[must_use]
    pub fn new(file: PathBuf) -> Self {
        Self { file, packages: BTreeMap::new(), changed: false }
    }

    /// Reads a lock file, if there is one.
    ///
    /// # Errors
    /// It cannot be read, or is no lock file.
    pub fn read(file: &Path) -> Result<Option<Self>, Error> {
        let name = file.display().to_string();
        let bytes = match read_bounded(file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Error::Read { package: name, source }),
        };
        let text = String::from_utf8_lossy(&bytes);
        let problem = |position, message: String| Problem { file: name.clone(), position, message };
        let read: File = toml::from_str(&text).map_err(|error| {
            let position = error.span().map(|span| Position::of(&text, span.start));
            problem(position, error.message().trim().to_owned())
        })?;
        if read.version != FORMAT {
            let message = format!("version {} of the format; this program reads {FORMAT}", read.version);
            return Err(problem(None, message).into());
        }
        let mut lock = Self::new(file.to_owned());
        for pinned in read.packages {
            let id =
                PackageId::new(&pinned.name, &pinned.version).map_err(|message| problem(None, message))?;
            if pinned.sha256.len() != 64 || !pinned.sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return Err(problem(None, format!("{id}: sha256 must be 64 hexadecimal digits")).into());
            }
            if !matches!(Range::parse(&pinned.version), Ok(Range::Exact(_) | Range::Build(_))) {
                return Err(problem(None, format!("{id}: a lock file pins one version, not a range")).into());
            }
            if lock.pins(&id) {
                return Err(problem(None, format!("{id} is pinned twice")).into());
            }
            lock.packages.insert(id, pinned.sha256.to_ascii_lowercase());
        }
        Ok(Some(lock))
    }

    /// The file's name, as the user gave it.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The packages that are pinned.
    pub fn packages(&self) -> impl Iterator<Item = &PackageId> {
        self.packages.keys()
    }

    /// The pinned version of a package that a range allows.
    #[must_use]
    pub fn version(&self, name: &str, range: &Range) -> Option<&str> {
        let of_name = self.packages.keys().filter(|id| id.name == name);
        range.best(of_name.map(|id| id.version.as_str()))
    }

    /// Whether a package is pinned.
    #[must_use]
    pub fn pins(&self, id: &PackageId) -> bool {
        self.packages.contains_key(id)
    }

    /// Compares a package with what is pinned; one that is not pinned passes.
    ///
    /// # Errors
    /// Its content is another.
    pub fn check(&self, id: &PackageId, digest: &str, place: &str) -> Result<(), Error> {
        match self.packages.get(id) {
            Some(pinned) if pinned != digest => Err(Error::Changed(Box::new(Change {
                package: id.clone(),
                lock: self.file.display().to_string(),
                pinned: pinned.clone(),
                found: digest.to_owned(),
                place: place.to_owned(),
            }))),
            _ => Ok(()),
        }
    }

    /// Pins a package.
    pub fn pin(&mut self, id: &PackageId, digest: &str) {
        let before = self.packages.insert(id.clone(), digest.to_owned());
        self.changed |= before.as_deref() != Some(digest);
    }

    /// Writes the file as a whole, if something changed.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self) -> Result<(), Error> {
        if !self.changed {
            return Ok(());
        }
        let place = self.file.display().to_string();
        let write = |source| Error::Write { place: place.clone(), source };
        let text = self.text().map_err(|error| write(std::io::Error::other(error)))?;
        let mut temporary = self.file.clone().into_os_string();
        temporary.push(format!(".{}.tmp", std::process::id()));
        let temporary = PathBuf::from(temporary);
        let written = std::fs::write(&temporary, text).and_then(|()| std::fs::rename(&temporary, &self.file));
        if written.is_err() {
            // Nothing of a failed attempt is to stay; if it cannot be removed, the first error says more.
            let _ = std::fs::remove_file(&temporary);
        }
        written.map_err(write)
    }

    fn text(&self) -> Result<String, toml::ser::Error> {
        let packages = self.packages.iter().map(|(id, digest)| Pinned {
            name: id.name.clone(),
            version: id.version.clone(),
            sha256: digest.clone(),
        });
        let file = File { version: FORMAT, packages: packages.collect() };
        Ok(format!("{HEAD}{}", toml::to_string(&file)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str, version: &str) -> PackageId {
        PackageId::new(name, version).unwrap()
    }

    #[test]
    fn what_is_written_is_read_and_is_the_same_in_any_order() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("proofmark.lock");
        let digest = "ab".repeat(32);
        let mut lock = Lock::new(file.clone());
        lock.pin(&id("b.b", "1.0.0"), &digest);
        lock.pin(&id("a.a", "2.0.0"), &digest);
        lock.write().unwrap();
        let first = std::fs::read_to_string(&file).unwrap();
        assert!(first.find("a.a").unwrap() < first.find("b.b").unwrap(), "{first}");
        let mut again = Lock::read(&file).unwrap().unwrap();
        again.pin(&id("a.a", "2.0.0"), &digest);
        assert!(!again.changed);
        assert!(again.check(&id("a.a", "2.0.0"), &digest, "here").is_ok());
        assert!(again.check(&id("a.a", "2.0.0"), "other", "here").is_err());
        assert!(again.check(&id("c.c", "2.0.0"), "other", "here").is_ok());
        assert_eq!(again.version("a.a", &Range::parse("2.x").unwrap()), Some("2.0.0"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_no_lock_file_says_where() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("proofmark.lock");
        assert!(Lock::read(&file).unwrap().is_none());
        let pinned = |version: &str| {
            let digest = "ab".repeat(32);
            format!(
                "version = 1\n[[package]]\nname = \"a.a\"\nversion = \"{version}\"\nsha256 = \"{digest}\"\n"
            )
        };
        for (text, message) in [
            ("version = 1\npakage = []\n", "proofmark.lock:2:1: unknown field `pakage`"),
            ("version = 9\n", "version 9 of the format; this program reads 1"),
            (
                "version = 1\n[[package]]\nname = \"../a\"\nversion = \"1\"\nsha256 = \"\"\n",
                "`../a` is not the name",
            ),
            ("version = 1\n[[package]]\nname = \"a.a\"\nversion = \"1\"\nsha256 = \"x\"\n", "64 hexadecimal"),
            (&pinned("1.0.x"), "a.a#1.0.x: a lock file pins one version, not a range"),
            (&format!("{}{}", pinned("1.0.0"), &pinned("1.0.0")[12..]), "a.a#1.0.0 is pinned twice"),
        ] {
            std::fs::write(&file, text).unwrap();
            let error = Lock::read(&file).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }
}
