//! What the values of a slice have in common, read from the slice's definition.

use super::{Discriminator, Expected, Step};
use crate::fhir::Canonical;
use crate::profile::definition::{Fragment, Max, TypeReference};
use crate::profile::rules::binding::Strength;
use crate::profile::rules::{Binding, Fixed, Pattern};
use crate::profile::snapshot::{Node, Types};

/// What an element says, and how much that is worth.
enum Told {
    /// It tells the slice.
    Surely(Expected),
    /// It is only that the element is there, which tells the slice beside something else but not alone.
    Weakly(Expected),
}

impl Discriminator {
    /// Compiles what a slice has in common by the discriminators of its slicing, each a kind and a path. One of
    /// which the slice says nothing does not matter as long as another tells it.
    pub(in crate::profile) fn of_slice(
        slicing: &[(String, String)],
        sliced: &Node,
        slice: &Node,
        types: &mut dyn Types,
    ) -> Vec<Self> {
        let (mut sure, mut weak, mut nothing) = (Vec::new(), Vec::new(), Vec::new());
        let name = slice.element.slice_name.as_deref().unwrap_or(&slice.name);
        for (kind, path) in slicing {
            let why = match Step::parse_all(path) {
                Err(part) => format!("`{part}` of the path `{path}` is not evaluated"),
                Ok(path_steps) => match find(kind, slice, &path_steps, types) {
                    Some(Told::Surely(Expected::Code(binding)))
                        if is_bound_alike(&binding, sliced, &path_steps, types) =>
                    {
                        format!("the codes allowed at `{path}` are those of all slices")
                    }
                    Some(Told::Surely(expected)) => {
                        sure.push(Self { path: path_steps, expected });
                        continue;
                    }
                    Some(Told::Weakly(expected)) => {
                        weak.push(Self { path: path_steps, expected });
                        format!("no value is given at `{path}` to tell it by")
                    }
                    None => format!("nothing is given at `{path}` to tell it by its {kind}"),
                },
            };
            let expected = Expected::Nothing(format!("the slice `{name}`: {why}"));
            nothing.push(Self { path: Vec::new(), expected });
        }
        if sure.is_empty() {
            return nothing;
        }
        sure.extend(weak);
        sure
    }
}

/// Whether the element as a whole has the same value set, so that a code of it tells nothing.
fn is_bound_alike(binding: &Binding, sliced: &Node, steps: &[Step], types: &mut dyn Types) -> bool {
    let unsliced = Node { slices: Vec::new(), ..sliced.clone() };
    matches!(
        find("value", &unsliced, steps, types),
        Some(Told::Surely(Expected::Code(all))) if all.value_set == binding.value_set
    )
}

/// What the slice says where the steps lead to.
fn find(kind: &str, node: &Node, steps: &[Step], types: &mut dyn Types) -> Option<Told> {
    let Some((step, rest)) = steps.split_first() else { return tell(kind, node, types) };
    match step {
        Step::Child(name) => {
            let named = |child: &&Node| child.name == *name || child.name.strip_suffix("[x]") == Some(name);
            let told = if let Some(child) = node.children.iter().find(named) {
                in_element_or_slices(kind, child, rest, types)
            } else {
                let children = types.children(node.element.types.first()?).unwrap_or_default();
                children.iter().find(named).and_then(|child| in_element_or_slices(kind, child, rest, types))
            };
            match told {
                // A value says more than which values there may be.
                Some(Told::Surely(told)) if !matches!(told, Expected::Code(_)) => Some(Told::Surely(told)),
                less => given_above(node, steps)
                    .or_else(|| url_of_profile(node, steps))
                    .map(Told::Surely)
                    .or(less),
            }
        }
        Step::Extension(url) => {
            let extension = node.children.iter().find(|child| child.name == "extension")?;
            let slice = extension.slices.iter().find(|slice| is_extension(slice, url))?;
            find(kind, slice, rest, types)
        }
        Step::OfType(name) => {
            let is_it = |found: &TypeReference| found.code.as_deref() == Some(name);
            let slice = node
                .slices
                .iter()
                .find(|slice| matches!(slice.element.types.as_slice(), [only] if is_it(only)));
            if let Some(slice) = slice {
                return find(kind, slice, rest, types);
            }
            let mut narrowed = node.clone();
            narrowed.element.types.retain(is_it);
            find(kind, &narrowed, rest, types)
        }
        Step::Resolve => {
            let targets = node.element.types.iter().flat_map(|reference| &reference.target_profiles);
            let targets: Vec<String> = targets.cloned().collect();
            match (kind, rest) {
                ("type", []) => {
                    let names = targets.iter().map(|target| types.type_of_profile(target));
                    let names: Vec<String> = names.collect::<Option<_>>()?;
                    (!names.is_empty()).then_some(Told::Surely(Expected::Types(names)))
                }
                ("profile", []) => (!targets.is_empty()).then_some(Told::Surely(Expected::Profiles(targets))),
                _ => targets.into_iter().find_map(|target| {
                    let code = types.type_of_profile(&target);
                    let reference =
                        TypeReference { code, profiles: vec![target], ..TypeReference::default() };
                    let mut root = node.clone();
                    root.children = types.children(&reference).ok()?;
                    root.element.types = vec![reference];
                    find(kind, &root, rest, types)
                }),
            }
        }
    }
}

/// What an element says, or the slices of it that must be there: the code of a concept is often given in a slice of
/// its codings. The slices of a choice are its types.
fn in_element_or_slices(kind: &str, node: &Node, rest: &[Step], types: &mut dyn Types) -> Option<Told> {
    let own = find(kind, node, rest, types);
    if matches!(own, Some(Told::Surely(_))) {
        return own;
    }
    let choice = node.name.ends_with("[x]");
    let mut slices =
        node.slices.iter().filter(|slice| choice || slice.element.min.is_some_and(|min| min > 0));
    slices
        .find_map(|slice| find(kind, slice, rest, types).filter(|told| matches!(told, Told::Surely(_))))
        .or(own)
}

/// The part of a value that is given for the whole element.
fn given_above(node: &Node, steps: &[Step]) -> Option<Expected> {
    let part = |whole: &Fragment| {
        steps.iter().try_fold(whole.clone(), |found, step| match step {
            Step::Child(name) => found.child(name),
            _ => None,
        })
    };
    let fixed = node.element.fixed.as_ref().and_then(part).map(|found| Expected::Fixed(Fixed(found)));
    fixed.or_else(|| {
        node.element.pattern.as_ref().and_then(part).map(|found| Expected::Pattern(Pattern(found)))
    })
}

/// The URL of an extension is that of its definition, whether that is loaded or not
/// (<https://hl7.org/fhir/R4/extensibility.html#Extension.url>).
fn url_of_profile(node: &Node, steps: &[Step]) -> Option<Expected> {
    let [Step::Child(name)] = steps else { return None };
    let [reference] = node.element.types.as_slice() else { return None };
    let [profile] = reference.profiles.as_slice() else { return None };
    let is_url = name == "url" && reference.code.as_deref() == Some("Extension");
    is_url.then(|| Expected::Url(Canonical::parse(profile).url.to_owned()))
}

fn is_extension(slice: &Node, url: &str) -> bool {
    slice.element.types.iter().flat_map(|reference| &reference.profiles).any(|profile| profile == url)
        || slice
            .children
            .iter()
            .find(|child| child.name == "url")
            .and_then(|child| child.element.fixed.as_ref())
            .is_some_and(|fixed| fixed.element().value() == Some(url))
}

fn tell(kind: &str, node: &Node, types: &mut dyn Types) -> Option<Told> {
    let element = &node.element;
    let absent = element.max == Some(Max::AtMost(0));
    match kind {
        "value" | "pattern" if absent => Some(Told::Surely(Expected::Exists(false))),
        "value" | "pattern" => match value_of(node, types) {
            Some(expected) => Some(Told::Surely(expected)),
            None => element.min.filter(|min| *min > 0).map(|_| Told::Weakly(Expected::Exists(true))),
        },
        "exists" => Some(Told::Surely(Expected::Exists(!absent))),
        "type" => {
            let codes: Vec<String> = element.types.iter().filter_map(|found| found.code.clone()).collect();
            (!codes.is_empty()).then_some(Told::Surely(Expected::Types(codes)))
        }
        "profile" => {
            let profiles: Vec<String> =
                element.types.iter().flat_map(|found| found.profiles.clone()).collect();
            (!profiles.is_empty()).then_some(Told::Surely(Expected::Profiles(profiles)))
        }
        _ => None,
    }
}

/// What the definition of an element says of its value.
fn value_of(node: &Node, types: &mut dyn Types) -> Option<Expected> {
    let element = &node.element;
    if let Some(fixed) = &element.fixed {
        return Some(Expected::Fixed(Fixed(fixed.clone())));
    }
    if let Some(pattern) = &element.pattern {
        return Some(Expected::Pattern(Pattern(pattern.clone())));
    }
    let mut parts = Vec::new();
    for child in &node.children {
        let mandatory = child.slices.iter().filter(|slice| slice.element.min.is_some_and(|min| min > 0));
        for told in std::iter::once(child).chain(mandatory) {
            let path = vec![Step::Child(child.name.trim_end_matches("[x]").to_owned())];
            parts.extend(part_of(told, types).map(|expected| Discriminator { path, expected }));
        }
    }
    if !parts.is_empty() {
        return Some(Expected::Parts(parts));
    }
    let binding = element.binding.as_ref().filter(|binding| binding.strength == "required")?;
    let value_set = binding.value_set.clone()?;
    Some(Expected::Code(Binding::main(Strength::Required, value_set)))
}

/// Only given values tell a part; that it is bound to a set of the base says nothing.
fn part_of(child: &Node, types: &mut dyn Types) -> Option<Expected> {
    match value_of(child, types)? {
        Expected::Code(_) => None,
        told => Some(told),
    }
}
