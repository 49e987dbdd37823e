//! The run record as JSON: `run.json`, written and read.

use crate::run::{RunRecord, SCHEMA_VERSION};

/// Why a file is not a run record that this tool reads.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Not JSON, or cut off.
    #[error("not a run record: the file is not well-formed JSON: {0}")]
    Syntax(#[source] serde_json::Error),
    /// JSON, but of something else.
    #[error("not a run record: there is no `schemaVersion`")]
    NoVersion,
    /// A run record of another form.
    #[error(
        "this run record has schema version {found}, and this version of proofmark reads {SCHEMA_VERSION}; \
         use the version of proofmark that wrote it, or run again"
    )]
    Version {
        /// The version in the file.
        found: String,
    },
    /// The right version, but not the form that this version has.
    #[error("the run record does not have the form of schema version {found}: {source}")]
    Form {
        /// The version in the file.
        found: String,
        /// What is wrong.
        source: serde_json::Error,
    },
}

/// The record as indented JSON with a final newline.
pub fn render(record: &RunRecord) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(record)?;
    text.push('\n');
    Ok(text)
}

/// Reads a record back.
pub fn read(text: &str) -> Result<RunRecord, ReadError> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(ReadError::Syntax)?;
    let found = value
        .get("schemaVersion")
        .and_then(serde_json::Value::as_str)
        .ok_or(ReadError::NoVersion)?
        .to_owned();
    if major(&found) != major(SCHEMA_VERSION) {
        return Err(ReadError::Version { found });
    }
    // From the text once more and not from the value, so that the error has a line and a column.
    serde_json::from_str(text).map_err(|source| ReadError::Form { found, source })
}

fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or(version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::record;

    #[test]
    fn what_is_written_is_read_back() {
        let record = record();
        let text = render(&record).unwrap();
        assert!(text.ends_with("}\n"));
        assert_eq!(read(&text).unwrap(), record);
        assert_eq!(render(&record).unwrap(), text);
    }

    #[test]
    fn another_major_version_is_refused_and_says_which_is_read() {
        let text = render(&record()).unwrap().replacen("\"2.0\"", "\"3.3\"", 1);
        let message = read(&text).unwrap_err().to_string();
        assert!(message.contains("schema version 3.3") && message.contains("reads 2.0"), "{message}");
    }

    #[test]
    fn other_files_are_refused_in_words() {
        assert!(read("{\"a\": ").unwrap_err().to_string().contains("not well-formed JSON"));
        assert!(read("{\"a\": 1}").unwrap_err().to_string().contains("no `schemaVersion`"));
        let message = read("{\"schemaVersion\": \"2.0\"}").unwrap_err().to_string();
        assert!(message.contains("missing field") && message.contains("line 1"), "{message}");
    }
}
