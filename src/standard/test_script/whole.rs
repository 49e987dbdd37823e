//! Scripts of files and folders, as one standard.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use sha2::{Digest as _, Sha256};

use super::script::{Heading, Script, translate};
use crate::fhir::{Element, Release, parse};
use crate::files::Folder;
use crate::standard::{FileError, Lifecycle, Manifest, Maturity, Role, Standard};

/// How long a key is.
const MAX_KEY: usize = 80;

/// TestScripts, read.
#[derive(Debug)]
pub struct TestScripts {
    /// The standard that they make: a scenario of each script, a requirement of each test.
    pub standard: Standard,
    /// What of them is not supported, with its place. The tests concerned cannot pass.
    pub findings: Vec<FileError>,
}

/// A script as it was read.
struct Source {
    file: String,
    folder: Folder,
    text: Vec<u8>,
}

impl TestScripts {
    /// Reads scripts: files, and folders of which every TestScript is one. Fixtures are looked for in the folder of
    /// their script.
    ///
    /// # Errors
    /// What cannot be read, or is no TestScript.
    pub fn read(paths: &[PathBuf], release: Release) -> Result<Self, Vec<FileError>> {
        let mut sources = Vec::new();
        let mut errors = Vec::new();
        for path in paths {
            match found(path) {
                Ok(found) => sources.extend(found),
                Err(error) => errors.push(error),
            }
        }
        let mut hasher = Sha256::new();
        let mut keys = HashSet::new();
        let mut areas = IndexMap::new();
        let mut made: Vec<(Script, String, Maturity)> = Vec::new();
        for source in &sources {
            let tree = match parse(&source.text) {
                Ok(tree) if tree.root().resource_type() == Some("TestScript") => tree,
                Ok(tree) => {
                    let found = tree.root().resource_type().unwrap_or("no FHIR resource");
                    let message = format!("this is no TestScript: {found}");
                    errors.push(FileError::of_file(&source.file, message));
                    continue;
                }
                Err(error) => {
                    errors.push(FileError {
                        file: source.file.clone(),
                        position: Some(error.position),
                        message: format!("not well-formed {}: {}", error.format, error.message),
                        hint: None,
                    });
                    continue;
                }
            };
            let root = tree.root();
            let (title, key) = called(root, &mut keys);
            let maturity = maturity(root);
            let heading = Heading { key: &key, title: &title, file: &source.file, maturity };
            let script = translate(root, &source.folder, &heading);
            for text in std::iter::once(&source.text[..]).chain(script.texts.iter().map(String::as_bytes)) {
                hasher.update((text.len() as u64).to_be_bytes());
                hasher.update(text);
            }
            areas.insert(key, title);
            made.push((script, root.text("version").unwrap_or("1").to_owned(), maturity));
        }
        let Some(first) = sources.first().filter(|_| errors.is_empty()) else {
            if errors.is_empty() {
                let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
                errors.push(FileError::of_file(names.join(", "), "there is no TestScript in this folder"));
            }
            return Err(errors);
        };
        let (id, title, version) = match (areas.len(), areas.first(), made.first()) {
            (1, Some((key, title)), Some((_, version, _))) => (key.clone(), title.clone(), version.clone()),
            (count, ..) => ("test-scripts".to_owned(), format!("{count} TestScripts"), "1".to_owned()),
        };
        // The least finished one, so that every test binds.
        let status = made.iter().map(|(.., maturity)| *maturity).min().unwrap_or(Maturity::Draft);
        let mut standard = Standard {
            manifest: manifest(id, title, version, release, status, areas),
            requirements: Vec::new(),
            scenarios: Vec::new(),
            release,
            digest: hex::encode(hasher.finalize()),
            folder: first.folder.clone(),
        };
        let mut findings = Vec::new();
        for (script, ..) in made {
            standard.requirements.extend(script.requirements);
            standard.scenarios.extend(script.scenarios);
            findings.extend(script.findings);
        }
        Ok(Self { standard, findings })
    }
}

/// The scripts that a path names.
fn found(path: &Path) -> Result<Vec<Source>, FileError> {
    let name = path.display().to_string();
    let unreadable =
        |error: std::io::Error| FileError::of_file(name.clone(), format!("cannot be read: {error}"));
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !path.is_dir() {
        let text = crate::files::read_bounded(path).map_err(unreadable)?;
        return Ok(vec![Source { file: name, folder: Folder::Disk(parent.to_owned()), text }]);
    }
    let folder = Folder::Disk(path.to_owned());
    let mut sources = Vec::new();
    for file in folder.files_here().map_err(unreadable)? {
        let is_resource = Path::new(&file).extension().is_some_and(|extension| {
            extension.eq_ignore_ascii_case("json") || extension.eq_ignore_ascii_case("xml")
        });
        if !is_resource {
            continue;
        }
        let text = folder.read(&file).map_err(unreadable)?.into_owned();
        // The others are fixtures; one that cannot be read is told where it is used.
        if parse(&text).is_ok_and(|tree| tree.root().resource_type() == Some("TestScript")) {
            sources.push(Source { file: folder.display(&file), folder: folder.clone(), text });
        }
    }
    Ok(sources)
}

/// The title of a script, and a key that no other has.
fn called(root: Element<'_>, keys: &mut HashSet<String>) -> (String, String) {
    let name = root.text("name").or_else(|| root.text("id")).unwrap_or("TestScript");
    let title = root.text("title").unwrap_or(name).to_owned();
    let key = key(name);
    let mut unique = key.clone();
    let mut number = 2;
    while keys.contains(&unique) {
        unique = format!("{key}-{number}");
        number += 1;
    }
    keys.insert(unique.clone());
    (title, unique)
}

/// A name in lower-case words and digits with hyphens.
pub(super) fn key(name: &str) -> String {
    let mut key = String::new();
    for letter in name.chars().take(MAX_KEY) {
        if letter.is_ascii_alphanumeric() {
            key.push(letter.to_ascii_lowercase());
        } else if !key.is_empty() && !key.ends_with('-') {
            key.push('-');
        }
    }
    let key = key.trim_end_matches('-');
    if key.is_empty() { "test".to_owned() } else { key.to_owned() }
}

fn maturity(root: Element<'_>) -> Maturity {
    match root.text("status") {
        Some("active") => Maturity::Active,
        Some("retired") => Maturity::Retired,
        _ => Maturity::Draft,
    }
}

fn manifest(
    id: String,
    title: String,
    version: String,
    release: Release,
    status: Maturity,
    areas: IndexMap<String, String>,
) -> Manifest {
    let core = release.core_package();
    Manifest {
        id,
        title,
        version,
        publisher: "FHIR TestScript".to_owned(),
        fhir_version: core.rsplit('#').next().unwrap_or(core).to_owned(),
        lifecycle: Lifecycle {
            status,
            label: "FHIR TestScript".to_owned(),
            published: None,
            effective: None,
            conformance: None,
            ends: None,
        },
        parent: None,
        roles: vec![Role::Server],
        packages: Vec::new(),
        areas,
        not_covered: Vec::new(),
        generate: None,
        capabilities: IndexMap::new(),
        unheld_code_systems: Vec::new(),
        variables: IndexMap::new(),
        endpoints: IndexMap::new(),
        request_headers: IndexMap::new(),
        interactions: IndexMap::new(),
        token: serde_json::Map::new(),
        data: IndexMap::new(),
        maps: IndexMap::new(),
    }
}
