//! Keeps the evidence of a run on disk, as it comes.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::journal::{self, Line};
use super::share::Gathered;
use super::{Event, Journal, Listener};

/// The file of a run's folder that holds the record.
pub const RUN_FILE: &str = "run.json";
/// The folder within it that holds the evidence.
pub const EVIDENCE_FOLDER: &str = "evidence";
/// The folder within it that is not meant to be shared: its owner alone can read it.
pub const PRIVATE_FOLDER: &str = "private";
/// The file that holds what the run was given.
pub const INPUTS_FILE: &str = "private/inputs.json";
/// The file that holds what a terminology service told. What was asked are codes of people's records, and what the
/// endpoint calls a code may be anything: it is not for sharing.
pub(super) const ANSWERS_FILE: &str = "private/terminology.json";
/// The file that says how far the run is.
pub(super) const JOURNAL_FILE: &str = "private/journal.jsonl";
/// The file that holds the record with its identifiers.
pub const PRIVATE_RUN_FILE: &str = "private/run.json";
/// The folder that holds the evidence with its identifiers.
pub const PRIVATE_EVIDENCE_FOLDER: &str = "private/evidence";

/// Writes evidence into a run's folder.
#[derive(Debug)]
pub struct Recorder {
    folder: PathBuf,
    /// The journal, once the run began: its first line says what the run is about.
    journal: Option<File>,
    /// The lines of what happened before.
    before: Vec<Line>,
    /// What identifies people in what it has kept.
    gathered: Gathered,
}

/// A folder that a run cannot be written to.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It holds another run.
    #[error("{0} holds another run; choose another folder with --out, or replace it with --force")]
    Taken(String),
    /// It holds a run that was not finished.
    #[error(
        "{0} holds a run that was not finished; go on with it by --resume {0}, choose another folder with --out, or \
         replace it with --force"
    )]
    Unfinished(String),
    /// There is nothing to go on with.
    #[error("{0} holds no run that could be gone on with; start it anew with --force")]
    Nothing(String),
    /// It cannot be written to.
    #[error("{folder}: cannot be written: {source}")]
    Write {
        /// The folder.
        folder: String,
        /// Why.
        source: std::io::Error,
    },
}

impl Recorder {
    /// Prepares a folder. One that holds a run is refused, or with `replace` emptied of that run's files;
    /// other files are left alone.
    ///
    /// # Errors
    /// The folder holds a run, or cannot be written to.
    pub fn create(folder: &Path, replace: bool) -> Result<Self, FolderError> {
        let write = |source| FolderError::Write { folder: folder.display().to_string(), source };
        let evidence = folder.join(EVIDENCE_FOLDER);
        let private = folder.join(PRIVATE_FOLDER);
        if folder.join(RUN_FILE).exists() || evidence.exists() {
            if !replace {
                let name = folder.display().to_string();
                let unfinished = !folder.join(RUN_FILE).exists() && folder.join(JOURNAL_FILE).exists();
                return Err(if unfinished {
                    FolderError::Unfinished(name)
                } else {
                    FolderError::Taken(name)
                });
            }
            for file in [RUN_FILE, "junit.xml", "report.html", "network.har"] {
                remove_if_there(&folder.join(file)).map_err(write)?;
            }
            for folder in [&evidence, &private] {
                if folder.is_dir() {
                    std::fs::remove_dir_all(folder).map_err(write)?;
                }
            }
        }
        std::fs::create_dir_all(&evidence).map_err(write)?;
        create_private(&private.join("evidence")).map_err(write)?;
        Ok(Self::of(folder))
    }

    /// The folder of a run that is gone on with.
    ///
    /// # Errors
    /// Nothing was recorded there.
    pub fn resume(folder: &Path, journal: &Journal) -> Result<Self, FolderError> {
        if !journal.is_begun() {
            return Err(FolderError::Nothing(folder.display().to_string()));
        }
        Ok(Self::of(folder))
    }

    fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), journal: None, before: Vec::new(), gathered: Gathered::default() }
    }

    /// Writes a file of the run whole, or not at all.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn write(&self, file: &str, bytes: &[u8]) -> std::io::Result<()> {
        let path = self.folder.join(file);
        let parent = path.parent().unwrap_or(&self.folder);
        let mut temporary = tempfile::NamedTempFile::new_in(parent)?;
        temporary.write_all(bytes)?;
        if !Path::new(file).starts_with(PRIVATE_FOLDER) {
            share(temporary.as_file())?;
        }
        temporary.persist(&path)?;
        Ok(())
    }

    /// Writes a file that is not there yet: quicker, since it needs no second name. A run that is killed meanwhile
    /// leaves a part of it, which nothing names.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub(super) fn write_new(&self, file: &str, bytes: &[u8]) -> std::io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(if Path::new(file).starts_with(PRIVATE_FOLDER) { 0o600 } else { 0o644 });
        }
        match options.open(self.folder.join(file)) {
            Ok(mut opened) => opened.write_all(bytes),
            // Left by a run that was killed, and is gone on with.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => self.write(file, bytes),
            Err(error) => Err(error),
        }
    }

    /// What identifies people in what it has kept.
    pub(super) fn gathered(&self) -> &Gathered {
        &self.gathered
    }

    /// Adds a line to the journal.
    fn note(&mut self, event: &Event) -> std::io::Result<()> {
        let Some(line) = Line::of(event) else { return Ok(()) };
        match (&mut self.journal, &line) {
            (Some(journal), _) => line.append(journal),
            (None, Line::Started(_)) => {
                let journal = self.journal.insert(journal::open(&self.folder)?);
                line.append(journal)?;
                self.before.drain(..).try_for_each(|earlier| earlier.append(journal))
            }
            (None, _) => {
                self.before.push(line);
                Ok(())
            }
        }
    }

    /// The run's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// A temporary file is its owner's alone; a report is to be read by those who may read the folder.
#[cfg(unix)]
fn share(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

/// Makes a folder that its owner alone can read.
#[cfg(unix)]
fn create_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create_private(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

#[cfg(not(unix))]
fn share(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

/// The sha256 of a file's bytes, hexadecimal.
pub(super) fn digest(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(bytes))
}

fn remove_if_there(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

impl Listener for Recorder {
    fn event(&mut self, event: &Event) -> std::io::Result<()> {
        match event {
            Event::Started { inputs, .. } => self.write(INPUTS_FILE, &inputs.to_bytes())?,
            Event::Exchanged { summary, evidence } => {
                self.write_new(&summary.file, &evidence.to_bytes())?;
                self.gathered.add(evidence);
            }
            Event::AllAnswered { file } => self.write(ANSWERS_FILE, file)?,
            Event::Answered { .. } | Event::Finished { .. } => {}
        }
        // Last, so that what the journal names is there.
        self.note(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_run_left_is_replaced_and_what_is_private_stays_so() {
        let folder = tempfile::tempdir().unwrap();
        let recorder = Recorder::create(folder.path(), false).unwrap();
        for name in ["private/evidence/a.json", "evidence/a.json"] {
            let path = folder.path().join(name);
            recorder.write_new(name, b"torn off in the mid").unwrap();
            recorder.write_new(name, b"whole").unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), b"whole");
            recorder.write_new(&name.replace("a.json", "b.json"), b"new").unwrap();
            #[cfg(unix)]
            for file in [path.clone(), path.with_file_name("b.json")] {
                use std::os::unix::fs::PermissionsExt as _;
                let for_others = std::fs::metadata(&file).unwrap().permissions().mode() & 0o077;
                assert_eq!(for_others == 0, name.starts_with("private"), "{}", file.display());
            }
        }
    }
}
