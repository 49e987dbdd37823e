//! Resources whose meaning depends on rules elsewhere.
//!
//! <https://hl7.org/fhir/R4/resource.html#implicitRules>

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// A resource names rules that change its meaning.
pub(super) const CODE: Code = Code {
    name: "implicit-rules",
    title: "A resource follows rules that are not known here",
    what: "`implicitRules` names rules that a reader must know to understand the resource, for instance the text of an \
        agreement. They may change the meaning of any of its elements.",
    why: "What is judged by its definitions alone may mean something else. The standard discourages it for that reason.",
    example: "Leave `implicitRules` out, and say in profiles and extensions what the rules say.",
    specification: "https://hl7.org/fhir/R4/resource.html#implicitRules",
};

/// Checks whether a resource names such rules.
pub(super) fn check(resource: Element<'_>) -> Option<Issue> {
    let element = resource.child("implicitRules")?;
    let rules = element.value()?;
    let message =
        format!("the meaning of this resource may be changed by the rules {rules}, which are not known here");
    Some(Issue::at(element, &CODE, Severity::Undecided, message))
}

#[cfg(test)]
mod tests {
    use crate::fhir::parse_json;
    use crate::profile::Severity;

    #[test]
    fn rules_that_are_not_known_leave_the_resource_undecided() {
        let of = |text: &str| super::check(parse_json(text).unwrap().root()).map(|issue| issue.severity);
        assert_eq!(of(r#"{"resourceType":"Patient"}"#), None);
        let found = of(r#"{"resourceType":"Patient","implicitRules":"https://a.example/agreement"}"#);
        assert_eq!(found, Some(Severity::Undecided));
    }
}
