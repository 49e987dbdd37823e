//! How the kinds of a sliced list are told apart.
//!
//! <https://hl7.org/fhir/STU3/profiling.html#discriminator>

mod compile;
mod path;
mod told;

pub use path::Step;
pub use told::{Answer, Lookup};

use serde::Serialize;

use super::rules::{Binding, Fixed, Pattern};

/// The name of the slice that takes what is of no other.
pub(super) const DEFAULT: &str = "@default";

/// One thing that all values of a slice have in common.
#[derive(Debug, Serialize)]
pub struct Discriminator {
    /// Where to look, from the value: steps, or none for the value itself.
    pub path: Vec<Step>,
    /// What is to be found there.
    pub expected: Expected,
}

/// What tells a slice.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Expected {
    /// Exactly this value.
    Fixed(Fixed),
    /// At least this.
    Pattern(Pattern),
    /// A code of this value set.
    Code(Binding),
    /// The URL of the extension that the slice is by its profile.
    Url(String),
    /// Parts, each with a value of its own.
    Parts(Vec<Discriminator>),
    /// That there is something, or nothing.
    Exists(bool),
    /// One of these types.
    Types(Vec<String>),
    /// That it conforms to one of these profiles.
    Profiles(Vec<String>),
    /// The profile does not say; why, in words.
    Nothing(String),
}
