//! The types of an element, the profiles that they must meet, and what references may lead to.

use super::{Aspect, Change, Direction};
use crate::fhir::Canonical;
use crate::fhirpath::Model as _;
use crate::profile::SchemaSet;
use crate::profile::definition::{ElementDefinition, TypeReference};

/// How long a chain of base definitions is followed.
const MAX_DEPTH: usize = 24;

/// How R4 begins the types of values that have no elements.
const FHIRPATH_TYPE: &str = "http://hl7.org/fhirpath/";

/// Where one version finds its definitions, and the other.
#[derive(Clone, Copy)]
pub(super) struct Sets<'s> {
    pub(super) older: &'s SchemaSet,
    pub(super) newer: &'s SchemaSet,
}

/// The changes of an element's types.
pub(super) fn changes(older: &ElementDefinition, newer: &ElementDefinition, sets: Sets<'_>) -> Vec<Change> {
    let mut changes = codes(&older.types, &newer.types, sets);
    for old in &older.types {
        let Some(new) = newer.types.iter().find(|new| new.code == old.code) else { continue };
        let name = old.code.as_deref().unwrap_or_default();
        changes.extend(canonicals(Aspect::Profile, name, &old.profiles, &new.profiles, sets));
        changes.extend(canonicals(
            Aspect::TargetProfile,
            name,
            &old.target_profiles,
            &new.target_profiles,
            sets,
        ));
    }
    changes
}

fn codes(older: &[TypeReference], newer: &[TypeReference], sets: Sets<'_>) -> Vec<Change> {
    let (old, new) = (names(older), names(newer));
    if old.is_empty() || new.is_empty() {
        return Vec::new();
    }
    // A type is still allowed where a type that it specializes is.
    let without = |types: &[&str], others: &[&str], set: &SchemaSet| -> Vec<String> {
        let covered = |name: &str| others.iter().any(|other| name == *other || set.is_subtype(name, other));
        types.iter().filter(|name| !covered(name)).map(|name| (*name).to_owned()).collect()
    };
    let gone = without(&old, &new, sets.older);
    let come = without(&new, &old, sets.newer);
    let change = |direction, text| {
        Change::new(Aspect::Type, direction, text).values(Some(old.join(", ")), Some(new.join(", ")))
    };
    let mut changes = Vec::new();
    if !gone.is_empty() {
        let words = format!("may no longer be of type {}", gone.join(", "));
        changes.push(change(Direction::Tighter, words));
    }
    if !come.is_empty() {
        changes.push(change(Direction::Looser, format!("may now be of type {}", come.join(", "))));
    }
    changes
}

/// The types of FHIR. How a release writes the type of an id or of an address in FHIRPath's words is none.
fn names(types: &[TypeReference]) -> Vec<&str> {
    let codes = types.iter().filter_map(|reference| reference.code.as_deref());
    codes.filter(|code| !code.starts_with(FHIRPATH_TYPE)).collect()
}

/// Of several profiles, a value must meet one; of none, any will do.
fn canonicals(
    aspect: Aspect,
    type_name: &str,
    old: &[String],
    new: &[String],
    sets: Sets<'_>,
) -> Option<Change> {
    let uncovered = |canonicals: &[String], others: &[String], set: &SchemaSet| -> Vec<String> {
        let covered = |canonical: &str| others.iter().any(|other| builds_on(set, canonical, other));
        canonicals.iter().filter(|canonical| !covered(canonical)).cloned().collect()
    };
    let of_what = match aspect {
        Aspect::Profile if type_name == "Extension" => "be",
        Aspect::Profile => "meet",
        _ => "lead to",
    };
    let (direction, decides, words) = match (old.is_empty(), new.is_empty()) {
        (true, true) => return None,
        (true, false) => (Direction::Tighter, true, format!("{type_name} must now {of_what} {}", tails(new))),
        (false, true) => {
            (Direction::Looser, true, format!("{type_name} need no longer {of_what} {}", tails(old)))
        }
        (false, false) => {
            let gone = uncovered(old, new, sets.older);
            let come = uncovered(new, old, sets.newer);
            let words = match (gone.is_empty(), come.is_empty()) {
                (true, true) if same(old, new) => return None,
                (true, true) if versions_differ(old, new) => {
                    format!("{type_name} must {of_what} another version of {}", tails(new))
                }
                (true, true) => format!("{type_name} must {of_what} {}, to the same effect", tails(new)),
                (false, true) => {
                    format!("{type_name} must {of_what} {}, no longer {}", tails(new), tails(&gone))
                }
                (true, false) => format!("{type_name} may now {of_what} {} as well", tails(&come)),
                (false, false) => {
                    format!("{type_name} must {of_what} {}, formerly {}", tails(new), tails(old))
                }
            };
            let direction = Direction::of_allowed(!gone.is_empty(), !come.is_empty());
            let decides = direction.is_some() || versions_differ(old, new);
            (direction.unwrap_or(Direction::Changed), decides, words)
        }
    };
    let list = |canonicals: &[String]| (!canonicals.is_empty()).then(|| canonicals.join(", "));
    Some(Change::new(aspect, direction, words).values(list(old), list(new)).decides_if(decides))
}

fn same(old: &[String], new: &[String]) -> bool {
    old.iter().all(|one| new.contains(one)) && new.iter().all(|one| old.contains(one))
}

/// Whether the same profile is named in another version.
fn versions_differ(old: &[String], new: &[String]) -> bool {
    old.iter().any(|one| {
        !new.contains(one) && new.iter().any(|other| Canonical::parse(one).url == Canonical::parse(other).url)
    })
}

/// Whether a profile or type is another, or builds on it.
fn builds_on(set: &SchemaSet, canonical: &str, other: &str) -> bool {
    let other = Canonical::parse(other).url;
    let mut current = canonical.to_owned();
    for _ in 0..MAX_DEPTH {
        if Canonical::parse(&current).url == other {
            return true;
        }
        let base = set
            .packages()
            .find("StructureDefinition", &current)
            .and_then(|found| found.tree())
            .and_then(|tree| tree.root().text("baseDefinition"));
        match base {
            Some(base) => base.clone_into(&mut current),
            None => return false,
        }
    }
    false
}

/// The last parts of canonicals: what people call the profiles.
fn tails(canonicals: &[String]) -> String {
    let tail = |canonical: &String| {
        let canonical = canonical.trim();
        canonical.rsplit('/').next().unwrap_or(canonical).to_owned()
    };
    canonicals.iter().map(tail).collect::<Vec<_>>().join(" or ")
}
