//! One package: where it was read from, what it holds, and which of its files were no use.

use std::borrow::Cow;
use std::path::Path;

use serde::Deserialize;

use super::{Definition, Error, Problem, archive, compact};
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
    /// The FHIR release that it says it is for.
    pub release: Option<Release>,
    /// Its conformance resources.
    pub definitions: Vec<Definition>,
    /// The files that could not be used.
    pub problems: Vec<Problem>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    name: Option<String>,
    version: Option<String>,
    #[serde(default, alias = "fhir-version-list")]
    fhir_versions: Vec<String>,
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
        let Cow::Borrowed(bytes) = folder.read(COMPACT).map_err(read)? else { return Err(missing()) };
        Ok(Self {
            name: name.to_owned(),
            version: version.to_owned(),
            release: Some(release),
            definitions: compact::definitions(id, bytes)?,
            problems: Vec::new(),
        })
    }

    /// A package folder: `package.json` and resources beside it, or the same within `package/`.
    pub fn from_folder(label: &str, folder: &Folder) -> Result<Self, Error> {
        let inner = folder.folder("package").filter(|_| folder.read("package.json").is_err());
        let folder = inner.as_ref().unwrap_or(folder);
        let read = |source| Error::Read { package: label.to_owned(), source };
        let mut files = Vec::new();
        for name in folder.files().map_err(read)? {
            if !name.contains('/') {
                let bytes = folder.read(&name).map_err(read)?.into_owned();
                files.push((name, bytes));
            }
        }
        Self::from_files(label, files)
    }

    /// A package on disk: a `.tgz`, a folder, or a single conformance resource.
    pub fn from_path(path: &Path) -> Result<Self, Error> {
        let label = path.display().to_string();
        if path.is_dir() {
            return Self::from_folder(&label, &Folder::Disk(path.to_owned()));
        }
        let bytes = read_bounded(path).map_err(|source| Error::Read { package: label.clone(), source })?;
        if bytes.starts_with(&[0x1f, 0x8b]) {
            let files = archive::read(&label, &bytes)?;
            return Self::from_files(&label, files);
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let package = Self::from_files(&label, vec![(name, bytes)])?;
        match package.problems.first() {
            Some(problem) => Err(Error::Unusable { package: label, message: problem.to_string() }),
            None => Ok(package),
        }
    }

    fn from_files(label: &str, files: Vec<(String, Vec<u8>)>) -> Result<Self, Error> {
        let mut manifest = Manifest::default();
        let mut definitions = Vec::new();
        let mut problems = Vec::new();
        for (name, bytes) in files {
            let file = format!("{label}/{name}");
            if name == "package.json" {
                manifest = serde_json::from_slice(&bytes).map_err(|error| Error::Unusable {
                    package: label.to_owned(),
                    message: format!("package.json: {error}"),
                })?;
                continue;
            }
            let extension = Path::new(&name).extension().and_then(|extension| extension.to_str());
            if name.starts_with('.') || !matches!(extension, Some("json" | "xml")) {
                continue;
            }
            match parse(&bytes) {
                Ok(tree) => definitions.extend(Definition::of(tree, file)),
                Err(error) => {
                    let message = format!("not well-formed {}: {}", error.format, error.message);
                    problems.push(Problem { file, position: Some(error.position), message });
                }
            }
        }
        Ok(Self {
            name: manifest.name.unwrap_or_else(|| label.to_owned()),
            version: manifest.version.unwrap_or_default(),
            release: manifest.fhir_versions.iter().find_map(|version| Release::of_version(version)),
            definitions,
            problems,
        })
    }
}
