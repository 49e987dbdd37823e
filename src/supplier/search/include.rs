//! `_include` and `_revinclude`: what a page's matches refer to, and what refers to them.

use std::collections::BTreeSet;

use super::Context;
use super::reference::target;
use crate::supplier::configuration::{ResourceType, SearchParameter};
use crate::supplier::store::Stored;

/// One relation that a client wants to be followed.
pub(in crate::supplier) struct Include<'c> {
    direction: Direction,
    /// The type whose resources refer to others.
    source: &'c str,
    parameter: &'c SearchParameter,
    /// The one type of target that is wanted, where the client says so.
    target: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    /// From the matches to what they refer to.
    Forward,
    /// From the matches to what refers to them.
    Reverse,
}

/// Reads the value of `_include` or `_revinclude`; nothing, where the name is neither or the server does not offer it.
pub(super) fn parse<'c>(
    context: Context<'c>,
    resource: &'c ResourceType,
    name: &str,
    value: &str,
) -> Vec<Include<'c>> {
    let (direction, offered) = match name {
        "_include" => (Direction::Forward, &resource.includes),
        "_revinclude" => (Direction::Reverse, &resource.rev_includes),
        _ => return Vec::new(),
    };
    let wanted =
        |offer: &&String| value == "*" || value == offer.as_str() || value.starts_with(&format!("{offer}:"));
    let target = value.splitn(3, ':').nth(2).map(str::to_owned);
    offered
        .iter()
        .filter(wanted)
        .filter_map(|offer| {
            let (source, parameter) = context.configuration.reference(offer)?;
            Some(Include { direction, source, parameter, target: target.clone() })
        })
        .collect()
}

/// All that some matches bring with them, each once and none that is a match itself.
pub(super) fn follow<'c>(
    context: Context<'c>,
    includes: &[Include<'c>],
    matches: &[&'c Stored],
) -> Vec<&'c Stored> {
    let key = |stored: &'c Stored| (stored.kind.as_str(), stored.id.as_str());
    let own: BTreeSet<(&str, &str)> = matches.iter().map(|stored| key(stored)).collect();
    let mut seen = own.clone();
    let mut found: Vec<&Stored> = Vec::new();
    for include in includes {
        let brought: Vec<&Stored> = match include.direction {
            Direction::Forward => matches
                .iter()
                .flat_map(|stored| include.targets(context, stored))
                .filter_map(|(kind, id)| context.store.get(kind, id))
                .collect(),
            Direction::Reverse => context
                .store
                .of_type(include.source)
                .filter(|stored| include.targets(context, stored).iter().any(|target| own.contains(target)))
                .collect(),
        };
        found.extend(brought.into_iter().filter(|stored| seen.insert(key(stored))));
    }
    found
}

impl<'c> Include<'c> {
    /// What a resource refers to by this relation.
    fn targets(&self, context: Context<'c>, stored: &'c Stored) -> Vec<(&'c str, &'c str)> {
        let elements = self.parameter.paths.iter().flat_map(|path| path.select(stored.tree.root()));
        elements
            .filter_map(|element| target(context, element))
            .filter(|(kind, _)| self.parameter.targets.iter().any(|target| target == kind))
            .filter(|(kind, _)| self.target.as_deref().is_none_or(|only| only == *kind))
            .collect()
    }
}
