//! Definitions of extensions: their URL and where they may stand.
//!
//! <https://hl7.org/fhir/R4/defining-extensions.html>

use super::definition::{Definition, elements};
use super::path::{Place, types_at};
use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};
use crate::validate::conformance::findings::Findings;
use crate::validate::conformance::{expression, identifier};

/// The definition of an extension contradicts itself.
pub(super) const CODE: Code = Code {
    name: "definition-extension",
    title: "The definition of an extension contradicts itself",
    what: "The definition of an extension fixes Extension.url to its own URL, and its contexts are elements that \
        there are, URLs of extensions, or FHIRPath.",
    why: "An extension is known by its URL: with another it is never recognised. A context that there is not \
        forbids the extension everywhere.",
    example: "wrong:  url http://example.org/a with fixedUri http://example.org/b\nright:  both the same",
    specification: "https://hl7.org/fhir/R4/defining-extensions.html",
};

pub(super) fn check(definition: &Definition<'_>, findings: &mut Findings<'_>) {
    let root = definition.root;
    let fixed = ["differential", "snapshot"].into_iter().find_map(|view| {
        elements(root, view)
            .find(|element| element.text("path") == Some("Extension.url") && !in_part(*element))?
            .child("fixedUri")
    });
    if let Some(place) = fixed
        && let Some(url) = place.value()
        && url != definition.url
    {
        let message = "the definition of an extension fixes another URL than its own";
        findings.add(Issue::at(place, &CODE, Severity::Error, message).compared(definition.url, url));
    }
    // STU3 says once what kind all contexts are.
    let kind = root.text("contextType");
    for context in root.children_named("context") {
        match (kind, context.text("type"), context.child("expression")) {
            (Some(kind), _, _) => context_of(context, kind, findings),
            (None, Some(kind), Some(place)) => context_of(place, kind, findings),
            _ => {}
        }
    }
}

/// Whether an element stands within a part of a complex extension.
fn in_part(element: Element<'_>) -> bool {
    element.text("id").is_some_and(|id| id.contains(':'))
}

fn context_of(place: Element<'_>, kind: &str, findings: &mut Findings<'_>) {
    let Some(text) = place.value() else { return };
    match kind {
        "extension" if !identifier::has_scheme(text) => {
            findings.error(place, &CODE, format!("`{text}` is no URL of an extension"));
        }
        "fhirpath" => {
            expression::check(place, &[], findings);
        }
        "element" | "resource" | "datatype" => element(place, text, findings),
        _ => {}
    }
}

/// `Patient.contact`; an element of a profile, `http://…#Patient.name:official`, is not looked up.
fn element(place: Element<'_>, path: &str, findings: &mut Findings<'_>) {
    let type_name = path.split('.').next().unwrap_or(path);
    if identifier::has_scheme(path) || path.contains(['#', ':']) || ["*", "Any"].contains(&path) {
        return;
    }
    let found = if findings.set.is_type(type_name) {
        types_at(findings.set, type_name, path)
    } else {
        Place::Missing(format!("there is no type {type_name}"))
    };
    if let Place::Missing(why) = found {
        findings.warning(place, &CODE, format!("the context `{path}` is no element: {why}"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::alone;

    fn extension(url: &str, context: &str) -> Vec<String> {
        alone(&format!(
            r#"{{"resourceType":"StructureDefinition","url":"http://example.org/e","kind":"complex-type",
                "type":"Extension","derivation":"constraint","context":[{context}],
                "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension",
                "differential":{{"element":[{{"path":"Extension.url","fixedUri":"{url}"}}]}}}}"#
        ))
    }

    #[test]
    fn the_url_is_its_own() {
        assert!(extension("http://example.org/e", "").is_empty());
        assert_eq!(
            extension("http://example.org/other", ""),
            ["error definition-extension StructureDefinition.differential.element[0].fixedUri"]
        );
    }

    #[test]
    fn contexts_are_there() {
        let context = |kind: &str, expression: &str| {
            let context = format!(r#"{{"type":"{kind}","expression":"{expression}"}}"#);
            let found = extension("http://example.org/e", &context);
            found.iter().map(|line| line.split(" Structure").next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        for (kind, good) in [
            ("element", "Patient.contact"),
            ("element", "Element"),
            ("extension", "http://example.org/f"),
            ("fhirpath", "Patient.name.given"),
        ] {
            assert!(context(kind, good).is_empty(), "{good}");
        }
        assert_eq!(context("element", "Patient.contacts"), ["warning definition-extension"]);
        assert_eq!(context("element", "Patent"), ["warning definition-extension"]);
        assert_eq!(context("extension", "f"), ["error definition-extension"]);
        assert_eq!(context("fhirpath", "Patient.nome"), ["error expression-broken"]);
    }
}
