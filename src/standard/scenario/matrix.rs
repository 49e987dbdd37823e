//! The matrix: the values that a scenario is repeated for.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The value of a matrix that names its rows: the id of a case has it alone.
pub const CASE: &str = "case";

/// Values that a scenario is repeated for.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Matrix {
    /// A case for every combination of the values.
    Product(IndexMap<String, Vec<String>>),
    /// A case for every row.
    Rows(Vec<IndexMap<String, String>>),
}

impl Matrix {
    /// The names of its values.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Product(lists) => lists.keys().map(String::as_str).collect(),
            Self::Rows(rows) => rows.iter().flat_map(|row| row.keys()).map(String::as_str).collect(),
        }
    }

    /// The values of each case, in order.
    #[must_use]
    pub fn cases(&self) -> Vec<IndexMap<String, String>> {
        match self {
            Self::Rows(rows) => rows.clone(),
            Self::Product(lists) => lists.iter().fold(vec![IndexMap::new()], |cases, (name, values)| {
                let extended = cases.iter().flat_map(|case| {
                    values.iter().map(|value| {
                        let mut case = case.clone();
                        case.insert(name.clone(), value.clone());
                        case
                    })
                });
                extended.collect()
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_has_a_case_for_every_combination() {
        let matrix: Matrix = serde_json::from_str(r#"{"a":["1","2"],"b":["x","y","z"]}"#).unwrap();
        let cases = matrix.cases();
        assert_eq!(cases.len(), 6);
        assert_eq!((cases[4]["a"].as_str(), cases[4]["b"].as_str()), ("2", "y"));
    }
}
