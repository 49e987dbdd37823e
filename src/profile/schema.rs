//! A compiled profile: its elements with their rules, ready to be applied many times.

use std::sync::{Arc, OnceLock};

use serde::Serialize;

use super::SchemaSet;
use super::child_index::ChildIndex;
use super::definition::{ElementDefinition, Max, SlicingDefinition, StructureDefinition, TypeReference};
use super::discriminator::{DEFAULT, Discriminator};
use super::rules::{
    Binding, Cardinality, DataType, ExtensionUsage, Fixed, Invariant, Limit, MaxLength, MinLength,
    NarrativeLanguage, Pattern, ReferenceTargets, Regex, ValuePresence, ValueRule,
};
use super::schema_set::profile_and_part;
use super::snapshot::{Node, Types};

/// A compiled StructureDefinition.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Schema {
    /// Its canonical URL.
    pub url: String,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The type that it defines or constrains.
    pub type_name: String,
    /// The name of the type that this type specializes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_type: Option<String>,
    /// `resource`, `complex-type` or `primitive-type`.
    pub kind: String,
    /// Whether it is abstract, so that nothing is of this type itself.
    pub is_abstract: bool,
    /// Of an extension's definition: where it may be used.
    #[serde(skip)]
    pub usage: Option<Arc<ExtensionUsage>>,
    /// The outermost element.
    pub root: ElementSchema,
}

/// One element with its rules.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, as definitions have them")]
pub struct ElementSchema {
    /// Its name, without `[x]`.
    pub name: String,
    /// Its id in the definition: `Patient.identifier:nhsNumber.system`.
    pub id: String,
    /// Its path in the definition, slices aside: `Patient.identifier.system`.
    #[serde(skip)]
    pub path: String,
    /// Whether it is a choice of types, written `value[x]` in the definition.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub choice: bool,
    /// Whether it can repeat in the base definition, so that JSON writes an array.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub repeats: bool,
    /// How many there may be.
    pub cardinality: Cardinality,
    /// The types that it may have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<TypeLink>,
    /// Whether one of the types comes with profiles.
    #[serde(skip)]
    pub(crate) has_type_profiles: bool,
    /// For an element that has the content of another: that element's path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_reference: Option<String>,
    /// Whether the profile flags it as must-support.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub must_support: bool,
    /// Whether the definition has it in the summary of a resource.
    #[serde(skip)]
    pub is_summary: bool,
    /// Whether it can change the meaning of the element around it.
    #[serde(skip)]
    pub is_modifier: bool,
    /// Its rules for one value, cheap ones first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<ValueRule>,
    /// Its elements, where the definition names them itself rather than leaving them to the type.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<ElementSchema>,
    /// The children by name.
    #[serde(skip)]
    pub(super) index: ChildIndex,
    /// How its values are sliced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slicing: Option<Slicing>,
}

/// A type, resolved when it is first needed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TypeLink {
    /// The type's name; `None` for the value of a primitive.
    pub code: Option<String>,
    /// Profiles on the type, of which one must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<String>,
    #[serde(skip)]
    schema: OnceLock<Option<Arc<Schema>>>,
    #[serde(skip)]
    profile_schemas: OnceLock<Vec<Option<Arc<Schema>>>>,
}

/// How the values of an element are sliced.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Slicing {
    /// Whether other values are allowed.
    pub rules: SliceRules,
    /// Whether the slices come in their order.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ordered: bool,
    /// The slices.
    pub slices: Vec<Slice>,
    /// The number of the slice that takes what is of no other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<usize>,
}

/// Whether values that are of no slice are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SliceRules {
    /// They are.
    Open,
    /// They are, after all others.
    OpenAtEnd,
    /// They are not.
    Closed,
}

/// One slice.
#[derive(Debug, Serialize)]
pub struct Slice {
    /// Its name.
    pub name: String,
    /// What tells its values; all must hold.
    pub discriminators: Vec<Discriminator>,
    /// The rules for its values.
    pub element: ElementSchema,
}

impl Schema {
    pub(super) fn compile(
        definition: &StructureDefinition,
        root: &Node,
        set: &SchemaSet,
        types: &mut dyn Types,
    ) -> Self {
        let base_type =
            definition.base.as_deref().and_then(|base| base.rsplit('/').next()).map(str::to_owned);
        Self {
            url: definition.url.clone(),
            version: definition.version.clone(),
            usage: definition.usage.clone(),
            type_name: definition.type_name.clone(),
            base_type: base_type.filter(|_| !definition.is_constraint),
            kind: definition.kind.clone(),
            is_abstract: definition.is_abstract,
            root: ElementSchema::compile(root, &definition.type_name, set, types)
                .with_rules_of(&definition.type_name),
        }
    }

    /// `url|version`, as issues name it.
    #[must_use]
    pub fn canonical(&self) -> String {
        match &self.version {
            Some(version) => format!("{}|{version}", self.url),
            None => self.url.clone(),
        }
    }

    /// The element at a path such as `Patient.contact`, slices aside.
    #[must_use]
    pub fn element(&self, path: &str) -> Option<&ElementSchema> {
        let mut element = &self.root;
        for segment in path.split('.').skip(1) {
            element = element.child_named(segment)?;
        }
        Some(element)
    }
}

impl ElementSchema {
    /// With the rules that every value of a data type follows.
    fn with_rules_of(mut self, type_name: &str) -> Self {
        self.rules.extend(DataType::of(type_name).map(ValueRule::DataType));
        self
    }

    /// The element with an id, among this one and all below it.
    fn with_id(&self, id: &str) -> Option<&Self> {
        if self.id == id {
            return Some(self);
        }
        let slices =
            self.slicing.iter().flat_map(|slicing| slicing.slices.iter().map(|slice| &slice.element));
        self.children
            .iter()
            .chain(slices)
            .filter(|element| id.starts_with(element.id.as_str()))
            .find_map(|element| element.with_id(id))
    }

    fn compile(node: &Node, id: &str, set: &SchemaSet, types: &mut dyn Types) -> Self {
        let element = &node.element;
        let max = element.max.unwrap_or(Max::Any);
        let base_max = element.base.as_ref().map_or(max, |base| base.max);
        let children: Vec<Self> = node
            .children
            .iter()
            .filter(|child| !is_own_value(node, child))
            .map(|child| Self::compile(child, &format!("{id}.{}", child.name), set, types))
            .collect();
        Self {
            name: node.name.trim_end_matches("[x]").to_owned(),
            id: id.to_owned(),
            path: without_slices(id),
            choice: node.name.ends_with("[x]"),
            repeats: base_max.allows(2),
            cardinality: Cardinality { min: element.min.unwrap_or(0), max },
            types: element.types.iter().map(TypeLink::new).collect(),
            has_type_profiles: element.types.iter().any(|reference| !reference.profiles.is_empty()),
            content_reference: element.content_reference.clone(),
            must_support: element.must_support == Some(true),
            is_summary: element.is_summary == Some(true),
            is_modifier: element.is_modifier == Some(true),
            rules: rules(element, set),
            index: ChildIndex::new(&children),
            children,
            slicing: Slicing::compile(node, id, set, types),
        }
    }
}

impl ElementSchema {
    /// Whether it has this invariant, so that it need not be evaluated once more.
    pub(crate) fn has(&self, invariant: &Invariant) -> bool {
        self.rules
            .iter()
            .any(|rule| matches!(rule, ValueRule::Invariant(own) if own.identity() == invariant.identity()))
    }
}

/// `Patient.identifier.system` of `Patient.identifier:nhsNumber.system`.
fn without_slices(id: &str) -> String {
    let parts = id.split('.').map(|part| part.split(':').next().unwrap_or(part));
    parts.collect::<Vec<_>>().join(".")
}

/// Whether a child is the value of a primitive, which is no element of its own in an instance.
fn is_own_value(parent: &Node, child: &Node) -> bool {
    let type_name = match parent.element.types.as_slice() {
        [only] => only.code.as_deref().unwrap_or_default(),
        _ => &parent.name,
    };
    child.name == "value" && super::rules::primitive::is_primitive(type_name)
}

fn rules(element: &ElementDefinition, set: &SchemaSet) -> Vec<ValueRule> {
    let mut rules = Vec::new();
    rules.extend(element.fixed.clone().map(|fixed| ValueRule::Fixed(Fixed(fixed))));
    rules.extend(element.pattern.clone().map(|pattern| ValueRule::Pattern(Pattern(pattern))));
    let language = element.narrative_language.clone();
    rules.extend(language.map(|language| ValueRule::NarrativeLanguage(NarrativeLanguage(language))));
    rules.extend(element.max_length.map(|length| ValueRule::MaxLength(MaxLength(length))));
    rules.extend(element.min_length.map(|length| ValueRule::MinLength(MinLength(length))));
    rules.extend(element.regex.as_deref().map(|source| ValueRule::Regex(Regex::compile(source))));
    if element.must_have_value || !element.value_alternatives.is_empty() {
        let alternatives =
            if element.must_have_value { Vec::new() } else { element.value_alternatives.clone() };
        rules.push(ValueRule::ValuePresence(ValuePresence { alternatives }));
    }
    rules.extend(element.min_value.clone().map(|value| ValueRule::Limit(Limit::least(value))));
    rules.extend(element.max_value.clone().map(|value| ValueRule::Limit(Limit::greatest(value))));
    if let Some(binding) = &element.binding {
        rules.extend(Binding::compile(binding).into_iter().map(ValueRule::Binding));
    }
    let targets: Vec<&String> =
        element.types.iter().flat_map(|reference| &reference.target_profiles).collect();
    if !targets.is_empty() {
        let mut reference = ReferenceTargets::default();
        for target in targets {
            match set.type_of_profile(target) {
                Some(type_name) => {
                    if !set.is_type_url(target) {
                        reference.profiles.push((type_name.clone(), target.clone()));
                    }
                    reference.types.push(type_name);
                }
                None => reference.unknown.push(target.clone()),
            }
        }
        rules.push(ValueRule::Reference(reference));
    }
    let references = element.types.iter().filter(|reference| reference.code.as_deref() == Some("Reference"));
    let closed = references.map(|reference| &reference.aggregation).filter(|found| !found.is_open());
    rules.extend(closed.cloned().map(ValueRule::Aggregation));
    rules.extend(element.constraints.iter().filter_map(|constraint| {
        let expression = constraint.expression.as_deref()?;
        let one_type = element.types.len() < 2;
        Invariant::compile(&constraint.key, &constraint.severity, expression, one_type)
            .map(|rule| ValueRule::Invariant(rule.marked(constraint.best_practice)))
    }));
    rules
}

impl TypeLink {
    fn new(reference: &TypeReference) -> Self {
        Self {
            code: reference.code.clone(),
            profiles: reference.profiles.clone(),
            schema: OnceLock::new(),
            profile_schemas: OnceLock::new(),
        }
    }

    /// The definition of the type.
    #[must_use]
    pub fn schema(&self, set: &SchemaSet) -> Option<&Schema> {
        self.schema.get_or_init(|| set.shared_type_schema(self.code.as_deref()?)).as_deref()
    }

    /// The profiles on the type, each with its compiled form and the element of it that is meant, if it is loaded.
    pub fn profile_elements(
        &self,
        set: &SchemaSet,
    ) -> impl Iterator<Item = (&str, Option<(&Schema, &ElementSchema)>)> {
        let schemas = self.profile_schemas.get_or_init(|| {
            let schema = |profile: &String| set.shared_schema(profile_and_part(profile).0).clone().ok();
            self.profiles.iter().map(schema).collect()
        });
        self.profiles.iter().zip(schemas).map(|(profile, schema)| {
            let found = schema.as_deref().and_then(|schema| match profile_and_part(profile).1 {
                None => Some((schema, &schema.root)),
                Some(id) => Some((schema, schema.root.with_id(id)?)),
            });
            (profile.as_str(), found)
        })
    }
}

impl Slicing {
    fn compile(node: &Node, id: &str, set: &SchemaSet, types: &mut dyn Types) -> Option<Self> {
        if node.slices.is_empty() {
            return None;
        }
        let declared = node.element.slicing.as_ref();
        let by_url = SlicingDefinition::by_url();
        let discriminators: &[(String, String)] = match declared {
            Some(slicing) if !slicing.discriminators.is_empty() => &slicing.discriminators,
            _ if matches!(node.name.as_str(), "extension" | "modifierExtension") => &by_url.discriminators,
            _ => &[],
        };
        let slices = node.slices.iter().map(|slice| {
            let name = slice.element.slice_name.clone().unwrap_or_default();
            let compiled = match name.as_str() {
                DEFAULT => Vec::new(),
                _ => Discriminator::of_slice(discriminators, node, slice, types),
            };
            let element = ElementSchema::compile(slice, &format!("{id}:{name}"), set, types);
            Slice { name, discriminators: compiled, element }
        });
        Some(Self {
            rules: match declared.map(|slicing| slicing.rules.as_str()) {
                Some("closed") => SliceRules::Closed,
                Some("openAtEnd") => SliceRules::OpenAtEnd,
                _ => SliceRules::Open,
            },
            ordered: declared.is_some_and(|slicing| slicing.ordered),
            slices: slices.collect(),
            default: node
                .slices
                .iter()
                .position(|slice| slice.element.slice_name.as_deref() == Some(DEFAULT)),
        })
    }
}
