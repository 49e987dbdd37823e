//! Scenarios as authored: requests in order, and what is expected of each answer.
//!
//! The language is documented in docs/scenarios.md; its JSON Schema and docs/scenario-reference.md are made
//! from these types.

mod authentication;
mod body;
mod bundle;
mod capture;
pub(super) mod check;
mod comparison;
mod content;
mod expectation;
mod expected;
mod matrix;
mod request;
mod spread;
mod step;
mod whole;

pub use authentication::{Authentication, MadeAuthentication, Presented};
pub use body::{Body, MadeBody, is_resource_text};
pub use bundle::{BundleExpectation, EntryExpectation, EntryMode, Resolves, SearchMatch};
pub use capture::{Capture, CaptureFrom};
pub use comparison::{Comparison, Operator, Subject};
pub use content::Content;
pub use expectation::Expectation;
pub use expected::{
    BindingTime, BodyExpectation, Bounds, CodingPattern, Count, ExplainedPath, HeaderExpectation,
    KnownDeviation, OutcomeExpectation, PathExpectation, SchemaSource, StatusPattern, TimeBudget,
};
pub use matrix::{CASE, Matrix};
pub use request::{ACTIONS, Action, BundleRequest, Method as RequestMethod, RawRequest};
pub use step::Step;
pub use whole::Scenario;
