//! The files of a reference supplier: what it offers, its records, and what can be wrong with it.

use super::{Configuration, Fault, Store, Variation};
use crate::files::Folder;
use crate::standard::{FileError, Standard};

/// All that a folder of fixtures says of a reference supplier.
#[derive(Debug, Clone)]
pub struct Fixtures {
    /// What it offers: `supplier.yaml`.
    pub configuration: Configuration,
    /// Its records: every JSON file, and the examples of the standard's data contract.
    pub store: Store,
    /// What can be switched on in it: `faults.yaml`, if there is one.
    pub faults: Vec<Fault>,
    /// What it can do otherwise and be conformant: `variations.yaml`, if there is one.
    pub variations: Vec<Variation>,
}

impl Fixtures {
    /// Reads a folder laid out as `fixtures/careconnect` is.
    pub fn load(folder: &Folder, standard: &Standard) -> Result<Self, Vec<FileError>> {
        let (file, text) = read(folder, "supplier.yaml")?;
        let configuration = Configuration::load(&file, &text)?;
        let faults = optional(folder, "faults.yaml", Fault::load)?;
        let variations = optional(folder, "variations.yaml", Variation::load)?;
        let mut records: Vec<(String, String)> = Vec::new();
        let data = standard.folder.folder("data");
        for folder in std::iter::once(folder).chain(&data) {
            for name in folder.files().map_err(|error| cannot_be_read(folder, "", &error))? {
                if std::path::Path::new(&name).extension().is_some_and(|extension| extension == "json") {
                    records.push(read(folder, &name)?);
                }
            }
        }
        records.extend(of_package(&configuration, standard)?);
        let store = Store::load(records.iter().map(|(file, text)| (file.as_str(), text.as_str())))?;
        Ok(Self { configuration, store, faults, variations })
    }
}

/// The resources of the standard's package that are served too.
fn of_package(
    configuration: &Configuration,
    standard: &Standard,
) -> Result<Vec<(String, String)>, Vec<FileError>> {
    let served: Vec<String> = configuration
        .resources
        .iter()
        .filter(|resource| resource.from_package)
        .map(|resource| format!("{}-", resource.name))
        .collect();
    let Some(folder) = standard.folder.folder("package").filter(|_| !served.is_empty()) else {
        return Ok(Vec::new());
    };
    let names = folder.files_here().map_err(|error| cannot_be_read(&folder, "", &error))?;
    let wanted = |name: &&String| served.iter().any(|prefix| name.starts_with(prefix));
    names.iter().filter(wanted).map(|name| read(&folder, name)).collect()
}

/// What a file holds; nothing, where it is not there.
fn optional<T>(
    folder: &Folder,
    name: &str,
    load: impl Fn(&str, &str) -> Result<Vec<T>, Vec<FileError>>,
) -> Result<Vec<T>, Vec<FileError>> {
    let here = folder.files_here().map_err(|error| cannot_be_read(folder, "", &error))?;
    if !here.iter().any(|found| found == name) {
        return Ok(Vec::new());
    }
    let (file, text) = read(folder, name)?;
    load(&file, &text)
}

fn read(folder: &Folder, name: &str) -> Result<(String, String), Vec<FileError>> {
    let text = folder.read_text(name).map_err(|error| cannot_be_read(folder, name, &error))?;
    Ok((folder.display(name), text))
}

fn cannot_be_read(folder: &Folder, name: &str, error: &std::io::Error) -> Vec<FileError> {
    vec![FileError::of_file(folder.display(name), format!("cannot be read: {error}"))]
}
