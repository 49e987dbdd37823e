//! The invariants of a definition: that they compile on the element that they stand at.

use std::collections::HashSet;

use super::definition::{Definition, elements};
use super::path::{Place, types_at};
use crate::profile::rules::ValueRule;
use crate::validate::conformance::expression;
use crate::validate::conformance::findings::Findings;

/// Each invariant once, though both views have it; those of the base are the base's.
pub(super) fn check(definition: &Definition<'_>, findings: &mut Findings<'_>) {
    let set = findings.set;
    let mut seen = HashSet::new();
    // The invariants of all elements are found on each, and mostly compile alike.
    let mut sound = HashSet::new();
    for view in ["snapshot", "differential"] {
        for element in elements(definition.root, view) {
            let Some(path) = element.text("path") else { continue };
            for constraint in element.children_named("constraint") {
                let Some(place) = constraint.child("expression") else { continue };
                let (Some(key), Some(source)) = (constraint.text("key"), place.value()) else { continue };
                let inherited = || {
                    definition.base_element(set, path).is_some_and(|base| {
                        base.rules.iter().any(|rule| {
                            matches!(rule, ValueRule::Invariant(known) if known.identity() == (key, source))
                        })
                    })
                };
                if seen.insert((path, key, source)) && !inherited() {
                    let types = match types_at(set, definition.type_name, path) {
                        // The invariants of all elements ask an xhtml for the id that it has none of.
                        Place::Types(types) if types != ["xhtml"] => types,
                        _ => Vec::new(),
                    };
                    let rule = (source, types);
                    if !sound.contains(&rule) && expression::check(place, &rule.1, findings) {
                        sound.insert(rule);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::profile;

    #[test]
    fn invariants_compile_where_they_stand() {
        let invariant = |expression: &str| {
            profile(&format!(
                r#"{{"path":"Observation.component","constraint":[{{"key":"x-1","expression":"{expression}"}}]}}"#
            ))
        };
        assert!(invariant("value.exists() or dataAbsentReason.exists()").is_empty());
        for broken in ["values.exists()", "valueQuantity.exists()", "value.exists() and", "status = 'final'"]
        {
            let found = invariant(broken);
            assert_eq!(found, ["error expression-broken constraint[0].expression"], "{broken}");
        }
    }
}
