//! Versioned standards as data: requirements, scenarios and the data that a supplier must hold.

mod catalogue;
mod condition;
mod document;
mod loaded;
mod manifest;
mod requirement;
mod scenario;
mod scenario_check;
pub mod variables;

pub use catalogue::{Catalogue, Entry};
pub use condition::Claim;
pub use document::{Document, FileError};
pub use loaded::Standard;
pub use manifest::{DataNeed, Lifecycle, Manifest};
pub use requirement::{Clause, Condition, Level, Maturity, Method, Requirement, Role};
pub use scenario::{
    Bounds, BundleExpectation, Count, EntryExpectation, Expectation, ExplainedPath, HeaderExpectation,
    Matrix, OneOrMany, OutcomeExpectation, PathExpectation, RawRequest, Scenario, SearchMatch, StatusPattern,
    Step,
};
