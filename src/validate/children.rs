//! The children of an element: which are known, how many there are, which slice and type each is of.

use smallvec::SmallVec;

use crate::fhir::{Element, Format, is_choice_of};
use crate::profile::rules::{structure, types};
use crate::profile::{ElementSchema, Issue, Severity, TypeLink};

use super::groups::Group;
use super::walk::{Layer, Layers, Walk};

impl<'a> Walk<'a> {
    /// Checks the children of an element against all layers.
    pub(super) fn children(&mut self, parent: Element<'a>, layers: &[Layer<'a>]) {
        let is_demanded = |layer: &Layer<'a>| {
            layer.content().is_some_and(|content| content.element.demanded().next().is_some())
        };
        if parent.children().next().is_none() && !layers.iter().any(is_demanded) {
            return;
        }
        let contents: Layers<'a> = layers.iter().filter_map(|layer| layer.content()).collect();
        if contents.is_empty() {
            return;
        }
        let mut groups = std::mem::take(&mut self.groups);
        let start = groups.len();
        Group::collect(parent, &contents, &mut groups, |child| self.unknown(child, &contents));
        self.cardinalities(parent, &contents, &groups[start..]);
        self.groups = groups;
        self.element_order(parent, &contents);
        for index in start..self.groups.len() {
            self.group(parent, index);
        }
        self.groups.truncate(start);
    }

    /// Counts the values of each element that must be there, or is there. Only what is amiss is looked at
    /// more closely.
    fn cardinalities(&mut self, parent: Element<'a>, contents: &[Layer<'a>], groups: &[Group<'a>]) {
        let count = |element: &ElementSchema| {
            groups.iter().filter(|group| group.is_of(element)).map(|group| group.count).sum::<usize>()
        };
        for content in contents {
            for element in content.element.demanded() {
                let found = count(element);
                if found < element.cardinality.min as usize || found == 0 {
                    self.cardinality(parent, Layer { element, ..*content });
                }
            }
        }
        for (index, group) in groups.iter().enumerate() {
            for known in &group.known {
                let element = known.layer.element;
                let is_first = || !groups[..index].iter().any(|earlier| earlier.is_of(element));
                let max = element.cardinality.max;
                if (!max.allows(group.count) || (element.choice && !max.allows(count(element)))) && is_first()
                {
                    self.cardinality(parent, known.layer);
                }
            }
        }
    }

    fn cardinality(&mut self, parent: Element<'a>, layer: Layer<'a>) {
        let schema = layer.element;
        let values: Vec<Element<'_>> =
            parent.children().filter(|child| is_named(schema, child.name())).collect();
        let what = match values.as_slice() {
            // Each type of a choice has a name of its own, and all are one element.
            [_, _, ..] if schema.choice => {
                let names: Vec<String> = values.iter().map(|value| format!("`{}`", value.name())).collect();
                format!("`{}[x]`, here as {},", schema.name, names.join(" and "))
            }
            _ if schema.choice => format!("`{}[x]`", schema.name),
            _ => format!("`{}`", schema.name),
        };
        if let Some(issue) = schema.cardinality.check(&what, &values, parent) {
            self.report(issue, Some(layer));
        }
        // A slice can be mandatory where its list is not: with no value at all, it is missing.
        if let Some(slicing) = schema.slicing.as_ref().filter(|_| values.is_empty()) {
            self.slices(parent, &[], &[], slicing, layer, &mut []);
        }
    }

    fn unknown(&mut self, value: Element<'a>, contents: &[Layer<'a>]) {
        let Some(layer) = contents.first() else { return };
        // A stray sibling is a defect, and is reported as one.
        if value.is_stray_sibling() {
            return;
        }
        let names: Vec<String> = layer.element.children.iter().map(|child| child.name.clone()).collect();
        let message = format!("`{}` is not an element of {}", value.name(), layer.element.id);
        let mut issue = Issue::at(value, &structure::UNKNOWN_ELEMENT, Severity::Error, message);
        if let Some(near) = crate::text::nearest(value.name(), &names) {
            issue.expected = Some(format!("perhaps `{near}`"));
        }
        self.report(issue, Some(*layer));
    }

    /// All the values of one name.
    fn group(&mut self, parent: Element<'a>, index: usize) {
        let group = &self.groups[index];
        let layers: Layers<'a> = group.known.iter().map(|known| known.layer).collect();
        let values = group.values();
        let first = group.first;
        if layers.iter().all(|layer| layer.element.slicing.is_none()) {
            let links: SmallVec<[_; 2]> = group.known.iter().map(|known| known.link).collect();
            self.array(first, layers[0]);
            for value in values {
                let link = self.type_of(value, &layers, &links);
                self.value(value, link, Layers::from_slice(&layers));
            }
            return;
        }
        self.array(first, layers[0]);
        let values: Vec<Element<'a>> = values.collect();
        let mut own: Vec<Layers<'a>> = values.iter().map(|_| Layers::from_slice(&layers)).collect();
        let places: Vec<usize> = (0..values.len()).collect();
        for layer in &layers {
            if let Some(slicing) = &layer.element.slicing {
                self.slices(parent, &values, &places, slicing, *layer, &mut own);
            }
        }
        for (value, layers) in values.into_iter().zip(own) {
            let links: SmallVec<[_; 2]> =
                layers.iter().map(|layer| layer.element.link_of(value.name())).collect();
            let link = self.type_of(value, &layers, &links);
            self.value(value, link, layers);
        }
    }

    /// JSON writes an array exactly where an element may repeat.
    fn array(&mut self, first: Element<'a>, layer: Layer<'a>) {
        if first.tree().format() != Format::Json || first.in_array() == layer.element.repeats {
            return;
        }
        let (message, expected, actual) = if first.in_array() {
            (format!("`{}` may not repeat and is written as an array", first.name()), "one value", "an array")
        } else {
            (format!("`{}` may repeat and is not written as an array", first.name()), "an array", "one value")
        };
        let issue = Issue::at(first, &structure::ARRAY, Severity::Error, message).compared(expected, actual);
        self.report(issue, Some(layer));
    }

    /// One value: what its type and its layers say.
    fn value(&mut self, value: Element<'a>, link: Option<&'a TypeLink>, mut layers: Layers<'a>) {
        let Some(link) = link else {
            if let Some(layer) = layers.iter().find(|layer| layer.element.content_reference.is_some()) {
                // The content of another element: no type of its own to apply.
                let path = layer.element.content_reference.as_deref();
                self.element(value, path, std::slice::from_ref(layer));
            }
            return;
        };
        let code = link.code.as_deref();
        let is_resource =
            value.resource_type().is_some() || matches!(code, Some("Resource" | "DomainResource"));
        if is_resource {
            return self.nested_resource(value, code, &layers);
        }
        if let Some(schema) = link.schema(self.set) {
            layers.push(Layer::root(schema));
        }
        // An element with parts of its own is known by its path, not by the bare type that it has.
        let own_parts = matches!(code, Some("BackboneElement" | "Element"));
        let type_name =
            if own_parts { layers.first().map(|layer| layer.element.path.as_str()) } else { code };
        self.add_type_profiles(value, type_name, &mut layers);
        self.element(value, type_name, &layers);
    }

    /// The type of a value, of those that each layer links its name to. Reports a type that some layer does
    /// not allow.
    fn type_of(
        &mut self,
        value: Element<'a>,
        layers: &[Layer<'a>],
        links: &[Option<&'a TypeLink>],
    ) -> Option<&'a TypeLink> {
        let mut found: Option<&TypeLink> = None;
        for (layer, link) in layers.iter().zip(links) {
            let element = layer.element;
            if link.is_none() && element.choice && !element.types.is_empty() {
                let allowed: Vec<&str> =
                    element.types.iter().filter_map(|link| link.code.as_deref()).collect();
                let suffix = value.name().strip_prefix(element.name.as_str()).unwrap_or(value.name());
                self.report(types::not_allowed(value, suffix, &allowed), Some(*layer));
            }
            // The first layer that narrows the type by a profile says most.
            found = match (found, *link) {
                (None, link) => link,
                (Some(known), Some(link)) if known.profiles.is_empty() && !link.profiles.is_empty() => {
                    Some(link)
                }
                (found, _) => found,
            };
        }
        found
    }

    fn nested_resource(&mut self, value: Element<'a>, code: Option<&str>, layers: &[Layer<'a>]) {
        let Some(found) = value.resource_type() else {
            if matches!(code, Some("Resource" | "DomainResource") | None) {
                self.resource(value, &[]);
            }
            return;
        };
        if code.is_some_and(|code| !self.set.is_type(code)) {
            return;
        }
        for layer in layers {
            // Types such as `Patient`, as a profile on Bundle.entry.resource gives them.
            let allowed: Vec<&str> =
                layer.element.types.iter().filter_map(|link| link.code.as_deref()).collect();
            let allows = |code: &&str| *code == found || matches!(*code, "Resource" | "DomainResource");
            if !allowed.is_empty() && !allowed.iter().any(allows) {
                self.report(types::not_allowed(value, found, &allowed), Some(*layer));
            }
        }
        let profiles = self.resource_profiles(value, layers);
        self.resource(value, &profiles);
    }
}

impl ElementSchema {
    /// The type that a name tells of a choice, `Quantity` of `valueQuantity`, or else the one type.
    pub(super) fn link_of(&self, name: &str) -> Option<&TypeLink> {
        if !self.choice {
            return self.types.first();
        }
        let suffix = name.strip_prefix(self.name.as_str())?;
        let is_suffix = |code: &str| {
            let mut letters = code.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            suffix.starts_with(|letter| Some(letter) == first) && suffix.get(1..) == Some(letters.as_str())
        };
        self.types.iter().find(|link| link.code.as_deref().is_some_and(is_suffix))
    }
}

/// Whether an element of a definition is the one that an instance calls so. Any type of a choice counts
/// here, allowed or not: whether it is allowed is said elsewhere, and better.
fn is_named(schema: &ElementSchema, name: &str) -> bool {
    if schema.choice { is_choice_of(&schema.name, name) } else { schema.name == name }
}
