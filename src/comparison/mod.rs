//! Two versions of a standard or of a package: their profiles matched and compared, and their requirements.
//!
//! A pure function of what the two versions define; nothing here reads a file or formats for a reader.

mod compare;
mod document;
mod matching;
mod requirement;
#[cfg(test)]
mod tests;

pub use compare::{ComparisonError, Selection, Version, compare};
pub use document::{ComparedProfile, Comparison, MatchedBy, ProfileStanding, Source, Tally};
pub use requirement::{RequirementChange, RequirementDifference, RequirementStanding};
