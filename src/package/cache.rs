//! The folder of unpacked packages that FHIR tools share: `name#version/package/…`.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::digest::{self, ContentDigest, Hasher};
use super::index::{self, MANIFEST};
use super::{Error, Lock, Manifest, Package, PackageId, Reference, Version, archive};
use crate::files::Folder;

/// A package cache. It need not exist until something is put in it.
#[derive(Debug, Clone)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// The cache in a folder.
    #[must_use]
    pub fn at(root: PathBuf) -> Self {
        Self { root }
    }

    /// The cache that FHIR tools share, `~/.fhir/packages`; none where there is no home folder.
    #[must_use]
    pub fn of_user() -> Option<Self> {
        Some(Self { root: std::env::home_dir()?.join(".fhir").join("packages") })
    }

    /// Its folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The packages in it, by name and version. What does not look like one is passed over.
    ///
    /// # Errors
    /// The folder is there and cannot be read.
    pub fn entries(&self) -> Result<Vec<PackageId>, Error> {
        let names = match Folder::Disk(self.root.clone()).folder_names() {
            Ok(names) => names,
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(self.unreadable(error)),
        };
        let mut entries: Vec<PackageId> = names
            .iter()
            .filter(|name| is_package(&self.root.join(name)))
            .filter_map(|name| name.split_once('#'))
            .filter_map(|(name, version)| PackageId::new(name, version).ok())
            .collect();
        entries.sort_by(|left, right| {
            let versions = Version(&left.version).cmp(&Version(&right.version));
            left.name.cmp(&right.name).then(versions)
        });
        entries.dedup();
        Ok(entries)
    }

    /// The versions of a package in it, the oldest first.
    ///
    /// # Errors
    /// The folder is there and cannot be read.
    pub fn versions(&self, name: &str) -> Result<Vec<String>, Error> {
        let entries = self.entries()?;
        Ok(entries.into_iter().filter(|id| id.name == name).map(|id| id.version).collect())
    }

    /// The package that is meant: in the version that a lock file pins, else the best in the cache.
    ///
    /// # Errors
    /// There is none, or the cache cannot be read.
    pub fn choose(&self, reference: &Reference, lock: Option<&Lock>) -> Result<PackageId, Error> {
        let versions = self.versions(&reference.name)?;
        let pinned = lock.and_then(|lock| lock.version(&reference.name, &reference.range));
        let best = pinned.or_else(|| reference.range.best(versions.iter().map(String::as_str)));
        let id = best.map(|version| PackageId { name: reference.name.clone(), version: version.to_owned() });
        match id.filter(|id| self.folder(id).is_some()) {
            Some(id) => Ok(id),
            None => Err(Error::Missing { reference: reference.clone(), versions }),
        }
    }

    /// The folder of a package, if it is there. A link is not: what it leads to is not in the cache.
    #[must_use]
    pub fn folder(&self, id: &PackageId) -> Option<PathBuf> {
        let usual = self.root.join(id.to_string());
        if is_package(&usual) {
            return Some(usual);
        }
        // Some tools keep the letters of a name as they were typed.
        let names = Folder::Disk(self.root.clone()).folder_names().ok()?;
        let same = |name: &&String| {
            name.split_once('#')
                .is_some_and(|(name, version)| name.eq_ignore_ascii_case(&id.name) && version == id.version)
        };
        names.iter().find(same).map(|name| self.root.join(name)).filter(|path| is_package(path))
    }

    /// Reads a package of the cache.
    ///
    /// # Errors
    /// It is not there, or cannot be used.
    pub fn load(&self, id: &PackageId) -> Result<Package, Error> {
        let folder = self.folder_of(id)?.join("package");
        let mut package = Package::from_folder(&id.to_string(), &Folder::Disk(folder))?;
        package.name.clone_from(&id.name);
        package.version.clone_from(&id.version);
        Ok(package)
    }

    /// What a package of the cache says of itself.
    ///
    /// # Errors
    /// It is not there, or its package.json cannot be used.
    pub fn manifest(&self, id: &PackageId) -> Result<Manifest, Error> {
        let folder = Folder::Disk(self.folder_of(id)?.join("package"));
        let read = |source| Error::Read { package: id.to_string(), source };
        Manifest::parse(&folder.read(MANIFEST).map_err(read)?).map_err(|error| Error::Unusable {
            package: id.to_string(),
            message: format!("{MANIFEST}: {error}"),
        })
    }

    /// How many files of a package may hold resources; none of them is read.
    ///
    /// # Errors
    /// It is not there, or cannot be read.
    pub fn count(&self, id: &PackageId) -> Result<usize, Error> {
        let folder = Folder::Disk(self.folder_of(id)?.join("package"));
        let names = folder.files_here().map_err(|source| Error::Read { package: id.to_string(), source })?;
        Ok(names.iter().filter(|name| index::is_resource(name)).count())
    }

    /// The digest and size of a package's content.
    ///
    /// # Errors
    /// It is not there, or cannot be read.
    pub fn digest(&self, id: &PackageId) -> Result<ContentDigest, Error> {
        digest::of_folder(&Folder::Disk(self.folder_of(id)?))
            .map_err(|source| Error::Read { package: id.to_string(), source })
    }

    /// Unpacks an archive beside the place where it will be, and checks that it is the package meant.
    /// Nothing of it is in the cache before [`Unpacked::keep`].
    ///
    /// # Errors
    /// The archive is hostile, broken or another package; or the folder cannot be written.
    pub fn unpack(&self, id: &PackageId, compressed: &[u8]) -> Result<Unpacked, Error> {
        let write = |place: &Path| {
            let place = place.display().to_string();
            move |source| Error::Write { place, source }
        };
        std::fs::create_dir_all(&self.root).map_err(write(&self.root))?;
        let temporary = tempfile::Builder::new()
            .prefix(".proofmark-")
            .tempdir_in(&self.root)
            .map_err(write(&self.root))?;
        // A folder within, which has the permissions that the user's folders usually have.
        let folder = temporary.path().join("content");
        std::fs::create_dir(&folder).map_err(write(&folder))?;
        let mut hasher = Hasher::default();
        let mut manifest = None;
        archive::read(&id.to_string(), compressed, |path, bytes| {
            if path.strip_prefix("package/") == Some(MANIFEST) {
                manifest = Manifest::parse(bytes).ok();
            }
            hasher.add(path, bytes);
            create(&folder.join(path), bytes).map_err(|error| match error.kind() {
                ErrorKind::AlreadyExists | ErrorKind::NotADirectory => Error::Unusable {
                    package: id.to_string(),
                    message: format!("the archive has more than one entry at {path}"),
                },
                _ => Error::Write { place: folder.join(path).display().to_string(), source: error },
            })
        })?;
        let unusable = |message: String| Error::Unusable { package: id.to_string(), message };
        let manifest = manifest
            .ok_or_else(|| unusable(format!("the archive has no package/{MANIFEST} that can be read")))?;
        let stated = (manifest.name.unwrap_or_default(), manifest.version.unwrap_or_default());
        if !stated.0.eq_ignore_ascii_case(&id.name) || stated.1 != id.version {
            let stated = format!("{}#{}", stated.0, stated.1);
            return Err(unusable(format!("the archive holds another package, {}", stated.escape_debug())));
        }
        Ok(Unpacked {
            digest: hasher.finish(),
            target: self.root.join(id.to_string()),
            folder,
            _temporary: temporary,
        })
    }

    fn folder_of(&self, id: &PackageId) -> Result<PathBuf, Error> {
        self.folder(id).ok_or_else(|| Error::Missing { reference: id.into(), versions: Vec::new() })
    }

    fn unreadable(&self, source: std::io::Error) -> Error {
        Error::Read { package: format!("the package cache {}", self.root.display()), source }
    }
}

/// A package, unpacked and not yet in the cache. Unless it is kept, nothing stays of it.
#[derive(Debug)]
pub struct Unpacked {
    /// The digest and size of its content.
    pub digest: ContentDigest,
    folder: PathBuf,
    target: PathBuf,
    _temporary: tempfile::TempDir,
}

impl Unpacked {
    /// Puts it in its place, as a whole. Where another process was faster, its package stays; `false` then.
    ///
    /// # Errors
    /// The folder cannot be renamed, or something that is no package is in its place.
    pub fn keep(self) -> Result<bool, Error> {
        match std::fs::rename(&self.folder, &self.target) {
            Ok(()) => Ok(true),
            Err(_) if is_package(&self.target) => Ok(false),
            Err(source) if self.target.exists() => Err(Error::Unusable {
                package: self.target.display().to_string(),
                message: format!("something that is no package is in the way; remove it ({source})"),
            }),
            Err(source) => Err(Error::Write { place: self.target.display().to_string(), source }),
        }
    }
}

/// Whether a folder is a package of the cache: folder, `package` and its manifest are there, none a link.
fn is_package(folder: &Path) -> bool {
    let kind = |path: &Path| std::fs::symlink_metadata(path).ok().map(|found| found.file_type());
    let inner = folder.join("package");
    kind(folder).is_some_and(|kind| kind.is_dir())
        && kind(&inner).is_some_and(|kind| kind.is_dir())
        && kind(&inner.join(MANIFEST)).is_some_and(|kind| kind.is_file())
}

/// Writes a file that is not there yet; with the usual permissions, whatever the archive says.
fn create(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;

    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::File::create_new(path)?.write_all(bytes)
}
