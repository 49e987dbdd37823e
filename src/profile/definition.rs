//! StructureDefinition and ElementDefinition, read from the element tree; STU3 and R4 alike.
//!
//! <https://hl7.org/fhir/STU3/elementdefinition.html>

mod fragment;

use std::sync::Arc;

use super::rules::{Aggregation, ExtensionUsage};
use crate::fhir::{Element, Tree};

pub use fragment::Fragment;

/// Where FHIRPath's own types are published.
const SYSTEM: &str = "http://hl7.org/fhirpath/";
const BEST_PRACTICE: &str = "http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice";
const NARRATIVE_LANGUAGE: &str = "http://hl7.org/fhir/StructureDefinition/narrative-language-control";
const FHIR_TYPE: &str = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";
/// Says that not the whole profile is meant, but the element of it with this id.
const PROFILE_ELEMENT: &str = "http://hl7.org/fhir/StructureDefinition/elementdefinition-profile-element";
const MIN_LENGTH: &str = "http://hl7.org/fhir/StructureDefinition/minLength";
const REGEX: &str = "http://hl7.org/fhir/StructureDefinition/regex";
const MUST_HAVE_VALUE: &str =
    "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.mustHaveValue";
const VALUE_ALTERNATIVES: &str =
    "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.valueAlternatives";

/// A StructureDefinition, with the parts that judging needs.
#[derive(Debug, Clone)]
pub(super) struct StructureDefinition {
    pub(super) url: String,
    pub(super) version: Option<String>,
    pub(super) type_name: String,
    pub(super) kind: String,
    pub(super) base: Option<String>,
    pub(super) is_constraint: bool,
    pub(super) is_abstract: bool,
    pub(super) snapshot: Vec<ElementDefinition>,
    pub(super) differential: Vec<ElementDefinition>,
    /// Of the definition of an extension: where it may be used.
    pub(super) usage: Option<Arc<ExtensionUsage>>,
}

/// One element of a definition. What a differential does not say is `None` or empty.
#[derive(Debug, Clone, Default)]
pub(super) struct ElementDefinition {
    pub(super) path: String,
    pub(super) slice_name: Option<String>,
    pub(super) slicing: Option<SlicingDefinition>,
    pub(super) min: Option<u32>,
    pub(super) max: Option<Max>,
    /// The element that this one goes back to, as a published snapshot says it.
    pub(super) base: Option<BaseElement>,
    pub(super) content_reference: Option<String>,
    pub(super) types: Vec<TypeReference>,
    pub(super) fixed: Option<Fragment>,
    pub(super) pattern: Option<Fragment>,
    pub(super) max_length: Option<usize>,
    /// Of a narrative: the languages that it has sections for.
    pub(super) narrative_language: Option<String>,
    pub(super) min_value: Option<Fragment>,
    pub(super) max_value: Option<Fragment>,
    pub(super) constraints: Vec<Constraint>,
    pub(super) must_support: Option<bool>,
    pub(super) is_modifier: Option<bool>,
    pub(super) is_summary: Option<bool>,
    pub(super) binding: Option<BindingDefinition>,
    /// The least length of a text.
    pub(super) min_length: Option<usize>,
    /// An expression that a text has to match as a whole.
    pub(super) regex: Option<String>,
    /// Whether a primitive must have a value, so that extensions in its place do not do.
    pub(super) must_have_value: bool,
    /// The extensions of which one is needed where a primitive has no value.
    pub(super) value_alternatives: Vec<String>,
    /// What is wrong with the definition of the element itself.
    pub(super) defect: Option<String>,
}

/// Where an element was first defined, and how often it could be there.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(super) struct BaseElement {
    pub(super) path: String,
    pub(super) min: u32,
    pub(super) max: Max,
}

/// A maximum: a number, or any number (`*`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(untagged)]
pub(crate) enum Max {
    AtMost(u32),
    #[serde(serialize_with = "star")]
    Any,
}

fn star<S: serde::Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("*")
}

impl Max {
    fn parse(text: &str) -> Option<Self> {
        if text == "*" { Some(Self::Any) } else { text.parse().ok().map(Self::AtMost) }
    }

    pub(crate) fn allows(self, count: usize) -> bool {
        match self {
            Self::Any => true,
            Self::AtMost(max) => count <= max as usize,
        }
    }
}

impl std::fmt::Display for Max {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Any => formatter.write_str("*"),
            Self::AtMost(max) => write!(formatter, "{max}"),
        }
    }
}

/// A type that an element may have.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub(super) struct TypeReference {
    /// The type's name; `None` for the value of a primitive.
    pub(super) code: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) profiles: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) target_profiles: Vec<String>,
    /// Of a reference: how it is to be made.
    #[serde(skip_serializing_if = "Aggregation::is_open")]
    pub(super) aggregation: Aggregation,
}

#[derive(Debug, Clone, serde::Serialize)]
pub(super) struct SlicingDefinition {
    pub(super) discriminators: Vec<(String, String)>,
    pub(super) rules: String,
    pub(super) ordered: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Constraint {
    pub(super) key: String,
    pub(super) severity: String,
    pub(super) human: Option<String>,
    pub(super) expression: Option<String>,
    /// Whether it is good advice rather than a demand.
    pub(super) best_practice: bool,
}

#[derive(Debug, Clone)]
pub(super) struct BindingDefinition {
    pub(super) strength: String,
    pub(super) value_set: Option<String>,
    /// Further value sets, which extensions of the binding give.
    pub(super) further: Vec<FurtherBinding>,
}

/// A value set beside the main one of a binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FurtherBinding {
    /// What it is for, by the codes of additional-binding-purpose: `maximum`, `required`, `extensible` …
    pub(super) purpose: String,
    pub(super) value_set: String,
    /// Whether it holds for some uses, or one of several values, only.
    pub(super) conditional: bool,
}

/// Gives the set that no code may leave.
const MAXIMUM: &str = "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet";
/// Give further bindings of an element.
const ADDITIONAL: [&str; 2] = [
    "http://hl7.org/fhir/tools/StructureDefinition/additional-binding",
    "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.binding.additional",
];

impl StructureDefinition {
    pub(super) fn read(tree: &Arc<Tree>) -> Option<Self> {
        let root = tree.root();
        if root.resource_type() != Some("StructureDefinition") {
            return None;
        }
        let text = |name: &str| root.text(name).map(|text| text.trim().to_owned());
        let elements = |view: &str| -> Vec<ElementDefinition> {
            let view = root.child(view);
            view.into_iter()
                .flat_map(|view| view.children().filter(|child| child.name() == "element"))
                .map(|element| ElementDefinition::read(tree, element))
                .collect()
        };
        let (snapshot, differential) = (elements("snapshot"), elements("differential"));
        let is_extension =
            text("type").as_deref() == Some("Extension") && root.text("derivation") == Some("constraint");
        let modifier = snapshot.iter().chain(&differential).find(|element| element.path == "Extension");
        let modifier = modifier.is_some_and(|element| element.is_modifier == Some(true));
        let usage = is_extension.then(|| Arc::new(ExtensionUsage::read(root, modifier)));
        Some(Self {
            usage,
            url: text("url")?,
            version: text("version"),
            type_name: text("type").or_else(|| text("name"))?,
            kind: text("kind").unwrap_or_default(),
            base: text("baseDefinition"),
            is_constraint: root.text("derivation") == Some("constraint") || only_constrains(root),
            is_abstract: root.text("abstract") == Some("true"),
            snapshot: with_content_rules(snapshot),
            differential,
        })
    }
}

/// The invariants of an element hold as well for those that have its content (contentReference).
fn with_content_rules(mut elements: Vec<ElementDefinition>) -> Vec<ElementDefinition> {
    for index in 0..elements.len() {
        let Some(path) = &elements[index].content_reference else { continue };
        let is_target = |element: &&ElementDefinition| element.path == *path && element.slice_name.is_none();
        let shared = elements.iter().find(is_target).map(|target| target.constraints.clone());
        let own = &mut elements[index].constraints;
        for constraint in shared.unwrap_or_default() {
            if !own.iter().any(|known| known.key == constraint.key) {
                own.push(constraint);
            }
        }
    }
    elements
}

/// Whether a definition that does not say that it is a constraint can be nothing else: it has no elements of its own
/// and says what it says of the type that it builds on.
fn only_constrains(root: Element<'_>) -> bool {
    let base = root.text("baseDefinition").and_then(|base| base.rsplit('/').next());
    root.child("snapshot").is_none()
        && base.is_some()
        && (base == root.text("type") || root.child("derivation").is_none())
}

impl ElementDefinition {
    fn read(tree: &Arc<Tree>, element: Element<'_>) -> Self {
        let mut made =
            Self { path: element.text("path").unwrap_or_default().trim().to_owned(), ..Self::default() };
        for child in element.children() {
            let value = child.value();
            match child.name() {
                "sliceName" => made.slice_name = value.map(str::to_owned),
                "slicing" => made.slicing = Some(SlicingDefinition::read(child)),
                "min" => match value.and_then(|text| text.parse().ok()) {
                    None => made.defect = Some("its `min` is no number".to_owned()),
                    min => made.min = min,
                },
                "max" => match value.and_then(Max::parse) {
                    None => made.defect = Some("its `max` is neither a number nor `*`".to_owned()),
                    max => made.max = max,
                },
                "base" => made.base = BaseElement::read(child),
                "contentReference" => {
                    made.content_reference = value.map(|text| text.trim_start_matches('#').to_owned());
                }
                "type" => add_type(&mut made.types, child),
                "extension" if child.text("url") == Some(NARRATIVE_LANGUAGE) => {
                    made.narrative_language = child.text("valueCode").map(str::to_owned);
                }
                "maxLength" => made.max_length = value.and_then(|text| text.parse().ok()),
                "constraint" => made.constraints.push(Constraint::read(child)),
                "mustSupport" => made.must_support = Some(value == Some("true")),
                "isModifier" => made.is_modifier = Some(value == Some("true")),
                "isSummary" => made.is_summary = Some(value == Some("true")),
                "binding" => made.binding = Some(BindingDefinition::read(child)),
                "extension" => made.read_extension(child),
                name if is_choice_of(name, "fixed") => {
                    made.fixed = Some(Fragment::new(tree, child));
                }
                name if is_choice_of(name, "pattern") => {
                    made.pattern = Some(Fragment::new(tree, child));
                }
                name if is_choice_of(name, "minValue") || is_choice_of(name, "maxValue") => {
                    let bound = Some(Fragment::new(tree, child));
                    if name.starts_with("min") {
                        made.min_value = bound;
                    } else {
                        made.max_value = bound;
                    }
                }
                _ => {}
            }
        }
        made
    }

    /// Constraints that the release of the definition has no property for.
    fn read_extension(&mut self, extension: Element<'_>) {
        let mut values = extension.children().filter(|child| child.name().starts_with("value"));
        let Some(value) = values.find_map(Element::value) else { return };
        match extension.text("url").unwrap_or_default() {
            MIN_LENGTH => self.min_length = value.parse().ok(),
            REGEX => self.regex = Some(value.to_owned()),
            MUST_HAVE_VALUE => self.must_have_value = value == "true",
            VALUE_ALTERNATIVES => self.value_alternatives.push(value.to_owned()),
            _ => {}
        }
    }

    /// The last part of the path.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or(&self.path)
    }
}

fn is_choice_of(name: &str, stem: &str) -> bool {
    name.strip_prefix(stem).is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_uppercase()))
}

/// STU3 repeats a type for each profile and target; R4 lists them. Both become one entry a code.
fn add_type(types: &mut Vec<TypeReference>, element: Element<'_>) {
    let code = match element.text("code") {
        Some(code) if !code.starts_with(SYSTEM) => Some(code.to_owned()),
        _ => type_of_system_value(element),
    };
    let values = |name: &str| -> Vec<String> {
        let children = element.children().filter(|child| child.name() == name);
        children.filter_map(Element::value).map(|text| text.trim().to_owned()).collect()
    };
    let profiles = element.children().filter(|child| child.name() == "profile");
    let mut made = TypeReference {
        code,
        profiles: profiles.filter_map(profile_of_type).collect(),
        target_profiles: values("targetProfile"),
        aggregation: Aggregation {
            modes: values("aggregation"),
            versioning: element.text("versioning").map(str::to_owned),
        },
    };
    // One profile package writes a reference's target as `profile` (pitfall of GPConnect Device).
    if made.code.as_deref() == Some("Reference") && made.target_profiles.is_empty() {
        made.target_profiles = std::mem::take(&mut made.profiles);
    }
    match types.iter_mut().find(|known| known.code == made.code) {
        Some(known) => {
            known.profiles.append(&mut made.profiles);
            known.target_profiles.append(&mut made.target_profiles);
            // What is said of some targets only is not kept: the entries are one.
            if known.aggregation != made.aggregation {
                known.aggregation = Aggregation::default();
            }
        }
        None => types.push(made),
    }
}

/// A profile of a type, with the id of the element that is meant behind a `#` where it is not the whole profile.
fn profile_of_type(profile: Element<'_>) -> Option<String> {
    let url = profile.value()?.trim();
    let mut extensions = profile.children_named("extension");
    let part = extensions.find(|extension| extension.text("url") == Some(PROFILE_ELEMENT));
    Some(match part.and_then(|part| part.text("valueString")) {
        Some(id) => format!("{url}#{id}"),
        None => url.to_owned(),
    })
}

/// R4 gives the type of `Element.id` and the like as a FHIRPath type, with the FHIR type in an extension. The
/// value of a primitive is given so too, but is no element.
fn type_of_system_value(element: Element<'_>) -> Option<String> {
    let definition = element.parent()?;
    let path = definition.text("path")?;
    let of_primitive = path.starts_with(|letter: char| letter.is_ascii_lowercase());
    if of_primitive && path.rsplit('.').next() == Some("value") {
        return None;
    }
    // R4's definitions call it a string, the specification (resource.html) an id.
    if definition.child("base").and_then(|base| base.text("path")) == Some("Resource.id") {
        return Some("id".to_owned());
    }
    element
        .children()
        .filter(|child| child.name() == "extension" && child.text("url") == Some(FHIR_TYPE))
        .find_map(|extension| extension.text("valueUrl").or_else(|| extension.text("valueUri")))
        .map(str::to_owned)
}

impl BaseElement {
    fn read(element: Element<'_>) -> Option<Self> {
        Some(Self {
            path: element.text("path")?.to_owned(),
            min: element.text("min")?.parse().ok()?,
            max: element.text("max").and_then(Max::parse)?,
        })
    }
}

impl SlicingDefinition {
    /// How extensions are always told: by their URL (profiling.html#extension).
    pub(super) fn by_url() -> Self {
        Self {
            discriminators: vec![("value".to_owned(), "url".to_owned())],
            rules: "open".to_owned(),
            ordered: false,
        }
    }

    /// How choices are told that are written under the names of their types.
    pub(super) fn by_type() -> Self {
        Self { discriminators: vec![("type".to_owned(), "$this".to_owned())], ..Self::by_url() }
    }

    /// Whether the values are told by their own type alone.
    pub(super) fn is_by_type(&self) -> bool {
        matches!(self.discriminators.as_slice(), [(kind, path)] if kind == "type" && path == "$this")
    }

    fn read(element: Element<'_>) -> Self {
        let discriminators = element
            .children()
            .filter(|child| child.name() == "discriminator")
            .map(|discriminator| {
                let text = |name: &str| discriminator.text(name).unwrap_or_default().to_owned();
                (text("type"), text("path"))
            })
            .collect();
        Self {
            discriminators,
            rules: element.text("rules").unwrap_or("open").to_owned(),
            ordered: element.text("ordered") == Some("true"),
        }
    }
}

impl Constraint {
    fn read(element: Element<'_>) -> Self {
        let text = |name: &str| element.text(name).map(str::to_owned);
        Self {
            key: text("key").unwrap_or_default(),
            severity: text("severity").unwrap_or_default(),
            human: text("human"),
            expression: text("expression"),
            best_practice: element.children_named("extension").any(|extension| {
                extension.text("url") == Some(BEST_PRACTICE) && extension.text("valueBoolean") == Some("true")
            }),
        }
    }
}

impl BindingDefinition {
    fn read(element: Element<'_>) -> Self {
        let value_set = element
            .text("valueSet")
            .or_else(|| element.text("valueSetUri"))
            .or_else(|| element.child("valueSetReference")?.text("reference"));
        Self {
            strength: element.text("strength").unwrap_or_default().to_owned(),
            value_set: value_set.map(|text| text.trim().to_owned()),
            further: element.children_named("extension").filter_map(FurtherBinding::read).collect(),
        }
    }
}

impl FurtherBinding {
    /// A maximum value set, or an additional binding as R4 and R5 carry it.
    fn read(extension: Element<'_>) -> Option<Self> {
        let trimmed = |text: &str| text.trim().to_owned();
        match extension.text("url")? {
            MAXIMUM => {
                let value_set = ["valueCanonical", "valueUri"]
                    .iter()
                    .find_map(|name| extension.text(name))
                    .or_else(|| extension.child("valueReference")?.text("reference"))?;
                Some(Self {
                    purpose: "maximum".to_owned(),
                    value_set: trimmed(value_set),
                    conditional: false,
                })
            }
            url if ADDITIONAL.contains(&url) => {
                let part = |name: &str| {
                    let found =
                        extension.children_named("extension").find(|part| part.text("url") == Some(name))?;
                    found.children().find(|child| child.name().starts_with("value"))
                };
                let text = |name: &str| part(name).and_then(Element::value);
                Some(Self {
                    purpose: trimmed(text("purpose")?),
                    value_set: trimmed(text("valueSet")?),
                    conditional: part("usage").is_some() || text("any") == Some("true"),
                })
            }
            _ => None,
        }
    }
}
