//! The files of a reference supplier: what it offers, its records, and what can be wrong with it.

use super::{Configuration, Fault, Store};
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
}

impl Fixtures {
    /// Reads a folder laid out as `fixtures/careconnect` is.
    pub fn load(folder: &Folder, standard: &Standard) -> Result<Self, Vec<FileError>> {
        let (file, text) = read(folder, "supplier.yaml")?;
        let configuration = Configuration::load(&file, &text)?;
        let here = folder.files_here().map_err(|error| cannot_be_read(folder, "", &error))?;
        let faults = if here.iter().any(|name| name == "faults.yaml") {
            let (file, text) = read(folder, "faults.yaml")?;
            Fault::load(&file, &text)?
        } else {
            Vec::new()
        };
        let mut records: Vec<(String, String)> = Vec::new();
        let data = standard.folder.folder("data");
        for folder in std::iter::once(folder).chain(&data) {
            for name in folder.files().map_err(|error| cannot_be_read(folder, "", &error))? {
                if std::path::Path::new(&name).extension().is_some_and(|extension| extension == "json") {
                    records.push(read(folder, &name)?);
                }
            }
        }
        let store = Store::load(records.iter().map(|(file, text)| (file.as_str(), text.as_str())))?;
        Ok(Self { configuration, store, faults })
    }
}

fn read(folder: &Folder, name: &str) -> Result<(String, String), Vec<FileError>> {
    let text = folder.read_text(name).map_err(|error| cannot_be_read(folder, name, &error))?;
    Ok((folder.display(name), text))
}

fn cannot_be_read(folder: &Folder, name: &str, error: &std::io::Error) -> Vec<FileError> {
    vec![FileError::of_file(folder.display(name), format!("cannot be read: {error}"))]
}
