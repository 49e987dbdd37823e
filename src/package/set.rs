//! The packages of a run together: a definition by its canonical URL.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Definition, Package, Problem, Version};
use crate::fhir::{Canonical, Release};

/// Several packages, searched in order. An earlier package wins over a later one, so profile packages
/// come before the base definitions: Care Connect publishes five of HL7's own extensions again, with
/// constraints of its own (docs/decisions/0004-package-precedence.md).
#[derive(Debug)]
pub struct PackageSet {
    release: Release,
    packages: Vec<Arc<Package>>,
    by_url: HashMap<String, Vec<(usize, usize)>>,
    by_search: HashMap<(String, String), (usize, usize)>,
}

impl PackageSet {
    /// The packages in order of precedence; the base definitions of the release come last.
    #[must_use]
    pub fn new(release: Release, packages: Vec<Arc<Package>>) -> Self {
        let mut set = Self { release, packages, by_url: HashMap::new(), by_search: HashMap::new() };
        for (package_index, package) in set.packages.iter().enumerate() {
            for (index, definition) in package.definitions.iter().enumerate() {
                let place = (package_index, index);
                set.by_url.entry(definition.url.clone()).or_default().push(place);
                if let Some((code, bases)) = &definition.search {
                    for base in bases {
                        set.by_search.entry((base.clone(), code.clone())).or_insert(place);
                    }
                }
            }
        }
        set
    }

    /// The release whose base definitions are in the set.
    #[must_use]
    pub fn release(&self) -> Release {
        self.release
    }

    /// The packages, in order of precedence.
    #[must_use]
    pub fn packages(&self) -> &[Arc<Package>] {
        &self.packages
    }

    /// The files of all packages that could not be used.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.packages.iter().flat_map(|package| &package.problems)
    }

    /// The definition of a type and canonical reference. Where a version is asked for, that one, or the
    /// latest that begins with it; where none is, the one of the first package, and of several there, the highest.
    ///
    /// The patch versions of a FHIR release are one: `Patient|3.0.1` is the base definition of 3.0.2.
    #[must_use]
    pub fn find(&self, resource_type: &str, canonical: &str) -> Option<&Definition> {
        let canonical = Canonical::parse(canonical);
        let mut found = self
            .by_url
            .get(canonical.url)?
            .iter()
            .map(|(package, index)| (*package, &self.packages[*package].definitions[*index]))
            .filter(|(_, definition)| definition.resource_type == resource_type);
        if let Some(version) = canonical.version {
            let mut all = found.clone();
            return all
                .find(|(package, definition)| self.is_version(*package, definition, version))
                .map(|(_, definition)| definition)
                .or_else(|| latest_of(found.map(|(_, definition)| definition), version));
        }
        let (first, mut best) = found.next()?;
        for (_, other) in found.take_while(|(package, _)| *package == first) {
            let [one, another] = [best, other].map(|found| found.version.as_deref().unwrap_or_default());
            if Version(another) > Version(one) {
                best = other;
            }
        }
        Some(best)
    }

    /// The resource type that a canonical leads to, whatever version it asks for.
    #[must_use]
    pub fn type_of(&self, canonical: &str) -> Option<&str> {
        let (package, index) = self.by_url.get(Canonical::parse(canonical).url)?.first()?;
        Some(&self.packages[*package].definitions[*index].resource_type)
    }

    fn is_version(&self, package: usize, definition: &Definition, asked: &str) -> bool {
        let own = definition.version.as_deref();
        let is_base =
            self.packages[package].name == self.release.core_package().split('#').next().unwrap_or_default();
        let of_release = |version: &str| Release::of_version(version) == Some(self.release);
        own == Some(asked) || (is_base && of_release(asked) && own.is_none_or(of_release))
    }

    /// The search parameter of a resource type, by its code.
    #[must_use]
    pub fn search_parameter(&self, resource_type: &str, code: &str) -> Option<&Definition> {
        let find = |base: &str| self.by_search.get(&(base.to_owned(), code.to_owned()));
        let (package, index) =
            find(resource_type).or_else(|| find("DomainResource")).or_else(|| find("Resource"))?;
        Some(&self.packages[*package].definitions[*index])
    }

    /// All definitions of one resource type, those of earlier packages first.
    pub fn all<'s>(&'s self, resource_type: &'s str) -> impl Iterator<Item = &'s Definition> {
        self.packages
            .iter()
            .flat_map(|package| &package.definitions)
            .filter(move |definition| definition.resource_type == resource_type)
    }
}

/// The latest of the definitions whose version begins with the parts asked for: `1.2` means `1.2.7` where there is no
/// `1.2` (canonical references with a part of a version, <https://hl7.org/fhir/R5/references.html#canonical-matching>).
fn latest_of<'d>(found: impl Iterator<Item = &'d Definition>, asked: &str) -> Option<&'d Definition> {
    let is_meant = |definition: &&Definition| {
        let rest = definition.version.as_deref().and_then(|version| version.strip_prefix(asked));
        rest.is_some_and(|rest| rest.starts_with('.'))
    };
    found.filter(is_meant).max_by_key(|definition| Version(definition.version.as_deref().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Folder;

    fn set() -> PackageSet {
        let folder = Folder::profiles().folder("careconnect/1.3.0/package").unwrap();
        let careconnect = Package::from_folder("careconnect", &folder).unwrap();
        assert_eq!(careconnect.problems, []);
        let core = Package::core(Release::Stu3).unwrap();
        PackageSet::new(Release::Stu3, vec![Arc::new(careconnect), Arc::new(core)])
    }

    #[test]
    fn finds_by_url_type_and_version() {
        let set = set();
        let patient = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1";
        assert!(set.find("StructureDefinition", patient).is_some());
        assert!(set.find("StructureDefinition", &format!("{patient}|1.3.0")).is_some());
        assert!(set.find("StructureDefinition", &format!("{patient}|9.9.9")).is_none());
        assert!(set.find("ValueSet", patient).is_none());
        assert_eq!(set.type_of(&format!("{patient}|9.9.9")), Some("StructureDefinition"));
        let base =
            set.find("StructureDefinition", "http://hl7.org/fhir/StructureDefinition/Patient").unwrap();
        assert_eq!(base.tree().unwrap().root().text("name"), Some("Patient"));
    }

    #[test]
    fn patch_versions_of_a_release_are_one() {
        let set = set();
        let patient = "http://hl7.org/fhir/StructureDefinition/Patient";
        for version in ["3.0.0", "3.0.1", "3.0.2"] {
            assert!(set.find("StructureDefinition", &format!("{patient}|{version}")).is_some(), "{version}");
        }
        assert!(set.find("StructureDefinition", &format!("{patient}|4.0.1")).is_none());
        let profile = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1";
        assert!(set.find("StructureDefinition", &format!("{profile}|1.3.1")).is_none());
    }

    #[test]
    fn of_several_versions_in_one_package_the_highest_is_meant() {
        let folder = tempfile::tempdir().unwrap();
        for version in ["1.9.0", "1.10.0", "1.2.0"] {
            let text = format!(
                r#"{{"resourceType":"ValueSet","url":"http://example.org/v","version":"{version}"}}"#
            );
            std::fs::write(folder.path().join(format!("{version}.json")), text).unwrap();
        }
        let package = Package::from_path(folder.path()).unwrap();
        let set = PackageSet::new(Release::Stu3, vec![Arc::new(package)]);
        let version = |canonical: &str| set.find("ValueSet", canonical).unwrap().version.clone().unwrap();
        assert_eq!(version("http://example.org/v"), "1.10.0");
        assert_eq!(version("http://example.org/v|1.2.0"), "1.2.0");
        assert_eq!(
            version("http://example.org/v|1.10"),
            "1.10.0",
            "a part of a version means the latest of it"
        );
        assert_eq!(version("http://example.org/v|1"), "1.10.0");
    }

    #[test]
    fn a_profile_package_wins_over_the_base() {
        let set = set();
        let found =
            set.find("StructureDefinition", "http://hl7.org/fhir/StructureDefinition/birthPlace").unwrap();
        assert!(found.file.starts_with("careconnect/"), "{}", found.file);
    }

    #[test]
    fn search_parameters_are_found_by_base_and_code() {
        let set = set();
        assert!(set.search_parameter("Patient", "address-postalcode").is_some());
        assert!(set.search_parameter("Observation", "_id").is_some());
        assert!(set.search_parameter("Patient", "address-postcode").is_none());
    }
}
