//! What identifies people in a run: found where FHIR puts it, in every answer and in the data that was asked for.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

use indexmap::IndexMap;
use regex::Regex;

use super::{FullName, Kind};
use crate::fhir::{Element, parse};
use crate::http::{Evidence, EvidenceMessage};
use crate::run::Data;
use crate::standard::DataNeed;

/// An element that identifies people, in JSON or XML that may be broken off or malformed around it.
static FRAGMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        "(?:\"|<)(?P<name>family|given|text|display|birthDate|deceasedDateTime|value|line|postalCode|city|district)\
         (?:\"\\s*:|\\s+value\\s*=)\\s*(?P<values>\\[[^\\]]{0,1000}\\]?|\"[^\"]{0,300}\"?)",
    )
    .ok()
});

/// Resources that are about a person; identifiers of others (an organisation's code) stay.
const PEOPLE: [&str; 4] = ["Patient", "Person", "RelatedPerson", "Practitioner"];
/// How many identifiers are kept apart; a real run has some hundred.
const MOST: usize = 50_000;
/// How long an identifier can be; what is longer is no name.
const LONGEST: usize = 256;

/// Identifiers with their kinds, and the words of FHIR that were seen beside them.
#[derive(Debug, Clone, Default)]
pub(super) struct Identifiers {
    found: BTreeMap<String, Kind>,
    full_names: BTreeSet<FullName>,
    words: HashSet<String>,
}

impl Identifiers {
    /// All that were found. A name that is also a word of FHIR in these answers (`Patient`) is left where it stands:
    /// it tells nothing of anybody, and without it nothing could be read.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, Kind)> {
        let found = self.found.iter().map(|(value, kind)| (value.as_str(), *kind));
        found.filter(|(value, _)| !self.words.contains(&value.to_lowercase()))
    }

    /// The names in full.
    pub(super) fn full_names(&self) -> &BTreeSet<FullName> {
        &self.full_names
    }

    /// Adds the data that scenarios were given, by the FHIRPath that says what each value is.
    pub(super) fn add_data(&mut self, data: &Data, needs: &IndexMap<String, DataNeed>) {
        for (name, need) in needs {
            for (value, path) in &need.values {
                let text = data.value(&format!("{name}.{value}"));
                if let (Some(text), Some(kind)) = (text, kind_of_path(path)) {
                    self.add(text, kind);
                }
            }
        }
    }

    /// Adds what the messages of an exchange hold, and says whether there was room for all of it.
    pub(super) fn add_evidence(&mut self, evidence: &Evidence) -> bool {
        let messages = std::iter::once(&evidence.request).chain(&evidence.response);
        for EvidenceMessage { body, .. } in messages {
            let Some(body) = body else { continue };
            let Ok(tree) = parse(body.as_bytes()) else {
                self.add_fragments(body);
                if self.is_full() {
                    return false;
                }
                continue;
            };
            for element in tree.root().descendants() {
                self.add_element(element);
                if self.is_full() {
                    return false;
                }
            }
        }
        true
    }

    fn is_full(&self) -> bool {
        self.found.len() + self.full_names.len() >= MOST
    }

    /// Adds what stands where identifiers stand in a body that cannot be read as a whole.
    fn add_fragments(&mut self, body: &str) {
        let Some(pattern) = FRAGMENT.as_ref() else { return };
        for found in pattern.captures_iter(body) {
            let kind = match &found["name"] {
                "family" | "given" | "text" | "display" => Kind::Name,
                "birthDate" | "deceasedDateTime" => Kind::BirthDate,
                "value" => Kind::Identifier,
                _ => Kind::Address,
            };
            let values = found.name("values").map_or("", |values| values.as_str());
            for value in
                values.split(['"', '[', ']', ',', '\n']).map(str::trim).filter(|value| !value.is_empty())
            {
                self.add(value, kind);
            }
        }
    }

    fn add_element(&mut self, element: Element<'_>) {
        let name = element.name();
        if !self.words.contains(name) {
            self.words.insert(name.to_lowercase());
        }
        if let Some(kind) = element.resource_type()
            && !self.words.contains(kind)
        {
            self.words.insert(kind.to_lowercase());
        }
        if is_human_name(Some(element)) {
            self.add_full_names(element);
        }
        let Some(value) = element.value() else { return };
        let parent = element.parent();
        let of_parent = |names: &[&str]| parent.is_some_and(|parent| names.contains(&parent.name()));
        let kind = match name {
            "family" | "given" => Some(Kind::Name),
            "birthDate" | "deceasedDateTime" => Some(Kind::BirthDate),
            "text" if is_human_name(parent) || of_parent(&["valueHumanName"]) => Some(Kind::Name),
            "value" if of_parent(&["identifier"]) => identifier(element, parent),
            "value" if of_parent(&["telecom", "valueContactPoint"]) => Some(Kind::Contact),
            "line" | "postalCode" | "city" | "district" | "text"
                if of_parent(&["address", "valueAddress"]) =>
            {
                Some(Kind::Address)
            }
            "display" if parent.is_some_and(|parent| parent.child("reference").is_some()) => {
                self.full_names.extend(FullName::of_text(value).filter(|_| is_of_person(parent)));
                Some(Kind::Name)
            }
            _ => None,
        };
        if let Some(kind) = kind {
            self.add(value, kind);
        }
    }

    /// Adds what a `HumanName` says as a whole: its parts beside each other, and its text.
    fn add_full_names(&mut self, name: Element<'_>) {
        let given = name.children().filter(|child| child.name() == "given").filter_map(Element::value);
        let parts = name.text("family").and_then(|family| FullName::new(given, family));
        let text = name.text("text").and_then(FullName::of_text);
        self.full_names.extend(parts.into_iter().chain(text));
    }

    fn add(&mut self, value: &str, kind: Kind) {
        let value = value.trim();
        // A single letter is an initial, and would be found in every sentence.
        if value.chars().nth(1).is_some() && value.len() <= LONGEST {
            // The same kind in whatever order it is found as several.
            let known = self.found.entry(value.to_owned()).or_insert(kind);
            *known = kind.min(*known);
        }
    }
}

/// A `HumanName` in full stands beside the parts of the name, or under `name` of a person.
fn is_human_name(parent: Option<Element<'_>>) -> bool {
    let Some(parent) = parent else { return false };
    let has_parts = ["family", "given"].iter().any(|part| parent.child(part).is_some());
    has_parts
        || (parent.name() == "name"
            && parent.resource().resource_type().is_some_and(|kind| PEOPLE.contains(&kind)))
}

/// Whether a reference is to a record about a person.
fn is_of_person(reference: Option<Element<'_>>) -> bool {
    let address = reference.and_then(|reference| reference.text("reference")).unwrap_or_default();
    address.split('/').any(|part| PEOPLE.contains(&part))
}

fn identifier(element: Element<'_>, parent: Option<Element<'_>>) -> Option<Kind> {
    let system = parent.and_then(|parent| parent.text("system")).unwrap_or_default();
    if system.to_ascii_lowercase().ends_with("nhs-number") {
        return Some(Kind::NhsNumber);
    }
    let of_person = element.resource().resource_type().is_some_and(|kind| PEOPLE.contains(&kind));
    // That of a reference, of whom the record says nothing else.
    let of_reference =
        parent.and_then(Element::parent).is_some_and(|holder| holder.resource_type().is_none());
    (of_person || of_reference).then_some(Kind::Identifier)
}

/// What a value is, by the FHIRPath that finds it in a record.
fn kind_of_path(path: &str) -> Option<Kind> {
    let last = |name: &str| path.split(['.', '(', ')']).rfind(|part| !part.is_empty()) == Some(name);
    let has = |name: &str| path.split(['.', '(']).any(|part| part == name);
    if has("family") || has("given") {
        Some(Kind::Name)
    } else if has("birthDate") {
        Some(Kind::BirthDate)
    } else if has("identifier") && last("value") {
        Some(if path.contains("nhs-number") { Kind::NhsNumber } else { Kind::Identifier })
    } else if has("telecom") && last("value") {
        Some(Kind::Contact)
    } else if has("postalCode") || has("line") {
        Some(Kind::Address)
    } else {
        None
    }
}
