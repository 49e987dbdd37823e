//! Two versions of a profile: what differs, element by element, and in which direction.
//!
//! A pure function of the definitions: no instance is looked at, and nothing is formatted for a reader
//! beyond one plain sentence a change.

mod binding;
mod cardinality;
mod change;
mod constraint;
mod flag;
mod profile;
#[cfg(test)]
mod properties;
mod slicing;
#[cfg(test)]
mod tests;
mod types;
mod value;
mod walk;

pub use change::{Answer, Aspect, Change, Direction, ElementDifference, Gap, Presence, may_fail};
pub use profile::{ProfileDifference, ProfileIdentity};
