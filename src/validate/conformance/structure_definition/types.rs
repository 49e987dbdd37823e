//! Types in a differential, and the profiles on them.
//!
//! <https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type>

use super::definition::{Definition, Differential};
use super::path::{Place, is_abstract};
use crate::fhir::{Canonical, Element};
use crate::fhirpath::Model as _;
use crate::profile::rules::ValueRule;
use crate::profile::{Code, Issue, Severity};
use crate::validate::conformance::findings::Findings;

/// A differential gives a type that the base does not allow.
pub(super) const CODE: Code = Code {
    name: "definition-type",
    title: "A profile gives an element a type that its base does not allow",
    what: "The types that a differential gives are some of those of the base, or derive from one of them.",
    why: "What follows the profile must follow its base as well.",
    example: "wrong:  Patient.birthDate of type string\nright:  Patient.birthDate of type date",
    specification: "https://hl7.org/fhir/R4/profiling.html#limits",
};

/// A profile on a type is one of another.
pub(super) const PROFILE: Code = Code {
    name: "definition-type-profile",
    title: "A profile on a type is one of another type",
    what: "The profiles that an element's type names constrain that type; the target profiles of a reference are \
        profiles on resources, of types that the base allows; an extension that changes the meaning stands at \
        modifierExtension, and no other does.",
    why: "No value can follow the profile, so that the element can never be there.",
    example: "wrong:  type Quantity with the profile http://hl7.org/fhir/StructureDefinition/Count\n\
        right:  type Count",
    specification: "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.profile",
};

pub(super) fn check(
    definition: &Definition<'_>,
    differential: &Differential<'_>,
    place: &Place<'_>,
    findings: &mut Findings<'_>,
) {
    for link in differential.element.children_named("type") {
        let Some(code) = link.text("code").filter(|code| !code.contains(':')) else { continue };
        if let Place::Types(allowed) = place
            && differential.path.contains('.')
        {
            of_base(link, code, allowed, findings);
        }
        for profile in link.children_named("profile") {
            on_type(definition, differential, profile, code, findings);
        }
        for profile in link.children_named("targetProfile") {
            target(definition, differential, profile, findings);
        }
    }
}

fn of_base(link: Element<'_>, code: &str, allowed: &[&str], findings: &mut Findings<'_>) {
    // The path of an element with parts of its own is no type: it is a BackboneElement or Element.
    let own_parts = matches!(code, "BackboneElement" | "Element");
    let fits = allowed.iter().any(|base| {
        findings.set.is_subtype(code, base)
            || (base.contains('.') && own_parts)
            || constrains(code, base, findings)
    });
    if !fits {
        let at = link.child("code").unwrap_or(link);
        let message = format!("{code} is no type that the base allows here");
        findings.add(Issue::at(at, &CODE, Severity::Error, message).compared(allowed.join(" or "), code));
    }
}

/// STU3's Age and the like are constraints of Quantity that are named as types.
fn constrains(code: &str, base: &str, findings: &Findings<'_>) -> bool {
    let definition = findings.set.type_definition(code).and_then(|found| found.tree());
    definition.is_some_and(|tree| tree.root().text("type") == Some(base))
}

fn on_type(
    definition: &Definition<'_>,
    differential: &Differential<'_>,
    place: Element<'_>,
    code: &str,
    findings: &mut Findings<'_>,
) {
    let Some(canonical) = place.value().and_then(|text| text.split('#').next()) else { return };
    if Canonical::parse(canonical).url == definition.url {
        return;
    }
    let Some(found) = findings.find("StructureDefinition", place, canonical) else { return };
    let found = found.root();
    let Some(actual) = found.text("type") else { return };
    let fits = actual == code
        || (is_abstract(code) && findings.set.is_subtype(actual, code))
        || constrains(code, actual, findings)
        // A profile that names its target here is understood by everybody.
        || (code == "Reference" && place.parent().is_some_and(|link| link.child("targetProfile").is_none()));
    if !fits {
        let message =
            format!("the profile {canonical} is one of {actual}, and the element is of type {code}");
        findings.add(Issue::at(place, &PROFILE, Severity::Error, message).compared(code, actual));
    }
    let stated = |name: &str| {
        super::definition::elements(found, name)
            .find(|element| element.text("path") == Some("Extension"))
            .and_then(|element| element.text("isModifier"))
    };
    if actual == "Extension" {
        let is_modifier = stated("differential").or_else(|| stated("snapshot")) == Some("true");
        let name = differential.name();
        if (name == "modifierExtension") != is_modifier && matches!(name, "extension" | "modifierExtension") {
            let message = if is_modifier {
                format!("the extension {canonical} is a modifier, and stands at `{name}`")
            } else {
                format!("the extension {canonical} is no modifier, and stands at `{name}`")
            };
            findings.error(place, &PROFILE, message);
        }
    }
}

fn target(
    definition: &Definition<'_>,
    differential: &Differential<'_>,
    place: Element<'_>,
    findings: &mut Findings<'_>,
) {
    let Some(canonical) = place.value() else { return };
    if Canonical::parse(canonical).url == definition.url {
        return;
    }
    let Some(found) = findings.find("StructureDefinition", place, canonical) else { return };
    let Some(actual) = found.root().text("type") else { return };
    let set = findings.set;
    if set.is_type(actual) && !set.is_resource(actual) {
        let message = format!("the target profile {canonical} is one of {actual}, which is no resource");
        findings.error(place, &PROFILE, message);
        return;
    }
    let Some(base) = definition.base_element(set, differential.path) else { return };
    for rule in &base.rules {
        if let ValueRule::Reference(targets) = rule
            && targets.unknown.is_empty()
            && !targets.types.iter().any(|allowed| set.is_subtype(actual, allowed))
        {
            let message =
                format!("the target profile {canonical} is one of {actual}, which the base does not allow");
            let issue = Issue::at(place, &PROFILE, Severity::Error, message);
            findings.add(issue.compared(targets.types.join(" or "), actual));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{profile, profile_beside};

    #[test]
    fn types_are_some_of_the_base() {
        let typed = |path: &str, code: &str| {
            profile(&format!(r#"{{"path":"Observation.{path}","type":[{{"code":"{code}"}}]}}"#))
        };
        assert!(typed("value[x]", "Quantity").is_empty());
        assert!(typed("component", "BackboneElement").is_empty());
        assert!(typed("contained", "Patient").is_empty());
        assert_eq!(typed("value[x]", "Address"), ["error definition-type type[0].code"]);
        assert_eq!(typed("status", "string"), ["error definition-type type[0].code"]);
    }

    #[test]
    fn profiles_are_of_the_type_that_they_stand_at() {
        let typed = |code: &str, kind: &str, url: &str| {
            profile(&format!(
                r#"{{"path":"Observation.{}","type":[{{"code":"{code}","{kind}":["http://hl7.org/fhir/{url}"]}}]}}"#,
                if code == "Reference" { "subject" } else { "value[x]" }
            ))
        };
        assert!(typed("Quantity", "profile", "StructureDefinition/SimpleQuantity").is_empty());
        assert!(typed("Reference", "targetProfile", "StructureDefinition/Patient").is_empty());
        let wrong = |kind: &str| vec![format!("error definition-type-profile type[0].{kind}[0]")];
        assert_eq!(typed("Quantity", "profile", "StructureDefinition/Count"), wrong("profile"));
        assert_eq!(
            typed("Reference", "targetProfile", "StructureDefinition/Quantity"),
            wrong("targetProfile")
        );
        assert_eq!(
            typed("Reference", "targetProfile", "StructureDefinition/Account"),
            wrong("targetProfile")
        );
        assert_eq!(
            typed("Quantity", "profile", "ValueSet/address-use"),
            ["error definition-wrong-kind type[0].profile[0]"]
        );
    }

    #[test]
    fn extensions_that_modify_stand_where_modifiers_do() {
        let extension = |modifies: bool| {
            format!(
                r#"{{"resourceType":"StructureDefinition","url":"http://example.org/e","type":"Extension",
                    "derivation":"constraint","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension",
                    "differential":{{"element":[{{"path":"Extension","isModifier":{modifies}}}]}}}}"#
            )
        };
        let at = |name: &str, modifies: bool| {
            let element = format!(
                r#"{{"path":"Observation.{name}","sliceName":"e","type":[
                    {{"code":"Extension","profile":["http://example.org/e"]}}]}}"#
            );
            profile_beside(&[&extension(modifies)], &element)
        };
        assert!(at("extension", false).is_empty());
        assert!(at("modifierExtension", true).is_empty());
        for (name, modifies) in [("extension", true), ("modifierExtension", false)] {
            assert_eq!(at(name, modifies), ["error definition-type-profile type[0].profile[0]"]);
        }
    }
}
