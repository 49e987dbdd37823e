//! The supplier's own values for a standard's data, read from tables in CSV as spreadsheets write them.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::fhir::Position;
use crate::standard::{DataMap, FileError, LOGICAL_ID, Manifest};

/// How large a table may be, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// How many errors of one table are told.
const MAX_ERRORS: usize = 20;

/// What tables say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapped {
    /// The values by logical name, then by name of the value.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// What the user should know of the tables.
    pub notes: Vec<String>,
}

impl Mapped {
    /// Reads the tables of a standard that are in a folder. One that is not there is noted.
    ///
    /// # Errors
    /// The folder cannot be read or has none of them, or a table cannot be used.
    pub fn read(folder: &Path, manifest: &Manifest) -> Result<Self, Vec<FileError>> {
        let of_folder = |message: String| vec![FileError::of_file(folder.display().to_string(), message)];
        let standard = format!("{}@{}", manifest.id, manifest.version);
        if manifest.maps.is_empty() {
            return Err(of_folder(format!("{standard} reads no maps; name records under [data]")));
        }
        let files = files(folder).map_err(|error| of_folder(format!("cannot be read: {error}")))?;
        let (mut mapped, mut errors, mut found) = (Self::default(), Vec::new(), false);
        for (name, map) in &manifest.maps {
            let Some(file) = files.get(&name.to_ascii_lowercase()) else {
                mapped.notes.push(format!("{} has no {name}", folder.display()));
                continue;
            };
            found = true;
            match rows(file, map) {
                Ok(rows) => mapped.add(name, map, rows),
                Err(mut of_table) => errors.append(&mut of_table),
            }
        }
        if !found {
            let expected: Vec<&str> = manifest.maps.keys().map(String::as_str).collect();
            return Err(of_folder(format!("none of the maps is in it; expected {}", expected.join(", "))));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        mapped.note_incomplete(manifest);
        Ok(mapped)
    }

    fn add(&mut self, file: &str, map: &DataMap, mut rows: BTreeMap<String, String>) {
        let mut missing = Vec::new();
        for name in &map.names {
            match rows.remove(name) {
                Some(value) => {
                    self.values.entry(name.clone()).or_default().insert(map.gives.clone(), value);
                }
                None => missing.push(name.as_str()),
            }
        }
        if !missing.is_empty() {
            self.notes.push(format!("{file} does not name {}", missing.join(", ")));
        }
        if !rows.is_empty() {
            let unknown: Vec<&str> = rows.keys().map(String::as_str).collect();
            self.notes.push(format!("{file}: not used by this standard: {}", unknown.join(", ")));
        }
    }

    /// Notes the data without a record to look up, of which the tables give some values and others are needed too.
    fn note_incomplete(&mut self, manifest: &Manifest) {
        for (name, values) in &self.values {
            let Some(need) = manifest.data.get(name).filter(|need| !need.given.is_empty()) else { continue };
            let others =
                need.given.keys().filter(|value| !values.contains_key(*value) && *value != LOGICAL_ID);
            let others: Vec<&str> = others.map(String::as_str).collect();
            if !others.is_empty() {
                self.notes.push(format!(
                    "{name}: the maps do not give {}; [data.{name}] in proofmark.toml can",
                    others.join(", ")
                ));
            }
        }
    }
}

/// The files of a folder by their names in lower case, for what came from a system that does not tell cases apart.
fn files(folder: &Path) -> std::io::Result<BTreeMap<String, PathBuf>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if let Some(name) = path.file_name().filter(|_| path.is_file()) {
            files.insert(name.to_string_lossy().to_ascii_lowercase(), path);
        }
    }
    Ok(files)
}

/// The supplier's values in a table, by logical name.
fn rows(path: &Path, map: &DataMap) -> Result<BTreeMap<String, String>, Vec<FileError>> {
    let file = path.display().to_string();
    let text = text(path).map_err(|message| vec![FileError::of_file(&file, message)])?;
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let error = |position: Position, message: String| FileError {
        file: file.clone(),
        position: Some(position),
        message,
        hint: None,
    };
    // A row is said to begin where the one before it ends: empty lines between them come first.
    let place = |position: Option<&csv::Position>| {
        let from = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default();
        let rest = text.get(from..).unwrap_or_default();
        Position::of(&text, from + rest.len() - rest.trim_start_matches(['\r', '\n']).len())
    };
    let top = Position::of(&text, 0);
    let headings =
        reader.headers().map_err(|problem| vec![error(top, format!("cannot be read: {problem}"))])?.clone();
    let column = |wanted: &str| {
        // What stands there instead is not repeated: without headings, it is a row of the table.
        headings.iter().position(|heading| heading.eq_ignore_ascii_case(wanted)).ok_or_else(|| {
            vec![error(top, format!("no column is called `{wanted}`")).hint(format!(
                "the first line names the columns, with a comma between them: {},{}",
                map.name, map.value
            ))]
        })
    };
    let (name_column, value_column) = (column(&map.name)?, column(&map.value)?);
    let (mut rows, mut lines, mut errors) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(problem) => {
                errors.push(error(place(problem.position()), format!("cannot be read: {problem}")));
                break;
            }
        };
        // Spreadsheets leave rows of commas behind what was deleted.
        if record.iter().all(str::is_empty) {
            continue;
        }
        let at = place(record.position());
        // Behind a space, quotes are part of the text.
        let cell = |column: usize| record.get(column).map(|text| text.trim_matches(['"', ' ']));
        let name = cell(name_column).filter(|text| !text.is_empty());
        let value = cell(value_column).filter(|text| !text.is_empty());
        match (name, value) {
            (Some(name), Some(value)) => {
                if let Some(other) = lines.insert(name.to_owned(), at.line) {
                    errors.push(error(at, format!("`{name}` is in line {other} already; expected once")));
                }
                rows.insert(name.to_owned(), value.to_owned());
            }
            (None, _) => errors.push(error(at, format!("no name; expected one in column `{}`", map.name))),
            (Some(name), None) => {
                errors.push(error(
                    at,
                    format!("no value for `{name}`; expected one in column `{}`", map.value),
                ));
            }
        }
        if errors.len() >= MAX_ERRORS {
            break;
        }
    }
    if errors.is_empty() { Ok(rows) } else { Err(errors) }
}

/// The text of a table, the mark that spreadsheets begin it with left out.
fn text(path: &Path) -> Result<String, String> {
    let unreadable = |error: std::io::Error| format!("cannot be read: {error}");
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("it has more than {MAX_BYTES} bytes; expected a table of a few lines"));
    }
    let text = String::from_utf8(bytes).map_err(|_| "not UTF-8 text; save it as `CSV UTF-8`".to_owned())?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
}
