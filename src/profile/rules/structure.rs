//! The shape of a resource: known elements, arrays where they belong, nothing empty or twice.
//!
//! <https://hl7.org/fhir/STU3/json.html>, <https://hl7.org/fhir/STU3/xml.html>

use crate::fhir::{Defect, DefectKind, Element, Position};
use crate::profile::{Code, Issue, Severity};

/// An element that the type does not have.
pub const UNKNOWN_ELEMENT: Code = Code {
    name: "unknown-element",
    title: "An element is not one of its type",
    what: "Every element is one that the resource or type defines, spelt as it is there.",
    why: "A reader skips what it does not know: the information is lost without anybody noticing.",
    example: "wrong:  \"birthdate\": \"1974-03-19\"\nright:  \"birthDate\": \"1974-03-19\"",
    specification: "https://hl7.org/fhir/STU3/formats.html",
};

/// A resource type that the release does not have.
pub const UNKNOWN_RESOURCE: Code = Code {
    name: "unknown-resource",
    title: "A resource type is not one of this FHIR release",
    what: "`resourceType`, or the outermost XML element, names a resource of the FHIR release in use.",
    why: "Nothing can be read from a resource of an unknown type. Older releases have types that are gone since.",
    example: "wrong in STU3:  MedicationOrder\nright in STU3:  MedicationRequest",
    specification: "https://hl7.org/fhir/STU3/resourcelist.html",
};

/// An array where one value belongs, or one value where an array belongs.
pub const ARRAY: Code = Code {
    name: "json-array",
    title: "A JSON array is missing, or is where none belongs",
    what: "An element that may repeat is written as an array even if there is one; one that may not, never is.",
    why: "Typed readers refuse the other form.",
    example: "wrong:  \"name\": { \"family\": \"Ashcombe\" }\nright:  \"name\": [{ \"family\": \"Ashcombe\" }]",
    specification: "https://hl7.org/fhir/STU3/json.html#repeat",
};

/// An element has a value where it should have parts, or parts where it should have a value.
pub const CONTENT: Code = Code {
    name: "wrong-content",
    title: "An element holds a value where it should hold parts, or the reverse",
    what: "An element of a complex type holds elements; one of a primitive type holds a value, an id or extensions.",
    why: "Readers cannot make sense of the other.",
    example: "wrong:  \"code\": \"29463-7\"\nright:  \"code\": { \"coding\": [{ … }] }",
    specification: "https://hl7.org/fhir/STU3/json.html",
};

/// An extension that no loaded package defines.
pub const UNKNOWN_EXTENSION: Code = Code {
    name: "extension-not-checked",
    title: "An extension is not defined in the loaded packages",
    what: "The extension's URL names a definition. Where none is loaded, its content was not checked; a modifier \
        extension can change the meaning of all around it, so that nothing can be concluded without knowing it.",
    why: "Anyone may add extensions, and a misspelt URL looks like one of somebody else's.",
    example: "Load the package that defines it with --package.",
    specification: "https://hl7.org/fhir/STU3/extensibility.html",
};

/// An extension that must have a definition has none.
pub const UNDEFINED_EXTENSION: Code = Code {
    name: "extension-not-allowed",
    title: "An extension is not defined, and not under a URL where that is allowed",
    what: "With --allow-extension-domain, each extension is defined in a loaded package or is under one of the URLs \
        given.",
    why: "Whoever agrees on extensions wants to hear of all others.",
    example: "With --allow-extension-domain https://fhir.nhs.uk/StructureDefinition:\n\
        wrong:  \"url\": \"https://example.org/anything\"\n\
        right:  \"url\": \"https://fhir.nhs.uk/StructureDefinition/Extension-Agreed\"",
    specification: "https://hl7.org/fhir/STU3/extensibility.html",
};

/// An extension whose URL is none.
pub const RELATIVE_EXTENSION: Code = Code {
    name: "extension-url",
    title: "An extension's URL is not absolute",
    what: "The URL of an extension is absolute; only a part of a complex extension has a plain name.",
    why: "Nobody can tell which definition is meant.",
    example: "wrong:  \"url\": \"ethnicCategory\" on a Patient",
    specification: "https://hl7.org/fhir/STU3/extensibility.html",
};

const DUPLICATE_KEY: Code = Code {
    name: "duplicate-key",
    title: "A JSON property is there twice",
    what: "Each property is in its object once.",
    why: "Readers differ in which of the two they take.",
    example: "wrong:  { \"gender\": \"male\", \"gender\": \"female\" }",
    specification: "https://hl7.org/fhir/STU3/json.html",
};

const EMPTY: Code = Code {
    name: "empty-element",
    title: "An element, array or value is empty",
    what: "Nothing that is written is empty; what has no content is left out.",
    why: "An empty element says neither that there is a value nor that there is none.",
    example: "wrong:  \"family\": \"\"\nwrong:  \"telecom\": []\nright:  leave the element out",
    specification: "https://hl7.org/fhir/STU3/json.html#null",
};

const NULL: Code = Code {
    name: "json-null",
    title: "A JSON null is where none belongs",
    what: "null stands only in an array of values, for one that has extensions but no value.",
    why: "Readers that meet it elsewhere fail, or take it for a value.",
    example: "wrong:  \"birthDate\": null\nright:  leave the element out",
    specification: "https://hl7.org/fhir/STU3/json.html#null",
};

const SHAPE: Code = Code {
    name: "json-shape",
    title: "JSON is shaped in a way that FHIR does not know",
    what: "No array within an array; `_name` is an object, or an array as long as that of `name`.",
    why: "It cannot be told which value an extension belongs to.",
    example: "wrong:  \"given\": [[\"Ada\"]]\nright:  \"given\": [\"Ada\"]",
    specification: "https://hl7.org/fhir/STU3/json.html",
};

const XML_SHAPE: Code = Code {
    name: "xml-shape",
    title: "XML is shaped in a way that FHIR does not know",
    what: "All elements are in the namespace http://hl7.org/fhir, with no text between them and no attributes but \
        value, id and url.",
    why: "A reader that goes by the namespace finds nothing.",
    example: "wrong:  <Patient>\nright:  <Patient xmlns=\"http://hl7.org/fhir\">",
    specification: "https://hl7.org/fhir/STU3/xml.html",
};

/// The codes of this file.
pub(super) const CODES: [&Code; 12] = [
    &UNKNOWN_EXTENSION,
    &UNDEFINED_EXTENSION,
    &RELATIVE_EXTENSION,
    &UNKNOWN_ELEMENT,
    &UNKNOWN_RESOURCE,
    &ARRAY,
    &CONTENT,
    &DUPLICATE_KEY,
    &EMPTY,
    &NULL,
    &SHAPE,
    &XML_SHAPE,
];

/// The issue for an element that holds an id and nothing else: ele-1 wants a value or children besides it.
#[must_use]
pub fn only_an_id(element: Element<'_>) -> Option<Issue> {
    let mut children = element.children();
    let first = children.next()?;
    let bare = children.next().is_none() && first.is_called("id");
    (bare && element.value().is_none() && element.resource_type().is_none()).then(|| {
        let message = format!("`{}` holds an id and nothing else", element.name());
        Issue::at(element, &EMPTY, Severity::Error, message)
    })
}

/// The issue for something that the parser found.
#[must_use]
pub fn of_defect(element: Element<'_>, position: Position, defect: &Defect) -> Issue {
    let name = element.name();
    let other = &defect.name;
    let (code, message) = match defect.kind {
        DefectKind::DuplicateKey => (&DUPLICATE_KEY, format!("the property `{other}` is there twice")),
        DefectKind::EmptyArray => (&EMPTY, format!("`{other}` is an empty array")),
        DefectKind::EmptyElement => (&EMPTY, format!("`{name}` is empty")),
        DefectKind::EmptyValue => (&EMPTY, format!("`{name}` is an empty text")),
        DefectKind::Null => (&NULL, format!("`{name}` is null")),
        DefectKind::NestedArray => (&SHAPE, format!("`{other}` holds an array within an array")),
        DefectKind::PrimitiveSibling => {
            (&SHAPE, format!("`{other}` does not fit the values that it belongs to"))
        }
        DefectKind::StrayText => (
            &XML_SHAPE,
            format!("`{name}` holds text outside of an element: \"{}\"", super::super::shorten(other)),
        ),
        DefectKind::UnknownAttribute => {
            (&XML_SHAPE, format!("`{name}` has an attribute `{other}`, which FHIR does not know"))
        }
        DefectKind::Namespace if other.is_empty() => {
            (&XML_SHAPE, format!("`{name}` is in no XML namespace; expected xmlns=\"http://hl7.org/fhir\""))
        }
        DefectKind::Namespace => {
            (&XML_SHAPE, format!("`{name}` is in the XML namespace {other}; expected http://hl7.org/fhir"))
        }
    };
    let mut issue = Issue::at(element, code, Severity::Error, message);
    issue.position = Some(position);
    issue
}
