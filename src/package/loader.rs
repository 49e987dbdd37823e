//! From the packages that somebody asks for to the set that is judged by: with their dependencies, in the
//! order of precedence (docs/decisions/0014-package-dependencies.md).

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use super::{Cache, Error, Lock, Package, PackageSet, Reference};
use crate::fhir::Release;

/// How many packages one set may have.
const MAX_PACKAGES: usize = 200;

/// Collects packages for one release of FHIR.
#[derive(Debug)]
pub struct Loader<'l> {
    release: Release,
    cache: Option<&'l Cache>,
    lock: Option<&'l Lock>,
    packages: Vec<Arc<Package>>,
    missing: HashSet<Reference>,
    notes: Vec<String>,
}

/// The packages, in the order of precedence.
#[derive(Debug)]
pub struct Loaded {
    /// All, the base definitions last.
    pub set: PackageSet,
    /// Those that were asked for; they come first in the set.
    pub own: Vec<Arc<Package>>,
    /// What was passed over, and why; for the user.
    pub notes: Vec<String>,
}

impl<'l> Loader<'l> {
    /// Loads for a release, dependencies and named packages from a cache. What a lock file pins is taken
    /// in the version and with the content that it says.
    #[must_use]
    pub fn new(release: Release, cache: Option<&'l Cache>, lock: Option<&'l Lock>) -> Self {
        Self { release, cache, lock, packages: Vec::new(), missing: HashSet::new(), notes: Vec::new() }
    }

    /// What was added so far, in the order of precedence.
    #[must_use]
    pub fn packages(&self) -> &[Arc<Package>] {
        &self.packages
    }

    /// Adds a package that was read from elsewhere.
    ///
    /// # Errors
    /// It is for another release of FHIR.
    pub fn add(&mut self, package: impl Into<Arc<Package>>) -> Result<(), Error> {
        let package = package.into();
        if !package.manifest.is_for(self.release) {
            return Err(self.other_release(&package));
        }
        self.packages.push(package);
        Ok(())
    }

    /// Adds a package of the cache.
    ///
    /// # Errors
    /// It is not there, is for another release, cannot be used, or is not what the lock file says.
    pub fn add_named(&mut self, reference: &Reference) -> Result<(), Error> {
        match reference.base_definitions() {
            // They are in every set.
            Some(release) if release == self.release => return Ok(()),
            Some(release) => {
                return Err(Error::OtherRelease {
                    package: reference.to_string(),
                    stated: release.to_string(),
                    release: self.release,
                });
            }
            None => {}
        }
        if self.satisfied(reference) {
            return Ok(());
        }
        let package = self.load(reference)?;
        self.add(package)
    }

    /// All that was added, then what these depend on, the nearer first, then the base definitions.
    ///
    /// # Errors
    /// A dependency cannot be used or is not what the lock file says. One that is not there is a note.
    pub fn finish(mut self) -> Result<Loaded, Error> {
        let own = self.packages.clone();
        let mut queue: VecDeque<Arc<Package>> = own.iter().cloned().collect();
        while let Some(package) = queue.pop_front() {
            for (name, range) in &package.manifest.dependencies {
                let found = match Reference::new(name, range) {
                    Ok(reference) => self.dependency(&package, &reference)?,
                    Err(message) => {
                        self.note(
                            &package,
                            &format!("{}#{}", name.escape_debug(), range.escape_debug()),
                            &message,
                        );
                        None
                    }
                };
                if self.packages.len() >= MAX_PACKAGES {
                    let message = format!("it brings more than {MAX_PACKAGES} packages with it");
                    return Err(Error::Unusable { package: own_label(&own), message });
                }
                queue.extend(found);
            }
        }
        let mut packages = self.packages;
        packages.push(Arc::new(Package::core(self.release)?));
        Ok(Loaded { set: PackageSet::new(self.release, packages), own, notes: self.notes })
    }

    /// Loads what a package needs, unless it is there already or cannot be had.
    fn dependency(&mut self, of: &Package, reference: &Reference) -> Result<Option<Arc<Package>>, Error> {
        if reference.base_definitions() == Some(self.release) || self.satisfied(reference) {
            return Ok(None);
        }
        if reference.is_core() {
            self.note(of, &reference.to_string(), "it holds the base definitions of another FHIR release");
            return Ok(None);
        }
        let package = match self.load(reference) {
            Ok(package) => package,
            Err(error @ Error::Missing { .. }) => {
                if self.missing.insert(reference.clone()) {
                    let hint = error.hint().unwrap_or_default();
                    self.notes.push(format!("{error}; {} needs it; {hint}", of.label()));
                }
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        if !package.manifest.is_for(self.release) {
            let stated = package.manifest.stated();
            self.note(
                of,
                &package.label(),
                &format!("it is for FHIR {stated}, and not for {}", self.release),
            );
            return Ok(None);
        }
        let package = Arc::new(package);
        self.packages.push(Arc::clone(&package));
        Ok(Some(package))
    }

    /// Whether a package that is loaded already will do.
    fn satisfied(&self, reference: &Reference) -> bool {
        let same = |package: &&Arc<Package>| package.name.eq_ignore_ascii_case(&reference.name);
        let versions = self.packages.iter().filter(same).map(|package| package.version.as_str());
        reference.range.best(versions).is_some()
    }

    fn load(&mut self, reference: &Reference) -> Result<Package, Error> {
        let missing = || Error::Missing { reference: reference.clone(), versions: Vec::new() };
        let cache = self.cache.ok_or_else(missing)?;
        let id = cache.choose(reference, self.lock)?;
        if let Some(lock) = self.lock {
            if lock.pins(&id) {
                let place = cache.folder(&id).unwrap_or_default();
                lock.check(&id, &cache.digest(&id)?.sha256, &place.display().to_string())?;
            } else {
                self.notes.push(format!("{id} is not in {}", lock.file().display()));
            }
        }
        cache.load(&id)
    }

    fn other_release(&self, package: &Package) -> Error {
        Error::OtherRelease {
            package: package.label(),
            stated: package.manifest.stated(),
            release: self.release,
        }
    }

    fn note(&mut self, of: &Package, what: &str, why: &str) {
        self.notes.push(format!("{what}, which {} needs, was passed over: {why}", of.label()));
    }
}

fn own_label(own: &[Arc<Package>]) -> String {
    own.iter().map(|package| package.label()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::PackageId;

    const URL: &str = "http://example.org/ValueSet/v";

    /// A cache of packages, each with its dependencies and one value set in its version.
    fn cache(packages: &[(&str, &str)]) -> (tempfile::TempDir, Cache) {
        let folder = tempfile::tempdir().unwrap();
        for (id, dependencies) in packages {
            let (name, version) = id.split_once('#').unwrap();
            let package = folder.path().join(id).join("package");
            std::fs::create_dir_all(&package).unwrap();
            let manifest =
                format!(r#"{{"name":"{name}","version":"{version}","dependencies":{{{dependencies}}}}}"#);
            std::fs::write(package.join("package.json"), manifest).unwrap();
            let set = format!(r#"{{"resourceType":"ValueSet","url":"{URL}","version":"{version}"}}"#);
            std::fs::write(package.join("set.json"), set).unwrap();
        }
        let cache = Cache::at(folder.path().to_owned());
        (folder, cache)
    }

    fn load(cache: &Cache, lock: Option<&Lock>, name: &str) -> Loaded {
        let mut loader = Loader::new(Release::Stu3, Some(cache), lock);
        loader.add_named(&name.parse().unwrap()).unwrap();
        loader.finish().unwrap()
    }

    fn labels(loaded: &Loaded) -> Vec<String> {
        loaded.set.packages().iter().map(|package| package.label()).collect()
    }

    #[test]
    fn the_nearer_of_two_versions_wins_and_both_are_kept() {
        let (_folder, cache) = cache(&[
            ("a.root#0.1.0", r#""b.far":"1.0.0","c.set":"1.0.0""#),
            ("b.far#1.0.0", r#""c.set":"2.0.0","a.root":"0.1.0""#),
            ("c.set#1.0.0", ""),
            ("c.set#2.0.0", ""),
        ]);
        let loaded = load(&cache, None, "a.root");
        let core = Release::Stu3.core_package();
        assert_eq!(labels(&loaded), ["a.root#0.1.0", "b.far#1.0.0", "c.set#1.0.0", "c.set#2.0.0", core]);
        let found = |canonical: &str| loaded.set.find("ValueSet", canonical).unwrap().file.clone();
        assert_eq!(found(URL), "a.root#0.1.0/set.json");
        assert_eq!(found(&format!("{URL}|2.0.0")), "c.set#2.0.0/set.json");
        assert_eq!(loaded.own.len(), 1);
        assert_eq!(loaded.notes, [""; 0]);
    }

    #[test]
    fn a_lock_decides_what_a_range_means() {
        let (folder, cache) = cache(&[("c.set#1.0.0", ""), ("c.set#1.0.5", "")]);
        assert_eq!(labels(&load(&cache, None, "c.set#1.0.x"))[0], "c.set#1.0.5");
        let mut lock = Lock::new(folder.path().join("proofmark.lock"));
        let id = PackageId::new("c.set", "1.0.0").unwrap();
        lock.pin(&id, &cache.digest(&id).unwrap().sha256);
        assert_eq!(labels(&load(&cache, Some(&lock), "c.set#1.0.x"))[0], "c.set#1.0.0");
    }

    #[test]
    fn what_is_not_there_is_noted_once() {
        let needs = r#""hl7.fhir.r3.core":"3.0.x","d.absent":"1.0.0","hl7.fhir.r5.core":"5.0.0","@scope/x":"1","e.odd":"^1.0.0""#;
        let (_folder, cache) =
            cache(&[("a.root#1.0.0", r#""b.near":"1.0.0","d.absent":"1.0.0""#), ("b.near#1.0.0", needs)]);
        let notes = load(&cache, None, "a.root").notes;
        assert_eq!(notes.len(), 4, "{notes:#?}");
        assert!(notes[0].contains("d.absent#1.0.0 is not in the package cache; a.root#1.0.0 needs it"));
        assert!(notes[1].contains("another FHIR release"), "{notes:#?}");
    }
}
