//! Tokens: codes and identifiers, with or without their system.

use super::values;
use crate::fhir::Element;
use crate::supplier::configuration::SearchParameter;
use crate::supplier::problem::Problem;

/// `code`, `system|code`, `|code` or `system|`.
pub(super) struct Token {
    system: System,
    /// Nothing for `system|`, which any code of the system matches.
    code: Option<String>,
}

enum System {
    Any,
    None,
    Is(String),
}

/// A code in a resource.
struct Coded<'t> {
    system: Option<&'t str>,
    code: Option<&'t str>,
}

impl Token {
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        let (system, code) = match values::split(text, '|')[..] {
            ["", ""] => return Err(Problem::value("`|` names neither a system nor a code")),
            [code] => (System::Any, code),
            ["", code] => (System::None, code),
            [system, code] => (System::Is(values::unescape(system)), code),
            _ => return Err(Problem::value(format!("`{text}` has more than one `|`"))),
        };
        Ok(Self { system, code: Some(values::unescape(code)).filter(|code| !code.is_empty()) })
    }

    pub(super) fn matches(&self, parameter: &SearchParameter, element: Element<'_>) -> bool {
        // A plain code, such as a gender, has no system of its own but implies one.
        let implied = parameter.system.as_deref().filter(|_| element.value().is_some());
        let same_code = |left: &str, right: &str| {
            if parameter.case_sensitive { left == right } else { left.eq_ignore_ascii_case(right) }
        };
        coded(element).iter().any(|found| {
            let system = match &self.system {
                System::Any => true,
                System::None => found.system.is_none(),
                System::Is(system) => found.system.or(implied) == Some(system),
            };
            let code = match (&self.code, found.code) {
                (None, _) => true,
                (Some(wanted), Some(found)) => same_code(wanted, found),
                (Some(_), None) => false,
            };
            system && code
        })
    }
}

/// The codes of an element, by what it looks like: a primitive, a `CodeableConcept`, a `Coding` or
/// an `Identifier`.
fn coded(element: Element<'_>) -> Vec<Coded<'_>> {
    if let Some(value) = element.value() {
        return vec![Coded { system: None, code: Some(value) }];
    }
    if element.child("coding").is_some() {
        return element.children_named("coding").flat_map(coded).collect();
    }
    let code = element.text("code").or_else(|| element.text("value"));
    vec![Coded { system: element.text("system"), code }]
}
