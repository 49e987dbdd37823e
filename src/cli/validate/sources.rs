//! What there is to validate: files, the files of folders, and standard input.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::error::{Error, Result};
use crate::cli::input::standard_input;
use crate::files::{Folder, read_bounded};
use crate::report::findings::Scope;

/// How the input is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Input {
    /// A file is one resource, in JSON or XML
    Resource,
    /// A file is NDJSON: each line is one resource
    Ndjson,
}

/// One file, or standard input.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// What the user calls it.
    pub(super) name: Arc<str>,
    /// Where it is; none for standard input.
    path: Option<PathBuf>,
    /// Whether each of its lines is a resource.
    pub(super) is_lines: bool,
}

impl Source {
    fn new(path: PathBuf, input: Option<Input>) -> Self {
        let name = path.display().to_string();
        let is_stdin = name == "-";
        Self {
            is_lines: input.map_or(extension_is(&name, "ndjson"), |input| input == Input::Ndjson),
            name: name.into(),
            path: (!is_stdin).then_some(path),
        }
    }

    /// All its bytes.
    pub(super) fn bytes(&self) -> io::Result<Vec<u8>> {
        match &self.path {
            Some(path) => read_bounded(path),
            None => standard_input(),
        }
    }

    /// A reader of it, piece by piece.
    pub(super) fn reader(&self) -> io::Result<BufReader<Box<dyn Read + Send>>> {
        let reader: Box<dyn Read + Send> = match &self.path {
            Some(path) => Box::new(File::open(path)?),
            None => Box::new(io::stdin()),
        };
        Ok(BufReader::new(reader))
    }
}

/// The sources at the paths given: of a folder, all its files of resources. The files themselves are not read yet.
pub(super) fn sources(paths: &[PathBuf], input: Option<Input>) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for path in paths {
        if path.is_dir() {
            sources.extend(files_of(path)?.into_iter().map(|file| Source::new(file, input)));
        } else {
            sources.push(Source::new(path.clone(), input));
        }
    }
    if sources.iter().filter(|source| source.path.is_none()).count() > 1 {
        return Err(Error::message("standard input can be read once only, and - is given more than once"));
    }
    // Of several, one that cannot be read is a finding. One alone is most likely misspelt.
    if let [Source { name, path: Some(path), .. }] = sources.as_slice() {
        File::open(path).map_err(|error| Error::io(&**name, error))?;
    }
    Ok(sources)
}

/// What a report about them is about.
pub(super) fn scope(sources: &[Source]) -> Scope {
    match sources {
        [source] if source.is_lines => Scope::Lines,
        [_] => Scope::Resource,
        _ => Scope::Files,
    }
}

fn files_of(path: &Path) -> Result<Vec<PathBuf>> {
    let name = path.display().to_string();
    let files = Folder::Disk(path.to_owned()).files().map_err(|error| Error::io(&name, error))?;
    let is_resource = |file: &String| ["json", "xml", "ndjson"].iter().any(|known| extension_is(file, known));
    let files: Vec<PathBuf> =
        files.iter().filter(|file| is_resource(file)).map(|file| path.join(file)).collect();
    if files.is_empty() {
        return Err(Error::message(format!("{name}: the folder holds no .json, .xml or .ndjson file")));
    }
    Ok(files)
}

fn extension_is(name: &str, wanted: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
}
