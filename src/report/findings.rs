//! What validation found, for reading and for programs: one file a format.

mod issue_type;
mod operation_outcome;

pub use operation_outcome::render as operation_outcome;
