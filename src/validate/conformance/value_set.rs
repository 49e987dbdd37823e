//! ValueSet: what its composition draws on.
//!
//! <https://hl7.org/fhir/R4/valueset.html#compositions>

use super::findings::Findings;
use super::{identifier, value_set_filter};
use crate::fhir::{Canonical, Element};
use crate::profile::{Code, Issue, Severity};
use crate::terminology::Membership;

/// The code system of an include or exclude is named in a wrong way.
pub(super) const SYSTEM: Code = Code {
    name: "value-set-system",
    title: "A value set names its code system in a wrong way",
    what: "The system of an include or exclude is the absolute URI of a code system: no fragment, no relative \
        address, and not the URL of a value set.",
    why: "The system of each code in a record is compared with it letter by letter.",
    example: "wrong:  \"system\": \"#colours\"\nright:  \"system\": \"http://example.org/CodeSystem/colours\"",
    specification: "https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.system",
};

/// A listed code is none of its system.
pub(super) const CODE: Code = Code {
    name: "value-set-code",
    title: "A value set lists a code that its code system does not have",
    what: "The codes that an include or exclude lists are codes of its system, where that system is loaded. Codes \
        of SNOMED CT are at least well-formed: 6 to 18 digits, the last of them a check digit.",
    why: "The value set cannot be expanded as it was meant, and nobody can use the code.",
    example: "wrong:  http://hl7.org/fhir/address-use with the code \"house\"\nright:  the code \"home\"",
    specification: "https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.concept.code",
};

/// A value set includes itself.
pub(super) const CIRCLE: Code = Code {
    name: "value-set-circle",
    title: "A value set includes itself",
    what: "No include or exclude of a value set names that value set.",
    why: "Which codes it holds cannot be told.",
    example: "wrong:  http://example.org/ValueSet/a includes http://example.org/ValueSet/a\n\
        right:  it includes another value set, or a code system",
    specification: "https://hl7.org/fhir/R4/valueset.html#compositions",
};

pub(super) fn judge(resource: Element<'_>, findings: &mut Findings<'_>) {
    let Some(compose) = resource.child("compose") else { return };
    for part in compose.children().filter(|child| matches!(child.name(), "include" | "exclude")) {
        if let Some(place) = part.child("system")
            && let Some(system) = place.value()
            && is_system(place, system, findings)
        {
            if is_here(part, system, findings) && !is_contained(resource, system) {
                concepts(part, system, findings);
            } else if part.child("concept").is_some() {
                findings.not_loaded(part, format!("the listed codes of this {system} were not checked"));
            }
            for filter in part.children_named("filter") {
                value_set_filter::check(filter, system, findings);
            }
        }
        for place in part.children_named("valueSet") {
            value_set(resource, place, findings);
        }
    }
}

fn is_system(place: Element<'_>, system: &str, findings: &mut Findings<'_>) -> bool {
    if !identifier::has_scheme(system) {
        let message = format!("`{system}` is no absolute URI of a code system");
        findings.error(place, &SYSTEM, message);
        return false;
    }
    let packages = findings.set.packages();
    if packages.find("CodeSystem", system).is_none() && packages.find("ValueSet", system).is_some() {
        let message = format!("{system} is a value set, and no code system");
        findings.add(
            Issue::at(place, &SYSTEM, Severity::Error, message).compared("a code system", "a value set"),
        );
        return false;
    }
    true
}

/// Whether codes can be looked up: where the part states another version than the one that is loaded, that may
/// have other codes.
fn is_here(part: Element<'_>, system: &str, findings: &Findings<'_>) -> bool {
    let packages = findings.set.packages();
    let loaded = packages.find("CodeSystem", system).and_then(|found| found.tree());
    let is_complete = loaded.is_some_and(|tree| tree.root().text("content") == Some("complete"));
    part.text("version").is_none_or(|version| {
        !is_complete || packages.find("CodeSystem", &format!("{system}|{version}")).is_some()
    })
}

fn is_contained(resource: Element<'_>, system: &str) -> bool {
    resource
        .children_named("contained")
        .any(|inner| inner.resource_type() == Some("CodeSystem") && inner.text("url") == Some(system))
}

fn concepts(part: Element<'_>, system: &str, findings: &mut Findings<'_>) {
    let mut unknown = None;
    for place in part.children_named("concept").filter_map(|concept| concept.child("code")) {
        let Some(code) = place.value() else { continue };
        match findings.has_code(system, code) {
            Membership::Member => {}
            Membership::NotMember => {
                findings.error(place, &CODE, format!("`{code}` is no code of {system}"));
            }
            Membership::Unknown(reason) => unknown = Some(reason),
        }
    }
    if let Some(reason) = unknown {
        findings.not_loaded(part, format!("the listed codes were not checked: {reason}"));
    }
}

fn value_set(resource: Element<'_>, place: Element<'_>, findings: &mut Findings<'_>) {
    let Some(canonical) = place.value().filter(|canonical| !canonical.starts_with('#')) else { return };
    let url = Canonical::parse(canonical).url;
    if resource.text("url") == Some(url) {
        findings.error(place, &CIRCLE, format!("the value set {url} includes itself"));
        return;
    }
    findings.find("ValueSet", place, canonical);
}

#[cfg(test)]
mod tests {
    use super::super::testing::alone;

    fn include(part: &str) -> Vec<String> {
        let url = "http://example.org/ValueSet/own";
        alone(&format!(r#"{{"resourceType":"ValueSet","url":"{url}","compose":{{"include":[{part}]}}}}"#))
    }

    const PLACE: &str = "ValueSet.compose.include[0]";

    #[test]
    fn systems_are_absolute_and_no_value_sets() {
        for bad in
            ["#colours", "colours", "CodeSystem/1", "http://hl7.org/fhir/ValueSet/administrative-gender"]
        {
            let found = include(&format!(r#"{{"system":"{bad}"}}"#));
            assert_eq!(found, [format!("error value-set-system {PLACE}.system")], "{bad}");
        }
        assert!(include(r#"{"system":"http://example.org/colours"}"#).is_empty());
    }

    #[test]
    fn listed_codes_are_of_their_system() {
        let codes = |system: &str, code: &str| {
            include(&format!(r#"{{"system":"{system}","concept":[{{"code":"{code}"}}]}}"#))
        };
        let wrong = [format!("error value-set-code {PLACE}.concept[0].code")];
        assert!(codes("http://hl7.org/fhir/address-use", "home").is_empty());
        assert_eq!(codes("http://hl7.org/fhir/address-use", "house"), wrong);
        assert_eq!(codes("http://snomed.info/sct", "404684004"), wrong);
        for unknown in ["http://snomed.info/sct", "http://example.org/colours"] {
            assert_eq!(codes(unknown, "404684003"), [format!("not-checked definition-not-loaded {PLACE}")]);
        }
        let version =
            r#"{"system":"http://hl7.org/fhir/address-use","version":"9","concept":[{"code":"house"}]}"#;
        assert_eq!(include(version), [format!("not-checked definition-not-loaded {PLACE}")]);
    }

    #[test]
    fn value_sets_that_are_named_are_others() {
        let named = |url: &str| include(&format!(r#"{{"valueSet":["{url}"]}}"#));
        assert!(named("http://hl7.org/fhir/ValueSet/administrative-gender").is_empty());
        assert_eq!(
            named("http://example.org/ValueSet/own|1.0"),
            [format!("error value-set-circle {PLACE}.valueSet[0]")]
        );
        assert_eq!(
            named("http://hl7.org/fhir/address-use"),
            [format!("error definition-wrong-kind {PLACE}.valueSet[0]")]
        );
    }
}
