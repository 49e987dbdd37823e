//! FHIR TestScripts as a standard: each script a scenario, each of its tests a requirement.
//!
//! <https://hl7.org/fhir/R4/testscript.html>, and the same of STU3. What is not supported is named when a script is
//! read, and what rests on it is inconclusive when it is run.

mod assertion;
mod capability;
mod claims;
mod fixture;
mod operation;
mod path;
mod phases;
mod script;
mod translator;
mod variable;
mod whole;

pub use whole::TestScripts;
