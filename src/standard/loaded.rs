//! A standard, read from its folder and checked as a whole.

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{
    Condition, DataNeed, Document, FileError, Manifest, Method, Requirement, Role, Scenario, variables,
};
use crate::fhir::Release;
use crate::fhirpath::Expression;
use crate::files::Folder;
use crate::text::nearest;

/// A standard in one version: all that it is judged by.
#[derive(Debug, Clone)]
pub struct Standard {
    /// What it is.
    pub manifest: Manifest,
    /// Its requirements, in order.
    pub requirements: Vec<Requirement>,
    /// Its scenarios, in the order of their files.
    pub scenarios: Vec<Scenario>,
    /// The release of FHIR that it is for.
    pub release: Release,
    /// The sha256 of all its files, hexadecimal.
    pub digest: String,
    /// Its folder.
    pub folder: Folder,
}

impl Standard {
    /// `id@version`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}@{}", self.manifest.id, self.manifest.version)
    }

    /// The requirements of a role.
    pub fn requirements_of(&self, role: Role) -> impl Iterator<Item = &Requirement> {
        self.requirements.iter().filter(move |requirement| requirement.role == role)
    }

    /// Reads and checks the standard in a folder. All that is wrong is reported at once.
    pub fn load(folder: &Folder) -> Result<Self, Vec<FileError>> {
        let files = folder.files().map_err(|error| {
            vec![FileError::of_file(folder.display(""), format!("cannot be read: {error}"))]
        })?;
        let manifest_file = open(folder, "standard.yaml")?;
        let manifest: Manifest = manifest_file.read()?;
        let requirements_file = open(folder, "requirements.yaml")?;
        let requirements: Vec<Requirement> = requirements_file.read()?;
        let mut errors = Vec::new();
        check_manifest(&manifest, &manifest_file, folder, &mut errors);
        check_requirements(&manifest, &requirements, &requirements_file, &mut errors);

        let mut scenarios: Vec<Scenario> = Vec::new();
        let mut verified: HashSet<String> = HashSet::new();
        let mut seen: HashMap<String, String> = HashMap::new();
        for name in files.iter().filter(|name| name.starts_with("scenarios/") && is_yaml(name)) {
            let document = match open(folder, name) {
                Ok(document) => document,
                Err(mut found) => {
                    errors.append(&mut found);
                    continue;
                }
            };
            let read: Result<Vec<Scenario>, _> = if document.value().is_array() {
                document.read()
            } else {
                document.read().map(|one| vec![one])
            };
            let read = match read {
                Ok(read) => read,
                Err(mut found) => {
                    errors.append(&mut found);
                    continue;
                }
            };
            let check =
                ScenarioCheck { document: &document, manifest: &manifest, requirements: &requirements };
            for (index, scenario) in read.into_iter().enumerate() {
                let pointer = if document.value().is_array() { format!("/{index}") } else { String::new() };
                check.check(&scenario, &pointer, &mut errors);
                if let Some(other) = seen.insert(scenario.scenario.clone(), name.clone()) {
                    let message = format!("the scenario `{}` is in {other} already", scenario.scenario);
                    errors.push(document.error(&format!("{pointer}/scenario"), message));
                }
                verified.extend(scenario.all_verified().cloned());
                scenarios.push(scenario);
            }
        }
        check_coverage(&requirements, &requirements_file, &verified, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        let release = Release::of_version(&manifest.fhir_version).ok_or_else(|| {
            vec![
                manifest_file
                    .error("/fhirVersion", "not a FHIR version that Proofmark knows: 3.0.x or 4.0.x"),
            ]
        })?;
        let digest = digest(folder, &files).map_err(|error| {
            vec![FileError::of_file(folder.display(""), format!("cannot be read: {error}"))]
        })?;
        Ok(Self { manifest, requirements, scenarios, release, digest, folder: folder.clone() })
    }
}

fn is_yaml(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml")
    })
}

fn open(folder: &Folder, name: &str) -> Result<Document, Vec<FileError>> {
    let file = folder.display(name);
    let text = folder
        .read_text(name)
        .map_err(|error| vec![FileError::of_file(&file, format!("cannot be read: {error}"))])?;
    Document::parse(&file, &text).map_err(|error| vec![error])
}

/// One digest over all files: name, length and content of each, in order.
fn digest(folder: &Folder, files: &[String]) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    for name in files {
        let bytes = folder.read(name)?;
        hasher.update(name.as_bytes());
        hasher.update([0]);
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(&bytes);
    }
    Ok(hex::encode(hasher.finalize()))
}

fn check_manifest(manifest: &Manifest, document: &Document, folder: &Folder, errors: &mut Vec<FileError>) {
    for (name, need) in &manifest.data {
        let pointer = format!("/data/{name}");
        match &need.example {
            Some(example) if folder.read(example).is_err() => {
                let message = format!("the file {example} is not there");
                errors.push(document.error(&format!("{pointer}/example"), message));
            }
            None if !need.optional => errors.push(
                document
                    .error(&pointer, format!("`{name}` has no example; give one, or say `optional: true`")),
            ),
            _ => {}
        }
        for (value, path) in &need.values {
            if let Err(error) = Expression::parse(path) {
                let message = format!("not valid FHIRPath: {error}");
                errors.push(document.error(&format!("{pointer}/values/{value}"), message));
            }
        }
    }
}

fn check_requirements(
    manifest: &Manifest,
    requirements: &[Requirement],
    document: &Document,
    errors: &mut Vec<FileError>,
) {
    let areas: Vec<String> = manifest.areas.keys().cloned().collect();
    let mut ids = HashSet::new();
    for (index, requirement) in requirements.iter().enumerate() {
        let pointer = format!("/{index}");
        if !ids.insert(&requirement.id) {
            let message = format!("the requirement `{}` is there twice", requirement.id);
            errors.push(document.error(&format!("{pointer}/id"), message));
        }
        if !areas.contains(&requirement.area) {
            let message = format!("`{}` is not one of the areas of standard.yaml", requirement.area);
            errors.push(suggest(
                document.error(&format!("{pointer}/area"), message),
                &requirement.area,
                &areas,
            ));
        }
        if !manifest.roles.contains(&requirement.role) {
            let message = format!("the role `{}` is not one of those of standard.yaml", requirement.role);
            errors.push(document.error(&format!("{pointer}/role"), message));
        }
        if requirement.verified_by != Method::Automated && requirement.question.is_none() {
            let message = format!("`{}` needs a `question` that the supplier answers", requirement.id);
            errors.push(document.error(&pointer, message));
        }
        check_condition(requirement.when.as_ref(), document, &pointer, errors);
    }
}

fn check_condition(
    condition: Option<&Condition>,
    document: &Document,
    pointer: &str,
    errors: &mut Vec<FileError>,
) {
    if let Some(condition) = condition
        && !condition.capability.contains("${")
        && let Err(message) = condition.claim()
    {
        errors.push(document.error(&format!("{pointer}/when/capability"), message));
    }
}

/// A requirement that nothing verifies does not load: a standard lists what it can hold a supplier to.
fn check_coverage(
    requirements: &[Requirement],
    document: &Document,
    verified: &HashSet<String>,
    errors: &mut Vec<FileError>,
) {
    for (index, requirement) in requirements.iter().enumerate() {
        let is_verified = verified.contains(&requirement.id);
        let automated = requirement.verified_by == Method::Automated;
        if automated && !is_verified {
            let error =
                document.error(&format!("/{index}"), format!("no scenario verifies `{}`", requirement.id));
            errors.push(error.hint("write one, or say with `verifiedBy` and `question` how it is shown"));
        }
        if !automated && is_verified {
            let message = format!(
                "`{}` is verified by {}, and by a scenario as well; one of the two must go",
                requirement.id, requirement.verified_by
            );
            errors.push(document.error(&format!("/{index}/verifiedBy"), message));
        }
    }
}

fn suggest(error: FileError, word: &str, known: &[String]) -> FileError {
    match nearest(word, known) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error,
    }
}

/// Checks one scenario against the rest of the standard.
struct ScenarioCheck<'c> {
    document: &'c Document,
    manifest: &'c Manifest,
    requirements: &'c [Requirement],
}

impl ScenarioCheck<'_> {
    fn check(&self, scenario: &Scenario, pointer: &str, errors: &mut Vec<FileError>) {
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
            self.names(
                &Value::from(condition.capability.clone()),
                &format!("{pointer}/when/capability"),
                &known,
                errors,
            );
        }
        for (index, step) in scenario.steps.iter().enumerate() {
            let pointer = format!("{pointer}/steps/{index}");
            if step.kinds() != 1 {
                let message = format!(
                    "a step has one of read, search, capabilities and request; this one has {}",
                    step.kinds()
                );
                errors.push(self.document.error(&pointer, message));
            }
            if let Some(part) = self.document.value().pointer(&pointer) {
                self.names(part, &pointer, &known, errors);
            }
            self.expressions(&pointer, errors);
            for (group, expectation) in step.expectations().iter().enumerate() {
                let at = match &step.expect {
                    Some(super::OneOrMany::Many(_)) => format!("{pointer}/expect/{group}"),
                    _ => format!("{pointer}/expect"),
                };
                unknown_requirement(&expectation.verifies, &format!("{at}/verifies"), errors);
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

    /// The names that may stand in `${…}` before any step has run.
    fn known_names(&self, scenario: &Scenario) -> Vec<String> {
        let matrix = scenario.matrix.iter().flat_map(super::Matrix::names).map(str::to_owned);
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
                    let key = key.replace('~', "~0").replace('/', "~1");
                    self.names(item, &format!("{pointer}/{key}"), known, errors);
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
