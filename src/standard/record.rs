//! The synthetic records of a standard, for a supplier to load.

use std::collections::{BTreeSet, VecDeque};

use super::{FileError, Standard, carried};
use crate::fhir::{Element, Format, parse};
use crate::files::Folder;
use crate::nhs_number::has_check_digit;

/// The folder of a standard that holds them.
const FOLDER: &str = "data/";

/// NHS numbers that begin so are never given to anybody.
const SYNTHETIC: &str = "999";

/// A synthetic record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The file that holds it.
    pub file: String,
    /// Its resource type.
    pub resource: String,
    /// Its logical id.
    pub id: String,
    /// Its identifiers: system and value.
    pub identifiers: Vec<(String, String)>,
    /// The records that it refers to, as `Type/id`.
    pub references: BTreeSet<String>,
    /// It, in JSON, as its author wrote it.
    pub text: String,
}

impl Record {
    /// `Type/id`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.resource, self.id)
    }

    fn read(file: &str, text: &str) -> Result<Self, FileError> {
        let error = |message: String| FileError::of_file(file, message);
        let tree = parse(text.as_bytes()).map_err(|problem| FileError {
            file: file.to_owned(),
            position: Some(problem.position),
            message: format!("not well-formed {}: {}", problem.format, problem.message),
            hint: None,
        })?;
        if tree.format() != Format::Json {
            return Err(error("a synthetic record is written in JSON; this one is XML".to_owned()));
        }
        let root = tree.root();
        let resource = root.resource_type().ok_or_else(|| error("it has no resourceType".to_owned()))?;
        let id = root.text("id").ok_or_else(|| error("it has no id".to_owned()))?;
        check_synthetic(root).map_err(error)?;
        let identifiers = root.children_named("identifier").filter_map(|identifier| {
            Some((identifier.text("system")?.to_owned(), identifier.text("value")?.to_owned()))
        });
        let references = root.descendants().filter(|element| element.is_called("reference"));
        Ok(Self {
            file: file.to_owned(),
            resource: resource.to_owned(),
            id: id.to_owned(),
            identifiers: identifiers.collect(),
            references: references.filter_map(|element| element.value().map(str::to_owned)).collect(),
            text: text.trim().to_owned(),
        })
    }
}

/// Refuses a record with an NHS number that might be somebody's.
fn check_synthetic(root: Element<'_>) -> Result<(), String> {
    for identifier in root.descendants().filter(|element| element.is_called("identifier")) {
        let Some(value) = identifier.text("value") else { continue };
        let system = identifier.text("system").unwrap_or_default().to_ascii_lowercase();
        let is_number = system.ends_with("nhs-number") || has_check_digit(value);
        if is_number && !(value.starts_with(SYNTHETIC) && has_check_digit(value)) {
            return Err(format!(
                "{}: an NHS number that is not of the range {SYNTHETIC}, which is never given to anybody",
                identifier.path()
            ));
        }
    }
    Ok(())
}

/// The synthetic records of a standard, each behind those that it refers to.
///
/// # Errors
/// A file cannot be used, or holds an NHS number that might be somebody's.
pub fn records(standard: &Standard) -> Result<Vec<Record>, Vec<FileError>> {
    let examples = standard.manifest.data.values().filter_map(|need| need.example.clone());
    read(&standard.folder, is_record, examples).map(in_order)
}

/// The synthetic records of a standard and all those in a folder, each behind those that it refers to. A file of the
/// folder holds one, or a Bundle that carries many.
///
/// # Errors
/// As for [`records`].
pub fn records_with(standard: &Standard, folder: &Folder) -> Result<Vec<Record>, Vec<FileError>> {
    let mut all = VecDeque::from(records(standard)?);
    all.extend(read(folder, is_json, std::iter::empty())?);
    Ok(in_order(all))
}

/// The records in the files of a folder, and in others of it that are named.
fn read(
    folder: &Folder,
    is_wanted: fn(&str) -> bool,
    others: impl Iterator<Item = String>,
) -> Result<VecDeque<Record>, Vec<FileError>> {
    let files = folder
        .files()
        .map_err(|error| vec![FileError::of_file(folder.display(""), format!("cannot be read: {error}"))])?;
    let names: BTreeSet<String> = files.into_iter().filter(|name| is_wanted(name)).chain(others).collect();
    let (mut records, mut errors) = (VecDeque::new(), Vec::new());
    for name in names {
        let file = folder.display(&name);
        let text = match folder.read_text(&name) {
            Ok(text) => text,
            Err(error) => {
                errors.push(FileError::of_file(&file, format!("cannot be read: {error}")));
                continue;
            }
        };
        let texts = carried(&text).unwrap_or_else(|| vec![Some(&text)]);
        for text in texts.into_iter().flatten() {
            match Record::read(&file, text) {
                Ok(record) => records.push_back(record),
                Err(error) => errors.push(error),
            }
        }
    }
    if errors.is_empty() { Ok(records) } else { Err(errors) }
}

/// Whether a file of a standard is a synthetic record, by its name.
fn is_record(name: &str) -> bool {
    name.starts_with(FOLDER) && is_json(name)
}

fn is_json(name: &str) -> bool {
    let extension = std::path::Path::new(name).extension();
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

/// Each record behind those that it refers to, as far as they do not refer to each other in a circle.
fn in_order(mut waiting: VecDeque<Record>) -> Vec<Record> {
    let mut ordered: Vec<Record> = Vec::with_capacity(waiting.len());
    let mut names: BTreeSet<String> = waiting.iter().map(Record::name).collect();
    let mut put_off = 0;
    while let Some(record) = waiting.pop_front() {
        let own = record.name();
        let is_ready = !record.references.iter().any(|name| *name != own && names.contains(name));
        // Once all that wait were put off in turn, they wait for each other.
        if is_ready || put_off > waiting.len() {
            names.remove(&own);
            ordered.push(record);
            put_off = 0;
        } else {
            waiting.push_back(record);
            put_off += 1;
        }
    }
    ordered
}

/// The records as a transaction that puts each under its own id.
///
/// <https://hl7.org/fhir/R4/http.html#transaction>
#[must_use]
pub fn transaction(records: &[Record]) -> String {
    let entries: Vec<String> = records.iter().map(entry).collect();
    format!(
        "{{\n  \"resourceType\": \"Bundle\",\n  \"type\": \"transaction\",\n  \"entry\": [{}\n  ]\n}}\n",
        entries.join(",")
    )
}

fn entry(record: &Record) -> String {
    // No text of JSON goes over several lines, so that only white space is changed.
    let resource = record.text.lines().collect::<Vec<_>>().join("\n      ");
    let url = serde_json::Value::from(record.name());
    format!(
        "\n    {{\n      \"resource\": {resource},\n      \"request\": {{ \"method\": \"PUT\", \"url\": {url} }}\n    }}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(id: &str, refers_to: &str) -> Record {
        let text = format!(
            r#"{{"resourceType":"Patient","id":"{id}","link":[{{"other":{{"reference":"Patient/{refers_to}"}}}}]}}"#
        );
        Record::read("a.json", &text).unwrap()
    }

    #[test]
    fn what_is_referred_to_comes_first_and_circles_end() {
        let order = |records: Vec<Record>| -> Vec<String> {
            in_order(records.into()).into_iter().map(|record| record.id).collect()
        };
        assert_eq!(order(vec![record("a", "b"), record("b", "c"), record("c", "x")]), ["c", "b", "a"]);
        assert_eq!(order(vec![record("a", "b"), record("b", "a"), record("c", "c")]).len(), 3);
    }

    #[test]
    fn a_number_that_may_be_somebodys_is_refused() {
        let patient = |system: &str, value: &str| {
            let text = format!(
                r#"{{"resourceType":"Patient","id":"a","identifier":[{{"system":"{system}","value":"{value}"}}]}}"#
            );
            Record::read("a.json", &text)
        };
        let nhs = "https://fhir.nhs.uk/Id/nhs-number";
        assert!(patient(nhs, "9990000018").is_ok());
        let error = patient(nhs, "9434765919").unwrap_err().to_string();
        assert!(
            error.contains("Patient.identifier[0]: an NHS number that is not of the range 999"),
            "{error}"
        );
        assert!(!error.contains("9434765919"), "{error}");
        assert!(patient("https://example.org/local", "9434765919").is_err());
        assert!(patient(nhs, "9990000019").is_err(), "the check digit is wrong");
        assert!(patient("https://example.org/local", "12345").is_ok());
    }
}
