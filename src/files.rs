//! Folders of data: those that are built into the program, and those on disk.
//!
//! Standards, packages and fixtures are read through here, so that nothing else needs to know which of
//! the two it reads.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

static PROFILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/profiles");
static FIXTURES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/fixtures");

/// How many files a folder on disk may hold before reading it is refused.
const MAX_FILES: usize = 100_000;
/// How deep a folder on disk may nest.
const MAX_DEPTH: usize = 32;
/// How large one file may be, in bytes.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// A folder, built in or on disk.
#[derive(Debug, Clone)]
pub enum Folder {
    /// Built into the program.
    Embedded(&'static Dir<'static>),
    /// On disk.
    Disk(PathBuf),
}

impl Folder {
    /// The standards and base definitions that the program carries.
    #[must_use]
    pub fn profiles() -> Self {
        Self::Embedded(&PROFILES)
    }

    /// The synthetic records that the reference supplier serves.
    #[must_use]
    pub fn fixtures() -> Self {
        Self::Embedded(&FIXTURES)
    }

    /// The folder within this one, if there is one.
    #[must_use]
    pub fn folder(&self, name: &str) -> Option<Self> {
        match self {
            Self::Embedded(dir) => dir.get_dir(dir.path().join(name)).map(Self::Embedded),
            Self::Disk(path) => {
                let path = path.join(safe(name)?);
                path.is_dir().then_some(Self::Disk(path))
            }
        }
    }

    /// The names of the folders directly within this one, sorted.
    pub fn folder_names(&self) -> io::Result<Vec<String>> {
        let mut names: Vec<String> = match self {
            Self::Embedded(dir) => dir.dirs().filter_map(|dir| file_name(dir.path())).collect(),
            Self::Disk(path) => {
                let mut names = Vec::new();
                for entry in std::fs::read_dir(path)? {
                    let entry = entry?;
                    if entry.file_type()?.is_dir() {
                        names.extend(file_name(&entry.path()));
                    }
                }
                names
            }
        };
        names.sort();
        Ok(names)
    }

    /// The files of this folder and all below it, as paths relative to it with forward slashes, sorted.
    /// Links are not followed.
    pub fn files(&self) -> io::Result<Vec<String>> {
        let mut files = Vec::new();
        match self {
            Self::Embedded(dir) => embedded_files(dir, dir.path(), &mut files),
            Self::Disk(path) => disk_files(path, path, 0, &mut files)?,
        }
        files.sort();
        Ok(files)
    }

    /// The names of the files directly within this one, sorted. Links are not followed.
    pub fn files_here(&self) -> io::Result<Vec<String>> {
        let mut names: Vec<String> = match self {
            Self::Embedded(dir) => dir.files().filter_map(|file| file_name(file.path())).collect(),
            Self::Disk(path) => {
                let mut names = Vec::new();
                for entry in std::fs::read_dir(path)? {
                    let entry = entry?;
                    if entry.file_type()?.is_file() {
                        names.extend(file_name(&entry.path()));
                    }
                    if names.len() > MAX_FILES {
                        let message = format!("{} holds more than {MAX_FILES} files", path.display());
                        return Err(io::Error::other(message));
                    }
                }
                names
            }
        };
        names.sort();
        Ok(names)
    }

    /// The bytes of one of its files.
    pub fn read(&self, name: &str) -> io::Result<Cow<'static, [u8]>> {
        let missing = || io::Error::new(io::ErrorKind::NotFound, format!("there is no file {name}"));
        match self {
            Self::Embedded(dir) => {
                let file = dir.get_file(dir.path().join(name)).ok_or_else(missing)?;
                Ok(Cow::Borrowed(file.contents()))
            }
            Self::Disk(path) => read_bounded(&path.join(safe(name).ok_or_else(missing)?)).map(Cow::Owned),
        }
    }

    /// The text of one of its files.
    pub fn read_text(&self, name: &str) -> io::Result<String> {
        let bytes = self.read(name)?.into_owned();
        String::from_utf8(bytes)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text"))
    }

    /// Its own name (0), or that of the folder so many levels above it.
    #[must_use]
    pub fn name(&self, levels_up: usize) -> Option<String> {
        let path = match self {
            Self::Embedded(dir) => dir.path(),
            Self::Disk(path) => path,
        };
        file_name(path.ancestors().nth(levels_up)?)
    }

    /// How to name one of its files to the user.
    #[must_use]
    pub fn display(&self, name: &str) -> String {
        match self {
            Self::Embedded(dir) => format!("built-in {}", dir.path().join(name).display()),
            Self::Disk(path) => path.join(name).display().to_string(),
        }
    }
}

/// Reads a file on disk, unless it is larger than any that Proofmark has a use for.
pub fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let length = std::fs::metadata(path)?.len();
    if length > MAX_FILE_BYTES {
        let message = format!("it is larger than {} MB", MAX_FILE_BYTES >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    std::fs::read(path)
}

/// A relative path that stays within its folder.
fn safe(name: &str) -> Option<&Path> {
    let path = Path::new(name);
    let stays = path
        .components()
        .all(|part| matches!(part, std::path::Component::Normal(_) | std::path::Component::CurDir));
    stays.then_some(path)
}

fn file_name(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_str()?.to_owned())
}

fn embedded_files(dir: &Dir<'_>, root: &Path, files: &mut Vec<String>) {
    let relative = |path: &Path| path.strip_prefix(root).ok()?.to_str().map(|path| path.replace('\\', "/"));
    files.extend(dir.files().filter_map(|file| relative(file.path())));
    for inner in dir.dirs() {
        embedded_files(inner, root, files);
    }
}

fn disk_files(folder: &Path, root: &Path, depth: usize, files: &mut Vec<String>) -> io::Result<()> {
    if depth > MAX_DEPTH {
        return Err(io::Error::other(format!("{} nests deeper than {MAX_DEPTH} folders", root.display())));
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            disk_files(&entry.path(), root, depth + 1, files)?;
        } else if kind.is_file()
            && let Some(name) = entry.path().strip_prefix(root).ok().and_then(Path::to_str)
        {
            files.push(name.replace('\\', "/"));
        }
        if files.len() > MAX_FILES {
            return Err(io::Error::other(format!("{} holds more than {MAX_FILES} files", root.display())));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_standards_are_there() {
        let careconnect = Folder::profiles().folder("careconnect").unwrap().folder("1.3.0").unwrap();
        assert!(careconnect.files().unwrap().contains(&"standard.yaml".to_owned()));
        assert!(careconnect.read_text("requirements.yaml").unwrap().contains("CC-PAT-001"));
    }

    #[test]
    fn no_path_leaves_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("in")).unwrap();
        std::fs::write(folder.path().join("secret"), "x").unwrap();
        let inner = Folder::Disk(folder.path().join("in"));
        assert!(inner.read("../secret").is_err());
        assert!(inner.read("/etc/hostname").is_err());
        assert!(inner.folder("..").is_none());
    }
}
