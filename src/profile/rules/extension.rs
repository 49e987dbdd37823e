//! Where an extension may be used: its definition names the places, and may add rules and releases.
//!
//! <https://hl7.org/fhir/R4/defining-extensions.html#context>

use crate::fhir::{Element, Release};
use crate::fhirpath::{Context, Expression, Item, Model};
use crate::profile::{Code, Issue, Severity, errata};

/// An extension is used where its definition does not allow it.
pub const CONTEXT: Code = Code {
    name: "extension-context",
    title: "An extension is used where its definition does not allow it",
    what: "The definition of an extension says on which elements, types or other extensions it may be used, and \
        may add rules that hold there.",
    why: "A reader that knows the extension looks for it where it belongs.",
    example: "wrong:  the extension patient-animal, made for Patient, on an Organization\nright:  on a Patient",
    specification: "https://hl7.org/fhir/R4/defining-extensions.html#context",
};

/// An extension is used as a modifier and is none, or the reverse.
pub const MODIFIER: Code = Code {
    name: "extension-modifier",
    title: "An extension that modifies is not written as such, or the reverse",
    what: "An extension whose definition says that it changes the meaning of what it is on stands in \
        modifierExtension; any other stands in extension.",
    why: "A reader may pass over an unknown extension, but must stop at an unknown modifier.",
    example: "wrong:  \"extension\": [{ \"url\": \"…/request-doNotPerform\" }]\n\
        right:  \"modifierExtension\": [{ \"url\": \"…/request-doNotPerform\" }]",
    specification: "https://hl7.org/fhir/R4/extensibility.html#modifierExtension",
};

/// An extension is not for the FHIR release in use.
pub const RELEASE: Code = Code {
    name: "extension-release",
    title: "An extension is not for this FHIR release",
    what: "A definition may say which releases of FHIR it is for (the extension version-specific-use).",
    why: "In another release an element of the standard says the same, or the extension means nothing.",
    example: "wrong:  an extension that is for R4 and later, in an STU3 resource",
    specification: "https://hl7.org/fhir/R4/defining-extensions.html",
};

/// A part of a complex extension that its definition does not have.
pub const UNKNOWN_PART: Code = Code {
    name: "extension-part",
    title: "A part of a complex extension is not one that its definition has",
    what: "The parts of a complex extension have plain names, and are those that its definition lists.",
    why: "Nobody can tell what an unlisted part means; most often its name is misspelt.",
    example: "wrong:  \"url\": \"species-x\" within patient-animal\nright:  \"url\": \"species\"",
    specification: "https://hl7.org/fhir/R4/extensibility.html#Extension",
};

/// The extension by which a definition says which releases it is for.
const VERSIONS: &str = "http://hl7.org/fhir/StructureDefinition/version-specific-use";

/// What a definition says of the use of its extension.
#[derive(Debug)]
pub struct ExtensionUsage {
    /// The places, of which one must be; none says nothing.
    places: Vec<Place>,
    /// What must hold where it is used.
    invariants: Vec<Rule>,
    modifier: bool,
    releases: Releases,
}

#[derive(Debug)]
struct Place {
    kind: PlaceKind,
    text: String,
    releases: Releases,
}

#[derive(Debug)]
enum PlaceKind {
    /// An element by its id, or a type by its name.
    Element,
    /// The same as STU3 writes it for resources. Definitions of that release name a resource type and mean its
    /// elements too, as those of Care Connect do for the codings of a Condition.
    Resource,
    /// Another extension, by its URL.
    Extension,
    /// What an expression finds in the resource; `None` where it is not valid FHIRPath.
    Expression(Option<Expression>),
    /// A kind that is not known here.
    Unknown,
}

#[derive(Debug)]
struct Rule {
    text: String,
    expression: Option<Expression>,
}

/// The first and the last release, as `4.0`.
#[derive(Debug, Default, Clone)]
struct Releases {
    first: Option<String>,
    last: Option<String>,
}

impl ExtensionUsage {
    /// Reads it from the definition; `modifier` is what its outermost element says.
    pub(crate) fn read(definition: Element<'_>, modifier: bool) -> Self {
        let old_kind = definition.text("contextType");
        let places = definition.children_named("context").flat_map(|context| {
            let releases = Releases::read(context);
            let (kind, text) = match context.value() {
                // STU3: `resource` and `datatype` both name elements; several stand in one text.
                Some(text) => (old_kind.unwrap_or("element"), text),
                None => {
                    (context.text("type").unwrap_or_default(), context.text("expression").unwrap_or_default())
                }
            };
            let separator = if context.value().is_some() { ',' } else { '\n' };
            let made: Vec<Place> = text.split(separator).map(|text| Place::new(kind, text.trim())).collect();
            made.into_iter().map(move |place| Place { releases: releases.clone(), ..place })
        });
        let url = definition.text("url").unwrap_or_default();
        let more = errata::more_places(url).iter().map(|text| Place::new("element", text));
        let rules = definition.children_named("contextInvariant").filter_map(Element::value);
        Self {
            places: places.chain(more).collect(),
            invariants: rules
                .map(|text| Rule { text: text.to_owned(), expression: Expression::parse(text).ok() })
                .collect(),
            modifier,
            releases: Releases::read(definition),
        }
    }

    /// Checks one use of the extension.
    #[must_use]
    pub fn check<'t>(
        &self,
        extension: Element<'t>,
        url: &str,
        release: Release,
        context: &Context<'t>,
    ) -> Option<Issue> {
        let holder = extension.parent()?;
        let issue = |code, message: String| Some(Issue::at(extension, code, Severity::Error, message));
        let found = extension.name();
        let wanted = if self.modifier { "modifierExtension" } else { "extension" };
        if matches!(found, "extension" | "modifierExtension") && found != wanted {
            let message = format!("the extension {url} is written as `{found}`");
            return issue(&MODIFIER, message)
                .map(|issue| issue.compared(format!("`{wanted}`"), format!("`{found}`")));
        }
        if !self.releases.allow(release) {
            let message = format!("the extension {url} is not for {release}");
            return issue(&RELEASE, message)
                .map(|issue| issue.compared(self.releases.describe(), release.to_string()));
        }
        if is_value_in_definition(holder, context.model) {
            return None;
        }
        let allowed: Vec<Option<bool>> = self
            .places
            .iter()
            .filter(|place| place.releases.allow(release))
            .map(|place| place.is_at(holder, context))
            .collect();
        if !self.places.is_empty() && allowed.iter().all(|allowed| *allowed == Some(false)) {
            let message =
                format!("the extension {url} may not be used on `{}`", describe(holder, context.model));
            let places: Vec<&str> = self.places.iter().map(|place| place.text.as_str()).collect();
            return issue(&CONTEXT, message)
                .map(|issue| issue.compared(places.join(" or "), describe(holder, context.model)));
        }
        let broken = self.invariants.iter().find(|rule| rule.is_broken(extension, holder, context))?;
        let message =
            format!("the extension {url} may not be used here: its definition has a rule that does not hold");
        issue(&CONTEXT, message).map(|issue| Issue { expected: Some(broken.text.clone()), ..issue })
    }
}

impl Rule {
    /// Whether it is not true of the element that holds the extension. One that cannot be evaluated does not
    /// say so.
    fn is_broken<'t>(&self, extension: Element<'t>, holder: Element<'t>, context: &Context<'t>) -> bool {
        let Some(expression) = &self.expression else { return false };
        let mut context = context.clone();
        let extension = Item::element(extension, Some("Extension"));
        context.variables.insert("extension".to_owned(), vec![extension]);
        let focus = Item::element(holder, type_of(holder, context.model));
        matches!(expression.evaluate_boolean(&context, focus), Ok(Some(false) | None))
    }
}

impl Place {
    fn new(kind: &str, text: &str) -> Self {
        let kind = match kind {
            "element" | "datatype" => PlaceKind::Element,
            "resource" => PlaceKind::Resource,
            "extension" => PlaceKind::Extension,
            "fhirpath" => PlaceKind::Expression(Expression::parse(text).ok()),
            _ => PlaceKind::Unknown,
        };
        Self { kind, text: text.to_owned(), releases: Releases::default() }
    }

    /// Whether the holder of an extension is at this place; `None` where that cannot be told.
    fn is_at<'t>(&self, holder: Element<'t>, context: &Context<'t>) -> Option<bool> {
        match &self.kind {
            PlaceKind::Resource if holder.resource().resource_type() == Some(&self.text) => Some(true),
            PlaceKind::Element | PlaceKind::Resource => is_at_element(holder, &self.text, context.model),
            PlaceKind::Extension => Some(is_at_extension(holder, &self.text)),
            PlaceKind::Expression(expression) => {
                let resource = holder.resource();
                let found = expression.as_ref()?.evaluate(context, Item::element(resource, None)).ok()?;
                Some(found.iter().any(|item| item.as_element() == Some(holder)))
            }
            PlaceKind::Unknown => None,
        }
    }
}

/// Whether an element is the one of an id such as `Patient.contact`, `HumanName.family` or `Observation.value[x]`,
/// with or without the URL of its definition before a `#`, or is of the type named.
fn is_at_element(holder: Element<'_>, text: &str, model: &dyn Model) -> Option<bool> {
    let id = match text.rsplit_once('#') {
        Some((_, id)) => id,
        None if text.contains("://") => {
            let name = text.rsplit('/').next().unwrap_or_default();
            // A profile: whether the holder follows it is another question.
            return if model.is_type(name) { Some(is_at_path(holder, name, model)) } else { None };
        }
        None => text,
    };
    Some(matches!(id, "*" | "Any" | "Element") || is_at_path(holder, id, model))
}

fn is_at_path(element: Element<'_>, path: &str, model: &dyn Model) -> bool {
    let own = type_of(element, model);
    if own == Some(path) {
        return true;
    }
    let Some((above, name)) = path.rsplit_once('.') else {
        return own.is_some_and(|own| match path {
            // R5's names for what has a canonical URL; R4's definitions use them already.
            "CanonicalResource" | "MetadataResource" => model.child(own, "url").is_some(),
            _ => model.is_subtype(own, path),
        });
    };
    let name = name.split(':').next().unwrap_or(name).trim_end_matches("[x]");
    let Some(parent) = element.parent() else { return false };
    let named = element.name() == name
        || type_of(parent, model)
            .and_then(|parent| model.child(parent, element.name()))
            .is_some_and(|child| child.name == name);
    named && is_at_path(parent, above, model)
}

/// Whether an element is the extension of a URL, or with `url#part` a part of it.
fn is_at_extension(holder: Element<'_>, text: &str) -> bool {
    let is_extension = |element: &Element<'_>| matches!(element.name(), "extension" | "modifierExtension");
    let has_url =
        |element: Element<'_>, url: &str| is_extension(&element) && element.text("url") == Some(url);
    has_url(holder, text)
        || text.rsplit_once('#').is_some_and(|(url, part)| {
            has_url(holder, part) && holder.parent().is_some_and(|parent| has_url(parent, url))
        })
}

/// Whether an element is within a value that an ElementDefinition fixes or gives as an example: it stands for
/// the element that is defined, and not for itself.
fn is_value_in_definition(holder: Element<'_>, model: &dyn Model) -> bool {
    let mut element = holder;
    while let Some(parent) = element.parent().filter(|_| element.resource_type().is_none()) {
        if let Some(parent_type @ ("ElementDefinition" | "ElementDefinition.example")) =
            type_of(parent, model)
            && let Some(child) = model.child(parent_type, element.name())
            && matches!(child.name, "fixed" | "pattern" | "value" | "defaultValue" | "minValue" | "maxValue")
        {
            return true;
        }
        element = parent;
    }
    false
}

/// The type of an element, or the path of one with parts of its own.
fn type_of<'t>(element: Element<'t>, model: &'t dyn Model) -> Option<&'t str> {
    match element.resource_type() {
        Some(name) => Some(name),
        None => Some(model.child(type_of(element.parent()?, model)?, element.name())?.type_name),
    }
}

/// The element as definitions call it.
fn describe(element: Element<'_>, model: &dyn Model) -> String {
    match element.parent().and_then(|parent| type_of(parent, model)) {
        Some(parent) if element.resource_type().is_none() => format!("{parent}.{}", element.name()),
        _ => element.resource_type().unwrap_or(element.name()).to_owned(),
    }
}

impl Releases {
    fn read(element: Element<'_>) -> Self {
        let of_url = |url: &'static str| move |found: &Element<'_>| found.text("url") == Some(url);
        let Some(extension) = element.children_named("extension").find(of_url(VERSIONS)) else {
            return Self::default();
        };
        let part = |url| {
            let part = extension.children_named("extension").find(of_url(url))?;
            part.children().find(|child| child.name().starts_with("value"))?.value().map(str::to_owned)
        };
        Self { first: part("startFhirVersion"), last: part("endFhirVersion") }
    }

    fn allow(&self, release: Release) -> bool {
        let own = match release {
            Release::Stu3 => (3, 0),
            Release::R4 => (4, 0),
        };
        let number = |text: &String| {
            let mut parts = text.split('.').map_while(|part| part.parse::<u32>().ok());
            Some((parts.next()?, parts.next().unwrap_or(0)))
        };
        self.first.as_ref().and_then(number).is_none_or(|first| first <= own)
            && self.last.as_ref().and_then(number).is_none_or(|last| own <= last)
    }

    fn describe(&self) -> String {
        match (&self.first, &self.last) {
            (Some(first), Some(last)) => format!("FHIR {first} to {last}"),
            (Some(first), None) => format!("FHIR {first} or later"),
            (None, Some(last)) => format!("FHIR {last} or earlier"),
            (None, None) => "any release".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::fhir::parse_json;
    use crate::package::{Package, PackageSet};
    use crate::profile::SchemaSet;

    /// The code found for the first extension of a patient's element, under a definition with more to it.
    #[track_caller]
    fn found(definition: &str, patient: &str, path: &str) -> Option<&'static str> {
        let packages = vec![Arc::new(Package::core(Release::R4).unwrap())];
        let set = SchemaSet::new(Arc::new(PackageSet::new(Release::R4, packages)));
        let definition = format!(r#"{{"resourceType":"StructureDefinition",{definition}}}"#);
        let definition = parse_json(&definition).unwrap();
        let tree = parse_json(patient).unwrap();
        let mut element = tree.root();
        for name in path.split('.') {
            element = element.child(name).unwrap();
        }
        let usage = ExtensionUsage::read(definition.root(), false);
        let context = Context::new(&set);
        usage.check(element, "http://x.example/e", Release::R4, &context).map(|issue| issue.code)
    }

    const PATIENT: &str = r#"{"resourceType":"Patient","active":true,
        "extension":[{"url":"http://x.example/e","extension":[{"url":"inner"}]}],
        "name":[{"family":"A","extension":[{"url":"http://x.example/e"}]}],
        "deceasedBoolean":false,"_deceasedBoolean":{"extension":[{"url":"http://x.example/e"}]},
        "contact":[{"name":{"_family":{"extension":[{"url":"http://x.example/e"}]}}}],
        "modifierExtension":[{"url":"http://x.example/e"}]}"#;

    #[test]
    fn places_are_elements_types_extensions_and_expressions() {
        let at = |kind: &str, text: &str, path: &str| {
            let context = format!(r#""context":[{{"type":"{kind}","expression":"{text}"}}]"#);
            found(&context, PATIENT, path).is_none()
        };
        for text in ["Patient", "DomainResource", "Resource", "Element"] {
            assert!(at("element", text, "extension"), "{text}");
        }
        assert!(!at("element", "Organization", "extension") && !at("element", "Patient.name", "extension"));
        assert!(!at("element", "CanonicalResource", "extension"));
        assert!(
            at("element", "Patient.name", "name.extension") && at("element", "HumanName", "name.extension")
        );
        assert!(!at("element", "Patient", "name.extension"));
        for text in [
            "Patient.deceased[x]",
            "boolean",
            "http://hl7.org/fhir/StructureDefinition/Patient#Patient.deceased",
        ] {
            assert!(at("element", text, "deceasedBoolean.extension"), "{text}");
        }
        for text in ["HumanName.family", "Patient.contact.name.family", "string"] {
            assert!(at("element", text, "contact.name.family.extension"), "{text}");
        }
        assert!(at("extension", "http://x.example/e", "extension.extension"));
        assert!(!at("extension", "http://x.example/other", "extension.extension"));
        assert!(at("fhirpath", "Patient.name.where(family = 'A')", "name.extension"));
        assert!(!at("fhirpath", "Patient.name.where(family = 'B')", "name.extension"));
        assert!(at("element", "https://x.example/StructureDefinition/profile", "extension"));
    }

    #[test]
    fn rules_modifiers_and_releases() {
        let place = r#""context":[{"type":"element","expression":"Element"}]"#;
        let with =
            |rule: &str| found(&format!(r#"{place},"contextInvariant":["{rule}"]"#), PATIENT, "extension");
        assert_eq!(with("Patient.active"), None);
        assert_eq!(with("%extension.url.exists()"), None);
        assert_eq!(with("Patient.active.not()"), Some("extension-context"));
        assert_eq!(found(place, PATIENT, "modifierExtension"), Some("extension-modifier"));
        let for_releases = |first: &str, last: &str| {
            let part = |url: &str, code: &str| format!(r#"{{"url":"{url}","valueCode":"{code}"}}"#);
            let parts = format!("{},{}", part("startFhirVersion", first), part("endFhirVersion", last));
            found(
                &format!(r#"{place},"extension":[{{"url":"{VERSIONS}","extension":[{parts}]}}]"#),
                PATIENT,
                "extension",
            )
        };
        assert_eq!(for_releases("3.0", "4.0"), None);
        assert_eq!(for_releases("4.3", "5.0"), Some("extension-release"));
        assert_eq!(for_releases("1.0", "3.0"), Some("extension-release"));
    }

    #[test]
    fn stu3_names_places_by_text() {
        let in_stu3 = |text: &str| {
            found(&format!(r#""contextType":"resource","context":["{text}"]"#), PATIENT, "extension")
        };
        assert_eq!(in_stu3("Organization, Patient"), None);
        assert_eq!(in_stu3("*"), None);
        let deeper = found(r#""contextType":"resource","context":["Patient"]"#, PATIENT, "name.extension");
        assert_eq!(deeper, None, "a resource type stands for its elements too");
        assert_eq!(in_stu3("Organization"), Some("extension-context"));
    }
}
