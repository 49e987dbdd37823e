//! Which entries of a Bundle refer to which.

use std::collections::HashMap;

use super::resources;
use crate::fhir::Element;
use crate::validate::resolve::entries;

/// The references between the entries that hold a resource.
pub(super) struct Graph<'t> {
    pub(super) entries: Vec<Element<'t>>,
    numbers: HashMap<u32, usize>,
    forward: Vec<Vec<usize>>,
}

impl<'t> Graph<'t> {
    pub(super) fn new(bundle: Element<'t>) -> Self {
        let pairs: Vec<(Element<'t>, Element<'t>)> = resources(bundle).collect();
        let numbers: HashMap<u32, usize> =
            pairs.iter().enumerate().map(|(number, (entry, _))| (entry.id(), number)).collect();
        let forward = pairs.iter().map(|(_, resource)| {
            let references = resource.descendants().filter(|element| element.name() == "reference");
            let targets = references.filter_map(|element| Some((element, element.value()?)));
            let found = targets.flat_map(|(element, reference)| entries(reference, element, bundle));
            let mut found: Vec<usize> = found.filter_map(|entry| numbers.get(&entry.id()).copied()).collect();
            found.sort_unstable();
            found.dedup();
            found
        });
        let forward = forward.collect();
        Self { entries: pairs.into_iter().map(|(entry, _)| entry).collect(), numbers, forward }
    }

    /// The number of an entry.
    pub(super) fn number(&self, entry: Element<'_>) -> Option<usize> {
        self.numbers.get(&entry.id()).copied()
    }

    /// Which entries are reached from these by following references forwards.
    pub(super) fn forwards(&self, from: &[usize]) -> Vec<bool> {
        self.reached(from, &self.forward)
    }

    /// Which entries are reached from these by following references in either direction.
    pub(super) fn either_way(&self, from: &[usize]) -> Vec<bool> {
        let mut both = self.forward.clone();
        for (source, targets) in self.forward.iter().enumerate() {
            for target in targets {
                both[*target].push(source);
            }
        }
        self.reached(from, &both)
    }

    fn reached(&self, from: &[usize], links: &[Vec<usize>]) -> Vec<bool> {
        let mut reached = vec![false; self.entries.len()];
        let mut waiting: Vec<usize> = from.to_vec();
        while let Some(next) = waiting.pop() {
            if !std::mem::replace(&mut reached[next], true) {
                waiting.extend(links[next].iter().filter(|target| !reached[**target]));
            }
        }
        reached
    }
}
