//! Token parameters (search.html#token).

use super::{Met, split_escaped};
use crate::fhir::Element;

/// Whether an element meets one value of a token parameter: `code`, `system|code`, `|code`, `system|`.
pub(super) fn meets(element: Element<'_>, wanted: &str) -> Met {
    let parts = split_escaped(wanted, '|');
    let (system, code) = match parts.as_slice() {
        [code] => (None, code.as_str()),
        [system, code] => (Some(system.as_str()), code.as_str()),
        _ => return Met::Unknown,
    };
    Met::from(tokens(element).into_iter().any(|(found_system, found)| {
        let system_fits = match system {
            None => true,
            Some("") => found_system.is_none(),
            // A primitive code has the system of its element, which the instance does not say.
            Some(system) => element.value().is_some() || found_system == Some(system),
        };
        // Whether letter case counts depends on the code system; either answer is right.
        system_fits && (code.is_empty() || found.eq_ignore_ascii_case(code))
    }))
}

/// The tokens of an element, each with its system.
fn tokens(element: Element<'_>) -> Vec<(Option<&str>, &str)> {
    if let Some(value) = element.value() {
        return vec![(None, value)];
    }
    if element.child("coding").is_some() {
        return element.children_named("coding").flat_map(tokens).collect();
    }
    // Coding has a code, Identifier and ContactPoint a value.
    let token = element.text("code").or_else(|| element.text("value"));
    token.map(|token| (element.text("system"), token)).into_iter().collect()
}
