//! What can be wrong with a package.

use crate::fhir::Position;

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
    /// It is not what it should be.
    #[error("{package}: {message}")]
    Unusable {
        /// The package as the user named it.
        package: String,
        /// What was found and what was expected.
        message: String,
    },
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
