//! `ConceptMap`: the codes on both its sides.
//!
//! <https://hl7.org/fhir/R4/conceptmap.html>

use super::findings::Findings;
use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};
use crate::terminology::Membership;

/// A code of a map is none of its system.
pub(super) const CODE: Code = Code {
    name: "concept-map-code",
    title: "A map holds a code that its code system does not have",
    what: "The codes that a group of a ConceptMap maps are codes of the group's source, and those that it maps \
        them to are codes of its target.",
    why: "A mapping of a code that nobody can send is never used, and one to a code that is not there breaks \
        whoever follows it.",
    example: "wrong:  from http://hl7.org/fhir/address-use, code \"house\"\nright:  code \"home\"",
    specification: "https://hl7.org/fhir/R4/conceptmap-definitions.html#ConceptMap.group",
};

pub(super) fn judge(resource: Element<'_>, findings: &mut Findings<'_>) {
    for group in resource.children_named("group") {
        let elements: Vec<Element<'_>> = group.children_named("element").collect();
        let targets: Vec<Element<'_>> = elements
            .iter()
            .flat_map(|element| element.children())
            .filter(|child| child.name() == "target")
            .collect();
        for (side, concepts) in [("source", elements), ("target", targets)] {
            // Another version than the one that is loaded may have other codes.
            if group.text(&format!("{side}Version")).is_none()
                && let Some(system) = group.text(side)
            {
                check(group, system, &concepts, findings);
            }
        }
    }
}

fn check(group: Element<'_>, system: &str, concepts: &[Element<'_>], findings: &mut Findings<'_>) {
    let mut unknown = None;
    for place in concepts.iter().filter_map(|concept| concept.child("code")) {
        let Some(code) = place.value() else { continue };
        match findings.has_code(system, code) {
            Membership::Member => {}
            Membership::NotMember => {
                let message = format!("`{code}` is no code of {system}");
                findings.add(Issue::at(place, &CODE, Severity::Error, message));
            }
            Membership::Unknown(reason) => unknown = Some(reason),
        }
    }
    if let Some(reason) = unknown {
        findings.not_loaded(group, format!("not all codes of the map were checked: {reason}"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::alone;

    #[test]
    fn codes_are_of_their_systems() {
        let map = |source: &str, target: &str| {
            alone(&format!(
                r#"{{"resourceType":"ConceptMap","group":[{{
                    "source":"http://hl7.org/fhir/address-use","target":"http://example.org/colours",
                    "element":[{{"code":"{source}","target":[{{"code":"{target}"}}]}}]}}]}}"#
            ))
        };
        assert_eq!(map("home", "x"), ["not-checked definition-not-loaded ConceptMap.group[0]"]);
        assert_eq!(map("house", "x")[0], "error concept-map-code ConceptMap.group[0].element[0].code");
    }
}
