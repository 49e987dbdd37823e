//! Profiles: StructureDefinition → snapshot → compiled [`Schema`]; one file a rule.

mod child_index;
mod definition;
pub mod difference;
mod discriminator;
mod errata;
mod issue;
mod listing;
mod model;
mod published;
pub mod rules;
mod schema;
mod schema_set;
mod snapshot;
mod text;

pub use crate::code::Code;
pub use definition::Fragment;
pub use discriminator::{Answer, Discriminator, Expected, Lookup, Step};
pub use issue::{Issue, Severity};
pub use listing::{SnapshotElement, published_elements};
pub use schema::{ElementSchema, Schema, Slice, SliceRules, Slicing, TypeLink};
pub use schema_set::{SchemaError, SchemaSet};
pub use text::{describe, shorten};
