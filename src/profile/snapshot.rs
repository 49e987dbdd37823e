//! Snapshots as trees: the elements of a definition with their children and slices, and how a
//! differential is laid over its base.
//!
//! <https://hl7.org/fhir/STU3/profiling.html#snapshot>

use std::collections::HashMap;

use super::definition::{BaseElement, Constraint, ElementDefinition, SlicingDefinition, TypeReference};

/// How deep elements may nest, and slices of slices.
const MAX_DEPTH: usize = 64;

/// One element with all below it.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// The last part of its path: `name`, `value[x]`.
    pub(super) name: String,
    pub(super) element: ElementDefinition,
    pub(super) children: Vec<Node>,
    /// The slices of this element, each a whole element of its own.
    pub(super) slices: Vec<Node>,
}

/// Gives the children of a type or of a profile on it, for elements that a differential goes into.
pub(super) trait Types {
    fn children(&mut self, type_reference: &TypeReference) -> Result<Vec<Node>, String>;

    /// The type that a profile constrains, if it is known.
    fn type_of_profile(&self, profile: &str) -> Option<String>;
}

/// The tree of a complete list of elements, as a published snapshot holds them.
pub(super) fn tree_of(elements: &[ElementDefinition]) -> Result<Node, String> {
    check(elements)?;
    let (root, rest) = elements.split_first().ok_or("the snapshot holds no elements")?;
    let mut root = Node::leaf(root.clone());
    let mut index = 0;
    take_children(&mut root, rest, &mut index);
    match rest.get(index) {
        None => Ok(root),
        Some(stray) => Err(format!("the element {} does not belong under {}", stray.path, root.element.path)),
    }
}

/// That each element makes sense by itself. Trees are walked by recursion, so that a definition may not decide how
/// deep it goes.
fn check(elements: &[ElementDefinition]) -> Result<(), String> {
    let depth = |element: &&ElementDefinition| {
        let slices = element.slice_name.as_deref().unwrap_or_default().matches('/').count();
        element.path.matches('.').count().max(slices)
    };
    if let Some(wrong) = elements.iter().find(|element| element.defect.is_some()) {
        return Err(format!("{}: {}", wrong.path, wrong.defect.as_deref().unwrap_or_default()));
    }
    match elements.iter().max_by_key(depth).filter(|deepest| depth(deepest) > MAX_DEPTH) {
        Some(_) => Err(format!("its elements or slices nest deeper than {MAX_DEPTH} levels")),
        None => Ok(()),
    }
}

fn take_children(parent: &mut Node, elements: &[ElementDefinition], index: &mut usize) {
    while let Some(element) = elements.get(*index) {
        let direct =
            element.path.strip_prefix(parent.element.path.as_str()).and_then(|rest| rest.strip_prefix('.'));
        let Some(name) = direct.filter(|rest| !rest.contains('.')) else { return };
        *index += 1;
        let mut node = Node::leaf(element.clone());
        let name = name.to_owned();
        take_children(&mut node, elements, index);
        let unsliced = parent.children.iter_mut().find(|child| child.name == name);
        match (unsliced, &node.element.slice_name) {
            (Some(unsliced), Some(slice)) => unsliced.holder_of(&slice.clone()).slices.push(node),
            _ => parent.children.push(node),
        }
    }
}

/// Lays a differential over a copy of its base.
///
/// Elements are placed by their order and path, not by their ids, which published definitions write in
/// more than one way.
pub(super) fn merge(
    mut base: Node,
    differential: &[ElementDefinition],
    types: &mut dyn Types,
) -> Result<Node, String> {
    check(differential)?;
    let paths: Vec<&str> = differential.iter().map(|element| relative(&element.path)).collect();
    let whole = base.clone();
    let mut open_slices: HashMap<String, String> = HashMap::new();
    for (index, element) in differential.iter().enumerate() {
        let path = paths[index];
        let inside = format!("{path}.");
        open_slices.retain(|open, _| !open.starts_with(&inside));
        open_slices.remove(path);
        let place = Place { element, paths: &paths, index };
        let node = place
            .find(&mut base, &whole, &open_slices, types)
            .map_err(|error| format!("{}: {error}", element.path))?;
        constrain(node, element);
        if let Some(slice) = &element.slice_name {
            open_slices.insert(path.to_owned(), slice.clone());
        }
    }
    Ok(base)
}

/// The path without the type it begins with.
fn relative(path: &str) -> &str {
    path.split_once('.').map_or("", |(_, rest)| rest)
}

/// One element of a differential among all.
struct Place<'d> {
    element: &'d ElementDefinition,
    paths: &'d [&'d str],
    index: usize,
}

impl Place<'_> {
    /// Finds, or makes, the node that it speaks of.
    fn find<'n>(
        &self,
        root: &'n mut Node,
        whole: &Node,
        open_slices: &HashMap<String, String>,
        types: &mut dyn Types,
    ) -> Result<&'n mut Node, String> {
        let mut node = root;
        let mut walked = String::new();
        let segments: Vec<&str> =
            self.paths[self.index].split('.').filter(|segment| !segment.is_empty()).collect();
        for (depth, segment) in segments.iter().enumerate() {
            node.open(segment, whole, types)?;
            let parent_length = walked.len();
            if !walked.is_empty() {
                walked.push('.');
            }
            walked.push_str(segment);
            let last = depth + 1 == segments.len();
            node = node.step(segment)?;
            let choice_slice = node.name.ends_with("[x]") && !segment.ends_with("[x]");
            let slice = if choice_slice {
                // A renamed choice carries its own name as slice name; when it is the only one, the
                // choice itself is restricted and there is nothing to slice.
                (node.has_slice(segment)
                    || self.is_one_of_several(&walked[..parent_length], &node.name, segment))
                .then_some(*segment)
            } else if last {
                self.element.slice_name.as_deref()
            } else {
                open_slices.get(&walked).map(String::as_str)
            };
            if choice_slice && let Some(type_name) = type_suffix(&node.name, segment) {
                node.restrict_type(&type_name, slice)?;
            }
            if let Some(slice) = slice {
                node = node.slice(slice);
            }
        }
        Ok(node)
    }

    /// Whether a choice that is written under the name of one type (`valueQuantity` for `value[x]`) is also written
    /// under another name within the same parent.
    ///
    /// One such name means that only this type is allowed; several, or one beside the choice's own element, mean that
    /// each constrains its own type.
    fn is_one_of_several(&self, parent: &str, choice: &str, name: &str) -> bool {
        // The parent's own element comes before its children, and again before those of its next slice.
        let within = |path: &&&str| parent.is_empty() || inside(path, parent).is_some();
        let before = self.paths[..self.index].iter().rev().take_while(within);
        let after = self.paths[self.index..].iter().take_while(within);
        before.chain(after).any(|path| {
            let other = if parent.is_empty() { Some(*path) } else { inside(path, parent) };
            let other = other.filter(|other| *other != name && !other.contains('.'));
            other.is_some_and(|other| other == choice || type_suffix(choice, other).is_some())
        })
    }
}

/// The rest of a path within another.
fn inside<'p>(path: &'p str, parent: &str) -> Option<&'p str> {
    path.strip_prefix(parent)?.strip_prefix('.')
}

impl Node {
    fn leaf(mut element: ElementDefinition) -> Self {
        // Whether JSON writes an array is settled by the definition that first has the element.
        if element.base.is_none()
            && let (Some(min), Some(max)) = (element.min, element.max)
        {
            element.base = Some(BaseElement { path: element.path.clone(), min, max });
        }
        Self { name: element.name().to_owned(), element, children: Vec::new(), slices: Vec::new() }
    }

    /// The child that a path segment names.
    fn step(&mut self, segment: &str) -> Result<&mut Self, String> {
        match self.child_index(segment) {
            Some(index) => Ok(&mut self.children[index]),
            None => Err(format!("there is no element `{segment}` in {}", self.describe_type())),
        }
    }

    /// Gives an element the children of its type, where a differential constrains one of these.
    fn open(&mut self, segment: &str, whole: &Node, types: &mut dyn Types) -> Result<(), String> {
        if self.child_index(segment).is_some() {
            return Ok(());
        }
        if let Some(reference) = &self.element.content_reference {
            if self.children.is_empty() {
                let path = relative(reference.rsplit('#').next().unwrap_or(reference));
                let target = whole.find(path).ok_or_else(|| format!("there is no element #{reference}"))?;
                self.children = target.children.clone();
            }
            return Ok(());
        }
        let children = match self.element.types.as_slice() {
            // That the child is not there says more.
            [] if !self.children.is_empty() => return Ok(()),
            [] => return Err("it has no type whose elements could be constrained".to_owned()),
            [only] => types.children(only)?,
            // What all types have.
            _ => types
                .children(&TypeReference { code: Some("Element".to_owned()), ..TypeReference::default() })?,
        };
        for child in children {
            if self.children.iter().all(|known| known.name != child.name) {
                self.children.push(child);
            }
        }
        Ok(())
    }

    /// The element among whose slices one of this name belongs: itself, or for a re-slice the slice that it is of.
    fn holder_of(&mut self, name: &str) -> &mut Self {
        let outer = name.rsplit_once('/').map(|(outer, _)| outer);
        let index = outer.and_then(|outer| {
            self.slices.iter().position(|slice| {
                let known = slice.element.slice_name.as_deref().unwrap_or_default();
                outer == known || inside_slice(outer, known)
            })
        });
        match index {
            Some(index) => self.slices[index].holder_of(name),
            None => self,
        }
    }

    fn has_slice(&self, name: &str) -> bool {
        self.slices.iter().any(|slice| slice.element.slice_name.as_deref() == Some(name))
    }

    /// The place of the child that a path segment names, by its own name or as a renamed choice.
    fn child_index(&self, segment: &str) -> Option<usize> {
        self.children
            .iter()
            .position(|child| child.name == segment)
            .or_else(|| self.children.iter().position(|child| type_suffix(&child.name, segment).is_some()))
    }

    /// The element at a path relative to this one, slices aside.
    pub(super) fn find(&self, path: &str) -> Option<&Self> {
        let mut node = self;
        for segment in path.split('.').filter(|segment| !segment.is_empty()) {
            node = node.children.iter().find(|child| child.name == segment)?;
        }
        Some(node)
    }

    /// The element with an id such as `Composition.section:code.title`, from that of which this is the id's first part.
    pub(super) fn with_id(&self, id: &str) -> Option<&Self> {
        let mut node = self;
        for (depth, part) in id.split('.').enumerate() {
            let (name, slice) =
                part.split_once(':').map_or((part, None), |(name, slice)| (name, Some(slice)));
            if depth > 0 {
                node = node.children.iter().find(|child| child.name == name)?;
            }
            for end in slice
                .into_iter()
                .flat_map(|slice| slice.match_indices('/').map(|(end, _)| end).chain([slice.len()]))
            {
                let name = &slice.unwrap_or_default()[..end];
                node = node.slices.iter().find(|found| found.element.slice_name.as_deref() == Some(name))?;
            }
        }
        Some(node)
    }

    fn slice(&mut self, name: &str) -> &mut Self {
        // A re-slice, `outer/inner`, is a slice of the slice.
        if let Some((outer, _)) = name.rsplit_once('/')
            && self.element.slice_name.as_deref() != Some(outer)
        {
            let inherited = self.element.slicing.clone();
            let outer = self.slice(outer);
            if outer.element.slicing.is_none() {
                let open =
                    |slicing| SlicingDefinition { rules: "open".to_owned(), ordered: false, ..slicing };
                outer.element.slicing = inherited.map(open);
            }
            return outer.slice(name);
        }
        let known = self.slices.iter().position(|slice| slice.element.slice_name.as_deref() == Some(name));
        let index = known.unwrap_or_else(|| {
            let mut made = Self {
                name: self.name.clone(),
                element: self.element.clone(),
                children: self.children.clone(),
                slices: Vec::new(),
            };
            made.element.slice_name = Some(name.to_owned());
            made.element.slicing = None;
            // That the element must be there does not mean that each kind of it must.
            made.element.min = Some(0);
            if let Some(type_name) = type_suffix(&self.name, name) {
                let types = self.types_named(&type_name);
                if !types.is_empty() {
                    made.element.types = types;
                }
            }
            if is_extension(&self.name) && self.element.slicing.is_none() {
                self.element.slicing = Some(SlicingDefinition::by_url());
            }
            self.slices.push(made);
            self.slices.len() - 1
        });
        &mut self.slices[index]
    }

    /// Restricts a choice, or one slice of it, to a single type.
    fn restrict_type(&mut self, type_name: &str, slice: Option<&str>) -> Result<(), String> {
        let allowed = self.types_named(type_name);
        if allowed.is_empty() {
            return Err(format!("the type {type_name} is not one of those of {}", self.name));
        }
        match slice {
            None => self.element.types = allowed,
            Some(name) => {
                self.element.slicing.get_or_insert_with(SlicingDefinition::by_type);
                let slice = self.slice(name);
                if slice.element.types.len() > 1 {
                    slice.element.types = allowed;
                }
            }
        }
        Ok(())
    }

    fn types_named(&self, type_name: &str) -> Vec<TypeReference> {
        let same = |code: &String| code.eq_ignore_ascii_case(type_name);
        let types = self.element.types.iter();
        types.filter(|reference| reference.code.as_ref().is_some_and(same)).cloned().collect()
    }

    fn describe_type(&self) -> String {
        let codes: Vec<&str> =
            self.element.types.iter().filter_map(|reference| reference.code.as_deref()).collect();
        if codes.is_empty() {
            format!("`{}`", self.name)
        } else {
            format!("`{}` ({})", self.name, codes.join(", "))
        }
    }
}

/// Whether a slice's name says that it is a re-slice of another.
fn inside_slice(name: &str, outer: &str) -> bool {
    name.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
}

fn is_extension(name: &str) -> bool {
    matches!(name, "extension" | "modifierExtension")
}

/// The type in `valueQuantity`, where `choice` is `value[x]`.
pub(super) fn type_suffix(choice: &str, literal: &str) -> Option<String> {
    let rest = literal.strip_prefix(choice.strip_suffix("[x]")?)?;
    rest.starts_with(|letter: char| letter.is_ascii_uppercase()).then(|| rest.to_owned())
}

/// Lays what an element of a differential says over the element itself.
fn constrain(node: &mut Node, change: &ElementDefinition) {
    let element = &mut node.element;
    let mut change = change.clone();
    if let Some(min) = change.min {
        element.min = Some(min);
    }
    if let Some(max) = change.max {
        element.max = Some(max);
    }
    if change.slicing.is_some() {
        element.slicing = change.slicing.take();
    }
    if !change.types.is_empty() {
        element.types = merge_types(&element.types, change.types);
        // Children of the former type would be the wrong ones for a profile on it.
        if element.types.iter().any(|reference| !reference.profiles.is_empty()) {
            node.children.clear();
        }
    }
    if change.fixed.is_some() {
        element.fixed = change.fixed.take();
    }
    if change.pattern.is_some() {
        element.pattern = change.pattern.take();
    }
    if change.max_length.is_some() {
        element.max_length = change.max_length;
    }
    if change.narrative_language.is_some() {
        element.narrative_language = change.narrative_language.take();
    }
    if change.min_value.is_some() {
        element.min_value = change.min_value.take();
    }
    if change.max_value.is_some() {
        element.max_value = change.max_value.take();
    }
    if change.must_support.is_some() {
        element.must_support = change.must_support;
    }
    if change.is_modifier.is_some() {
        element.is_modifier = change.is_modifier;
    }
    if change.is_summary.is_some() {
        element.is_summary = change.is_summary;
    }
    if change.binding.is_some() {
        element.binding = change.binding.take();
    }
    if change.min_length.is_some() {
        element.min_length = change.min_length;
    }
    if change.regex.is_some() {
        element.regex = change.regex.take();
    }
    element.must_have_value |= change.must_have_value;
    element.value_alternatives.append(&mut change.value_alternatives);
    for constraint in change.constraints {
        let same =
            |known: &&Constraint| known.key == constraint.key && known.expression == constraint.expression;
        if !element.constraints.iter().any(|known| same(&known)) {
            element.constraints.push(constraint);
        }
    }
}

/// A differential may restate a reference's type without its code only in broken definitions; then the
/// former types stay.
fn merge_types(former: &[TypeReference], change: Vec<TypeReference>) -> Vec<TypeReference> {
    if change.iter().all(|reference| reference.code.is_none())
        && former.iter().any(|reference| reference.code.is_some())
    {
        return former.to_vec();
    }
    change
}
