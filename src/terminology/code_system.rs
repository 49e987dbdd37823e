//! A code system's concepts, their hierarchy, properties and displays.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::Membership;
use crate::fhir::Element;

/// Names a code below a concept that stands elsewhere in the tree.
const SUBSUMES: &str = "http://hl7.org/fhir/StructureDefinition/codesystem-subsumes";
/// How long a chain of parents may be.
const MAX_DEPTH: usize = 64;

/// The codes of a system, as far as they are here.
#[derive(Debug)]
pub struct CodeSystem {
    pub(super) url: String,
    /// Its version.
    pub version: Option<String>,
    content: Content,
    case_sensitive: bool,
    concepts: HashMap<String, Concept>,
    /// The properties that it says its concepts have.
    properties: HashSet<String>,
}

/// How much of a system its definition holds (CodeSystem.content).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    /// All codes.
    Complete,
    /// Some: what is listed is a code, what is not may be one.
    Fragment,
    /// None that counts.
    Absent,
}

/// One code with what the system says of it.
#[derive(Debug, Default)]
pub struct Concept {
    /// As the system writes it.
    pub(super) code: String,
    display: Option<String>,
    designations: Vec<String>,
    pub(super) parents: Vec<String>,
    pub(super) properties: Vec<(String, String)>,
}

impl Concept {
    /// The texts that stand for it, the preferred one first.
    pub fn displays(&self) -> impl Iterator<Item = &str> {
        self.display.iter().chain(&self.designations).map(String::as_str)
    }

    /// Whether it stands for a group and is not to be used itself.
    #[must_use]
    pub fn is_abstract(&self) -> bool {
        ["notSelectable", "abstract"].iter().any(|property| self.says(property, "true"))
    }

    /// Whether it is no longer to be used.
    #[must_use]
    pub fn is_inactive(&self) -> bool {
        self.says("inactive", "true")
            || ["retired", "inactive", "deprecated"].iter().any(|status| self.says("status", status))
    }

    fn says(&self, property: &str, value: &str) -> bool {
        self.properties.iter().any(|(code, own)| code == property && own.eq_ignore_ascii_case(value))
    }
}

impl CodeSystem {
    pub(super) fn read(url: &str, root: Element<'_>) -> Self {
        let content = match root.text("content") {
            Some("complete") => Content::Complete,
            Some("fragment") => Content::Fragment,
            _ => Content::Absent,
        };
        let mut made = Self {
            url: url.to_owned(),
            version: root.text("version").map(str::to_owned),
            content,
            case_sensitive: root.text("caseSensitive") != Some("false"),
            concepts: HashMap::new(),
            properties: root
                .children_named("property")
                .filter_map(|one| one.text("code"))
                .map(str::to_owned)
                .collect(),
        };
        if content != Content::Absent {
            for concept in root.children_named("concept") {
                made.collect(concept, None);
            }
        }
        made
    }

    /// A supplement, whose concepts add displays and properties to those of another system.
    pub(super) fn read_supplement(url: &str, root: Element<'_>) -> Self {
        let mut made = Self { content: Content::Fragment, ..Self::read(url, root) };
        for concept in root.children_named("concept") {
            made.collect(concept, None);
        }
        made
    }

    fn collect(&mut self, element: Element<'_>, parent: Option<&str>) {
        let Some(code) = element.text("code") else { return };
        let key = self.key(code).into_owned();
        let texts = |name: &str, part: &str| -> Vec<String> {
            element.children_named(name).filter_map(|one| one.text(part)).map(str::to_owned).collect()
        };
        let mut properties = Vec::new();
        for property in element.children_named("property") {
            let value = property.children().find(|child| child.name().starts_with("value"));
            let value = value.and_then(|value| value.value().or_else(|| value.text("code")));
            if let (Some(code), Some(value)) = (property.text("code"), value) {
                properties.push((code.to_owned(), value.to_owned()));
            }
        }
        let concept = self.concepts.entry(key.clone()).or_default();
        // A concept may have been named already by one that it stands below.
        let mut parents = std::mem::take(&mut concept.parents);
        parents.extend(parent.map(str::to_owned));
        for (property, value) in &properties {
            if property == "parent" && !parents.contains(value) {
                parents.push(value.clone());
            }
        }
        *concept = Concept {
            code: code.to_owned(),
            display: element.text("display").map(str::to_owned),
            designations: texts("designation", "value"),
            parents,
            properties,
        };
        for extension in element.children_named("modifierExtension") {
            if extension.text("url") == Some(SUBSUMES)
                && let Some(below) = extension.text("valueCode")
            {
                let below_key = self.key(below).into_owned();
                let concept = self.concepts.entry(below_key).or_default();
                if concept.code.is_empty() {
                    below.clone_into(&mut concept.code);
                }
                concept.parents.push(key.clone());
            }
        }
        for inner in element.children_named("concept") {
            self.collect(inner, Some(&key));
        }
    }

    /// All codes, where they are all here.
    pub(super) fn codes(&self) -> Option<impl Iterator<Item = &str>> {
        (self.content == Content::Complete)
            .then(|| self.concepts.values().map(|concept| concept.code.as_str()))
    }

    /// A code's concept, if it is here.
    #[must_use]
    pub fn concept(&self, code: &str) -> Option<&Concept> {
        if self.case_sensitive { self.concepts.get(code) } else { self.concepts.get(self.key(code).as_ref()) }
    }

    /// The code that differs from this one by letters' case alone, where case matters.
    #[must_use]
    pub fn in_other_case(&self, code: &str) -> Option<&str> {
        let mut codes = self.concepts.values().map(|concept| concept.code.as_str());
        codes.find(|own| *own != code && own.eq_ignore_ascii_case(code))
    }

    /// Whether it has a code.
    #[must_use]
    pub fn holds(&self, code: &str) -> Membership {
        match self.content {
            _ if self.concept(code).is_some() => Membership::Member,
            Content::Complete => Membership::NotMember,
            _ => Membership::unknown(format!("the codes of {} are not here in full", self.url)),
        }
    }

    /// Whether all its codes are here.
    pub(super) fn is_complete(&self) -> bool {
        self.content == Content::Complete
    }

    /// Whether it tells a property of its concepts.
    pub(super) fn has_property(&self, property: &str) -> bool {
        self.properties.contains(property)
            || self
                .concepts
                .values()
                .any(|concept| concept.properties.iter().any(|(code, _)| code == property))
    }

    /// Whether `special` is `general` or below it; both must be codes of the system.
    pub(super) fn subsumes(&self, general: &str, special: &str) -> Membership {
        if !self.is_complete() {
            return Membership::unknown(format!("the codes of {} are not here in full", self.url));
        }
        let (general, special) = (self.key(general), self.key(special));
        if !self.concepts.contains_key(general.as_ref()) || !self.concepts.contains_key(special.as_ref()) {
            return Membership::unknown(format!("not both codes are in {}", self.url));
        }
        Membership::of(general == special || self.is_below(&special, &general))
    }

    /// Whether a code stands below another, however deep; keys as [`CodeSystem::key`] makes them.
    pub(super) fn is_below(&self, code: &str, ancestor: &str) -> bool {
        below(&self.concepts, code, ancestor, 0)
    }

    /// Whether a code has codes below it.
    pub(super) fn is_parent(&self, code: &str) -> bool {
        self.concepts.values().any(|concept| concept.parents.iter().any(|parent| parent == code))
    }

    /// A code as it is looked up: without case where the system knows none.
    pub(super) fn key<'c>(&self, code: &'c str) -> Cow<'c, str> {
        if self.case_sensitive { Cow::Borrowed(code) } else { Cow::Owned(code.to_lowercase()) }
    }
}

fn below(concepts: &HashMap<String, Concept>, code: &str, ancestor: &str, depth: usize) -> bool {
    depth < MAX_DEPTH
        && concepts
            .get(code)
            .into_iter()
            .flat_map(|concept| &concept.parents)
            .any(|parent| parent == ancestor || below(concepts, parent, ancestor, depth + 1))
}
