//! Packages by name: `NAME#VERSION`.

use super::Range;
use super::range::check_characters;
use crate::fhir::Release;

/// A package in one version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageId {
    /// Its name, in lower case: letter case does not tell packages apart.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl PackageId {
    /// The package of that name and version, if both are such as packages have. Either may become a part
    /// of a path.
    ///
    /// # Errors
    /// What is wrong with the name or the version.
    pub fn new(name: &str, version: &str) -> Result<Self, String> {
        check_name(name)?;
        check_characters(version)?;
        Ok(Self { name: name.to_ascii_lowercase(), version: version.to_owned() })
    }
}

impl std::fmt::Display for PackageId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}#{}", self.name, self.version)
    }
}

/// A package that somebody asks for: `NAME`, `NAME#4.0.1`, `NAME#4.0.x`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    /// Its name, in lower case.
    pub name: String,
    /// Which versions will do.
    pub range: Range,
}

impl Reference {
    /// A name with what was written for its version.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(name: &str, range: &str) -> Result<Self, String> {
        check_name(name)?;
        Ok(Self { name: name.to_ascii_lowercase(), range: Range::parse(range)? })
    }

    /// The release of FHIR whose base definitions are meant, if it is one that Proofmark brings them for:
    /// their package in any patch version, and the one name that releases shared before 2019.
    #[must_use]
    pub fn base_definitions(&self) -> Option<Release> {
        [Release::Stu3, Release::R4].into_iter().find(|release| {
            let (core, version) = release.core_package().split_once('#').unwrap_or_default();
            match &self.range {
                Range::Exact(text) => {
                    (self.name == core || self.name == LEGACY_CORE)
                        && Release::of_version(text) == Some(*release)
                }
                Range::Wildcard(_) => {
                    (self.name == core || self.name == LEGACY_CORE) && self.range.best([version]).is_some()
                }
                Range::Latest => self.name == core,
                Range::Build(_) => false,
            }
        })
    }

    /// Whether it is base definitions of some release, whichever.
    #[must_use]
    pub fn is_core(&self) -> bool {
        let release = self.name.strip_prefix("hl7.fhir.r").and_then(|rest| rest.strip_suffix(".core"));
        self.name == LEGACY_CORE
            || release.is_some_and(|release| release.starts_with(|letter: char| letter.is_ascii_digit()))
    }
}

impl std::str::FromStr for Reference {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // npm writes `name@version`.
        let (name, range) = text.split_once(['#', '@']).unwrap_or((text, ""));
        if text.ends_with(['#', '@']) {
            return Err(format!("`{text}` has no version after the `#`"));
        }
        Self::new(name, range)
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.range {
            Range::Latest => formatter.write_str(&self.name),
            _ => write!(formatter, "{}#{}", self.name, self.range),
        }
    }
}

impl From<&PackageId> for Reference {
    fn from(id: &PackageId) -> Self {
        Self { name: id.name.clone(), range: Range::parse(&id.version).unwrap_or(Range::Latest) }
    }
}

/// The base definitions of every release, before each had a package of its own name.
const LEGACY_CORE: &str = "hl7.fhir.core";

/// Names that no file has on Windows, whatever follows the first dot.
const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];

/// A package name has two or more parts with dots between them, each of letters, digits and dashes
/// (FHIR NPM packages, "Package name").
fn check_name(name: &str) -> Result<(), String> {
    let is_part = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphanumeric())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    let parts: Vec<&str> = name.split('.').collect();
    if parts.len() < 2 || name.len() > 200 || !parts.iter().all(|part| is_part(part)) {
        return Err(format!(
            "`{}` is not the name of a FHIR package; expected for instance hl7.fhir.uv.ips",
            name.escape_debug()
        ));
    }
    if is_reserved(parts[0]) {
        return Err(format!("`{name}` begins with a name that Windows keeps for devices"));
    }
    Ok(())
}

/// Whether Windows takes a file of that name, extension aside, for a device.
pub(super) fn is_reserved(stem: &str) -> bool {
    let stem = stem.to_ascii_lowercase();
    let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    RESERVED.contains(&stem.as_str())
        || numbered.is_some_and(|number| number.len() == 1 && number.as_bytes()[0].is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(text: &str) -> Reference {
        text.parse().unwrap()
    }

    #[test]
    fn names_are_read_with_and_without_a_version() {
        assert_eq!(reference("HL7.FHIR.UV.IPS#2.0.0").to_string(), "hl7.fhir.uv.ips#2.0.0");
        assert_eq!(reference("hl7.fhir.uv.ips").range, Range::Latest);
        assert_eq!(reference("hl7.fhir.uv.ips@2.0.x").to_string(), "hl7.fhir.uv.ips#2.0.x");
    }

    #[test]
    fn what_would_leave_the_cache_is_no_name() {
        for text in [
            "../x",
            "a/b.c#1",
            "@scope/name",
            "a..b",
            ".a.b",
            "con.a#1",
            "fhir",
            "a.b#../1",
            "a.b#",
            "a.b\\c#1",
            "",
        ] {
            assert!(text.parse::<Reference>().is_err(), "{text}");
        }
    }

    #[test]
    fn base_definitions_go_by_several_names() {
        for text in
            ["hl7.fhir.r3.core#3.0.1", "hl7.fhir.r3.core#3.0.x", "hl7.fhir.core#3.0.2", "hl7.fhir.r3.core"]
        {
            assert_eq!(reference(text).base_definitions(), Some(Release::Stu3), "{text}");
        }
        assert_eq!(reference("hl7.fhir.r4.core#4.0.1").base_definitions(), Some(Release::R4));
        assert_eq!(reference("hl7.fhir.core#4.0.x").base_definitions(), Some(Release::R4));
        for text in ["hl7.fhir.r5.core#5.0.0", "hl7.fhir.r4.core#current", "hl7.fhir.r4b.core#4.3.0"] {
            assert_eq!(reference(text).base_definitions(), None, "{text}");
            assert!(reference(text).is_core());
        }
        assert!(!reference("hl7.fhir.uv.ips").is_core());
    }
}
