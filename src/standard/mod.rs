//! Versioned standards as data: requirements, scenarios and the data that a supplier must hold.

mod document;

pub use document::{Document, FileError};
