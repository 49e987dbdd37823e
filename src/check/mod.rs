//! Checks: each a pure function from a recorded exchange to a result.

mod outcome;
mod result;

pub use outcome::Outcome;
pub use result::{CheckResult, Finding, Weight};
