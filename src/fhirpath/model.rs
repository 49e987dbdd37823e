//! What the evaluator must be told: the types of elements, and whatever lies outside the resource.

use crate::fhir::Element;

/// What the model knows of one child of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChildType<'m> {
    /// The name in the definition, without `[x]`: `value` for an instance's `valueQuantity`.
    pub name: &'m str,
    /// `Quantity`, or the path of a backbone element: `Patient.contact`.
    pub type_name: &'m str,
}

/// What the model declares under a name of a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Declared<'m> {
    /// The model does not know the parent type.
    Unknown,
    /// The parent type has no such child.
    Absent,
    /// The child may have any of these types.
    Types(Vec<&'m str>),
}

/// The children of one type.
pub trait ChildTypes: Sync {
    /// The child that an instance writes as `literal_name` (`valueQuantity`).
    fn child(&self, literal_name: &str) -> Option<ChildType<'_>>;
}

/// Tells the types of FHIR elements; made from structure definitions elsewhere.
pub trait Model: Sync {
    /// The children of a type such as `HumanName`, or of a backbone path such as `Patient.contact`.
    fn children(&self, parent_type: &str) -> Option<&dyn ChildTypes>;

    /// The child of `parent_type` that an instance writes as `literal_name`.
    fn child(&self, parent_type: &str, literal_name: &str) -> Option<ChildType<'_>> {
        self.children(parent_type)?.child(literal_name)
    }

    /// Whether `type_name` derives from `ancestor`.
    fn is_subtype(&self, type_name: &str, ancestor: &str) -> bool;

    /// The type that `type_name` derives from, where that is known.
    fn base_type(&self, type_name: &str) -> Option<String> {
        let _ = type_name;
        None
    }

    /// Whether there is a FHIR type of that name.
    fn is_type(&self, name: &str) -> bool;

    /// Whether the type is a resource type.
    fn is_resource(&self, type_name: &str) -> bool {
        self.is_subtype(type_name, "Resource")
    }

    /// What `parent_type` declares under `name`, a name as definitions write it, without `[x]`.
    /// Checking a path before it runs needs it; without it, nothing is refused.
    fn declared(&self, parent_type: &str, name: &str) -> Declared<'_> {
        let _ = (parent_type, name);
        Declared::Unknown
    }
}

/// A model that knows nothing: types are told from the instance as far as it shows them.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoModel;

impl Model for NoModel {
    fn children(&self, _: &str) -> Option<&dyn ChildTypes> {
        None
    }

    fn is_subtype(&self, _: &str, _: &str) -> bool {
        false
    }

    fn is_type(&self, _: &str) -> bool {
        true
    }

    /// Every type that an instance names by itself is one of a resource.
    fn is_resource(&self, type_name: &str) -> bool {
        type_name.starts_with(|first: char| first.is_ascii_uppercase())
            && !type_name.contains('.')
            && !crate::fhir::DATA_TYPES.contains(&type_name)
    }
}

/// Finds what a reference points to. Contained resources are found without it.
pub trait Resolver: Sync {
    /// The resource that `reference` means where `from` holds it; `None` where there is none.
    fn resolve<'t>(&'t self, reference: &str, from: Element<'t>) -> Option<Element<'t>>;
}

/// Knows code systems and value sets.
pub trait Terminology: Sync {
    /// Whether the code, `Coding` or `CodeableConcept` is in the value set; `None` where it cannot say.
    fn member_of(&self, concept: Element<'_>, value_set: &str) -> Option<bool>;

    /// Whether the first code is the second or one above it; `None` where it cannot say.
    fn subsumes(&self, general: Element<'_>, special: Element<'_>) -> Option<bool>;
}

/// Knows profiles and definitions.
pub trait Profiles: Sync {
    /// Whether the element conforms to the profile; `None` where the profile is unknown.
    fn conforms_to(&self, element: Element<'_>, profile: &str) -> Option<bool>;

    /// The `ElementDefinition` of an element.
    fn element_definition<'t>(&'t self, element: Element<'t>) -> Option<Element<'t>>;

    /// Whether the element is in the named slice of the profile; `None` where either is unknown.
    fn in_slice(&self, element: Element<'_>, profile: &str, slice: &str) -> Option<bool>;
}
