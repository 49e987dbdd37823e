//! A report against its Measure, and the criteria of a Measure against its libraries.
//!
//! <https://hl7.org/fhir/R4/measurereport.html>

mod codes;
mod concept;
mod criteria;
mod groups;
mod populations;
mod report;
mod score;

pub(super) use codes::codes;
pub(super) use criteria::check as check_measure;
pub(super) use report::check as check_report;

#[cfg(test)]
mod tests;
