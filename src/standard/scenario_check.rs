//! One scenario checked against the rest of its standard, when it is loaded: nothing that is misspelt, or
//! that could never fail, is found out only when a supplier is being judged.

use regex::Regex;
use serde_json::Value;

use super::loaded::{check_condition, suggest};
use super::{
    DataNeed, Document, Expectation, FileError, HeaderExpectation, Manifest, Matrix, OneOrMany, Requirement,
    Scenario, SearchMatch, Step, variables,
};
use crate::fhirpath::Expression;
use crate::text::nearest;

/// Checks one scenario against the rest of the standard.
pub(super) struct ScenarioCheck<'c> {
    pub(super) document: &'c Document,
    pub(super) manifest: &'c Manifest,
    pub(super) requirements: &'c [Requirement],
}

impl ScenarioCheck<'_> {
    pub(super) fn check(&self, scenario: &Scenario, pointer: &str, errors: &mut Vec<FileError>) {
        let ids: Vec<String> = self.requirements.iter().map(|requirement| requirement.id.clone()).collect();
        let unknown_requirement = |list: &[String], pointer: &str, errors: &mut Vec<FileError>| {
            for (index, id) in list.iter().enumerate().filter(|(_, id)| !ids.contains(id)) {
                let message = format!("there is no requirement `{id}`");
                errors.push(suggest(self.document.error(&format!("{pointer}/{index}"), message), id, &ids));
            }
        };
        unknown_requirement(&scenario.verifies, &format!("{pointer}/verifies"), errors);
        let names: Vec<String> = self.manifest.data.keys().cloned().collect();
        for (index, need) in scenario.needs.iter().enumerate().filter(|(_, need)| !names.contains(need)) {
            let error = self.document.error(
                &format!("{pointer}/needs/{index}"),
                format!("there is no data `{need}` in standard.yaml"),
            );
            errors.push(suggest(error, need, &names));
        }
        check_condition(scenario.when.as_ref(), self.document, pointer, errors);
        let mut known = self.known_names(scenario);
        if let Some(condition) = &scenario.when {
            // Conditions are looked at before any data is: only the matrix can vary them.
            let of_matrix: Vec<String> =
                scenario.matrix.iter().flat_map(Matrix::names).map(str::to_owned).collect();
            let capability = Value::from(condition.capability.clone());
            self.names(&capability, &format!("{pointer}/when/capability"), &of_matrix, errors);
        }
        self.matrix(scenario, pointer, errors);
        for (index, step) in scenario.steps.iter().enumerate() {
            let pointer = format!("{pointer}/steps/{index}");
            if step.kinds() != 1 {
                let message = format!(
                    "a step has one of read, search, capabilities and request; this one has {}",
                    step.kinds()
                );
                errors.push(self.document.error(&pointer, message));
            }
            for (at, name) in step.requires.iter().enumerate().filter(|(_, name)| !known.contains(name)) {
                let message = format!("no earlier step captures `{name}`");
                errors.push(suggest(
                    self.document.error(&format!("{pointer}/requires/{at}"), message),
                    name,
                    &known,
                ));
            }
            if let Some(part) = self.document.value().pointer(&pointer) {
                self.names(part, &pointer, &known, errors);
            }
            self.expressions(&pointer, errors);
            for (group, expectation) in step.expectations().iter().enumerate() {
                let at = match &step.expect {
                    Some(OneOrMany::Many(_)) => format!("{pointer}/expect/{group}"),
                    _ => format!("{pointer}/expect"),
                };
                unknown_requirement(&expectation.verifies, &format!("{at}/verifies"), errors);
                self.expectation(step, expectation, &at, errors);
            }
            known.extend(step.capture.keys().cloned());
        }
        if scenario.steps.iter().all(|step| step.expectations().is_empty()) {
            errors.push(
                self.document
                    .error(&format!("{pointer}/steps"), "the scenario expects nothing, so it can never fail"),
            );
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
        let first: Option<Vec<&String>> = cases.first().map(|case| case.keys().collect());
        for (index, case) in cases.iter().enumerate() {
            if Some(case.keys().collect()) != first {
                let message = "every row of a matrix names the same values, in the same order";
                errors.push(self.document.error(&format!("{at}/{index}"), message));
            }
        }
    }

    /// Reports what in a group of checks could never fail, or never be checked.
    fn expectation(&self, step: &Step, group: &Expectation, at: &str, errors: &mut Vec<FileError>) {
        let bare = Expectation { verifies: Vec::new(), ..group.clone() };
        let mut report = |pointer: &str, message: String| errors.push(self.document.error(pointer, message));
        if bare == Expectation::default() {
            report(at, "this group expects nothing, so it can never fail".to_owned());
        }
        if group.paging == Some(true) && step.pages.is_none() {
            report(
                &format!("{at}/paging"),
                "`paging` needs `pages` on the step, or no page is followed".to_owned(),
            );
        }
        if let Some(charset) = group.charset.as_ref().filter(|name| !name.eq_ignore_ascii_case("utf-8")) {
            report(
                &format!("{at}/charset"),
                format!("`{charset}`: FHIR knows no other character set than utf-8"),
            );
        }
        for (name, expected) in &group.header {
            if let HeaderExpectation::Matches(pattern) = expected
                && let Err(error) = Regex::new(&variables::fill(pattern, |_| Some("x")).unwrap_or_default())
            {
                let message = format!("not a valid regular expression: {error}");
                report(&format!("{at}/header/{}", escape(name)), message);
            }
        }
        match group.every_entry.as_ref().and_then(|entry| entry.matches_search.as_ref()) {
            Some(SearchMatch::All(true)) if step.params.is_empty() => {
                let message = "`matchesSearch` has nothing to check: the step sends no parameters";
                report(&format!("{at}/everyEntry/matchesSearch"), message.to_owned());
            }
            Some(SearchMatch::Only(names)) => {
                let sent: Vec<&str> =
                    step.params.keys().map(|name| name.split(':').next().unwrap_or(name)).collect();
                for name in names.iter().filter(|name| !sent.contains(&name.as_str())) {
                    let message =
                        format!("the step sends no parameter `{name}`, so nothing would be checked");
                    report(&format!("{at}/everyEntry/matchesSearch"), message);
                }
            }
            _ => {}
        }
    }

    /// The names that may stand in `${…}` before any step has run.
    fn known_names(&self, scenario: &Scenario) -> Vec<String> {
        let matrix = scenario.matrix.iter().flat_map(Matrix::names).map(str::to_owned);
        let values = |name: &String| -> Vec<String> {
            let need: Option<&DataNeed> = self.manifest.data.get(name);
            need.map(|need| need.values.keys().map(|value| format!("{name}.{value}")).collect())
                .unwrap_or_default()
        };
        matrix.chain(scenario.needs.iter().flat_map(values)).collect()
    }

    /// Reports every `${name}` in a part of the file that has no value there.
    fn names(&self, part: &Value, pointer: &str, known: &[String], errors: &mut Vec<FileError>) {
        match part {
            Value::String(text) => {
                for name in variables::names(text).filter(|name| !known.iter().any(|known| known == name)) {
                    let error = self
                        .document
                        .error(pointer, format!("there is no value `{name}` for ${{{name}}} here"));
                    let data = name.split('.').next().unwrap_or(name);
                    errors.push(if self.manifest.data.contains_key(data) && name.contains('.') {
                        let hint = match nearest(name, known) {
                            Some(near) => format!("did you mean `{near}`? Data must be named under `needs`"),
                            None => format!(
                                "name `{data}` under `needs`, and the value under `data` in standard.yaml"
                            ),
                        };
                        error.hint(hint)
                    } else {
                        suggest(error, name, known)
                    });
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

    /// Reports every FHIRPath of a step that is not valid. A `${name}` within stands for any text.
    fn expressions(&self, pointer: &str, errors: &mut Vec<FileError>) {
        let Some(step) = self.document.value().pointer(pointer) else { return };
        let mut found: Vec<(String, String)> = Vec::new();
        collect_paths(step, pointer, &mut found);
        for (at, path) in found {
            let filled = variables::fill(&path, |_| Some("x")).unwrap_or(path);
            if let Err(error) = Expression::parse(&filled) {
                errors.push(self.document.error(&at, format!("not valid FHIRPath: {error}")));
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
                let at = format!("{pointer}/{key}");
                match (key.as_str(), item) {
                    ("capture", Value::Object(captures)) => {
                        for (name, path) in captures {
                            found.extend(path.as_str().map(|path| (format!("{at}/{name}"), path.to_owned())));
                        }
                    }
                    ("fhirpath", Value::String(path)) => found.push((at, path.clone())),
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
