//! Puts packages and what they depend on into the cache, and pins them.

use std::collections::{HashSet, VecDeque};

use super::{Cache, Error, Lock, PackageId, Range, Reference, Registries};

/// How many packages one command installs at most.
const MAX_PACKAGES: usize = 200;

/// Installs packages.
#[derive(Debug)]
pub struct Installer<'i> {
    /// Where they go.
    pub cache: &'i Cache,
    /// Where they come from; `None` if the network is not to be touched.
    pub registries: Option<&'i Registries>,
    /// What is pinned, and what will be.
    pub lock: &'i mut Lock,
    /// Whether versions are chosen anew and changed content is accepted, whatever is pinned.
    pub update: bool,
}

/// What happens while packages are installed.
#[derive(Debug)]
pub enum Event<'e> {
    /// A package is asked for.
    Fetching(&'e Reference),
    /// So many bytes of it are there, of how many if that is known.
    Received(u64, Option<u64>),
    /// It is in the cache.
    Installed(&'e Installed),
    /// Something that the user should know.
    Note(String),
}

/// A package that is in the cache now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// Which.
    pub id: PackageId,
    /// The digest of its content.
    pub sha256: String,
    /// How large it is, in bytes.
    pub bytes: u64,
    /// The address that it was fetched from; `None` if it was there already.
    pub fetched: Option<String>,
}

/// A package that could not be installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Which.
    pub reference: Reference,
    /// The package that needs it; `None` if it was asked for itself.
    pub needed_by: Option<PackageId>,
    /// Why.
    pub why: String,
}

/// How it went.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What is in the cache.
    pub installed: Vec<Installed>,
    /// What is not.
    pub missing: Vec<Missing>,
}

impl Installer<'_> {
    /// Installs packages and what they depend on. What cannot be had is listed, and the rest installed.
    ///
    /// # Errors
    /// A package is not what is pinned, or the cache cannot be read or written.
    pub fn install(
        &mut self,
        wanted: &[Reference],
        listen: &mut dyn FnMut(Event<'_>),
    ) -> Result<Outcome, Error> {
        let mut outcome = Outcome::default();
        let mut seen: HashSet<Reference> = HashSet::new();
        let mut done: HashSet<PackageId> = HashSet::new();
        let mut queue: VecDeque<(Reference, Option<PackageId>)> =
            wanted.iter().map(|reference| (reference.clone(), None)).collect();
        while let Some((reference, needed_by)) = queue.pop_front() {
            // Base definitions come with the program; those of other releases are of no use to it.
            let built_in = reference.base_definitions().is_some();
            if built_in && needed_by.is_none() {
                listen(Event::Note(format!("{reference}: built in; nothing to install")));
            }
            if built_in || (reference.is_core() && needed_by.is_some()) || !seen.insert(reference.clone()) {
                continue;
            }
            let installed = match self.one(&reference, listen) {
                Ok(installed) => installed,
                Err(Refusal::Missing(why)) => {
                    outcome.missing.push(Missing { reference, needed_by, why });
                    continue;
                }
                Err(Refusal::Fatal(error)) => return Err(error),
            };
            if !done.insert(installed.id.clone()) {
                continue;
            }
            if done.len() > MAX_PACKAGES {
                let message = format!("it brings more than {MAX_PACKAGES} packages with it");
                return Err(Error::Unusable { package: reference.to_string(), message });
            }
            self.lock.pin(&installed.id, &installed.sha256);
            listen(Event::Installed(&installed));
            for (name, range) in self.cache.manifest(&installed.id)?.dependencies {
                match Reference::new(&name, &range) {
                    Ok(dependency) => queue.push_back((dependency, Some(installed.id.clone()))),
                    Err(message) => {
                        listen(Event::Note(format!(
                            "a dependency of {} was passed over: {message}",
                            installed.id
                        )));
                    }
                }
            }
            outcome.installed.push(installed);
        }
        Ok(outcome)
    }

    fn one(&self, reference: &Reference, listen: &mut dyn FnMut(Event<'_>)) -> Result<Installed, Refusal> {
        let exact = self.choose(reference, listen)?;
        if let Some(id) = &exact
            && let Some(folder) = self.cache.folder(id)
        {
            let digest = self.cache.digest(id)?;
            self.check(id, &digest.sha256, &folder.display().to_string())?;
            return Ok(Installed {
                id: id.clone(),
                sha256: digest.sha256,
                bytes: digest.bytes,
                fetched: None,
            });
        }
        let Some(registries) = self.registries else {
            return Err(Refusal::Missing(
                "it is not in the package cache, and the network is not touched".into(),
            ));
        };
        let wanted = exact.as_ref().map_or_else(|| reference.clone(), Reference::from);
        listen(Event::Fetching(&wanted));
        let download = registries
            .download(&wanted, &mut |bytes, of| listen(Event::Received(bytes, of)))
            .map_err(|answers| Refusal::Missing(answers.to_string()))?;
        let id = download.id;
        let unpacked = self.cache.unpack(&id, &download.bytes)?;
        let mut digest = unpacked.digest.clone();
        self.check(&id, &digest.sha256, &download.address)?;
        if !unpacked.keep()? {
            digest = self.cache.digest(&id)?;
            self.check(&id, &digest.sha256, &self.cache.root().display().to_string())?;
        }
        let fetched = Some(download.address);
        Ok(Installed { id, sha256: digest.sha256, bytes: digest.bytes, fetched })
    }

    /// The version that is meant: the pinned one; else for a range what the registries have now, and for
    /// an exact version that one. `None` if only a registry can tell.
    fn choose(
        &self,
        reference: &Reference,
        listen: &mut dyn FnMut(Event<'_>),
    ) -> Result<Option<PackageId>, Refusal> {
        let id = |version: &str| PackageId::new(&reference.name, version).map_err(Refusal::Missing);
        if !self.update
            && let Some(version) = self.lock.version(&reference.name, &reference.range)
        {
            return id(version).map(Some);
        }
        let at_hand = self.cache.versions(&reference.name)?;
        let cached = reference.range.best(at_hand.iter().map(String::as_str));
        match (&reference.range, self.registries, cached) {
            (Range::Build(_), _, None) => Err(Refusal::Missing(
                "it was never published, so no registry has it; build the guide and put it into the package cache"
                    .to_owned(),
            )),
            (Range::Exact(_) | Range::Build(_), _, Some(version)) | (_, None, Some(version)) => {
                id(version).map(Some)
            }
            (Range::Exact(_), _, None) | (_, None, None) => Ok(None),
            (Range::Wildcard(_) | Range::Latest, Some(registries), cached) => {
                match (registries.resolve(reference), cached) {
                    (Ok(id), _) => Ok(Some(id)),
                    (Err(answers), Some(version)) => {
                        listen(Event::Note(format!(
                            "{reference}: taken from the package cache, as no registry could tell of a newer one: {}",
                            answers.to_string().replace('\n', "; ")
                        )));
                        id(version).map(Some)
                    }
                    (Err(answers), None) => Err(Refusal::Missing(answers.to_string())),
                }
            }
        }
    }

    fn check(&self, id: &PackageId, digest: &str, place: &str) -> Result<(), Error> {
        if self.update { Ok(()) } else { self.lock.check(id, digest, place) }
    }
}

/// Why a package is not installed: it cannot be had, or nothing should go on.
enum Refusal {
    Missing(String),
    Fatal(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::Unusable { .. } => Self::Missing(error.to_string()),
            other => Self::Fatal(other),
        }
    }
}
