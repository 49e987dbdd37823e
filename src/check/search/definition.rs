//! The definition of a search parameter, as the packages have it.

use crate::fhir::Element;
use crate::fhirpath::Expression;
use crate::validate::SchemaSet;

/// The types of search parameters that are evaluated (search.html#ptypes).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Date,
    String,
    Token,
    Reference,
    Composite,
    Quantity,
    Uri,
}

impl Kind {
    fn of(code: &str) -> Option<Self> {
        Some(match code {
            "number" => Self::Number,
            "date" => Self::Date,
            "string" => Self::String,
            "token" => Self::Token,
            "reference" => Self::Reference,
            "composite" => Self::Composite,
            "quantity" => Self::Quantity,
            "uri" => Self::Uri,
            _ => return None,
        })
    }
}

/// A search parameter.
pub(super) struct Definition<'d> {
    pub(super) kind: Kind,
    /// What it searches.
    pub(super) expression: Expression,
    /// It searches by sound: how, is the server's to say.
    pub(super) by_sound: bool,
    /// The parts of a composite parameter.
    pub(super) components: Vec<Component<'d>>,
}

/// One part of a composite parameter.
pub(super) struct Component<'d> {
    pub(super) definition: &'d str,
    pub(super) expression: Expression,
}

/// The definition of a parameter of a resource type.
///
/// # Errors
/// Why it cannot be evaluated.
pub(super) fn find<'d>(
    schemas: &'d SchemaSet,
    resource_type: &str,
    name: &str,
) -> Result<Definition<'d>, String> {
    let found = schemas.packages().search_parameter(resource_type, name).and_then(|found| found.tree());
    match found {
        Some(tree) => read(tree.root()),
        None => Err(format!("no package that is loaded defines the parameter {name} of {resource_type}")),
    }
}

/// The definition of a canonical URL.
///
/// # Errors
/// Why it cannot be evaluated.
pub(super) fn at<'d>(schemas: &'d SchemaSet, url: &str) -> Result<Definition<'d>, String> {
    match schemas.packages().find("SearchParameter", url).and_then(|found| found.tree()) {
        Some(tree) => read(tree.root()),
        None => Err(format!("no package that is loaded has {url}")),
    }
}

fn read(root: Element<'_>) -> Result<Definition<'_>, String> {
    let code = root.text("type").unwrap_or_default();
    let kind = Kind::of(code).ok_or_else(|| format!("parameters of type {code} are not evaluated"))?;
    let parse = |element: Element<'_>| {
        let text = element.text("expression").ok_or("its definition has no expression")?;
        Expression::parse(text).map_err(|error| format!("its expression is not valid FHIRPath: {error}"))
    };
    let usage = root.text("processingMode").or_else(|| root.text("xpathUsage"));
    let by_sound = usage == Some("phonetic") || root.text("code") == Some("phonetic");
    let mut components = Vec::new();
    for component in root.children_named("component") {
        let definition = component.child("definition").and_then(|definition| {
            // A Reference in STU3, a canonical in R4.
            definition.value().or_else(|| definition.text("reference"))
        });
        let definition = definition.ok_or("a component of its definition names no parameter")?;
        components.push(Component { definition, expression: parse(component)? });
    }
    Ok(Definition { kind, expression: parse(root)?, by_sound, components })
}
