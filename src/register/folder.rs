//! The folder of a register, read and written without ever leaving it: no link in it is followed, no file is read that is
//! larger than it may be.

use std::io::{self, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};

/// How many files one folder may hold.
const MAX_FILES: usize = 100_000;

/// The folder of a register.
#[derive(Debug, Clone)]
pub struct RegisterFolder {
    root: PathBuf,
}

impl RegisterFolder {
    /// The folder at a path.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self { root: path.to_owned() }
    }

    /// How to name one of its files to the user.
    #[must_use]
    pub fn display(&self, name: &str) -> String {
        self.root.join(name).display().to_string()
    }

    /// The bytes of one of its files, of at most so many.
    ///
    /// # Errors
    /// There is no such file, it is a link or lies behind one, or it is larger.
    pub fn read(&self, name: &str, limit: u64) -> io::Result<Vec<u8>> {
        let path = self.path(name)?;
        let file = std::fs::File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(limit)).unwrap_or(0) + 1);
        file.take(limit + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            let message = format!("it is larger than {limit} bytes");
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        }
        Ok(bytes)
    }

    /// The same as text.
    ///
    /// # Errors
    /// As `read`, or it is no text.
    pub fn read_text(&self, name: &str, limit: u64) -> io::Result<String> {
        String::from_utf8(self.read(name, limit)?)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text"))
    }

    /// The names of the files of one of its folders, sorted; none, where there is no such folder. Links are left out.
    ///
    /// # Errors
    /// It cannot be read, is a link, or holds too many.
    pub fn names(&self, folder: &str) -> io::Result<Vec<String>> {
        let path = self.path(folder)?;
        let entries = match std::fs::read_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_file()
                && let Some(name) = entry.file_name().to_str()
            {
                names.push(name.to_owned());
            }
            if names.len() > MAX_FILES {
                return Err(io::Error::other(format!("it holds more than {MAX_FILES} files")));
            }
        }
        names.sort();
        Ok(names)
    }

    /// Writes a file that was not there before.
    ///
    /// # Errors
    /// It is there, or cannot be written.
    pub fn create(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path(name)?;
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    /// Writes a file whole, in the place of what was there; says whether that was something else. Nobody ever reads half
    /// of it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<bool> {
        if self.holds(name, bytes) {
            return Ok(false);
        }
        let path = self.path(name)?;
        let parent = path.parent().unwrap_or(&self.root);
        std::fs::create_dir_all(parent)?;
        let mut file = tempfile::NamedTempFile::new_in(parent)?;
        file.write_all(bytes)?;
        readable(file.as_file())?;
        file.persist(&path).map_err(|error| error.error)?;
        Ok(true)
    }

    /// Whether a file is there and has these bytes.
    #[must_use]
    pub fn holds(&self, name: &str, bytes: &[u8]) -> bool {
        self.read(name, bytes.len() as u64).is_ok_and(|found| found == bytes)
    }

    /// A path within the folder, no part of which is a link.
    fn path(&self, name: &str) -> io::Result<PathBuf> {
        let mut path = self.root.clone();
        for part in Path::new(name).components() {
            let Component::Normal(part) = part else {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "it leads out of the register"));
            };
            path.push(part);
            if std::fs::symlink_metadata(&path).is_ok_and(|found| found.file_type().is_symlink()) {
                let message = "it is a link, or lies behind one; a register has none";
                return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
            }
        }
        Ok(path)
    }
}

/// A published file can be read by the web server, which is not its owner.
#[cfg(unix)]
fn readable(file: &std::fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_created_once_and_replaced_whole() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = RegisterFolder::at(scratch.path());
        folder.create("events/1.json", b"a").unwrap();
        assert!(folder.create("events/1.json", b"b").is_err());
        assert_eq!(folder.read("events/1.json", 1).unwrap(), b"a");
        assert!(folder.replace("index.html", b"one").unwrap());
        assert!(!folder.replace("index.html", b"one").unwrap());
        assert!(folder.replace("index.html", b"two").unwrap());
        assert!(folder.read("index.html", 2).is_err());
        assert_eq!(folder.names("events").unwrap(), ["1.json"]);
        assert!(folder.names("nothing").unwrap().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn no_path_and_no_link_leads_out() {
        let scratch = tempfile::tempdir().unwrap();
        let outside = scratch.path().join("outside");
        std::fs::create_dir(&outside).unwrap();
        std::fs::write(outside.join("secret"), "x").unwrap();
        let inside = scratch.path().join("inside");
        std::fs::create_dir(&inside).unwrap();
        std::os::unix::fs::symlink(&outside, inside.join("events")).unwrap();
        std::os::unix::fs::symlink(outside.join("secret"), inside.join("index.html")).unwrap();
        let folder = RegisterFolder::at(&inside);
        for name in ["../outside/secret", "/etc/hostname", "events/secret", "index.html"] {
            assert!(folder.read(name, 10).is_err(), "{name}");
            assert!(folder.replace(name, b"y").is_err(), "{name}");
            assert!(folder.create(name, b"y").is_err(), "{name}");
        }
        assert!(folder.names("events").is_err());
        assert_eq!(std::fs::read(outside.join("secret")).unwrap(), b"x");
    }
}
