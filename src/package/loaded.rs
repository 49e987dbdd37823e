//! One package: where it was read from, what it holds, and which of its files were no use.

use std::borrow::Cow;
use std::path::Path;

use super::index::{self, MANIFEST};
use super::{Definition, Error, Manifest, Problem, archive, compact};
use crate::fhir::{Release, parse};
use crate::files::{Folder, read_bounded};

/// The file that holds base definitions in compact form.
const COMPACT: &str = "definitions.zip";

/// A FHIR package, read.
#[derive(Debug)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it says of itself.
    pub manifest: Manifest,
    /// Its conformance resources.
    pub definitions: Vec<Definition>,
    /// The files that could not be used.
    pub problems: Vec<Problem>,
}

impl Package {
    /// The base definitions of a release, which are built in.
    pub fn core(release: Release) -> Result<Self, Error> {
        let id = release.core_package();
        let (name, version) = id.split_once('#').unwrap_or((id, ""));
        let missing = || Error::Unusable {
            package: id.to_owned(),
            message: format!("the base definitions of {release} are not built into this version"),
        };
        let folder =
            Folder::profiles().folder(name).and_then(|folder| folder.folder(version)).ok_or_else(missing)?;
        let read = |source| Error::Read { package: id.to_owned(), source };
        let manifest = manifest(id, &folder.read(MANIFEST).map_err(read)?)?;
        let Cow::Borrowed(bytes) = folder.read(COMPACT).map_err(read)? else { return Err(missing()) };
        let definitions = compact::definitions(id, bytes)?;
        Ok(Self::new(id, manifest, (definitions, Vec::new())))
    }

    /// A package folder: `package.json` and resources beside it, or the same within `package/`.
    pub fn from_folder(label: &str, folder: &Folder) -> Result<Self, Error> {
        let inner = folder.folder("package").filter(|_| folder.read(MANIFEST).is_err());
        let folder = inner.as_ref().unwrap_or(folder);
        let manifest = match folder.read(MANIFEST) {
            Ok(bytes) => manifest(label, &bytes)?,
            Err(_) => Manifest::default(),
        };
        let found = index::of_folder(label, folder)
            .map_err(|source| Error::Read { package: label.to_owned(), source })?;
        Ok(Self::new(label, manifest, found))
    }

    /// A package archive, `.tgz`: the files directly in its folder `package/`. Nothing is written.
    pub fn from_archive(label: &str, compressed: &[u8]) -> Result<Self, Error> {
        let mut stated = Manifest::default();
        let mut files = Vec::new();
        archive::read(label, compressed, |path, bytes| {
            match path.strip_prefix("package/") {
                Some(MANIFEST) => stated = manifest(label, bytes)?,
                Some(name) if index::is_resource(name) && !name.contains('/') => {
                    files.push((name.to_owned(), bytes.to_vec()));
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(Self::new(label, stated, index::of_files(label, files)))
    }

    /// A package on disk: a `.tgz`, a folder, or a single conformance resource.
    pub fn from_path(path: &Path) -> Result<Self, Error> {
        let label = path.display().to_string();
        if path.is_dir() {
            return Self::from_folder(&label, &Folder::Disk(path.to_owned()));
        }
        let bytes = read_bounded(path).map_err(|source| Error::Read { package: label.clone(), source })?;
        if bytes.starts_with(&[0x1f, 0x8b]) {
            return Self::from_archive(&label, &bytes);
        }
        let tree = parse(&bytes).map_err(|error| Problem::malformed(label.clone(), &error))?;
        let definitions = Definition::of(tree, label.clone()).into_iter().collect();
        Ok(Self::new(&label, Manifest::default(), (definitions, Vec::new())))
    }

    fn new(label: &str, manifest: Manifest, (definitions, problems): index::Found) -> Self {
        Self {
            name: manifest.name.clone().unwrap_or_else(|| label.to_owned()),
            version: manifest.version.clone().unwrap_or_default(),
            manifest,
            definitions,
            problems,
        }
    }

    /// `name#version`, or what it was called where it has neither.
    #[must_use]
    pub fn label(&self) -> String {
        if self.version.is_empty() { self.name.clone() } else { format!("{}#{}", self.name, self.version) }
    }
}

fn manifest(label: &str, bytes: &[u8]) -> Result<Manifest, Error> {
    Manifest::parse(bytes).map_err(|error| Error::Unusable {
        package: label.to_owned(),
        message: format!("{MANIFEST}: {error}"),
    })
}
