//! SearchParameter: its expression, and the one that it derives from.
//!
//! <https://hl7.org/fhir/R4/searchparameter.html>

use super::expression;
use super::findings::Findings;
use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// A search parameter is at odds with the one that it derives from.
pub(super) const DERIVATION: Code = Code {
    name: "search-parameter-derivation",
    title: "A search parameter is at odds with the one that it derives from",
    what: "A search parameter with derivedFrom searches resource types that the other one searches, is of its \
        type and, but for reasons of its own, has its expression.",
    why: "Clients take the derived parameter for the one that they know: it must not find other things.",
    example: "wrong:  base Patient, derived from http://hl7.org/fhir/SearchParameter/Organization-name\n\
        right:  base Organization",
    specification: "https://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.derivedFrom",
};

pub(super) fn judge(resource: Element<'_>, findings: &mut Findings<'_>) {
    let bases: Vec<Element<'_>> = resource.children_named("base").collect();
    let types: Vec<&str> = bases.iter().filter_map(|base| base.value()).collect();
    if let Some(place) = resource.child("expression") {
        expression::check(place, &types, findings);
    }
    if let Some(place) = resource.child("derivedFrom")
        && let Some(canonical) = place.value()
        && let Some(other) = findings.find("SearchParameter", place, canonical)
    {
        derivation(resource, &bases, other.root(), findings);
    }
}

fn derivation(resource: Element<'_>, bases: &[Element<'_>], other: Element<'_>, findings: &mut Findings<'_>) {
    let url = other.text("url").unwrap_or_default();
    let known: Vec<&str> = other.children_named("base").filter_map(Element::value).collect();
    for base in bases {
        if let Some(name) = base.value()
            && !known.iter().any(|known| [name, "Resource", "DomainResource"].contains(known))
        {
            let message =
                format!("the search parameter {url} that this one derives from does not search {name}");
            let issue = Issue::at(*base, &DERIVATION, Severity::Error, message);
            findings.add(issue.compared(known.join(" or "), name));
        }
    }
    if let (Some(own), Some(theirs)) = (resource.child("type"), other.text("type"))
        && let Some(type_name) = own.value()
        && type_name != theirs
    {
        let message = format!("the search parameter {url} that this one derives from is of another type");
        findings.add(Issue::at(own, &DERIVATION, Severity::Error, message).compared(theirs, type_name));
    }
    if let (Some(own), Some(theirs)) = (resource.child("expression"), other.text("expression"))
        && let Some(text) = own.value()
        && !same_alternatives(text, theirs)
    {
        let message = format!("the search parameter {url} that this one derives from has another expression");
        findings.add(Issue::at(own, &DERIVATION, Severity::Warning, message).compared(theirs, text));
    }
}

/// Whether two expressions are the same, or the first is some of what the other joins.
fn same_alternatives(own: &str, theirs: &str) -> bool {
    let parts = |source: &str| -> Option<Vec<String>> {
        let expression = crate::fhirpath::Expression::parse(source).ok()?;
        Some(expression.alternatives().iter().map(crate::fhirpath::Expression::normal_form).collect())
    };
    match (parts(own), parts(theirs)) {
        (Some(own), Some(theirs)) => {
            own == theirs || own.iter().all(|part| theirs.contains(part) && own.len() > 1)
        }
        _ => own.trim() == theirs.trim(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{alone, found};
    use crate::fhir::Release;

    fn parameter(base: &str, rest: &str) -> String {
        format!(r#"{{"resourceType":"SearchParameter","base":{base},"type":"string",{rest}}}"#)
    }

    #[test]
    fn expressions_fit_their_bases() {
        let judged = |base: &str, expression: &str| {
            alone(&parameter(base, &format!(r#""expression":"{expression}""#)))
        };
        assert!(judged(r#"["Patient"]"#, "Patient.name.given | Patient.name.family").is_empty());
        assert!(judged(r#"["Patient","Practitioner"]"#, "Patient.name | Practitioner.name").is_empty());
        assert!(judged(r#"["Resource"]"#, "Resource.id").is_empty());
        for (base, expression) in [
            (r#"["Patient"]"#, "Organization.name"),
            (r#"["Patient"]"#, "Patient.name | Organization.name"),
            (r#"["Patient","Practitioner"]"#, "Patient.name | Practitioner.nome"),
            (r#"["Patient"]"#, "Patient.name.where("),
        ] {
            let found = judged(base, expression);
            assert_eq!(found, ["error expression-broken SearchParameter.expression"], "{expression}");
        }
    }

    #[test]
    fn what_derives_is_like_what_it_derives_from() {
        let general = r#"{"resourceType":"SearchParameter","url":"http://example.org/g","base":["Patient"],"type":"token",
            "expression":"Patient.name"}"#;
        let derived = |base: &str| {
            parameter(base, r#""derivedFrom":"http://example.org/g","expression":"Person.name""#)
        };
        assert_eq!(
            found(Release::R4, &[general], &derived(r#"["Person"]"#)),
            [
                "error search-parameter-derivation SearchParameter.base[0]",
                "error search-parameter-derivation SearchParameter.type",
                "warning search-parameter-derivation SearchParameter.expression"
            ]
        );
        assert_eq!(
            alone(&derived(r#"["Person"]"#)),
            ["not-checked definition-not-loaded SearchParameter.derivedFrom"]
        );
    }
}
