//! Fixed values and patterns of a differential: that the element may hold them.
//!
//! <https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_>

use super::definition::{Definition, Differential};
use super::path::Place;
use crate::fhir::{Element, is_choice_of};
use crate::profile::rules::ValueRule;
use crate::profile::{Code, Issue, Severity};
use crate::validate::conformance::findings::Findings;

/// A value that is fixed cannot stand there.
pub(super) const CODE: Code = Code {
    name: "definition-value",
    title: "A profile fixes a value that the element cannot have",
    what: "A fixed value or pattern is of a type that the element has, and holds what the base fixes.",
    why: "No instance can follow the profile.",
    example: "wrong:  Patient.gender with fixedString \"female\"\nright:  Patient.gender with fixedCode \"female\"",
    specification: "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_",
};

pub(super) fn check(
    definition: &Definition<'_>,
    differential: &Differential<'_>,
    place: &Place<'_>,
    findings: &mut Findings<'_>,
) {
    for value in differential.element.children() {
        let Some(stem) = ["fixed", "pattern"].into_iter().find(|stem| is_choice_of(stem, value.name()))
        else {
            continue;
        };
        of_type(differential, place, value, stem, findings);
        if let Some(base) = definition.base_element(findings.set, differential.path) {
            for rule in &base.rules {
                let found = match rule {
                    ValueRule::Fixed(fixed) => fixed.check(value),
                    ValueRule::Pattern(pattern) => pattern.check(value),
                    ValueRule::MaxLength(length) => length.check(value),
                    _ => None,
                };
                if let Some(found) = found {
                    let message = format!("the value is not what the base allows: {}", found.message);
                    let mut issue = Issue::at(value, &CODE, Severity::Error, message);
                    (issue.expected, issue.actual) = (found.expected, found.actual);
                    findings.add(issue);
                }
            }
        }
    }
}

fn of_type(
    differential: &Differential<'_>,
    place: &Place<'_>,
    value: Element<'_>,
    stem: &str,
    findings: &mut Findings<'_>,
) {
    let own: Vec<&str> =
        differential.element.children_named("type").filter_map(|link| link.text("code")).collect();
    let allowed = match place {
        _ if !own.is_empty() => &own,
        Place::Types(types) => types,
        _ => return,
    };
    let found = value.name().trim_start_matches(stem);
    // FHIRPath's own types and elements with parts of their own are not named so.
    let is_plain = |name: &&str| !name.contains([':', '.']);
    if allowed.iter().all(is_plain) && !allowed.iter().any(|name| name.eq_ignore_ascii_case(found)) {
        let message = format!("`{}` is of a type that the element does not have", value.name());
        let issue = Issue::at(value, &CODE, Severity::Error, message);
        findings.add(issue.compared(allowed.join(" or "), found));
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{profile, profile_on};

    #[test]
    fn values_are_of_a_type_of_the_element() {
        let fixed = |path: &str, value: &str| profile(&format!(r#"{{"path":"Observation.{path}",{value}}}"#));
        assert!(fixed("status", r#""fixedCode":"final""#).is_empty());
        assert!(fixed("value[x]", r#""patternQuantity":{"code":"kg"}"#).is_empty());
        assert_eq!(fixed("status", r#""fixedString":"final""#), ["error definition-value fixedString"]);
        assert_eq!(
            fixed("code", r#""patternCoding":{"code":"x"}"#),
            ["error definition-value patternCoding"]
        );
        let narrowed = r#""type":[{"code":"string"}],"patternQuantity":{"code":"kg"}"#;
        assert_eq!(fixed("value[x]", narrowed), ["error definition-value patternQuantity"]);
    }

    #[test]
    fn what_the_base_fixes_stays() {
        let base = r#"{"resourceType":"StructureDefinition","url":"http://example.org/base","kind":"resource",
            "type":"Observation","derivation":"constraint",
            "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Observation",
            "differential":{"element":[{"path":"Observation.status","fixedCode":"final"}]}}"#;
        let derived = |status: &str| {
            profile_on(
                "http://example.org/base",
                &[base],
                &format!(r#"{{"path":"Observation.status","fixedCode":"{status}"}}"#),
            )
        };
        assert!(derived("final").is_empty());
        assert_eq!(derived("amended"), ["error definition-value fixedCode"]);
    }
}
