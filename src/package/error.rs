//! What can be wrong with a package.

use super::{PackageId, Reference};
use crate::fhir::{ParseError, Position, Release};

/// A package that cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read.
    #[error("{package}: cannot be read: {source}")]
    Read {
        /// The package as the user named it.
        package: String,
        /// Why.
        source: std::io::Error,
    },
    /// It cannot be written.
    #[error("{place}: cannot be written: {source}")]
    Write {
        /// The file or folder.
        place: String,
        /// Why.
        source: std::io::Error,
    },
    /// It is not what it should be.
    #[error("{package}: {message}")]
    Unusable {
        /// The package as the user named it.
        package: String,
        /// What was found and what was expected.
        message: String,
    },
    /// It is a single file, which is of no use.
    #[error(transparent)]
    File(#[from] Problem),
    /// What was given for its name is none.
    #[error("{0}")]
    Name(String),
    /// It is meant for another release of FHIR.
    #[error("{package} is for FHIR {stated}, and not for {release}")]
    OtherRelease {
        /// The package.
        package: String,
        /// The FHIR versions that it says it is for.
        stated: String,
        /// The release that was asked for.
        release: Release,
    },
    /// It is not at hand.
    #[error("the package {reference} is not in the package cache{}", at_hand(.versions))]
    Missing {
        /// What was asked for.
        reference: Reference,
        /// The versions of it that the cache has.
        versions: Vec<String>,
    },
    /// Its content is not what the lock file says.
    #[error(transparent)]
    Changed(#[from] Box<Change>),
}

/// A package whose content is not what the lock file says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{package} is not the package that {lock} pins:\n  pinned sha256  {pinned}\n  found sha256   {found}\n  \
     found in       {place}"
)]
pub struct Change {
    /// The package.
    pub package: PackageId,
    /// The lock file.
    pub lock: String,
    /// The digest that the lock file has.
    pub pinned: String,
    /// The digest of what was found.
    pub found: String,
    /// Where it was found: a folder or an address.
    pub place: String,
}

impl Error {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Missing { reference, .. } => Some(format!("run `proofmark package install {reference}`")),
            Self::OtherRelease { release, .. } => {
                Some(format!("give a package that states a FHIR version of {release}"))
            }
            Self::Changed(change) => Some(format!(
                "find out why it changed; to fetch it again, delete {} and run `proofmark package install {}`; to \
                 accept what is there now, run `proofmark package install --update {}`",
                change.place, change.package, change.package
            )),
            _ => None,
        }
    }
}

fn at_hand(versions: &[String]) -> String {
    match versions {
        [] => String::new(),
        versions => format!(" (of it, the cache has {})", versions.join(", ")),
    }
}

/// One file of a package that cannot be used; the rest of the package can.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {message}", position.map(|position| format!(":{position}")).unwrap_or_default())]
pub struct Problem {
    /// The file, with its package.
    pub file: String,
    /// Where in it.
    pub position: Option<Position>,
    /// What is wrong.
    pub message: String,
}

impl Problem {
    pub(super) fn malformed(file: String, error: &ParseError) -> Self {
        let message = format!("not well-formed {}: {}", error.format, error.message);
        Self { file, position: Some(error.position), message }
    }
}
