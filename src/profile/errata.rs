//! Rules and bindings that HL7 published wrong and has corrected since.
//!
//! Each is judged as corrected: as published it would fail resources that are right, or pass what it is there
//! to find. See docs/decisions/0013-corrected-rules.md.

/// A rule as published, and as a later release of FHIR has it.
const CORRECTED: [(&str, &str); 2] = [
    // R4's que-7. `Boolean` names System.Boolean, and an answer is a FHIR boolean; R5 has the small letter.
    ("operator = 'exists' implies (answer is Boolean)", "operator = 'exists' implies (answer is boolean)"),
    // R4's que-12. It speaks of more than one and counts more than two; R5 counts more than one.
    (
        "enableWhen.count() > 2 implies enableBehavior.exists()",
        "enableWhen.count() > 1 implies enableBehavior.exists()",
    ),
];

/// Rules as published that ask for elements that their type does not have, where the answer is right all the same:
/// they are not held to the definitions.
const LOOSE: [&str; 2] = [
    // R4's cid-0, on ChargeItemDefinition, which has no name.
    "name.matches('[A-Z]([A-Za-z0-9_]){0,254}')",
    // STU3's sdf-15, which is on the snapshot and speaks of the definition around it.
    "kind!='logical' implies snapshot.element.first().type.empty()",
];

/// Where HL7 uses its own extensions though their definitions of that release do not say so; later ones do.
const PLACES: [(&str, &[&str]); 6] = [
    ("http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type", &["ElementDefinition.type"]),
    ("http://hl7.org/fhir/StructureDefinition/regex", &["ElementDefinition.type"]),
    (
        "http://hl7.org/fhir/StructureDefinition/structuredefinition-normative-version",
        &["CanonicalResource", "ElementDefinition"],
    ),
    ("http://hl7.org/fhir/StructureDefinition/translation", &["ValueSet.expansion.contains"]),
    ("http://hl7.org/fhir/StructureDefinition/valueset-concept-comments", &["CodeSystem.concept"]),
    ("http://hl7.org/fhir/StructureDefinition/valueset-comments", &["CodeSystem.concept"]),
];

/// More places where an extension may be used than its published definition says.
pub(super) fn more_places(url: &str) -> &'static [&'static str] {
    PLACES.iter().find(|(published, _)| *published == url).map_or(&[], |(_, places)| places)
}

/// Whether a published rule may ask for what its type does not have.
pub(super) fn is_loose(expression: &str) -> bool {
    LOOSE.contains(&expression)
}

/// The expression to judge by.
pub(super) fn corrected(expression: &str) -> &str {
    CORRECTED.iter().find(|(published, _)| *published == expression).map_or(expression, |(_, right)| right)
}

/// Units of vital signs: R4's profile publishes the binding as required and R4B corrects it to extensible, since the
/// components of a vital sign can be of any type.
const EXTENSIBLE: &str = "http://hl7.org/fhir/ValueSet/ucum-vitals-common|4.0.1";

/// Whether a binding that is published as required is only extensible.
pub(super) fn is_extensible(value_set: &str) -> bool {
    value_set == EXTENSIBLE
}
