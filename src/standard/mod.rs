//! Versioned standards as data: requirements, scenarios and the data that a supplier must hold.

mod document;
mod requirement;

pub use document::{Document, FileError};
pub use requirement::{Clause, Condition, Level, Maturity, Method, Requirement, Role};
