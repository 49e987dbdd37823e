//! Slicing in a differential: that its discriminators lead somewhere, and that a closed one stays closed.
//!
//! <https://hl7.org/fhir/R4/profiling.html#slicing>

use super::definition::{Definition, Differential};
use super::path::Place;
use crate::fhirpath::Expression;
use crate::profile::{Code, Issue, Severity, SliceRules};
use crate::validate::conformance::findings::Findings;

/// A slicing cannot be applied as it is written.
pub(super) const CODE: Code = Code {
    name: "definition-slicing",
    title: "A profile slices a list in a way that does not work",
    what: "The path of each discriminator leads to an element of what is sliced, and a list that the base slices as \
        closed gets no further slices and is not opened again.",
    why: "Which slice a value is of cannot be told, so that the rules of the slices guard nothing.",
    example: "wrong:  Patient.extension sliced by value at `type`\nright:  Patient.extension sliced by value at `url`",
    specification: "https://hl7.org/fhir/R4/profiling.html#discriminator",
};

pub(super) fn check(
    definition: &Definition<'_>,
    differential: &Differential<'_>,
    place: &Place<'_>,
    findings: &mut Findings<'_>,
) {
    let element = differential.element;
    let slicing = element.child("slicing");
    for discriminator in slicing.into_iter().flat_map(|slicing| slicing.children_named("discriminator")) {
        if let (Some(path), Place::Types(types)) = (discriminator.child("path"), place) {
            leads_somewhere(path, types, differential.path, findings);
        }
    }
    let closed = definition
        .base_element(findings.set, differential.path)
        .filter(|_| !differential.in_slice)
        .and_then(|base| base.slicing.as_ref())
        .filter(|slicing| slicing.rules == SliceRules::Closed);
    let Some(closed) = closed else { return };
    if let Some(rules) = slicing.and_then(|slicing| slicing.child("rules"))
        && let Some(text) = rules.value()
        && text != "closed"
        && !differential.is_slice
    {
        let message = format!("the base slices {} as closed", differential.path);
        findings.add(Issue::at(rules, &CODE, Severity::Error, message).compared("closed", text));
    }
    if let Some(name) = element.child("sliceName")
        && let Some(text) = name.value().and_then(|text| text.split('/').next())
        && !closed.slices.iter().any(|slice| slice.name == text)
    {
        let message = format!("the base slices {} as closed, and has no slice `{text}`", differential.path);
        findings.error(name, &CODE, message);
    }
}

fn leads_somewhere(place: crate::fhir::Element<'_>, types: &[&str], path: &str, findings: &mut Findings<'_>) {
    let Some(source) = place.value() else { return };
    let flaw = match Expression::parse(source) {
        Err(error) => Some(error.to_string()),
        Ok(expression) => {
            let mut flaws = types.iter().map(|name| expression.check(findings.set, Some(name)).err());
            let first = flaws.next().flatten();
            first.filter(|_| flaws.all(|flaw| flaw.is_some())).map(|flaw| flaw.to_string())
        }
    };
    if let Some(flaw) = flaw {
        findings.error(place, &CODE, format!("the discriminator `{source}` leads nowhere in {path}: {flaw}"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{profile, profile_on};

    #[test]
    fn discriminators_lead_somewhere() {
        let sliced = |path: &str, discriminator: &str| {
            profile(&format!(
                r#"{{"path":"Observation.{path}","slicing":{{"rules":"open","discriminator":[
                    {{"type":"value","path":"{discriminator}"}}]}}}}"#
            ))
        };
        for (path, discriminator) in [
            ("extension", "url"),
            ("value[x]", "$this"),
            ("component", "code.coding.code"),
            ("component", "value.ofType(Quantity).code"),
            ("category", "coding.extension('http://example.org/e').value"),
            ("hasMember", "resolve().code"),
        ] {
            assert!(sliced(path, discriminator).is_empty(), "{path} {discriminator}");
        }
        for (path, discriminator) in [
            ("extension", "type"),
            ("component", "code.codings"),
            ("component", "valueQuantity"),
            ("code", "x("),
        ] {
            let found = sliced(path, discriminator);
            assert_eq!(
                found,
                ["error definition-slicing slicing.discriminator[0].path"],
                "{path} {discriminator}"
            );
        }
    }

    #[test]
    fn what_is_closed_stays_closed() {
        let base = r#"{"resourceType":"StructureDefinition","url":"http://example.org/base","kind":"resource",
            "type":"Observation","derivation":"constraint",
            "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Observation",
            "differential":{"element":[
                {"id":"Observation.category","path":"Observation.category","slicing":{"rules":"closed",
                    "discriminator":[{"type":"value","path":"text"}]}},
                {"id":"Observation.category:a","path":"Observation.category","sliceName":"a"}]}}"#;
        let derived = |element: &str| {
            let element = format!(r#"{{"path":"Observation.category",{element}}}"#);
            profile_on("http://example.org/base", &[base], &element)
        };
        assert!(derived(r#""sliceName":"a","max":"1""#).is_empty());
        assert_eq!(derived(r#""sliceName":"b""#), ["error definition-slicing sliceName"]);
        let open = r#""slicing":{"rules":"open","discriminator":[{"type":"value","path":"text"}]}"#;
        assert_eq!(derived(open), ["error definition-slicing slicing.rules"]);
    }
}
