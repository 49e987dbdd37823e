//! A whole scenario.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Authentication, Matrix, Step};
use crate::standard::Condition;

/// One scenario: a file in `scenarios/` holds one, or a list of them.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Scenario {
    /// Its id, unique within the standard: lower-case words with hyphens.
    #[schemars(regex(pattern = r"^[a-z0-9]+(-[a-z0-9]+)*$"), example = &"patient-by-nhs-number")]
    pub scenario: String,
    /// What it shows, in words.
    #[schemars(example = &"A patient is found by NHS number")]
    pub title: String,
    /// The requirements that it verifies.
    #[schemars(length(min = 1), example = ["CC-PAT-003"])]
    pub verifies: Vec<String>,
    /// Words by which it can be chosen or left out of a run, lower case with hyphens.
    #[serde(default)]
    #[schemars(inner(regex(pattern = r"^[a-z0-9]+(-[a-z0-9]+)*$")), example = ["smoke", "slow"])]
    pub tags: Vec<String>,
    /// The logical data that it uses, names of `data` in standard.yaml.
    #[serde(default)]
    #[schemars(example = ["patient-a"])]
    pub needs: Vec<String>,
    /// The optional logical data that it uses only where the supplier names it. Steps that need a value of it are
    /// `optional`.
    #[serde(default)]
    #[schemars(example = ["patient"])]
    pub may_use: Vec<String>,
    /// When it applies; always, if not given.
    #[serde(default)]
    #[schemars(example = json!({"capability": "Patient.search.identifier"}))]
    pub when: Option<Condition>,
    /// Values that the scenario is repeated for.
    #[serde(default)]
    #[schemars(example = json!({"format": ["application/fhir+json", "application/fhir+xml"]}),
        example = json!([{"accept": "application/fhir+json", "format": "json"}]))]
    pub matrix: Option<Matrix>,
    /// What it has for itself while it runs: no other scenario with the same word runs beside it.
    #[serde(default)]
    #[schemars(regex(pattern = r"^[a-z0-9]+(-[a-z0-9]+)*$"), example = &"appointments")]
    pub exclusive: Option<String>,
    /// Which credentials its steps carry that do not say so themselves.
    #[serde(default)]
    #[schemars(example = &"none")]
    pub auth: Option<Authentication>,
    /// Values by name, for `${name}` in its steps. They may use the matrix, the data, generated values and the
    /// variables before them.
    #[serde(default)]
    #[schemars(example = json!({"tomorrow": "${today+1d}", "nhsNumber": "${nhsNumber.valid}"}))]
    pub variables: IndexMap<String, String>,
    /// Steps that make ready what the others need. Where one of them does not hold, nothing is demonstrated.
    #[serde(default)]
    #[schemars(example = json!([{"create": "Patient", "body": {"resource": "data/patient-a.json"},
        "expect": {"status": 201}, "capture": {"patientId": "id"}}]))]
    pub setup: Vec<Step>,
    /// What is done, in order.
    #[schemars(length(min = 1), example = json!([{"read": "Patient/${patientId}", "expect": {"status": 200}}]))]
    pub steps: Vec<Step>,
    /// Steps that clear away what the others made. They are done whatever came before, and nothing that they show
    /// decides, unless a group of theirs names what it `verifies`.
    #[serde(default)]
    #[schemars(example = json!([{"delete": "Patient/${patientId}"}]))]
    pub teardown: Vec<Step>,
}

impl Scenario {
    /// All its steps: those of `setup`, `steps` and `teardown`, each with the key that it stands under.
    pub fn all_steps(&self) -> impl Iterator<Item = (&'static str, usize, &Step)> {
        [("setup", &self.setup), ("steps", &self.steps), ("teardown", &self.teardown)]
            .into_iter()
            .flat_map(|(key, steps)| steps.iter().enumerate().map(move |(index, step)| (key, index, step)))
    }

    /// The ids of all requirements that it verifies, in any of its steps and groups.
    pub fn all_verified(&self) -> impl Iterator<Item = &String> {
        let groups = self.all_steps().flat_map(|(_, _, step)| step.expectations());
        let steps = self.all_steps().flat_map(|(_, _, step)| &step.verifies);
        self.verifies.iter().chain(steps).chain(groups.flat_map(|group| &group.verifies))
    }

    /// Whether it asks anywhere what the server claims.
    #[must_use]
    pub fn asks_claims(&self) -> bool {
        let asks = |condition: Option<&Condition>| condition.is_some_and(Condition::asks_claims);
        let in_steps = self.all_steps().any(|(_, _, step)| {
            asks(step.when.as_ref()) || step.expectations().iter().any(|group| asks(group.when.as_ref()))
        });
        asks(self.when.as_ref()) || in_steps
    }
}
