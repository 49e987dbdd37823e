//! A response against its Questionnaire, and what a Questionnaire promises of itself.
//!
//! <https://hl7.org/fhir/R4/questionnaireresponse.html>

mod answer_type;
mod attachment;
mod bounds;
mod enable_when;
mod findings;
mod form;
mod form_rules;
mod items;
mod options;
mod reference;
mod response;
mod text;
mod units;
mod value;

pub(super) use findings::codes;
pub(super) use form_rules::check as check_questionnaire;
pub(super) use response::check as check_response;

#[cfg(test)]
mod tests;
