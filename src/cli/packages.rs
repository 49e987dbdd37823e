//! What commands that judge share: packages by path and by name, with what they depend on.

use std::path::Path;

use super::app::GlobalOptions;
use super::error::{Error, Result};
use super::printer::Printer;
use crate::fhir::Release;
use crate::inert::one_line;
use crate::package::{self, Cache, Loaded, Loader, Lock, Package, Problem, Reference};
use crate::standard::Standard;

/// Where packages that are named come from: the cache, and what the lock file here pins of it.
pub(super) struct Sources {
    cache: Option<Cache>,
    lock: Option<Lock>,
}

impl Sources {
    pub(super) fn new(options: &GlobalOptions) -> Result<Self> {
        Ok(Self { cache: options.cache(), lock: Lock::read(Path::new(Lock::FILE))? })
    }

    /// Whether the cache holds a package.
    pub(super) fn holds(&self, reference: &Reference) -> bool {
        self.cache.as_ref().is_some_and(|cache| cache.choose(reference, self.lock.as_ref()).is_ok())
    }

    pub(super) fn loader(&self, release: Release) -> Loader<'_> {
        Loader::new(release, self.cache.as_ref(), self.lock.as_ref())
    }
}

/// What somebody typed for a package.
pub(super) enum Named<'n> {
    /// A file or folder.
    Path(&'n Path),
    /// A package of the cache.
    Reference(Reference),
}

impl<'n> Named<'n> {
    /// A file or folder that is there is meant before a package of that name.
    pub(super) fn read(text: &'n str) -> Result<Self> {
        let path = Path::new(text);
        let is_file_name = path.extension().is_some_and(|extension| {
            ["tgz", "gz", "json", "xml"].iter().any(|known| extension.eq_ignore_ascii_case(known))
        });
        if path.exists() || is_file_name || text.contains(['/', '\\']) {
            return Ok(Self::Path(path));
        }
        let reference = text.parse().map_err(|error| {
            Error::hint(
                format!("{text}: there is no such file or folder, and {error}"),
                "give NAME#VERSION of a package in the package cache, an archive, or a folder",
            )
        })?;
        Ok(Self::Reference(reference))
    }
}

/// What the user named, with files read.
pub(super) enum Asked {
    /// A file or folder.
    Read(Package),
    /// A package of the cache.
    Reference(Reference),
}

impl Asked {
    pub(super) fn read(text: &str) -> Result<Self> {
        Ok(match Named::read(text)? {
            Named::Path(path) => Self::Read(Package::from_path(path)?),
            Named::Reference(reference) => Self::Reference(reference),
        })
    }

    /// The same of one among others: a single file that is broken is passed over with a warning, as one within a
    /// package is.
    pub(super) fn read_among_others(text: &str, printer: &mut Printer) -> Result<Option<Self>> {
        let Named::Path(path) = Named::read(text)? else { return Self::read(text).map(Some) };
        match Package::from_path(path) {
            Ok(package) => Ok(Some(Self::Read(package))),
            Err(package::Error::File(problem)) => {
                pass_over(&problem, printer);
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The release of FHIR that it says it is for.
    pub(super) fn release(&self, sources: &Sources) -> Option<Release> {
        match self {
            Self::Read(package) => package.manifest.release(),
            Self::Reference(reference) => reference.base_definitions().or_else(|| {
                let cache = sources.cache.as_ref()?;
                let id = cache.choose(reference, sources.lock.as_ref()).ok()?;
                cache.manifest(&id).ok()?.release()
            }),
        }
    }

    pub(super) fn add_to(self, loader: &mut Loader<'_>) -> Result<()> {
        match self {
            Self::Read(package) => loader.add(package)?,
            Self::Reference(reference) => loader.add_named(&reference)?,
        }
        Ok(())
    }
}

/// Says that a file of a package cannot be used.
pub(super) fn pass_over(problem: &Problem, printer: &mut Printer) {
    printer.note(&format!("warning: {}; the file was passed over", one_line(&problem.to_string())));
}

/// The set of all that was added and what it depends on; says what was passed over.
pub(super) fn finish(loader: Loader<'_>, printer: &mut Printer) -> Result<Loaded> {
    let finished = loader.finish()?;
    for note in &finished.notes {
        printer.note(&format!("note: {}", one_line(note)));
    }
    Ok(finished)
}

/// Adds the packages that a standard brings: folders below its own, and packages of the cache.
pub(super) fn add_standard(loader: &mut Loader<'_>, standard: &Standard) -> Result<()> {
    for entry in &standard.manifest.packages {
        let name = entry.trim_start_matches("./");
        let label = standard.folder.display(name);
        match standard.folder.folder(name) {
            Some(folder) => loader.add(Package::from_folder(&label, &folder)?)?,
            None if entry.contains('#') => {
                let reference: Reference = entry.parse().map_err(|error| {
                    Error::message(format!("{}: packages: {error}", standard.folder.display("standard.yaml")))
                })?;
                loader.add_named(&reference)?;
            }
            None => {
                return Err(Error::message(format!(
                    "{label}: the package folder that standard.yaml names is not there"
                )));
            }
        }
    }
    Ok(())
}
