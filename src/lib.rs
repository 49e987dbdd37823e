//! Proofmark: a standards-conformance test harness for health and care systems.

pub mod fhir;
pub mod fhirpath;
pub mod standard;
