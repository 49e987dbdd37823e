//! The children of an element: which are known, how many there are, which slice and type each is of.

use crate::fhir::{Element, Format, is_choice_of};
use crate::profile::rules::{slicing, structure, types};
use crate::profile::{ElementSchema, Issue, Severity, Slicing, TypeLink, literal_name};

use super::walk::{Layer, Walk};

impl<'a> Walk<'a> {
    /// Checks the children of an element against all layers.
    pub(super) fn children<'s>(&mut self, parent: Element<'_>, layers: &[Layer<'s>])
    where
        'a: 's,
    {
        let contents: Vec<(Layer<'s>, &'s ElementSchema)> =
            layers.iter().filter_map(|layer| Some((*layer, layer.content()?))).collect();
        if contents.is_empty() {
            return;
        }
        for (layer, content) in &contents {
            for child in &content.children {
                self.cardinality(parent, Layer { schema: layer.schema, element: child });
            }
        }
        for name in names(parent) {
            let values: Vec<Element<'_>> = parent.children_named(name).collect();
            let known: Vec<Layer<'s>> = contents
                .iter()
                .filter_map(|(layer, content)| {
                    let element = content.children.iter().find(|child| is_named(child, name))?;
                    Some(Layer { schema: layer.schema, element })
                })
                .collect();
            if known.is_empty() {
                self.unknown(&values, &contents);
            } else {
                self.group(name, &values, &known);
            }
        }
    }

    fn cardinality(&mut self, parent: Element<'_>, layer: Layer<'_>) {
        let schema = layer.element;
        let values: Vec<Element<'_>> =
            parent.children().filter(|child| is_named(schema, child.name())).collect();
        let what = if schema.choice { format!("`{}[x]`", schema.name) } else { format!("`{}`", schema.name) };
        if let Some(issue) = schema.cardinality.check(&what, &values, parent) {
            self.report(issue, Some(layer));
        }
        // A slice can be mandatory where its list is not: with no value at all, it is missing.
        if let Some(slicing) = schema.slicing.as_ref().filter(|_| values.is_empty()) {
            self.slices(parent, &[], slicing, layer, &mut []);
        }
    }

    fn unknown(&mut self, values: &[Element<'_>], contents: &[(Layer<'_>, &ElementSchema)]) {
        let Some((layer, content)) = contents.first() else { return };
        let names: Vec<String> = content.children.iter().map(|child| child.name.clone()).collect();
        // A stray sibling is a defect, and is reported as one.
        for value in values.iter().filter(|value| !value.is_stray_sibling()) {
            let message = format!("`{}` is not an element of {}", value.name(), content.id);
            let mut issue = Issue::at(*value, &structure::UNKNOWN_ELEMENT, Severity::Error, message);
            if let Some(near) = crate::text::nearest(value.name(), &names) {
                issue.expected = Some(format!("perhaps `{near}`"));
            }
            self.report(issue, Some(*layer));
        }
    }

    /// All the values of one name.
    fn group<'s>(&mut self, name: &str, values: &[Element<'_>], layers: &[Layer<'s>])
    where
        'a: 's,
    {
        self.array(values, layers[0]);
        let mut own: Vec<Vec<Layer<'s>>> = values.iter().map(|_| layers.to_vec()).collect();
        let parent = values.first().and_then(|value| value.parent());
        for layer in layers {
            if let (Some(slicing), Some(parent)) = (&layer.element.slicing, parent) {
                self.slices(parent, values, slicing, *layer, &mut own);
            }
        }
        for (value, layers) in values.iter().zip(own) {
            self.value(*value, name, layers);
        }
    }

    /// JSON writes an array exactly where an element may repeat.
    fn array(&mut self, values: &[Element<'_>], layer: Layer<'_>) {
        let Some(first) = values.first() else { return };
        if first.tree().format() != Format::Json || first.in_array() == layer.element.repeats {
            return;
        }
        let (message, expected, actual) = if first.in_array() {
            (format!("`{}` may not repeat and is written as an array", first.name()), "one value", "an array")
        } else {
            (format!("`{}` may repeat and is not written as an array", first.name()), "an array", "one value")
        };
        let issue = Issue::at(*first, &structure::ARRAY, Severity::Error, message).compared(expected, actual);
        self.report(issue, Some(layer));
    }

    /// Sorts the values into slices, adds each slice's rules to its values, and counts them.
    fn slices<'s>(
        &mut self,
        parent: Element<'_>,
        values: &[Element<'_>],
        slicing: &'s Slicing,
        layer: Layer<'s>,
        own: &mut [Vec<Layer<'s>>],
    ) {
        let sorted: Vec<Option<usize>> =
            values.iter().map(|value| slicing.slice_of(*value, self.set)).collect();
        // Where a value may be of a slice, but a code system is not here to tell, what is missing or left
        // over cannot be told either.
        let unsure = sorted
            .iter()
            .zip(values)
            .any(|(slice, value)| slice.is_none() && slicing.is_unsure(*value, self.set));
        let weighed = |mut issue: Issue| {
            if unsure && issue.severity == Severity::Error {
                issue.severity = Severity::Undecided;
            }
            issue
        };
        for (index, slice) in slicing.slices.iter().enumerate() {
            if self.reported_defect(parent, slicing, index, layer) {
                continue;
            }
            let slice_layer = Layer { schema: layer.schema, element: &slice.element };
            let mut members = Vec::new();
            for (value, layers) in values
                .iter()
                .zip(own.iter_mut())
                .zip(&sorted)
                .filter_map(|(pair, found)| (*found == Some(index)).then_some(pair))
            {
                members.push(*value);
                layers.push(slice_layer);
            }
            let what = format!("`{}` of the kind `{}`", layer.element.name, slice.name);
            if let Some(issue) = slice.element.cardinality.check(&what, &members, parent) {
                self.report(weighed(issue), Some(slice_layer));
            }
        }
        if slicing.slices.iter().any(|slice| slice.defect().is_some()) {
            // Which values are left over, or out of order, cannot be told either.
            return;
        }
        for issue in slicing::check(slicing, values, &sorted) {
            self.report(weighed(issue), Some(layer));
        }
    }

    /// A slice that the profile gives no means to tell is the profile's defect, reported once.
    fn reported_defect(
        &mut self,
        parent: Element<'_>,
        slicing: &Slicing,
        index: usize,
        layer: Layer<'_>,
    ) -> bool {
        let Some(why) = slicing.slices[index].defect() else { return false };
        let message = format!("part of the profile was not checked: {why}");
        let issue = Issue::at(parent, &slicing::NOT_CHECKED, Severity::NotChecked, message);
        self.report(issue, Some(layer));
        true
    }

    /// One value: its type, then all that its type and its layers say.
    fn value<'s>(&mut self, value: Element<'_>, name: &str, mut layers: Vec<Layer<'s>>)
    where
        'a: 's,
    {
        let Some(link) = self.type_of(value, name, &layers) else { return };
        let code = link.code.as_deref();
        let is_resource =
            matches!(code, Some("Resource" | "DomainResource")) || value.resource_type().is_some();
        if is_resource {
            return self.nested_resource(value, code, &layers);
        }
        if let Some(schema) = link.schema(self.set) {
            layers.push(Layer::root(schema));
        }
        for (profile, schema) in link.profile_schemas(self.set) {
            match schema {
                Some(schema) if link.profiles.len() == 1 => layers.push(Layer::root(schema)),
                // Of several profiles one must hold; which is told by validating against each, which is
                // not done yet, or the profile is not loaded.
                _ => self.profile_not_applied(value, profile, layers[0]),
            }
        }
        // An element with parts of its own is known by its path, not by the bare type that it has.
        let own_parts = matches!(code, Some("BackboneElement" | "Element"));
        let type_name =
            if own_parts { layers.first().map(|layer| layer.element.path.as_str()) } else { code };
        self.element(value, type_name, &layers);
    }

    fn profile_not_applied(&mut self, value: Element<'_>, profile: &str, layer: Layer<'_>) {
        let message = format!("`{}` was not checked against the profile {profile}", value.name());
        let issue = Issue::at(value, &super::validator::PROFILE_NOT_LOADED, Severity::NotChecked, message);
        self.report(issue, Some(layer));
    }

    /// The type of a value: by its name where it is a choice, else the one type of the definition. Reports
    /// a type that some layer does not allow.
    fn type_of<'s>(&mut self, value: Element<'_>, name: &str, layers: &[Layer<'s>]) -> Option<&'s TypeLink> {
        let mut found = None;
        for layer in layers {
            let link = if layer.element.choice {
                let link = layer.element.type_named(name);
                if link.is_none() && !layer.element.types.is_empty() {
                    let allowed: Vec<&str> =
                        layer.element.types.iter().filter_map(|link| link.code.as_deref()).collect();
                    let suffix = name.strip_prefix(layer.element.name.as_str()).unwrap_or(name);
                    self.report(types::not_allowed(value, suffix, &allowed), Some(*layer));
                }
                link
            } else {
                layer.element.types.first()
            };
            // The first layer that narrows the type by a profile says most.
            found = match (found, link) {
                (None, link) => link,
                (Some(known), Some(link)) if known.profiles.is_empty() && !link.profiles.is_empty() => {
                    Some(link)
                }
                (found, _) => found,
            };
        }
        if found.is_none()
            && let Some(layer) = layers.iter().find(|layer| layer.element.content_reference.is_some())
        {
            // The content of another element: no type of its own to apply.
            let path = layer.element.content_reference.as_deref();
            self.element(value, path, std::slice::from_ref(layer));
        }
        found
    }

    fn nested_resource(&mut self, value: Element<'_>, code: Option<&str>, layers: &[Layer<'_>]) {
        match (code, value.resource_type()) {
            (Some("Resource" | "DomainResource"), Some(_)) => {
                let profiles: Vec<String> = layers
                    .iter()
                    .flat_map(|layer| layer.element.types.iter().flat_map(|link| link.profiles.clone()))
                    .collect();
                self.resource(value, &profiles);
            }
            (Some("Resource" | "DomainResource") | None, None) => self.resource(value, &[]),
            (Some(code), Some(_)) if !self.set.is_type(code) => {}
            (code, Some(found)) => {
                // A type of `Patient` or the like, as a profile on Bundle.entry.resource gives it.
                if code.is_some_and(|code| code != found) {
                    let allowed: Vec<&str> = code.into_iter().collect();
                    self.report(types::not_allowed(value, found, &allowed), layers.first().copied());
                }
                let profiles: Vec<String> = layers
                    .iter()
                    .flat_map(|layer| layer.element.types.iter().flat_map(|link| link.profiles.clone()))
                    .collect();
                self.resource(value, &profiles);
            }
            (Some(_), None) => {}
        }
    }
}

impl ElementSchema {
    /// The type that the name of a choice tells: `Quantity` of `valueQuantity`.
    fn type_named(&self, name: &str) -> Option<&TypeLink> {
        self.types
            .iter()
            .find(|link| link.code.as_deref().is_some_and(|code| literal_name(&self.name, code) == name))
    }
}

/// The distinct names of the children, in order.
fn names(parent: Element<'_>) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for child in parent.children() {
        // The values of an array stand together, so that this is no search but for odd orders.
        if names.last() != Some(&child.name()) && !names.contains(&child.name()) {
            names.push(child.name());
        }
    }
    names
}

/// Whether an element of a definition is the one that an instance calls so. Any type of a choice counts
/// here, allowed or not: whether it is allowed is said elsewhere, and better.
fn is_named(schema: &ElementSchema, name: &str) -> bool {
    if schema.choice { is_choice_of(&schema.name, name) } else { schema.name == name }
}
