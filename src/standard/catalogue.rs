//! The standards at hand: those built in, and those of folders that the user adds.

use super::version::version_key;
use super::{FileError, Standard};
use crate::files::Folder;
use crate::text::nearest;

/// Where standards are looked for. A later folder wins over an earlier one.
#[derive(Debug, Clone)]
pub struct Catalogue {
    folders: Vec<Folder>,
}

/// One version of a standard in the catalogue, not yet read.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its folder.
    pub folder: Folder,
}

impl Catalogue {
    /// The built-in standards, and those in further folders laid out alike (`ID/VERSION/standard.yaml`).
    #[must_use]
    pub fn new(further: Vec<Folder>) -> Self {
        let mut folders = vec![Folder::profiles()];
        folders.extend(further);
        Self { folders }
    }

    /// All standards, by id and version.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn entries(&self) -> Result<Vec<Entry>, FileError> {
        let mut entries: Vec<Entry> = Vec::new();
        for folder in &self.folders {
            let unreadable = |error: std::io::Error| {
                FileError::of_file(folder.display(""), format!("cannot be read: {error}"))
            };
            for id in folder.folder_names().map_err(unreadable)? {
                let Some(versions) = folder.folder(&id) else { continue };
                for version in versions.folder_names().map_err(unreadable)? {
                    let Some(folder) = versions.folder(&version) else { continue };
                    if folder.read("standard.yaml").is_ok() {
                        entries.retain(|entry| (&entry.id, &entry.version) != (&id, &version));
                        entries.push(Entry { id: id.clone(), version, folder });
                    }
                }
            }
        }
        entries.sort_by(|left, right| {
            left.id.cmp(&right.id).then_with(|| version_key(&left.version).cmp(&version_key(&right.version)))
        });
        Ok(entries)
    }

    /// What `ID` (its newest version) or `ID@VERSION` names, not yet read; `None` where there is no such standard.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn find(&self, name: &str) -> Result<Option<Entry>, FileError> {
        Ok(named(&self.entries()?, name).cloned())
    }

    /// Reads the standard that `ID` (its newest version) or `ID@VERSION` names.
    ///
    /// # Errors
    /// No such standard, or all that is wrong with its files.
    pub fn load(&self, name: &str) -> Result<Standard, Vec<FileError>> {
        let entries = self.entries().map_err(|error| vec![error])?;
        if let Some(entry) = named(&entries, name) {
            return Standard::load(&entry.folder);
        }
        let (id, _) = name.split_once('@').unwrap_or((name, ""));
        let names: Vec<String> =
            entries.iter().map(|entry| format!("{}@{}", entry.id, entry.version)).collect();
        let ids: Vec<String> = entries.iter().map(|entry| entry.id.clone()).collect();
        let error = FileError::of_file(name, "there is no such standard");
        let hint = match nearest(id, &ids) {
            Some(near) if near != id => format!("did you mean `{near}`?"),
            _ => format!("standards at hand: {}", names.join(", ")),
        };
        Err(vec![error.hint(hint)])
    }
}

/// The entry that a name means, of entries in their order.
fn named<'e>(entries: &'e [Entry], name: &str) -> Option<&'e Entry> {
    let (id, version) = name.split_once('@').map_or((name, None), |(id, version)| (id, Some(version)));
    entries.iter().rfind(|entry| entry.id == id && version.is_none_or(|version| entry.version == version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_standard_is_suggested() {
        let errors = Catalogue::new(Vec::new()).load("careconect").unwrap_err();
        assert_eq!(
            errors[0].to_string(),
            "careconect: there is no such standard\n  hint: did you mean `careconnect`?"
        );
    }
}
