//! The values that `${name}` stands for, in one case of a scenario.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::Inputs;
use crate::standard::{Generated, variables};

/// All values of one case. A capture wins over the matrix, the matrix over variables, variables over data.
pub(super) struct Values<'v> {
    captures: BTreeMap<String, String>,
    matrix: &'v IndexMap<String, String>,
    variables: BTreeMap<String, String>,
    inputs: &'v Inputs,
    case: &'v str,
}

impl<'v> Values<'v> {
    /// The values of a case before any step has run. Variables are given in order, the standard's first; one that
    /// needs a value that there is not has none itself.
    pub(super) fn new<'w>(
        case: &'v str,
        matrix: &'v IndexMap<String, String>,
        written: impl Iterator<Item = (&'w String, &'w String)>,
        inputs: &'v Inputs,
    ) -> Self {
        let captures = BTreeMap::new();
        let mut values = Self { captures, matrix, variables: BTreeMap::new(), inputs, case };
        for (name, text) in written {
            if let Ok(value) = variables::fill_with(text, |name| values.get(name)) {
                values.variables.insert(name.clone(), value);
            }
        }
        values
    }

    /// The value of a name, if it has one.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let known = self
            .captures
            .get(name)
            .or_else(|| self.matrix.get(name))
            .or_else(|| self.variables.get(name))
            .map(String::as_str)
            .or_else(|| self.inputs.data.value(name))
            .or_else(|| self.of_named(name));
        if let Some(known) = known {
            return Some(known.to_owned());
        }
        let (now, seed) = self.inputs.of_case(self.case);
        Generated::parse(name)?.and_then(|generated| generated.value(now, seed, self.case)).ok()
    }

    /// The value `matrix.value` of the record that a value of the matrix names.
    fn of_named(&self, name: &str) -> Option<&str> {
        let (matrix, value) = name.split_once('.')?;
        self.inputs.data.value(&format!("{}.{value}", self.matrix.get(matrix)?))
    }

    /// Keeps a value for later steps.
    pub(super) fn capture(&mut self, name: &str, value: String) {
        self.captures.insert(name.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Data;

    #[test]
    fn the_nearest_value_wins() {
        let now = "2026-01-31T10:20:30Z".parse().unwrap();
        let inputs = Inputs { now, ..Inputs::begin(Data::default()).unwrap() };
        let matrix = IndexMap::from([("a".to_owned(), "of the matrix".to_owned())]);
        let written = [("a", "x"), ("b", "on ${today+1d}, ${a}"), ("c", "${b}!"), ("d", "${nothing}")];
        let written: Vec<(String, String)> =
            written.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let pairs = written.iter().map(|(name, text)| (name, text));
        let mut values = Values::new("case", &matrix, pairs, &inputs);
        assert_eq!(values.get("a").as_deref(), Some("of the matrix"));
        assert_eq!(values.get("c").as_deref(), Some("on 2026-02-01, of the matrix!"));
        assert_eq!(values.get("d"), None);
        values.capture("a", "captured".into());
        assert_eq!(values.get("a").as_deref(), Some("captured"));
        assert!(values.get("nhsNumber.valid").unwrap().starts_with("999"));
    }
}
