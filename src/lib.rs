//! Proofmark: a standards-conformance test harness for health and care systems.

pub mod fhir;
pub mod standard;
pub mod supplier;
