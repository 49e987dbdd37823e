//! Value sets, and how binding they are.

use super::types::Sets;
use super::{Aspect, Change, Direction};
use crate::fhir::Canonical;
use crate::profile::definition::{BindingDefinition, ElementDefinition};
use crate::terminology::Codes;

/// How many codes a change names.
const NAMED: usize = 6;

/// What came of comparing two bindings.
#[derive(Default)]
pub(super) struct Compared {
    pub(super) changes: Vec<Change>,
    /// Why the value sets could not be compared.
    pub(super) gap: Option<String>,
}

/// The changes of an element's binding.
pub(super) fn compare(older: &ElementDefinition, newer: &ElementDefinition, sets: Sets<'_>) -> Compared {
    let (old, new) = (older.binding.as_ref(), newer.binding.as_ref());
    let mut compared = Compared::default();
    compared.changes.extend(strength(old, new));
    if let (Some(old), Some(new)) = (old, new) {
        value_sets(old, new, sets, &mut compared);
    }
    compared
}

fn strength(old: Option<&BindingDefinition>, new: Option<&BindingDefinition>) -> Option<Change> {
    let (before, after) = (rank(old), rank(new));
    if before == after {
        return None;
    }
    let words = match new {
        Some(new) if old.is_none() => {
            let value_set = new.value_set.as_deref().unwrap_or("a value set that is not named");
            format!("now bound to {value_set} ({})", new.strength)
        }
        Some(new) => format!("its value set is now {}", in_words(&new.strength)),
        None => "no longer bound to a value set".to_owned(),
    };
    let decides = before.max(after) == rank_of("required");
    let text = |binding: &BindingDefinition| match &binding.value_set {
        Some(value_set) => format!("{} ({value_set})", binding.strength),
        None => binding.strength.clone(),
    };
    Some(
        Change::new(Aspect::BindingStrength, Direction::of(after > before), words)
            .values(old.map(text), new.map(text))
            .decides_if(decides),
    )
}

fn in_words(strength: &str) -> String {
    match strength {
        "required" => "required: only its codes".to_owned(),
        "extensible" => "extensible: its codes wherever one fits".to_owned(),
        "preferred" => "preferred: its codes are encouraged".to_owned(),
        "example" => "an example only".to_owned(),
        other => other.to_owned(),
    }
}

fn rank(binding: Option<&BindingDefinition>) -> u8 {
    binding.map_or(0, |binding| rank_of(&binding.strength))
}

fn rank_of(strength: &str) -> u8 {
    match strength {
        "required" => 4,
        "extensible" => 3,
        "preferred" => 2,
        _ => 1,
    }
}

fn value_sets(old: &BindingDefinition, new: &BindingDefinition, sets: Sets<'_>, compared: &mut Compared) {
    let (before, after) = match (&old.value_set, &new.value_set) {
        (None, None) => return,
        (Some(before), Some(after)) => (before, after),
        (before, after) => {
            let words = if after.is_some() { "now names a value set" } else { "no longer names a value set" };
            compared.changes.push(
                Change::new(Aspect::ValueSet, Direction::of(after.is_some()), words)
                    .values(before.clone(), after.clone())
                    .decides_if(old.strength == "required" || new.strength == "required"),
            );
            return;
        }
    };
    let binding = |strength: &str| matches!(strength, "required" | "extensible");
    let bound = binding(&old.strength) || binding(&new.strength);
    if before == after && (!bound || std::ptr::eq(sets.older, sets.newer)) {
        return;
    }
    let same_name = Canonical::parse(before).url == Canonical::parse(after).url;
    let (here, there) = (sets.older.terminology(), sets.newer.terminology());
    let change = |direction, decides: bool, words| {
        Change::new(Aspect::ValueSet, direction, words)
            .values(Some(before.clone()), Some(after.clone()))
            .decides_if(decides && (old.strength == "required" || new.strength == "required"))
    };
    let alike = if before == after { here.is_composed_alike(there, before) } else { None };
    if alike == Some(true) && here.codes(before).is_none() && there.codes(after).is_none() {
        return;
    }
    let other = if same_name { "another version of the value set" } else { "another value set" };
    match (here.codes(before), there.codes(after)) {
        (Some(old_codes), Some(new_codes)) if old_codes == new_codes => {
            if before != after {
                let words = format!("{other} with the same codes: {after}");
                compared.changes.push(change(Direction::Changed, false, words));
            }
        }
        (Some(old_codes), Some(new_codes)) => {
            let (gone, come) = (named(&old_codes, &new_codes), named(&new_codes, &old_codes));
            let direction = Direction::of_allowed(gone.is_some(), come.is_some());
            let mut words = if before == after {
                "the codes of the value set changed".to_owned()
            } else {
                other.to_owned()
            };
            for (text, codes) in [("; no longer ", gone), ("; now also ", come)] {
                words.extend(codes.map(|codes| format!("{text}{codes}")));
            }
            compared.changes.push(change(direction.unwrap_or(Direction::Changed), true, words));
        }
        _ if before != after => {
            compared.changes.push(change(Direction::Changed, true, format!("{other}: {after}")));
        }
        _ if alike == Some(false) => {
            let words = "the value set is composed otherwise; not all of its codes are at hand".to_owned();
            compared.changes.push(change(Direction::Changed, true, words));
        }
        _ => {
            compared.gap = Some(format!(
                "the value set {before} is not at hand on one side or both: its codes were not compared"
            ));
        }
    }
}

/// Codes of the one that the other lacks, in words.
fn named(codes: &Codes, others: &Codes) -> Option<String> {
    let found: Vec<&str> = codes.difference(others).map(|(_, code)| code.as_str()).collect();
    if found.is_empty() {
        return None;
    }
    let mut words = found.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    if found.len() > NAMED {
        words.push_str(&format!(" and {} more", found.len() - NAMED));
    }
    Some(words)
}
