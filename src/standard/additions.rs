//! What is added to a standard that is authored: requirements and scenarios made of a CapabilityStatement.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::{DataNeed, Requirement, Scenario, Standard};

/// Requirements and scenarios to be added.
#[derive(Debug, Clone)]
pub struct Additions {
    /// The requirements.
    pub requirements: Vec<Requirement>,
    /// The scenarios.
    pub scenarios: Vec<Scenario>,
    /// The areas that they belong to.
    pub areas: IndexMap<String, String>,
    /// The data that they use.
    pub data: IndexMap<String, DataNeed>,
    /// What is stated and no scenario is made of.
    pub not_covered: Vec<String>,
    /// The digest of the standard with all of it.
    pub digest: String,
}

impl Standard {
    /// The standard with what was made for it. What is authored wins: a requirement of the same id, and what a
    /// requirement says that it `replaces`, is left out of the additions, and what shows it with it.
    #[must_use]
    pub fn with(mut self, additions: Additions) -> Self {
        let own = self.requirements.iter();
        let replaced: HashSet<String> = own
            .flat_map(|requirement| requirement.replaces.iter().chain([&requirement.id]))
            .cloned()
            .collect();
        let taken: HashSet<String> =
            self.scenarios.iter().map(|scenario| scenario.scenario.clone()).collect();
        self.requirements
            .extend(additions.requirements.into_iter().filter(|made| !replaced.contains(&made.id)));
        for scenario in additions.scenarios {
            let Some(mut scenario) = without(scenario, &replaced) else { continue };
            if taken.contains(&scenario.scenario) {
                scenario.scenario.push_str("-generated");
            }
            self.scenarios.push(scenario);
        }
        let areas: HashSet<&String> = self.requirements.iter().map(|requirement| &requirement.area).collect();
        for (area, title) in additions.areas {
            if areas.contains(&area) {
                self.manifest.areas.entry(area).or_insert(title);
            }
        }
        for (name, need) in additions.data {
            self.manifest.data.entry(name).or_insert(need);
        }
        self.manifest.not_covered.extend(additions.not_covered);
        self.digest = additions.digest;
        self
    }
}

/// A scenario without what shows requirements that are replaced; `None` where nothing is left of it.
fn without(mut scenario: Scenario, replaced: &HashSet<String>) -> Option<Scenario> {
    let is_replaced = |ids: &[String]| !ids.is_empty() && ids.iter().all(|id| replaced.contains(id));
    for step in &mut scenario.steps {
        if let Some(expected) = step.expect.take() {
            let groups =
                expected.all().iter().filter(|group| !is_replaced(&group.verifies)).cloned().collect();
            step.expect = Some(super::OneOrMany::Many(groups));
        }
    }
    let first_left = scenario.all_verified().find(|id| !replaced.contains(*id)).cloned()?;
    if is_replaced(&scenario.verifies) {
        scenario.verifies = vec![first_left];
    }
    Some(scenario)
}
