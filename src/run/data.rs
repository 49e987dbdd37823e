//! The data that scenarios use: the supplier's own, where the configuration names it, else the standard's
//! synthetic records, which the supplier is then taken to have loaded, unless others are discovered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{DataSource, DataUse};
use crate::fhir::parse;
use crate::fhirpath::{Context, Expression, Item};
use crate::standard::{FileError, LOGICAL_ID, Standard};
use crate::text::nearest;
use crate::validate::SchemaSet;

/// All logical data by name: where each came from, and its values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Data(BTreeMap<String, DataRecord>);

/// One logical record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DataRecord {
    source: DataSource,
    values: BTreeMap<String, String>,
}

impl Data {
    /// Resolves all data of a standard.
    ///
    /// # Errors
    /// The configuration names data that the standard does not have, or an example cannot be used.
    pub fn resolve(
        standard: &Standard,
        configured: &BTreeMap<String, BTreeMap<String, String>>,
        config_file: &str,
        schemas: &SchemaSet,
    ) -> Result<Self, Vec<FileError>> {
        let mut errors = Vec::new();
        let names: Vec<String> = standard.manifest.data.keys().cloned().collect();
        for (name, values) in configured {
            let Some(need) = standard.manifest.data.get(name) else {
                let error = FileError::of_file(
                    config_file,
                    format!("[data.{name}]: {} has no data of that name", standard.name()),
                );
                errors.push(match nearest(name, &names) {
                    Some(near) => error.hint(format!("did you mean `{near}`?")),
                    None => error.hint(format!("its data: {}", names.join(", "))),
                });
                continue;
            };
            let known: Vec<String> = need.value_names().cloned().collect();
            for value in values.keys().filter(|value| !known.contains(value) && *value != LOGICAL_ID) {
                let error =
                    FileError::of_file(config_file, format!("[data.{name}]: it has no value `{value}`"));
                let known = known.join(", ");
                errors.push(error.hint(format!("its values: {known}, and {LOGICAL_ID}, its logical id")));
            }
        }
        let mut data = Self::default();
        for (name, need) in &standard.manifest.data {
            let (source, values) = match (configured.get(name), &need.example) {
                (Some(values), _) => (DataSource::Configured, values.clone()),
                (None, Some(example)) => match example_values(standard, example, &need.values, schemas) {
                    Ok(values) => (DataSource::Example, values),
                    Err(error) => {
                        errors.push(error);
                        continue;
                    }
                },
                (None, None) if !need.given.is_empty() => {
                    let given = need.given.iter().map(|(value, text)| (value.clone(), text.clone()));
                    (DataSource::Example, given.collect())
                }
                (None, None) => (DataSource::Missing, BTreeMap::new()),
            };
            data.0.insert(name.clone(), DataRecord { source, values });
        }
        if errors.is_empty() { Ok(data) } else { Err(errors) }
    }

    /// The value of `name.value`.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        let (name, value) = name.split_once('.')?;
        self.0.get(name)?.values.get(value).map(String::as_str)
    }

    /// Sets where a record came from, and its values.
    pub(super) fn set(&mut self, name: &str, source: DataSource, values: BTreeMap<String, String>) {
        self.0.insert(name.to_owned(), DataRecord { source, values });
    }

    /// Sets one value of a record that is known.
    pub(super) fn complete(&mut self, name: &str, value: &str, found: &str) {
        if let Some(record) = self.0.get_mut(name) {
            record.values.insert(value.to_owned(), found.to_owned());
        }
    }

    /// Where the data of a logical name came from.
    #[must_use]
    pub fn source(&self, name: &str) -> Option<DataSource> {
        self.0.get(name).map(|record| record.source)
    }

    /// The data of an earlier run for another version of its standard: what that version knows too is as it was, the
    /// rest is the version's own.
    ///
    /// # Errors
    /// An example of the other version cannot be used.
    pub fn carried_over(&self, standard: &Standard, schemas: &SchemaSet) -> Result<Self, Vec<FileError>> {
        let mut data = Self::resolve(standard, &BTreeMap::new(), "", schemas)?;
        for (name, record) in &mut data.0 {
            if let Some(known) = self.0.get(name) {
                record.clone_from(known);
            }
        }
        Ok(data)
    }

    /// All of it, for the record; the values stay out of it.
    #[must_use]
    pub fn uses(&self) -> Vec<DataUse> {
        self.0.iter().map(|(name, record)| DataUse { name: name.clone(), source: record.source }).collect()
    }
}

fn example_values(
    standard: &Standard,
    example: &str,
    paths: &indexmap::IndexMap<String, String>,
    schemas: &SchemaSet,
) -> Result<BTreeMap<String, String>, FileError> {
    let file = standard.folder.display(example);
    let bytes = standard
        .folder
        .read(example)
        .map_err(|error| FileError::of_file(&file, format!("cannot be read: {error}")))?;
    let tree = parse(&bytes).map_err(|error| FileError {
        file: file.clone(),
        position: Some(error.position),
        message: format!("not well-formed {}: {}", error.format, error.message),
        hint: None,
    })?;
    let mut values = BTreeMap::new();
    for (name, path) in paths {
        let problem =
            |message: String| FileError::of_file(&file, format!("the value `{name}` (`{path}`): {message}"));
        let expression = Expression::parse(path).map_err(|error| problem(error.to_string()))?;
        let found = expression
            .evaluate(&Context::new(schemas), Item::element(tree.root(), None))
            .map_err(|error| problem(error.to_string()))?;
        match found.as_slice() {
            [one] => values.insert(name.clone(), one.to_string()),
            several => return Err(problem(format!("gives {} values; expected one", several.len()))),
        };
    }
    Ok(values)
}
