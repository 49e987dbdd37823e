//! Must support on the page: each profile with its elements, and whether any answer of the run shows them.

use indexmap::{IndexMap, IndexSet};
use minijinja::{Value, context};

use super::{link, standing};
use crate::inert::value;
use crate::report::standing::Standing;
use crate::run::RunRecord;

/// What the run shows of one profile, for all requirements that ask for it.
#[derive(Default)]
struct Profile<'r> {
    requirements: Vec<&'r str>,
    resources: usize,
    shown: IndexSet<&'r str>,
    not_shown: IndexSet<&'r str>,
}

/// The profiles whose must-support elements requirements ask for, in the order of the standard; what is not shown
/// comes first.
pub(super) fn view(record: &RunRecord) -> Vec<Value> {
    let mut profiles: IndexMap<&str, Profile<'_>> = IndexMap::new();
    for requirement in &record.requirements {
        let Some(result) = &requirement.must_support else { continue };
        let profile = profiles.entry(&result.profile).or_default();
        profile.requirements.push(&requirement.id);
        profile.resources = profile.resources.max(result.resources);
        profile.shown.extend(result.shown.iter().map(String::as_str));
        profile.not_shown.extend(result.not_shown.iter().map(String::as_str));
    }
    profiles.into_iter().map(|(url, profile)| one(url, &profile)).collect()
}

fn one(url: &str, profile: &Profile<'_>) -> Value {
    let row = |id: &str, words: &str, like: Standing| context! { id => value(id), standing => context! { words, ..standing(like) } };
    let not_shown = profile.not_shown.iter().map(|id| row(id, "not shown", Standing::NotDemonstrated));
    let shown = profile.shown.iter().map(|id| row(id, "shown", Standing::Passed));
    let requirements = profile.requirements.iter();
    context! {
        name => value(url.rsplit('/').next().unwrap_or(url)),
        url => value(url),
        anchor => format!("must-support-{}", link::anchor(url)),
        requirements => requirements.map(|id| context! { id => *id, anchor => link::anchor(id) }).collect::<Vec<Value>>(),
        resources => profile.resources,
        shown => profile.shown.len(),
        not_shown => profile.not_shown.len(),
        elements => not_shown.chain(shown).collect::<Vec<Value>>(),
    }
}
