//! The suite's proof of worth: it is run against the reference supplier as it is, with each fault and in each
//! conformant variation. What catches which fault is the kill matrix.

mod document;
mod identity;
mod matrix;
mod observed;
mod play;

pub use document::{
    CheckRow, FaultResult, SCHEMA_VERSION, SelfCheck, StandardChecked, Turned, VariationResult, WrongCheck,
};
pub use play::{BEARER_TOKEN, Chosen, Step, Suite};
