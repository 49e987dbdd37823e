//! One scenario checked against the rest of its standard, when it is loaded: nothing that is misspelt, or
//! that could never fail, is found out only when a supplier is being judged.

mod body;
mod expectation;
mod names;
mod step;

use std::collections::BTreeSet;

use serde_json::Value;

use super::{CASE, Matrix, Scenario};
use crate::files::Folder;
use crate::standard::loaded::suggest;
use crate::standard::{Condition, Document, FileError, Manifest, Requirement, claim};

/// Checks one scenario against the rest of the standard.
pub(in crate::standard) struct ScenarioCheck<'c> {
    pub(in crate::standard) document: &'c Document,
    pub(in crate::standard) folder: &'c Folder,
    pub(in crate::standard) manifest: &'c Manifest,
    pub(in crate::standard) requirements: &'c [Requirement],
}

impl ScenarioCheck<'_> {
    pub(in crate::standard) fn check(&self, scenario: &Scenario, pointer: &str, errors: &mut Vec<FileError>) {
        let cases = scenario.spread();
        self.verified(&scenario.verifies, &format!("{pointer}/verifies"), errors);
        self.verified_by_row(scenario, &cases, pointer, errors);
        let names: Vec<String> = self.manifest.data.keys().cloned().collect();
        let needs: BTreeSet<(usize, &String)> =
            cases.iter().flat_map(|case| case.needs.iter().enumerate()).collect();
        for (index, need) in needs.into_iter().filter(|(_, need)| !names.contains(need)) {
            let error = self.document.error(
                &format!("{pointer}/needs/{index}"),
                format!("there is no data `{need}` in standard.yaml"),
            );
            errors.push(suggest(error, need, &names));
        }
        self.may_use(scenario, pointer, errors);
        check_condition(scenario.when.as_ref(), self.document, pointer, errors);
        if scenario.when.is_some()
            && let Some(written) = self.document.value().pointer(&format!("{pointer}/when"))
        {
            // Conditions are looked at before any data is: only the matrix can vary them.
            let of_matrix: Vec<String> =
                scenario.matrix.iter().flat_map(Matrix::names).map(str::to_owned).collect();
            self.names(written, &format!("{pointer}/when"), &of_matrix, errors);
        }
        self.authentication(scenario.auth.as_ref(), pointer, errors);
        self.matrix(scenario, pointer, errors);
        let mut known = self.known_names(scenario, &cases, pointer, errors);
        let mut kept: Vec<String> = Vec::new();
        for (key, index, step) in scenario.all_steps() {
            let at = format!("{pointer}/{key}/{index}");
            self.step(step, &at, &known, errors);
            if key == "teardown" {
                self.undecided(step, &at, errors);
            }
            self.kept(step, &at, &kept, errors);
            kept.extend(step.keep.clone());
            known.extend(step.capture.keys().cloned());
        }
        if scenario.all_steps().all(|(key, _, step)| key != "steps" || step.expectations().is_empty()) {
            errors.push(
                self.document
                    .error(&format!("{pointer}/steps"), "the scenario expects nothing, so it can never fail"),
            );
        }
    }

    /// Reports data under `mayUse` that there is not, or that the supplier need not name.
    fn may_use(&self, scenario: &Scenario, pointer: &str, errors: &mut Vec<FileError>) {
        let names: Vec<String> = self.manifest.data.keys().cloned().collect();
        for (index, name) in scenario.may_use.iter().enumerate() {
            let at = format!("{pointer}/mayUse/{index}");
            match self.manifest.data.get(name) {
                Some(need) if need.optional => {}
                Some(_) => {
                    let message = format!("`{name}` is not optional; say under `needs` that it is used");
                    errors.push(self.document.error(&at, message));
                }
                None => {
                    let message = format!("there is no data `{name}` in standard.yaml");
                    errors.push(suggest(self.document.error(&at, message), name, &names));
                }
            }
        }
    }

    /// Reports every requirement in a list that there is not.
    fn verified(&self, list: &[String], pointer: &str, errors: &mut Vec<FileError>) {
        let ids: Vec<String> = self.requirements.iter().map(|requirement| requirement.id.clone()).collect();
        let is_missing = |id: &String| !ids.contains(id) && !id.contains("${");
        for (index, id) in list.iter().enumerate().filter(|(_, id)| is_missing(id)) {
            let error =
                self.document.error(&format!("{pointer}/{index}"), format!("there is no requirement `{id}`"));
            errors.push(suggest(error, id, &ids));
        }
    }

    /// Reports every requirement that there is not, where the rows of the matrix say which.
    fn verified_by_row(
        &self,
        scenario: &Scenario,
        cases: &[Scenario],
        pointer: &str,
        errors: &mut Vec<FileError>,
    ) {
        let ids: Vec<String> = self.requirements.iter().map(|requirement| requirement.id.clone()).collect();
        let written: BTreeSet<&String> = scenario.all_verified().filter(|id| !id.contains("${")).collect();
        let named: BTreeSet<&String> = cases.iter().flat_map(Scenario::all_verified).collect();
        for id in named.difference(&written).filter(|id| !ids.contains(id)) {
            let message = format!("there is no requirement `{id}`, which a row of the matrix names");
            errors.push(suggest(self.document.error(&format!("{pointer}/verifies"), message), id, &ids));
        }
    }

    /// Reports a matrix without cases, or with cases that name different values.
    fn matrix(&self, scenario: &Scenario, pointer: &str, errors: &mut Vec<FileError>) {
        let Some(matrix) = &scenario.matrix else { return };
        let cases = matrix.cases();
        let at = format!("{pointer}/matrix");
        if cases.is_empty() || cases.iter().any(indexmap::IndexMap::is_empty) {
            errors
                .push(self.document.error(&at, "the matrix gives no cases, so the scenario would never run"));
        }
        let mut named = BTreeSet::new();
        for (index, name) in
            cases.iter().enumerate().filter_map(|(index, case)| Some((index, case.get(CASE)?)))
        {
            if !named.insert(name) {
                let message = format!("another row of the matrix is called `{name}`");
                errors.push(self.document.error(&format!("{at}/{index}/{CASE}"), message));
            }
        }
        let first: Option<Vec<&String>> = cases.first().map(|case| case.keys().collect());
        for (index, case) in cases.iter().enumerate() {
            if Some(case.keys().collect()) != first {
                let message = "every row of a matrix names the same values, in the same order";
                errors.push(self.document.error(&format!("{at}/{index}"), message));
            }
        }
    }
}

/// Reports what is wrong with the `when` at a place.
pub(in crate::standard) fn check_condition(
    condition: Option<&Condition>,
    document: &Document,
    pointer: &str,
    errors: &mut Vec<FileError>,
) {
    let Some(condition) = condition else { return };
    if !condition.asks_claims() && !condition.client_certificate {
        let message = "a condition says what must be claimed (`capability`), or must not (`without`), or that a \
                       certificate is presented (`clientCertificate`)";
        errors.push(document.error(&format!("{pointer}/when"), message));
    }
    for (key, list) in [("capability", &condition.capability), ("without", &condition.without)] {
        for text in list.all().iter().filter(|text| !text.contains("${")) {
            if let Err(message) = claim(text) {
                errors.push(document.error(&format!("{pointer}/when/{key}"), message));
            }
        }
    }
}

/// A key as a part of a JSON Pointer (RFC 6901).
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The FHIRPath expressions below `capture` and `fhirpath`, with their places.
fn collect_paths(part: &Value, pointer: &str, found: &mut Vec<(String, String)>) {
    match part {
        Value::Object(map) => {
            for (key, item) in map {
                let at = format!("{pointer}/{}", escape(key));
                match (key.as_str(), item) {
                    ("capture", Value::Object(captures)) => {
                        for (name, path) in captures {
                            found.extend(path.as_str().map(|path| (format!("{at}/{name}"), path.to_owned())));
                        }
                    }
                    ("fhirpath" | "requestFhirpath" | "where", Value::String(path)) => {
                        found.push((at, path.clone()));
                    }
                    ("fhirpath", Value::Array(items)) => {
                        for (index, item) in items.iter().enumerate() {
                            let path = item.as_str().or_else(|| item.get("path")?.as_str());
                            found.extend(path.map(|path| (format!("{at}/{index}"), path.to_owned())));
                        }
                    }
                    ("fhirpath", Value::Object(explained)) => {
                        let path = explained.get("path").and_then(Value::as_str);
                        found.extend(path.map(|path| (format!("{at}/path"), path.to_owned())));
                    }
                    // What is sent, and a schema, are not of this language.
                    ("body" | "parameters" | "batch" | "transaction" | "request" | "jsonSchema", _) => {}
                    _ => collect_paths(item, &at, found),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect_paths(item, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}
