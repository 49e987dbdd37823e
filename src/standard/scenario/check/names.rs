//! The names in `${…}`: each has a value where it stands.

use serde_json::Value;

use super::{ScenarioCheck, escape};
use crate::standard::generated::RESERVED;
use crate::standard::loaded::suggest;
use crate::standard::{DataNeed, FileError, Generated, Matrix, Scenario, variables};
use crate::text::nearest;

impl ScenarioCheck<'_> {
    /// The names that may stand in `${…}` before any step has run. Reports variables that use others, and names that
    /// are taken. `cases` is the scenario by the rows of its matrix, which may need data of their own.
    pub(super) fn known_names(
        &self,
        scenario: &Scenario,
        cases: &[Scenario],
        pointer: &str,
        errors: &mut Vec<FileError>,
    ) -> Vec<String> {
        let values = |name: &String| -> Vec<String> {
            let need: Option<&DataNeed> = self.manifest.data.get(name);
            need.map(|need| need.value_names().map(|value| format!("{name}.{value}")).collect())
                .unwrap_or_default()
        };
        let of_matrix = scenario.matrix.iter().flat_map(Matrix::names).map(str::to_owned);
        let mut known: Vec<String> = of_matrix.collect();
        for name in &known {
            self.free(name, &format!("{pointer}/matrix"), errors);
        }
        known.extend(cases.iter().flat_map(|case| case.needs.iter().chain(&case.may_use)).flat_map(values));
        known.extend(self.named_by_rows(scenario));
        known.extend(self.manifest.variables.keys().cloned());
        for (name, text) in &scenario.variables {
            let at = format!("{pointer}/variables/{}", escape(name));
            self.free(name, &at, errors);
            self.names(&Value::from(text.clone()), &at, &known, errors);
            known.push(name.clone());
        }
        for (key, index, step) in scenario.all_steps() {
            for name in step.capture.keys() {
                self.free(name, &format!("{pointer}/{key}/{index}/capture/{}", escape(name)), errors);
            }
        }
        known
    }

    /// The values of records that the rows of the matrix name: `patient.nhsNumber` where each row has a `patient`.
    fn named_by_rows(&self, scenario: &Scenario) -> Vec<String> {
        let cases = scenario.matrix.as_ref().map(Matrix::cases).unwrap_or_default();
        let mut known: Vec<String> = Vec::new();
        for (name, record) in cases.iter().flatten() {
            let need = self.manifest.data.get(record);
            known.extend(
                need.iter().flat_map(|need| need.value_names()).map(|value| format!("{name}.{value}")),
            );
        }
        let is_of_all = |value: &String| {
            let Some((name, value)) = value.split_once('.') else { return false };
            let record = |case: &indexmap::IndexMap<String, String>| self.manifest.data.get(case.get(name)?);
            cases
                .iter()
                .all(|case| record(case).is_some_and(|need| need.value_names().any(|own| own == value)))
        };
        known.retain(is_of_all);
        known
    }

    /// Reports a name that generated values have.
    fn free(&self, name: &str, pointer: &str, errors: &mut Vec<FileError>) {
        if RESERVED.contains(&name) || Generated::parse(name).is_some() {
            let message = format!("`{name}` is the name of a generated value; choose another");
            errors.push(self.document.error(pointer, message));
        }
    }

    /// Reports every `${name}` in a part of the file that has no value there.
    pub(super) fn names(&self, part: &Value, pointer: &str, known: &[String], errors: &mut Vec<FileError>) {
        match part {
            Value::String(text) => {
                for name in variables::names(text) {
                    errors.extend(self.problem(name, known, |message| self.document.error(pointer, message)));
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.names(item, &format!("{pointer}/{index}"), known, errors);
                }
            }
            Value::Object(map) => {
                for (key, item) in map {
                    let at = format!("{pointer}/{}", escape(key));
                    if key.contains("${") {
                        errors.push(
                            self.document.error(&at, "values can be filled in, but not names of things"),
                        );
                    }
                    self.names(item, &at, known, errors);
                }
            }
            _ => {}
        }
    }

    /// What is wrong with one name, if anything is.
    pub(super) fn problem(
        &self,
        name: &str,
        known: &[String],
        error: impl Fn(String) -> FileError,
    ) -> Option<FileError> {
        if known.iter().any(|known| known == name) {
            return None;
        }
        match Generated::parse(name) {
            Some(Ok(_)) => return None,
            Some(Err(message)) => return Some(error(format!("${{{name}}}: {message}"))),
            None => {}
        }
        let error = error(format!("there is no value `{name}` for ${{{name}}} here"));
        let data = name.split('.').next().unwrap_or(name);
        Some(if self.manifest.data.contains_key(data) && name.contains('.') {
            let hint = match nearest(name, known) {
                Some(near) => format!("did you mean `{near}`? Data must be named under `needs`"),
                None => {
                    format!("name `{data}` under `needs`, and the value under `data` in standard.yaml")
                }
            };
            error.hint(hint)
        } else {
            suggest(error, name, known)
        })
    }
}
