//! The plan of a run: every case of every scenario, in order.

use std::collections::HashSet;
use std::sync::Arc;

use indexmap::IndexMap;

use super::{Inputs, Selection};
use crate::standard::{CASE, Role, Scenario, Standard};

/// What a run would fire.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The standard.
    pub standard: Arc<Standard>,
    /// The role under test.
    pub role: Role,
    /// The cases, in order.
    pub cases: Vec<Case>,
    /// What else it was given: the data that the cases use, the moment, the seed.
    pub inputs: Inputs,
    /// Which of the cases were chosen, in words; all, if not given.
    pub selection: Option<String>,
}

/// One case of a scenario: the scenario with one set of values of its matrix.
#[derive(Debug, Clone)]
pub struct Case {
    /// The scenario's id, and the values in brackets.
    pub id: String,
    /// The number of the scenario within the standard.
    pub scenario: usize,
    /// The values.
    pub values: IndexMap<String, String>,
    /// Its id as part of file names, unlike that of any other case.
    pub slug: String,
}

/// How long the part of a file name is that comes of an id.
const MAX_SLUG: usize = 120;

impl Plan {
    /// All cases of the standard, for a system that plays a role.
    #[must_use]
    pub fn new(standard: Arc<Standard>, role: Role, inputs: Inputs) -> Self {
        let mut cases = Vec::new();
        // The runner's own request for the server's claims.
        let mut taken = HashSet::from(["capabilities".to_owned()]);
        for (index, scenario) in standard.scenarios.iter().enumerate() {
            let values = scenario
                .matrix
                .as_ref()
                .map_or_else(|| vec![IndexMap::new()], crate::standard::Matrix::cases);
            for values in values {
                let id = case_id(scenario, &values);
                let slug = slug(&id, &mut taken);
                cases.push(Case { id, scenario: index, values, slug });
            }
        }
        Self { standard, role, cases, inputs, selection: None }
    }

    /// The plan with those cases only that are chosen. Their ids, and so their evidence, stay what they are.
    #[must_use]
    pub fn select(mut self, selection: &Selection) -> Self {
        let standard = Arc::clone(&self.standard);
        let mut index = 0;
        self.cases.retain(|case| {
            index += 1;
            selection.includes(index - 1, &case.id, &standard.scenarios[case.scenario])
        });
        self.selection = selection.words();
        self
    }

    /// The scenario of a case.
    #[must_use]
    pub fn scenario(&self, case: &Case) -> &Scenario {
        &self.standard.scenarios[case.scenario]
    }
}

fn case_id(scenario: &Scenario, values: &IndexMap<String, String>) -> String {
    if values.is_empty() {
        return scenario.scenario.clone();
    }
    if let Some(case) = values.get(CASE) {
        return format!("{}[{case}]", scenario.scenario);
    }
    let values: Vec<String> = values.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{}[{}]", scenario.scenario, values.join(","))
}

/// The id of a case as part of a file name; `taken` keeps those of two cases apart.
fn slug(id: &str, taken: &mut HashSet<String>) -> String {
    let mut slug = String::new();
    for letter in id.chars().take(MAX_SLUG) {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    let mut unique = slug.to_owned();
    let mut number = 2;
    while !taken.insert(unique.clone()) {
        unique = format!("{slug}-{number}");
        number += 1;
    }
    unique
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_cases_share_their_evidence() {
        let mut taken = HashSet::new();
        let slugs = ["read[a=x/y]", "read[a=x-y]", "read[a=x y]"].map(|id| slug(id, &mut taken));
        assert_eq!(slugs, ["read-a-x-y", "read-a-x-y-2", "read-a-x-y-3"]);
    }
}
