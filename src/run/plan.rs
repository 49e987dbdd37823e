//! The plan of a run: every case of every scenario, in order.

use std::sync::Arc;

use indexmap::IndexMap;

use super::Data;
use crate::standard::{Role, Scenario, Standard};

/// What a run would fire.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The standard.
    pub standard: Arc<Standard>,
    /// The role under test.
    pub role: Role,
    /// The cases, in order.
    pub cases: Vec<Case>,
    /// The data that they use.
    pub data: Data,
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
}

impl Plan {
    /// All cases of the standard, for a system that plays a role.
    #[must_use]
    pub fn new(standard: Arc<Standard>, role: Role, data: Data) -> Self {
        let mut cases = Vec::new();
        for (index, scenario) in standard.scenarios.iter().enumerate() {
            let values = scenario
                .matrix
                .as_ref()
                .map_or_else(|| vec![IndexMap::new()], crate::standard::Matrix::cases);
            cases.extend(values.into_iter().map(|values| Case {
                id: case_id(scenario, &values),
                scenario: index,
                values,
            }));
        }
        Self { standard, role, cases, data }
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
    let values: Vec<String> = values.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{}[{}]", scenario.scenario, values.join(","))
}

impl Case {
    /// The id as part of a file name.
    #[must_use]
    pub fn slug(&self) -> String {
        let mut slug = String::new();
        for letter in self.id.chars() {
            if letter.is_ascii_alphanumeric() {
                slug.push(letter.to_ascii_lowercase());
            } else if !slug.ends_with('-') {
                slug.push('-');
            }
        }
        slug.truncate(120);
        slug.trim_end_matches('-').to_owned()
    }
}
