//! Rules that HL7 published wrong and has corrected since.
//!
//! Each is judged as corrected: as published it would fail resources that are right. See
//! docs/decisions/0013-corrected-rules.md.

/// A rule as published, and as a later release of FHIR has it.
const CORRECTED: [(&str, &str); 1] = [
    // R4's que-7. `Boolean` names System.Boolean, and an answer is a FHIR boolean; R5 has the small letter.
    ("operator = 'exists' implies (answer is Boolean)", "operator = 'exists' implies (answer is boolean)"),
];

/// The expression to judge by.
pub(super) fn corrected(expression: &str) -> &str {
    CORRECTED.iter().find(|(published, _)| *published == expression).map_or(expression, |(_, right)| right)
}
