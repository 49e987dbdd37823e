//! What a StructureDefinition builds on.
//!
//! <https://hl7.org/fhir/R4/structuredefinition-definitions.html#StructureDefinition.baseDefinition>

use crate::fhir::{Canonical, Element};
use crate::profile::{Code, Issue, Severity};
use crate::validate::conformance::findings::Findings;

/// A definition does not fit what it builds on.
pub(super) const CODE: Code = Code {
    name: "definition-base",
    title: "A definition does not fit what it builds on",
    what: "The base of a StructureDefinition does not build on that definition again, and a constraint has the type \
        and kind of its base.",
    why: "No snapshot can be made, and nothing can be validated against the definition.",
    example: "wrong:  type Patient with the base http://hl7.org/fhir/StructureDefinition/Observation\n\
        right:  type Patient with the base http://hl7.org/fhir/StructureDefinition/Patient",
    specification: "https://hl7.org/fhir/R4/structuredefinition-definitions.html#StructureDefinition.baseDefinition",
};

/// How many definitions may build on each other.
const MAX_DEPTH: usize = 24;

/// Whether the base is there and can be built on.
pub(super) fn check(root: Element<'_>, url: &str, is_constraint: bool, findings: &mut Findings<'_>) -> bool {
    let Some(place) = root.child("baseDefinition") else { return false };
    let Some(canonical) = place.value() else { return false };
    if builds_on_itself(canonical, url, findings) {
        findings.error(place, &CODE, format!("{url} builds on itself"));
        return false;
    }
    let Some(base) = findings.find("StructureDefinition", place, canonical) else { return false };
    if !is_constraint {
        return true;
    }
    let base = base.root();
    let mut is_sound = true;
    for name in ["type", "kind"] {
        if let (Some(own), Some(theirs)) = (root.child(name), base.text(name))
            && let Some(text) = own.value()
            && text != theirs
        {
            let message = format!("the {name} is not that of {canonical}, which this constrains");
            findings.add(Issue::at(own, &CODE, Severity::Error, message).compared(theirs, text));
            is_sound = false;
        }
    }
    is_sound
}

fn builds_on_itself(canonical: &str, own: &str, findings: &Findings<'_>) -> bool {
    let mut base = canonical;
    for _ in 0..MAX_DEPTH {
        if Canonical::parse(base).url == own {
            return true;
        }
        let found = findings.set.packages().find("StructureDefinition", base);
        match found.and_then(|found| found.tree()).and_then(|tree| tree.root().text("baseDefinition")) {
            Some(next) => base = next,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::found;
    use crate::fhir::Release;

    fn on(url: &str, base: &str) -> String {
        format!(
            r#"{{"resourceType":"StructureDefinition","url":"http://example.org/{url}","kind":"resource",
                "type":"Patient","derivation":"constraint","baseDefinition":"{base}","differential":{{"element":[]}}}}"#
        )
    }

    #[test]
    fn bases_fit_and_are_no_circle() {
        let judged = |base: &str| {
            let loaded = [on("b", "http://example.org/c"), on("c", "http://example.org/a")];
            found(Release::R4, &[&loaded[0], &loaded[1]], &on("a", base))
        };
        assert!(judged("http://hl7.org/fhir/StructureDefinition/Patient").is_empty());
        for circle in ["http://example.org/a", "http://example.org/a|1.0", "http://example.org/b"] {
            assert_eq!(
                judged(circle),
                ["error definition-base StructureDefinition.baseDefinition"],
                "{circle}"
            );
        }
        assert_eq!(
            judged("http://hl7.org/fhir/StructureDefinition/Observation"),
            ["error definition-base StructureDefinition.type"]
        );
        assert_eq!(
            judged("http://example.org/elsewhere"),
            ["not-checked definition-not-loaded StructureDefinition.baseDefinition"]
        );
    }
}
