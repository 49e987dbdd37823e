//! Scenarios that hang on their matrix: each row verifies requirements, or needs data, of its own.

use super::{Expectation, Matrix, Scenario};
use crate::standard::{OneOrMany, variables};

impl Scenario {
    /// The scenario as often as its matrix has cases, where what it verifies or needs has `${…}` in it, each with one
    /// case and that filled in. Else it alone.
    #[must_use]
    pub fn spread(&self) -> Vec<Self> {
        let Some(matrix) = &self.matrix else { return vec![self.clone()] };
        if !self.all_verified().chain(&self.needs).any(|name| name.contains("${")) {
            return vec![self.clone()];
        }
        let one = |row: indexmap::IndexMap<String, String>| {
            let fill = |list: &mut Vec<String>| {
                for name in list {
                    // What the matrix does not give stays as it is, and is refused when the file is checked.
                    *name = variables::fill(name, |key| row.get(key).map(String::as_str))
                        .unwrap_or_else(|_| name.clone());
                }
            };
            let mut scenario = self.clone();
            fill(&mut scenario.verifies);
            fill(&mut scenario.needs);
            let Self { setup, steps, teardown, .. } = &mut scenario;
            for step in setup.iter_mut().chain(steps).chain(teardown) {
                fill(&mut step.verifies);
                let groups: &mut [Expectation] = match &mut step.expect {
                    None => &mut [],
                    Some(OneOrMany::One(one)) => std::slice::from_mut(one),
                    Some(OneOrMany::Many(many)) => many,
                };
                for group in groups {
                    fill(&mut group.verifies);
                }
            }
            scenario.matrix = Some(Matrix::Rows(vec![row]));
            scenario
        };
        matrix.cases().into_iter().map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario(text: &str) -> Scenario {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn each_row_verifies_and_needs_its_own() {
        let written = scenario(
            r#"{"scenario":"a","title":"A","verifies":["X-${n}"],"needs":["record-${n}"],
                "matrix":[{"n":"1"},{"n":"2"}],
                "steps":[{"read":"Patient/${n}","verifies":["Y-${n}"],
                    "expect":[{"status":200},{"verifies":["Z-${n}"],"status":200}]}]}"#,
        );
        let spread = written.spread();
        let verified: Vec<Vec<&String>> = spread.iter().map(|one| one.all_verified().collect()).collect();
        assert_eq!(verified, [["X-1", "Y-1", "Z-1"], ["X-2", "Y-2", "Z-2"]]);
        assert_eq!(spread[1].needs, ["record-2"]);
        assert_eq!(spread[1].matrix.as_ref().unwrap().cases().len(), 1);
        assert_eq!(
            spread[1].steps[0].read.as_deref(),
            Some("Patient/${n}"),
            "the rest is filled in by the run"
        );
    }

    #[test]
    fn a_scenario_whose_rows_are_all_for_the_same_stays_one() {
        let written = scenario(
            r#"{"scenario":"a","title":"A","verifies":["X"],"matrix":{"n":["1","2"]},
                "steps":[{"read":"Patient/${n}","expect":{"status":200}}]}"#,
        );
        assert_eq!(written.spread(), [written]);
    }
}
