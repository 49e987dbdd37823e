//! A file of declarations: what a supplier answers where no test from outside can show that a requirement is met.

use super::statement::Declaration;
use crate::run::RunRecord;
use crate::standard::{Document, FileError, Method};
use crate::text::nearest;

/// Reads a file of declarations, a list, for a run.
///
/// # Errors
/// What is wrong with the file, and where: a requirement that the run does not have, one that is tested, one that is
/// there twice.
pub fn declarations(file: &str, text: &str, record: &RunRecord) -> Result<Vec<Declaration>, Vec<FileError>> {
    let document = Document::parse(file, text).map_err(|error| vec![error])?;
    let declared: Vec<Declaration> = document.read()?;
    let known: Vec<String> = record
        .requirements
        .iter()
        .filter(|one| one.method != Method::Automated)
        .map(|one| one.id.clone())
        .collect();
    let mut errors = Vec::new();
    for (index, one) in declared.iter().enumerate() {
        let at = format!("/{index}/requirement");
        let id = &one.requirement;
        if declared[..index].iter().any(|other| other.requirement == *id) {
            errors.push(document.error(&at, format!("{id} is declared twice")));
        } else if !known.contains(id) {
            let tested = record.requirements.iter().any(|other| other.id == *id);
            let message = if tested {
                format!("{id} is tested, and not to be declared")
            } else {
                format!("the run has no requirement {id}")
            };
            let error = document.error(&at, message);
            errors.push(match nearest(id, &known) {
                Some(near) if !tested => error.hint(format!("did you mean {near}?")),
                _ => error,
            });
        }
    }
    if errors.is_empty() { Ok(declared) } else { Err(errors) }
}
