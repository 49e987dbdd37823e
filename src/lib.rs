//! Proofmark: a standards-conformance test harness for health and care systems.

pub mod certificate;
pub mod check;
pub mod cli;
pub mod code;
pub mod comparison;
pub mod config;
pub mod doctor;
pub mod fhir;
pub mod fhirpath;
pub mod files;
pub mod generate;
pub mod http;
mod inert;
pub mod nhs_number;
pub mod package;
pub mod profile;
pub mod register;
pub mod report;
pub mod run;
pub mod selfcheck;
pub mod standard;
pub mod supplier;
pub mod terminology;
mod text;
pub mod ucum;
pub mod validate;
