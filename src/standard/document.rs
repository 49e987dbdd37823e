//! A YAML file of a standard: its value, where each part of it stands, and errors that say so.

use std::collections::{HashMap, HashSet};

use jsonschema::error::ValidationErrorKind;
use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::fhir::Position;
use crate::text::nearest;

/// How deep a YAML file may nest.
const MAX_DEPTH: usize = 64;

/// One thing that is wrong in a file of the user's, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct FileError {
    /// The file, as the user named it.
    pub file: String,
    /// Where in it, if that is known.
    pub position: Option<Position>,
    /// What was found and what was expected.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl FileError {
    /// An error about a file as a whole.
    pub fn of_file(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self { file: file.into(), position: None, message: message.into(), hint: None }
    }

    /// The same error with what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl std::fmt::Display for FileError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.file)?;
        if let Some(position) = self.position {
            write!(formatter, ":{position}")?;
        }
        write!(formatter, ": {}", self.message)?;
        match &self.hint {
            Some(hint) => write!(formatter, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

/// A YAML file, read.
#[derive(Debug, Clone)]
pub struct Document {
    file: String,
    value: Value,
    positions: HashMap<String, Position>,
    /// The lists that `use` stands for.
    shared: Map<String, Value>,
    /// The parts that came of them, as JSON Pointers.
    from_shared: HashSet<String>,
}

/// The key of an entry that stands for a shared list.
const USE: &str = "use";

impl Document {
    /// Reads one YAML document. `file` is the name that errors carry.
    pub fn parse(file: &str, text: &str) -> Result<Self, FileError> {
        Self::parse_with(file, text, Map::new())
    }

    /// The same, where an entry `use: NAME` of a list stands for the entries of a shared list.
    pub fn parse_with(file: &str, text: &str, shared: Map<String, Value>) -> Result<Self, FileError> {
        let mut nodes = MarkedYaml::load_from_str(text).map_err(|error| FileError {
            file: file.to_owned(),
            position: None,
            message: format!("not well-formed YAML: {error}"),
            hint: None,
        })?;
        let positions = HashMap::new();
        let from_shared = HashSet::new();
        let mut document = Self { file: file.to_owned(), value: Value::Null, positions, shared, from_shared };
        match nodes.len() {
            0 => return Err(FileError::of_file(file, "the file is empty")),
            1 => {}
            count => {
                return Err(FileError::of_file(
                    file,
                    format!("{count} YAML documents in one file; expected one"),
                ));
            }
        }
        document.value = document.convert(&nodes.swap_remove(0), "", 0)?;
        Ok(document)
    }

    /// The file's name.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The whole content.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Where the part at a JSON Pointer (RFC 6901) begins, or the nearest part around it.
    #[must_use]
    pub fn position(&self, pointer: &str) -> Option<Position> {
        let mut pointer = pointer;
        loop {
            if let Some(position) = self.positions.get(pointer) {
                return Some(*position);
            }
            pointer = &pointer[..pointer.rfind('/')?];
        }
    }

    /// Whether the entry at a JSON Pointer came of a shared list.
    #[must_use]
    pub fn is_shared(&self, pointer: &str) -> bool {
        self.from_shared.contains(pointer)
    }

    /// An error about the part at a JSON Pointer.
    pub fn error(&self, pointer: &str, message: impl Into<String>) -> FileError {
        FileError {
            file: self.file.clone(),
            position: self.position(pointer),
            message: message.into(),
            hint: None,
        }
    }

    /// Checks the content against the JSON Schema of `T` and returns it as a `T`. All that is wrong
    /// is reported at once.
    pub fn read<T: DeserializeOwned + JsonSchema>(&self) -> Result<T, Vec<FileError>> {
        let schema = schemars::schema_for!(T).to_value();
        let validator = jsonschema::validator_for(&schema).map_err(|error| {
            vec![self.error("", format!("internal: our own JSON Schema is wrong: {error}"))]
        })?;
        let errors: Vec<FileError> =
            validator.iter_errors(&self.value).flat_map(|error| self.explain(&error, &schema)).collect();
        if !errors.is_empty() {
            return Err(errors);
        }
        serde_json::from_value(self.value.clone()).map_err(|error| vec![self.error("", error.to_string())])
    }

    fn explain(&self, error: &jsonschema::ValidationError<'_>, schema: &Value) -> Vec<FileError> {
        let pointer = error.instance_path().to_string();
        let place = if pointer.is_empty() { "the file".to_owned() } else { format!("`{pointer}`") };
        if let ValidationErrorKind::AdditionalProperties { unexpected } = error.kind() {
            let known = properties_around(schema, &error.schema_path().to_string());
            return unexpected
                .iter()
                .map(|key| {
                    let at = format!("{pointer}/{}", escape(key));
                    let made = self.error(&at, format!("unknown key `{key}` in {place}"));
                    match nearest(key, &known) {
                        Some(near) => made.hint(format!("did you mean `{near}`?")),
                        None => made.hint(format!("known keys: {}", known.join(", "))),
                    }
                })
                .collect();
        }
        if let ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } =
            error.kind()
        {
            // Of the forms that a value can have, the one that was meant is that whose type fits; what is
            // wrong within it says more than that none fits.
            let meant = context.iter().find(|branch| {
                let of_type = |error: &&jsonschema::ValidationError<'_>| {
                    matches!(error.kind(), ValidationErrorKind::Type { .. })
                        && error.instance_path().to_string() == pointer
                };
                !branch.is_empty() && !branch.iter().any(|error| of_type(&error))
            });
            if let Some(branch) = meant {
                return branch.iter().flat_map(|error| self.explain(error, schema)).collect();
            }
        }
        vec![self.error(&pointer, format!("{error} (at {place})"))]
    }

    /// The entries of the list that `use: NAME` stands for, if there is one of that name.
    fn shared_list(&self, entry: &Value) -> Option<Vec<Value>> {
        let entry = entry.as_object().filter(|entry| entry.len() == 1)?;
        self.shared.get(entry.get(USE)?.as_str()?)?.as_array().cloned()
    }

    fn convert(&mut self, node: &MarkedYaml<'_>, pointer: &str, depth: usize) -> Result<Value, FileError> {
        self.positions.entry(pointer.to_owned()).or_insert_with(|| position(node));
        if depth > MAX_DEPTH {
            return Err(self.error(pointer, format!("nesting deeper than {MAX_DEPTH} levels")));
        }
        match &node.data {
            YamlData::Value(scalar) => Ok(match scalar {
                Scalar::Null => Value::Null,
                Scalar::Boolean(boolean) => Value::Bool(*boolean),
                Scalar::Integer(integer) => Value::from(*integer),
                Scalar::FloatingPoint(float) => Value::from(float.into_inner()),
                Scalar::String(text) => Value::from(text.as_ref()),
            }),
            YamlData::Sequence(items) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    let value = self.convert(item, &format!("{pointer}/{}", values.len()), depth + 1)?;
                    let Some(shared) = self.shared_list(&value) else {
                        values.push(value);
                        continue;
                    };
                    // What is wrong with one of them is told at the place that uses it.
                    for value in shared {
                        let at = format!("{pointer}/{}", values.len());
                        self.positions.insert(at.clone(), position(item));
                        self.from_shared.insert(at);
                        values.push(value);
                    }
                }
                Ok(Value::Array(values))
            }
            YamlData::Mapping(entries) => {
                let mut map = serde_json::Map::new();
                for (key, value) in entries {
                    let key_position = position(key);
                    let name = match &key.data {
                        YamlData::Value(Scalar::String(text)) => text.to_string(),
                        YamlData::Value(Scalar::Integer(integer)) => integer.to_string(),
                        YamlData::Value(Scalar::Boolean(boolean)) => boolean.to_string(),
                        _ => return Err(self.error(pointer, "a key that is not a plain word")),
                    };
                    let at = format!("{pointer}/{}", escape(&name));
                    self.positions.insert(at.clone(), key_position);
                    let value = self.convert(value, &at, depth + 1)?;
                    map.insert(name, value);
                }
                Ok(Value::Object(map))
            }
            _ => Err(self.error(pointer, "a YAML tag or alias, which is not used here")),
        }
    }
}

fn position(node: &MarkedYaml<'_>) -> Position {
    let start = node.span.start;
    Position {
        line: u32::try_from(start.line()).unwrap_or(u32::MAX),
        column: u32::try_from(start.col() + 1).unwrap_or(u32::MAX),
    }
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The property names of the schema object that a schema path such as
/// `/properties/steps/items/additionalProperties` ends in.
fn properties_around(schema: &Value, schema_path: &str) -> Vec<String> {
    let mut current = schema;
    for token in schema_path.split('/').filter(|token| !token.is_empty()) {
        if token == "additionalProperties" {
            break;
        }
        let token = token.replace("~1", "/").replace("~0", "~");
        if token == "$ref" {
            let target =
                current.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
            match target.and_then(|target| schema.pointer(target)) {
                Some(next) => current = next,
                None => return Vec::new(),
            }
            continue;
        }
        let next = match current {
            Value::Array(items) => token.parse::<usize>().ok().and_then(|index| items.get(index)),
            other => other.get(&token),
        };
        match next {
            Some(next) => current = next,
            None => return Vec::new(),
        }
    }
    match current.get("properties") {
        Some(Value::Object(properties)) => properties.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        title: String,
        inner: Vec<Inner>,
    }

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        status: u16,
    }

    #[test]
    fn reads_what_fits() {
        let document = Document::parse("a.yaml", "title: x\ninner:\n  - status: 200\n").unwrap();
        let outer: Outer = document.read().unwrap();
        assert_eq!((outer.title.as_str(), outer.inner[0].status), ("x", 200));
    }

    #[test]
    fn an_unknown_key_is_named_with_its_place_and_the_likely_one() {
        let document =
            Document::parse("a.yaml", "title: x\ninner:\n  - statsu: 200\n    status: 1\n").unwrap();
        let errors = document.read::<Outer>().unwrap_err();
        assert_eq!(
            errors[0].to_string(),
            "a.yaml:3:5: unknown key `statsu` in `/inner/0`\n  hint: did you mean `status`?"
        );
    }

    #[test]
    fn a_wrong_type_is_named_with_its_place() {
        let document = Document::parse("a.yaml", "title: x\ninner:\n  - status: ok\n").unwrap();
        let error = document.read::<Outer>().unwrap_err()[0].to_string();
        assert!(error.starts_with("a.yaml:3:5: \"ok\" is not of type \"integer\""), "{error}");
    }

    #[test]
    fn malformed_yaml_says_where() {
        let error = Document::parse("a.yaml", "title: [x\n").unwrap_err().to_string();
        assert!(error.starts_with("a.yaml: not well-formed YAML"), "{error}");
    }
}
