//! Must-support, modifiers, shared content, lengths.

use super::{Aspect, Change, Direction};
use crate::profile::definition::ElementDefinition;

/// The changes of an element's flags and other single facts.
pub(super) fn changes(older: &ElementDefinition, newer: &ElementDefinition) -> Vec<Change> {
    [
        must_support(older, newer),
        is_modifier(older, newer),
        max_length(older, newer),
        content_reference(older, newer),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn must_support(older: &ElementDefinition, newer: &ElementDefinition) -> Option<Change> {
    let (old, new) = (older.must_support == Some(true), newer.must_support == Some(true));
    let words = if new { "systems must now support it" } else { "systems need no longer support it" };
    (old != new).then(|| {
        Change::new(Aspect::MustSupport, Direction::of(new), words)
            .values(Some(yes(old)), Some(yes(new)))
            .decides_if(false)
    })
}

fn is_modifier(older: &ElementDefinition, newer: &ElementDefinition) -> Option<Change> {
    let (old, new) = (older.is_modifier == Some(true), newer.is_modifier == Some(true));
    let words = if new {
        "now changes the meaning of what it stands in"
    } else {
        "no longer changes the meaning of what it stands in"
    };
    (old != new).then(|| {
        Change::new(Aspect::IsModifier, Direction::Changed, words)
            .values(Some(yes(old)), Some(yes(new)))
            .decides_if(false)
    })
}

fn max_length(older: &ElementDefinition, newer: &ElementDefinition) -> Option<Change> {
    let (old, new) = (older.max_length, newer.max_length);
    if old == new {
        return None;
    }
    let words = match new {
        Some(length) => format!("now at most {length} characters"),
        None => "length no longer limited".to_owned(),
    };
    let tighter = new.is_some_and(|new| old.is_none_or(|old| new < old));
    let text = |length: usize| length.to_string();
    Some(Change::new(Aspect::MaxLength, Direction::of(tighter), words).values(old.map(text), new.map(text)))
}

fn content_reference(older: &ElementDefinition, newer: &ElementDefinition) -> Option<Change> {
    let (old, new) = (older.content_reference.clone(), newer.content_reference.clone());
    (old != new).then(|| {
        let words = "its content is that of another element than before";
        Change::new(Aspect::ContentReference, Direction::Changed, words).values(old, new)
    })
}

fn yes(flag: bool) -> String {
    if flag { "yes" } else { "no" }.to_owned()
}
