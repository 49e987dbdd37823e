//! package.json: what a package says of itself.

use serde::Deserialize;
use serde_json::Value;

use super::Reference;
use crate::fhir::Release;

/// How many dependencies a package may state.
const MAX_DEPENDENCIES: usize = 200;

/// What a package says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Its name, as written.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// What kind of package it is: `fhir.ig`, `fhir.core`, `IG` …
    pub kind: Option<String>,
    /// The FHIR versions that it is for.
    pub fhir_versions: Vec<String>,
    /// The packages that it needs, name and version as written, in the order of the file.
    pub dependencies: Vec<(String, String)>,
}

#[derive(Deserialize)]
#[serde(expecting = "a JSON object")]
struct File {
    name: Option<Value>,
    version: Option<Value>,
    title: Option<Value>,
    #[serde(rename = "type")]
    kind: Option<Value>,
    // Both keys are in use, often in one file.
    #[serde(rename = "fhirVersions")]
    fhir_versions: Option<Value>,
    #[serde(rename = "fhir-version-list")]
    fhir_version_list: Option<Value>,
    dependencies: Option<Value>,
}

impl Manifest {
    /// Reads the file. Only what is no JSON object at all is an error; a value of another type than
    /// expected counts as absent.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let file: File = serde_json::from_slice(bytes)?;
        let text = |value: Option<Value>| match value {
            Some(Value::String(text)) => Some(text.trim().to_owned()),
            _ => None,
        };
        let texts = |value: Option<Value>| match value {
            Some(Value::Array(items)) => items.into_iter().filter_map(|item| text(Some(item))).collect(),
            _ => Vec::new(),
        };
        let mut fhir_versions: Vec<String> = texts(file.fhir_versions);
        if fhir_versions.is_empty() {
            fhir_versions = texts(file.fhir_version_list);
        }
        let dependencies = match file.dependencies {
            Some(Value::Object(entries)) => entries
                .into_iter()
                .take(MAX_DEPENDENCIES)
                .map(|(name, range)| (name, text(Some(range)).unwrap_or_default()))
                .collect(),
            _ => Vec::new(),
        };
        Ok(Self {
            name: text(file.name),
            version: text(file.version),
            title: text(file.title),
            kind: text(file.kind),
            fhir_versions,
            dependencies,
        })
    }

    /// The FHIR versions that it is for, for messages.
    #[must_use]
    pub fn stated(&self) -> String {
        if !self.fhir_versions.is_empty() {
            return self.fhir_versions.join(", ");
        }
        let bases: Vec<String> = self.bases().map(|base| base.to_string()).collect();
        if bases.is_empty() { "of no stated version".to_owned() } else { format!("of {}", bases.join(", ")) }
    }

    /// The first release of FHIR that Proofmark knows and the package is for, if it says.
    #[must_use]
    pub fn release(&self) -> Option<Release> {
        let stated = self.fhir_versions.iter().find_map(|version| Release::of_version(version));
        stated.or_else(|| self.bases().find_map(|base| base.base_definitions()))
    }

    /// The base definitions that it depends on.
    fn bases(&self) -> impl Iterator<Item = Reference> {
        let references =
            self.dependencies.iter().filter_map(|(name, range)| Reference::new(name, range).ok());
        references.filter(Reference::is_core)
    }

    /// Whether the package is meant for a release of FHIR. Of one that does not say, its base definitions
    /// tell; of one that has neither, nothing is known, and it is taken.
    #[must_use]
    pub fn is_for(&self, release: Release) -> bool {
        if self.fhir_versions.is_empty() {
            let mut bases = self.bases().peekable();
            return bases.peek().is_none() || bases.any(|base| base.base_definitions() == Some(release));
        }
        self.fhir_versions.iter().any(|version| Release::of_version(version) == Some(release))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_keys_for_fhir_versions_may_stand_in_one_file() {
        let manifest = Manifest::parse(
            br#"{"name":"a.b","version":"1.0.0","fhir-version-list":["3.0.2"],"fhirVersions":["3.0.1"],
                "dependencies":{"z.z":"1.0.x","a.a":"2"},"keywords":7}"#,
        )
        .unwrap();
        assert_eq!(manifest.fhir_versions, ["3.0.1"]);
        assert_eq!(manifest.dependencies[0], ("z.z".to_owned(), "1.0.x".to_owned()));
        assert!(manifest.is_for(Release::Stu3) && !manifest.is_for(Release::R4));
    }

    #[test]
    fn a_package_for_several_releases_is_for_each() {
        let manifest = Manifest::parse(br#"{"fhirVersions":["3.0.2","4.0.1","5.0.0"]}"#).unwrap();
        assert!(manifest.is_for(Release::Stu3) && manifest.is_for(Release::R4));
    }

    #[test]
    fn base_definitions_tell_the_release_of_a_package_that_does_not() {
        let manifest = Manifest::parse(br#"{"dependencies":{"hl7.fhir.r4.core":"4.0.1"}}"#).unwrap();
        assert!(manifest.is_for(Release::R4) && !manifest.is_for(Release::Stu3));
        assert_eq!(manifest.stated(), "of hl7.fhir.r4.core#4.0.1");
        assert!(Manifest::default().is_for(Release::Stu3));
    }
}
