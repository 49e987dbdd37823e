//! Validation: walks an element tree against the schemas that apply, and reports issues.

mod bundle;
mod canonical_target;
mod children;
mod companion;
mod conformance;
mod cross_version;
mod element_id;
mod element_order;
mod groups;
mod implicit_rules;
mod instance;
mod knowledge;
mod measure;
mod must_support;
mod options;
mod questionnaire;
mod reference;
mod reference_format;
mod resolve;
mod slices;
mod target_profiles;
mod type_profiles;
mod urn_reference;
mod validator;
mod vital_signs;
mod walk;

pub use crate::profile::{ElementSchema, Issue, Schema, SchemaError, SchemaSet, Severity, describe, shorten};
pub use knowledge::Knowledge;
pub use options::{BestPractice, Options};
pub use validator::{Validation, Validator};

/// The codes of all issues that validation can report.
#[must_use]
pub fn codes() -> Vec<&'static crate::profile::Code> {
    let mut codes = crate::profile::rules::codes();
    codes.extend([
        &element_id::CODE,
        &element_order::CODE,
        &implicit_rules::CODE,
        &reference::CODE,
        &reference_format::CODE,
        &validator::MALFORMED,
        &validator::NOT_READ,
        &validator::PROFILE_NOT_LOADED,
        &validator::WRONG_PROFILE,
        &validator::TOO_LONG,
        &target_profiles::CODE,
        &type_profiles::NONE_HOLDS,
        &urn_reference::CODE,
        &validator::TOO_MANY_ISSUES,
        &vital_signs::CODE,
    ]);
    codes.extend(questionnaire::codes());
    codes.extend(measure::codes());
    codes.extend(conformance::codes());
    codes.extend(bundle::CODES);
    codes
}

#[cfg(test)]
mod profile_tests;
#[cfg(test)]
mod tests;
