//! Rules that hold for every value of a data type, whatever a profile says of it.

use serde::Serialize;

use super::{coding, nhs, quantity};
use crate::fhir::Element;
use crate::profile::Issue;
use crate::terminology::Terminology;

/// The types that have such rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum DataType {
    /// A code with its system.
    Coding,
    /// An amount with its unit.
    Quantity,
    /// A number or name that somebody gave.
    Identifier,
    /// An extension, of which some hold identifiers.
    Extension,
}

impl DataType {
    /// The rules of a type, if it has any.
    #[must_use]
    pub fn of(type_name: &str) -> Option<Self> {
        Some(match type_name {
            "Coding" => Self::Coding,
            "Quantity" | "Age" | "Count" | "Distance" | "Duration" | "Money" => Self::Quantity,
            "Identifier" => Self::Identifier,
            "Extension" => Self::Extension,
            _ => return None,
        })
    }

    /// What is wrong with one value.
    #[must_use]
    pub fn check(self, element: Element<'_>, terminology: &Terminology) -> Vec<Issue> {
        match self {
            Self::Coding => coding::check(element, terminology),
            Self::Quantity => quantity::check(element, terminology),
            Self::Identifier => nhs::check_identifier(element).into_iter().collect(),
            Self::Extension => nhs::check_extension(element).into_iter().collect(),
        }
    }
}
