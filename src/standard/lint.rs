//! What is suspect in a standard that loads: things that nothing uses, and names to be looked up elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Action, Claim, Document, FileError, Manifest, OneOrMany, Scenario, claim, variables};
use crate::files::Folder;

/// A name that a scenario takes from the definitions of its packages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Defined {
    /// A profile or type, by canonical URL.
    Profile(String),
    /// A search parameter of a resource type.
    SearchParameter(String, String),
}

/// What was found in a standard besides errors.
#[derive(Debug, Clone, Default)]
pub struct Lint {
    /// What is suspect.
    pub warnings: Vec<FileError>,
    /// The names that its scenarios take from definitions, each with the place where it stands first.
    pub defined: BTreeMap<Defined, FileError>,
}

/// Everything that the scenarios of a standard use.
#[derive(Debug, Default)]
struct Used {
    names: BTreeSet<String>,
    files: BTreeSet<String>,
    needs: BTreeSet<String>,
}

/// Looks at a standard whose files are well-formed.
pub(super) fn lint(
    manifest: &Manifest,
    manifest_file: &Document,
    scenarios: &[(&Document, &[Scenario])],
    folder: &Folder,
    files: &[String],
) -> Lint {
    let mut lint = Lint::default();
    let mut used = Used::default();
    for text in manifest.variables.values() {
        used.names.extend(variables::names(text).map(str::to_owned));
    }
    for (document, list) in scenarios {
        for (index, scenario) in list.iter().enumerate() {
            let pointer = if document.value().is_array() { format!("/{index}") } else { String::new() };
            look_at(scenario, document, &pointer, folder, &mut used, &mut lint);
        }
    }
    for name in manifest.variables.keys().filter(|name| !used.names.contains(*name)) {
        let message = format!("no scenario uses the variable `{name}`");
        lint.warnings.push(manifest_file.error(&format!("/variables/{name}"), message));
    }
    for (name, need) in &manifest.data {
        used.files.extend(need.example.clone());
        // What is generated may use any.
        if !used.needs.contains(name) && manifest.generate.is_none() {
            let message = format!("no scenario needs the data `{name}`");
            lint.warnings.push(manifest_file.error(&format!("/data/{name}"), message));
        }
    }
    for file in files.iter().filter(|file| file.starts_with("data/") && !used.files.contains(*file)) {
        let message = "nothing uses this file: no data, no body and no schema names it";
        lint.warnings.push(FileError::of_file(folder.display(file), message));
    }
    lint
}

fn look_at(
    scenario: &Scenario,
    document: &Document,
    pointer: &str,
    folder: &Folder,
    used: &mut Used,
    lint: &mut Lint,
) {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut files: BTreeSet<String> = BTreeSet::new();
    if let Some(written) = document.value().pointer(pointer) {
        collect(written, &mut names, &mut files);
    }
    for step in scenario.all_steps().map(|(_, _, step)| step) {
        let in_bundle = step.bundled().iter().filter_map(|request| request.resource.as_ref()?.as_str());
        for file in step.bodies().filter_map(super::Body::source).chain(in_bundle) {
            files.insert(file.to_owned());
            if let Ok(text) = folder.read_text(file) {
                names.extend(variables::names(&text).map(str::to_owned));
            }
        }
        names.extend(step.requires.iter().cloned());
    }
    let mut warn = |at: String, message: String| lint.warnings.push(document.error(&at, message));
    let groups: Vec<_> = scenario.all_steps().flat_map(|(_, _, step)| step.expectations()).collect();
    let is_named = |id: &String| groups.iter().any(|group| group.verifies.contains(id));
    if groups.iter().all(|group| !group.verifies.is_empty()) && !scenario.verifies.iter().all(is_named) {
        let message = "each group verifies requirements of its own, so that nothing verifies these";
        warn(format!("{pointer}/verifies"), message.to_owned());
    }
    for name in scenario.matrix.iter().flat_map(super::Matrix::names).collect::<BTreeSet<_>>() {
        let is_used = |used: &String| used.split('.').next() == Some(name);
        if name != super::CASE
            && !names.iter().any(is_used)
            && !scenario.title.contains(&format!("${{{name}}}"))
        {
            let message = format!("no step uses the value `{name}`, so its cases are all alike");
            warn(format!("{pointer}/matrix"), message);
        }
    }
    for name in scenario.variables.keys().filter(|name| !names.contains(*name)) {
        warn(format!("{pointer}/variables/{name}"), format!("no step uses the variable `{name}`"));
    }
    for (key, index, step) in scenario.all_steps() {
        // What a shared step captures, not every scenario that shares it needs.
        if document.is_shared(&format!("{pointer}/{key}/{index}")) {
            continue;
        }
        for name in step.capture.keys().filter(|name| !names.contains(*name)) {
            let at = format!("{pointer}/{key}/{index}/capture/{name}");
            warn(at, format!("no step uses the captured value `{name}`"));
        }
    }
    defined(scenario, document, pointer, &mut lint.defined);
    for case in scenario.spread() {
        used.needs.extend(case.needs.into_iter().chain(case.may_use));
    }
    used.names.append(&mut names);
    used.files.append(&mut files);
}

/// The names in `${…}` and the files below a part of a scenario.
fn collect(part: &Value, names: &mut BTreeSet<String>, files: &mut BTreeSet<String>) {
    match part {
        Value::String(text) => {
            names.extend(variables::names(text).map(str::to_owned));
            if text.starts_with("data/") {
                files.insert(text.clone());
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, names, files)),
        Value::Object(map) => map.values().for_each(|item| collect(item, names, files)),
        _ => {}
    }
}

/// The profiles and search parameters that a scenario names; those with `${…}` are known only when it runs.
fn defined(
    scenario: &Scenario,
    document: &Document,
    pointer: &str,
    found: &mut BTreeMap<Defined, FileError>,
) {
    let mut add = |what: Defined, at: &str| {
        let place = || document.error(at, String::new());
        found.entry(what).or_insert_with(place);
    };
    let conditions = std::iter::once((scenario.when.as_ref(), format!("{pointer}/when")));
    let of_steps = scenario
        .all_steps()
        .map(|(key, index, step)| (step.when.as_ref(), format!("{pointer}/{key}/{index}/when")));
    for (condition, at) in conditions.chain(of_steps) {
        for text in condition.into_iter().flat_map(super::Condition::written).filter(|text| is_plain(text)) {
            if let Some((kind, name)) = claim(text).ok().as_ref().and_then(Claim::search_parameter) {
                add(Defined::SearchParameter(kind.to_owned(), name.to_owned()), &at);
            }
        }
    }
    for (key, index, step) in scenario.all_steps() {
        let at = format!("{pointer}/{key}/{index}");
        if let Some(Action::Search(kind)) = step.action()
            && is_plain(kind)
        {
            let kind = kind.rsplit('/').next().unwrap_or(kind);
            for name in step.params.keys() {
                let name = name.split([':', '.']).next().unwrap_or(name);
                // Parameters that begin so are those of every search, and shape a result.
                if !name.starts_with('_') {
                    add(Defined::SearchParameter(kind.to_owned(), name.to_owned()), &format!("{at}/params"));
                }
            }
        }
        for group in step.expectations() {
            let entries = group.every_entry.iter().chain(&group.any_entry).flat_map(OneOrMany::all);
            let of_entries = entries.filter_map(|entry| entry.conforms_to.as_ref());
            for profile in group.conforms_to.iter().chain(of_entries).flat_map(OneOrMany::all) {
                if is_plain(profile) {
                    add(Defined::Profile(profile.clone()), &format!("{at}/expect"));
                }
            }
        }
    }
}

fn is_plain(text: &str) -> bool {
    !text.contains("${")
}
