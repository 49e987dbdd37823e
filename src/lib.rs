//! Proofmark: a standards-conformance test harness for health and care systems.

pub mod check;
pub mod fhir;
pub mod report;
pub mod run;
pub mod standard;
