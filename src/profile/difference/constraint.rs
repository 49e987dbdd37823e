//! Rules that an element states as FHIRPath (ElementDefinition.constraint).

use std::collections::{BTreeMap, BTreeSet};

use super::types::Sets;
use super::{Aspect, Change, Direction};
use crate::profile::SchemaSet;
use crate::profile::definition::{Constraint, ElementDefinition};

/// How long a chain of types is followed.
const MAX_DEPTH: usize = 8;

/// The rules that came, went, or say something else. Only a rule whose severity is error decides.
///
/// The rules of its type hold for an element anyway, whether its definition repeats them or not.
pub(super) fn changes(older: &ElementDefinition, newer: &ElementDefinition, sets: Sets<'_>) -> Vec<Change> {
    let (old, new) = (by_key(older, sets.older), by_key(newer, sets.newer));
    let keys: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let mut changes = Vec::new();
    for key in keys {
        let before = old.get(key).cloned().unwrap_or_default();
        let after = new.get(key).cloned().unwrap_or_default();
        let is_error = |rules: &[&Constraint]| rules.iter().any(|rule| rule.severity == "error");
        let statements = |rules: &[&Constraint]| -> BTreeSet<String> {
            rules.iter().map(|rule| statement(rule)).collect()
        };
        let words = |rules: &[&Constraint]| match rules.iter().find_map(|rule| rule.human.as_deref()) {
            Some(human) => format!(": {}", human.trim()),
            None => String::new(),
        };
        let value = |rules: &[&Constraint]| {
            let list: Vec<String> = statements(rules).into_iter().collect();
            (!list.is_empty()).then(|| format!("{key}: {}", list.join("; ")))
        };
        let mut add = |direction, text: String, decides| {
            let change = Change::new(Aspect::Constraint, direction, text);
            changes.push(change.values(value(&before), value(&after)).decides_if(decides));
        };
        match (before.is_empty(), after.is_empty()) {
            (true, _) => {
                let kind = if is_error(&after) { "rule" } else { "warning" };
                add(Direction::Tighter, format!("new {kind} {key}{}", words(&after)), is_error(&after));
            }
            (_, true) => {
                let kind = if is_error(&before) { "rule" } else { "warning" };
                add(Direction::Looser, format!("{kind} {key} is gone{}", words(&before)), is_error(&before));
            }
            _ if statements(&before) != statements(&after) => {
                let text = format!("the rule {key} says something else{}", words(&after));
                add(Direction::Changed, text, is_error(&before) || is_error(&after));
            }
            _ => {}
        }
        if !before.is_empty() && !after.is_empty() && is_error(&before) != is_error(&after) {
            let tighter = is_error(&after);
            let now = if tighter { "an error, no longer a warning" } else { "a warning, no longer an error" };
            let severity = |error: bool| Some(if error { "error" } else { "warning" }.to_owned());
            changes.push(
                Change::new(
                    Aspect::Constraint,
                    Direction::of(tighter),
                    format!("breaking the rule {key} is now {now}{}", words(&after)),
                )
                .values(severity(is_error(&before)), severity(tighter)),
            );
        }
    }
    changes
}

fn by_key<'e>(element: &'e ElementDefinition, set: &SchemaSet) -> BTreeMap<&'e str, Vec<&'e Constraint>> {
    let mut rules: BTreeMap<&str, Vec<&Constraint>> = BTreeMap::new();
    for constraint in element.constraints.iter().filter(|rule| !is_of_its_type(rule, element, set)) {
        rules.entry(&constraint.key).or_default().push(constraint);
    }
    rules
}

fn is_of_its_type(rule: &Constraint, element: &ElementDefinition, set: &SchemaSet) -> bool {
    let [only] = element.types.as_slice() else {
        // What holds for every type is a rule of `Element`.
        return is_of_type(rule, "Element", set);
    };
    is_of_type(rule, only.code.as_deref().unwrap_or("Element"), set)
}

fn is_of_type(rule: &Constraint, type_name: &str, set: &SchemaSet) -> bool {
    let mut name = type_name.to_owned();
    for _ in 0..MAX_DEPTH {
        let Some((root, base)) = set.type_root(&name) else { return false };
        let same = |own: &Constraint| own.key == rule.key && statement(own) == statement(rule);
        if root.element.constraints.iter().any(same) {
            return true;
        }
        let Some(base) = base else { return false };
        name = base;
    }
    false
}

/// What a rule says: its expression, or its words where it has none. White space says nothing.
fn statement(rule: &Constraint) -> String {
    let said = rule.expression.as_deref().or(rule.human.as_deref()).unwrap_or_default();
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}
