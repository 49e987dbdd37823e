//! FHIR TestScripts, each part of them by a run against an endpoint in the test.

#![expect(
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    reason = "scripts and tables of cases, written where they are used"
)]

mod asserts;
mod course;
mod operations;
mod scripts;
