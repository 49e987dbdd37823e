//! Types by name: what an expression asks for, and what an item is.

use std::fmt::{self, Display, Formatter, Write as _};

use super::ast::identifier;
use super::item::Item;
use super::model::Model;

/// A type as an expression names it: `Patient`, `FHIR.Patient`, `System.String`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypeSpecifier {
    pub(super) namespace: Option<String>,
    pub(super) name: String,
}

impl Display for TypeSpecifier {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        if let Some(namespace) = &self.namespace {
            identifier(namespace, formatter)?;
            formatter.write_char('.')?;
        }
        identifier(&self.name, formatter)
    }
}

/// The types of the `System` namespace (section 4.1).
pub(super) const SYSTEM_TYPES: [&str; 9] =
    ["Any", "Boolean", "String", "Integer", "Decimal", "Date", "DateTime", "Time", "Quantity"];

/// FHIR's abstract types, which every release has.
pub(super) const ABSTRACT_TYPES: [&str; 4] = ["Resource", "DomainResource", "Element", "BackboneElement"];

impl TypeSpecifier {
    fn may_be(&self, namespace: &str) -> bool {
        self.namespace.as_deref().is_none_or(|own| own == namespace)
    }

    /// Whether there is such a type at all (section 6.3: a type that is none is an error).
    pub(super) fn is_known(&self, model: &dyn Model) -> bool {
        (self.may_be("System") && SYSTEM_TYPES.contains(&self.name.as_str()))
            || (self.may_be("FHIR")
                && (model.is_type(&self.name) || ABSTRACT_TYPES.contains(&self.name.as_str())))
    }

    /// Whether it is the FHIR type of that name or one that it derives from.
    pub(super) fn names(&self, type_name: &str, model: &dyn Model) -> bool {
        self.may_be("FHIR") && is_a(model, type_name, &self.name)
    }

    /// Whether the item is of this type or of one derived from it.
    pub(super) fn holds(&self, item: &Item<'_>, model: &dyn Model) -> bool {
        match item {
            Item::Element { element, type_name } => {
                match type_name {
                    Some(type_name) => self.names(type_name, model),
                    // without a type, the name may still carry one: `valueQuantity`
                    None => self.may_be("FHIR") && element.name().ends_with(&capitalized(&self.name)),
                }
            }
            system => self.may_be("System") && (self.name == "Any" || self.name == system.system_type()),
        }
    }
}

/// Whether `type_name` is `ancestor` or derives from it; the model knows best, and what FHIR fixes
/// for good holds without one.
pub(super) fn is_a(model: &dyn Model, type_name: &str, ancestor: &str) -> bool {
    type_name == ancestor
        || model.is_subtype(type_name, ancestor)
        || match ancestor {
            "Resource" => model.is_resource(type_name),
            "DomainResource" => {
                model.is_resource(type_name)
                    && !matches!(type_name, "Bundle" | "Binary" | "Parameters" | "Resource")
            }
            "string" => matches!(type_name, "code" | "id" | "markdown"),
            "uri" => matches!(type_name, "oid" | "uuid" | "url" | "canonical"),
            "integer" => matches!(type_name, "positiveInt" | "unsignedInt"),
            "Quantity" => is_quantity(type_name),
            "BackboneElement" => type_name.contains('.'),
            _ => false,
        }
}

/// The types that convert to a System.Quantity.
pub(super) fn is_quantity(type_name: &str) -> bool {
    matches!(
        type_name,
        "Quantity" | "Age" | "Count" | "Distance" | "Duration" | "SimpleQuantity" | "MoneyQuantity"
    )
}

/// The name with its first letter in upper case, as in `value[x]` + `string` = `valueString`.
pub(super) fn capitalized(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
