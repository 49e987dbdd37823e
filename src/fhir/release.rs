//! FHIR releases that Proofmark judges.

use serde::{Deserialize, Serialize};

/// A release of FHIR. Only data differs between them; no code is written per release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Release {
    /// STU3, 3.0.x.
    #[serde(rename = "3.0")]
    Stu3,
    /// R4, 4.0.x.
    #[serde(rename = "4.0")]
    R4,
}

impl Release {
    /// The release that a `fhirVersion` such as `3.0.2`, `3.0` or `4.0.1` belongs to.
    #[must_use]
    pub fn of_version(version: &str) -> Option<Self> {
        match version.split('.').collect::<Vec<_>>()[..] {
            ["3", "0", ..] => Some(Self::Stu3),
            ["4", "0", ..] => Some(Self::R4),
            _ => None,
        }
    }

    /// The package of the base definitions, as `name#version`.
    #[must_use]
    pub fn core_package(self) -> &'static str {
        match self {
            Self::Stu3 => "hl7.fhir.r3.core#3.0.2",
            Self::R4 => "hl7.fhir.r4.core#4.0.1",
        }
    }
}

impl std::str::FromStr for Release {
    type Err = String;

    /// Reads `3.0` or `4.0`, with or without a patch version.
    fn from_str(text: &str) -> Result<Self, String> {
        Self::of_version(text).ok_or_else(|| "expected 3.0 (STU3) or 4.0 (R4)".to_owned())
    }
}

impl std::fmt::Display for Release {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Stu3 => "STU3",
            Self::R4 => "R4",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_one_release_are_one() {
        for version in ["3.0", "3.0.0", "3.0.1", "3.0.2"] {
            assert_eq!(Release::of_version(version), Some(Release::Stu3));
        }
        assert_eq!(Release::of_version("4.0.1"), Some(Release::R4));
        assert_eq!(Release::of_version("1.0.2"), None);
    }
}
