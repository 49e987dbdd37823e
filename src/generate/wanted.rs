//! What is wanted of a server, wherever it was read from.

use crate::standard::{Clause, Level, Lifecycle, Maturity};

/// What is wanted of a server.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Where in its life the source is.
    pub(super) lifecycle: Lifecycle,
    /// Who published it.
    pub(super) publisher: Option<String>,
    /// Its title.
    pub(super) title: Option<String>,
    /// Formats.
    pub(super) formats: Vec<Part<String>>,
    /// Interactions of the whole system.
    pub(super) interactions: Vec<Part<String>>,
    /// Operations of the whole system, by name.
    pub(super) operations: Vec<Part<String>>,
    /// Resource types.
    pub(super) resources: Vec<Part<Resource>>,
    /// What it says that no scenario is made of.
    pub(super) not_covered: Vec<String>,
}

/// One thing that is wanted.
#[derive(Debug)]
pub(super) struct Part<T> {
    /// What.
    pub(super) what: T,
    /// How much; `None` where the source does not say.
    pub(super) expectation: Option<Level>,
    /// Where the source says so.
    pub(super) clause: Clause,
}

/// What is wanted of a resource type.
#[derive(Debug, Default)]
pub(super) struct Resource {
    /// The type.
    pub(super) kind: String,
    /// Its interactions.
    pub(super) interactions: Vec<Part<String>>,
    /// Its search parameters.
    pub(super) parameters: Vec<Part<Parameter>>,
    /// Parameters that are sent together.
    pub(super) combinations: Vec<Part<Vec<String>>>,
    /// What a search may include, as written.
    pub(super) includes: Vec<Part<String>>,
    /// What may be included because it refers to a match, as written.
    pub(super) reverse_includes: Vec<Part<String>>,
    /// Profiles.
    pub(super) profiles: Vec<Part<Profile>>,
    /// Its operations, by name.
    pub(super) operations: Vec<Part<String>>,
}

/// A search parameter.
#[derive(Debug)]
pub(super) struct Parameter {
    /// The name that is sent.
    pub(super) name: String,
    /// The canonical URL of its definition.
    pub(super) definition: Option<String>,
    /// How finished its definition is, where it is one of the package's own.
    pub(super) maturity: Option<Maturity>,
}

/// A profile.
#[derive(Debug)]
pub(super) struct Profile {
    /// Its canonical URL, perhaps with a version.
    pub(super) url: String,
    /// Every record of the type has it, not only those that claim it.
    pub(super) of_all: bool,
    /// The server is to name it as one that it supports.
    pub(super) is_to_be_claimed: bool,
}
