//! A standard, read from its folder and checked as a whole.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::capability::check_capabilities;
use super::data_check::check_data;
use super::data_map::check_maps;
use super::generated::RESERVED;
use super::interaction::check_interactions;
use super::lint::lint;
use super::scenario::check::{ScenarioCheck, check_condition};
use super::{Document, FileError, Generated, Lint, Manifest, Method, Requirement, Role, Scenario, variables};
use crate::fhir::Release;
use crate::files::Folder;
use crate::text::nearest;

/// The file of lists that scenarios share.
const SHARED: &str = "shared.yaml";

/// Lists of steps, or of groups of expectations, by the names that scenarios use them by.
type Shared = IndexMap<String, Vec<Map<String, Value>>>;

/// A standard in one version: all that it is judged by.
#[derive(Debug, Clone)]
pub struct Standard {
    /// What it is.
    pub manifest: Manifest,
    /// Its requirements, in order.
    pub requirements: Vec<Requirement>,
    /// Its scenarios, in the order of their files; one whose rows verify requirements of their own is there once a
    /// row.
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
        Ok(Read::folder(folder)?.standard)
    }

    /// The same, with what is suspect in it.
    pub fn check(folder: &Folder) -> Result<(Self, Lint), Vec<FileError>> {
        let Read { standard, written, manifest_file, scenario_files, files } = Read::folder(folder)?;
        let scenarios: Vec<(&Document, &[Scenario])> =
            scenario_files.iter().map(|(document, range)| (document, &written[range.clone()])).collect();
        let found = lint(&standard.manifest, &manifest_file, &scenarios, folder, &files);
        Ok((standard, found))
    }
}

/// A standard with the files that it was read from.
struct Read {
    standard: Standard,
    /// The scenarios as they are written, before those that hang on their matrix are spread.
    written: Vec<Scenario>,
    manifest_file: Document,
    /// The files of scenarios, each with the numbers of those that it holds.
    scenario_files: Vec<(Document, Range<usize>)>,
    files: Vec<String>,
}

impl Read {
    fn folder(folder: &Folder) -> Result<Self, Vec<FileError>> {
        let files = folder.files().map_err(|error| {
            vec![FileError::of_file(folder.display(""), format!("cannot be read: {error}"))]
        })?;
        let mut errors = Vec::new();
        let manifest = kept(read_file::<Manifest>(folder, "standard.yaml"), &mut errors);
        let requirements = kept(read_file::<Vec<Requirement>>(folder, "requirements.yaml"), &mut errors);
        let shared = if files.iter().any(|name| name == SHARED) {
            kept(read_file::<Shared>(folder, SHARED), &mut errors).map(|(document, _)| document)
        } else {
            None
        };
        let lists =
            shared.as_ref().and_then(|shared| shared.value().as_object()).cloned().unwrap_or_default();
        let mut scenarios: Vec<Scenario> = Vec::new();
        let mut scenario_files = Vec::new();
        let names = || files.iter().filter(|name| name.starts_with("scenarios/") && is_yaml(name));
        for name in names() {
            if let Some((document, mut read)) = kept(read_scenarios(folder, name, &lists), &mut errors) {
                let first = scenarios.len();
                scenarios.append(&mut read);
                scenario_files.push((document, first..scenarios.len()));
            }
        }
        // Without what they name, scenarios can be checked no further.
        let (Some((manifest_file, manifest)), Some((requirements_file, requirements))) =
            (manifest, requirements)
        else {
            return Err(errors);
        };
        check_data(&manifest, &manifest_file, folder, &mut errors);
        check_capabilities(&manifest, &manifest_file, &mut errors);
        check_maps(&manifest, &manifest_file, &mut errors);
        check_variables(&manifest, &manifest_file, &mut errors);
        check_interactions(&manifest, &manifest_file, &mut errors);
        check_requirements(&manifest, &requirements, &requirements_file, &mut errors);
        check_place(&manifest, &manifest_file, folder, &mut errors);
        let mut seen: HashMap<&str, &str> = HashMap::new();
        for (document, range) in &scenario_files {
            let check = ScenarioCheck { document, folder, manifest: &manifest, requirements: &requirements };
            for (index, scenario) in scenarios[range.clone()].iter().enumerate() {
                let pointer = if document.value().is_array() { format!("/{index}") } else { String::new() };
                check.check(scenario, &pointer, &mut errors);
                if let Some(other) = seen.insert(&scenario.scenario, document.file()) {
                    let message = format!("the scenario `{}` is in {other} already", scenario.scenario);
                    errors.push(document.error(&format!("{pointer}/scenario"), message));
                }
            }
        }
        let spread: Vec<Scenario> = scenarios.iter().flat_map(Scenario::spread).collect();
        // With a scenario that cannot be read, what is verified is not known.
        if scenario_files.len() == names().count() {
            let verified = spread.iter().flat_map(Scenario::all_verified).cloned().collect();
            check_coverage(&requirements, &requirements_file, &verified, &mut errors);
        }
        let release = Release::of_version(&manifest.fhir_version);
        if release.is_none() {
            let message = "not a FHIR version that Proofmark knows: 3.0.x or 4.0.x";
            errors.push(manifest_file.error("/fhirVersion", message));
        }
        let (Some(release), true) = (release, errors.is_empty()) else { return Err(errors) };
        let digest = digest(folder, &files).map_err(|error| {
            vec![FileError::of_file(folder.display(""), format!("cannot be read: {error}"))]
        })?;
        let folder = folder.clone();
        let standard = Standard { manifest, requirements, scenarios: spread, release, digest, folder };
        Ok(Self { standard, written: scenarios, manifest_file, scenario_files, files })
    }
}

/// What was read; what is wrong with it is kept with the other errors.
fn kept<T>(read: Result<T, Vec<FileError>>, errors: &mut Vec<FileError>) -> Option<T> {
    read.map_err(|mut found| errors.append(&mut found)).ok()
}

fn read_file<T: DeserializeOwned + JsonSchema>(
    folder: &Folder,
    name: &str,
) -> Result<(Document, T), Vec<FileError>> {
    let document = open(folder, name)?;
    let read = document.read()?;
    Ok((document, read))
}

/// A file of scenarios: one, or a list of them.
fn read_scenarios(
    folder: &Folder,
    name: &str,
    shared: &Map<String, Value>,
) -> Result<(Document, Vec<Scenario>), Vec<FileError>> {
    let document = open_with(folder, name, shared)?;
    let read = if document.value().is_array() { document.read()? } else { vec![document.read()?] };
    Ok((document, read))
}

fn is_yaml(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml")
    })
}

fn open(folder: &Folder, name: &str) -> Result<Document, Vec<FileError>> {
    open_with(folder, name, &Map::new())
}

fn open_with(folder: &Folder, name: &str, shared: &Map<String, Value>) -> Result<Document, Vec<FileError>> {
    let file = folder.display(name);
    let text = folder
        .read_text(name)
        .map_err(|error| vec![FileError::of_file(&file, format!("cannot be read: {error}"))])?;
    Document::parse_with(&file, &text, shared.clone()).map_err(|error| vec![error])
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

/// A standard lies in the folder ID/VERSION that it is looked for in.
fn check_place(manifest: &Manifest, document: &Document, folder: &Folder, errors: &mut Vec<FileError>) {
    for (key, said, found) in
        [("id", &manifest.id, folder.name(1)), ("version", &manifest.version, folder.name(0))]
    {
        if let Some(found) = found.filter(|found| found != said) {
            let message =
                format!("the {key} is `{said}`, and the folder that should be called so is `{found}`");
            errors.push(document.error(&format!("/{key}"), message).hint("rename one of the two"));
        }
    }
}

/// The variables of the standard: each uses generated values and those before it.
fn check_variables(manifest: &Manifest, document: &Document, errors: &mut Vec<FileError>) {
    let mut known: Vec<String> = Vec::new();
    for (name, text) in &manifest.variables {
        let at = format!("/variables/{name}");
        if RESERVED.contains(&name.as_str()) || Generated::parse(name).is_some() {
            let message = format!("`{name}` is the name of a generated value; choose another");
            errors.push(document.error(&at, message));
        }
        for used in variables::names(text).filter(|used| !known.iter().any(|known| known == used)) {
            match Generated::parse(used) {
                Some(Ok(_)) => {}
                Some(Err(message)) => errors.push(document.error(&at, format!("${{{used}}}: {message}"))),
                None => {
                    let message = format!("there is no value `{used}` for ${{{used}}} here");
                    errors.push(suggest(document.error(&at, message), used, &known));
                }
            }
        }
        known.push(name.clone());
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
        if manifest.generate.is_none() && !requirement.replaces.is_empty() {
            let message = "`replaces` is for what `generate` in standard.yaml makes, and it makes nothing";
            errors.push(document.error(&format!("{pointer}/replaces"), message));
        }
        check_condition(requirement.when.as_ref(), document, &pointer, errors);
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
        if automated && !is_verified && requirement.must_support.is_none() {
            let error =
                document.error(&format!("/{index}"), format!("no scenario verifies `{}`", requirement.id));
            errors.push(error.hint("write one, or say with `verifiedBy` and `question` how it is shown"));
        }
        if !automated && requirement.must_support.is_some() {
            let message = format!(
                "`{}` is verified by {}, and by must-support elements as well; one of the two must go",
                requirement.id, requirement.verified_by
            );
            errors.push(document.error(&format!("/{index}/mustSupport"), message));
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

pub(in crate::standard) fn suggest(error: FileError, word: &str, known: &[String]) -> FileError {
    match nearest(word, known) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error,
    }
}
