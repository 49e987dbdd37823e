//! Things that are wrong in how a resource is written, found while parsing and never lost.

/// What is wrong. The text is well-formed JSON or XML, but not well-formed FHIR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DefectKind {
    /// A JSON object holds the same key twice; both are in the tree.
    DuplicateKey,
    /// A JSON array with no item.
    EmptyArray,
    /// A JSON object or XML element with neither value nor content.
    EmptyElement,
    /// A JSON null outside an array of primitives.
    Null,
    /// An array within an array.
    NestedArray,
    /// `_name` holds something else than an object, or an array of another length.
    PrimitiveSibling,
    /// A value that is the empty string.
    EmptyValue,
    /// Text between XML elements.
    StrayText,
    /// An XML attribute that FHIR does not know.
    UnknownAttribute,
    /// An XML element in another namespace than FHIR's.
    Namespace,
}

/// One such thing and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defect {
    /// What is wrong.
    pub kind: DefectKind,
    /// The node that it concerns.
    pub(super) node: u32,
    /// Byte offset in the source.
    pub(super) offset: u32,
    /// The key, attribute or namespace concerned.
    pub name: String,
}
