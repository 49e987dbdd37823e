//! The data contract of a standard checked when it is loaded.

use super::loaded::suggest;
use super::{DataNeed, Document, FileError, LOGICAL_ID, Manifest, Parameters, variables};
use crate::fhirpath::Expression;
use crate::files::Folder;

/// Checks every record of the data contract.
pub(super) fn check_data(
    manifest: &Manifest,
    document: &Document,
    folder: &Folder,
    errors: &mut Vec<FileError>,
) {
    // What records that come earlier in the file give.
    let mut earlier: Vec<String> = Vec::new();
    for (name, need) in &manifest.data {
        let pointer = format!("/data/{name}");
        check_example(name, need, document, folder, &pointer, errors);
        for (value, path) in &need.values {
            check_path(path, document, &format!("{pointer}/values/{value}"), errors);
        }
        for (index, path) in need.needs.iter().map(super::Need::holds).enumerate() {
            let Some(path) = path else { continue };
            let at = format!("{pointer}/needs/{index}/holds");
            check_path(path, document, &at, errors);
            check_names(path, &earlier, document, &at, errors);
        }
        let own = need.value_names().cloned();
        let mut known: Vec<String> = own.chain([LOGICAL_ID.to_owned()]).collect();
        known.extend(earlier.iter().cloned());
        check_search(need.find.as_ref(), &known, document, &format!("{pointer}/find"), errors);
        check_search(need.discover.as_ref(), &earlier, document, &format!("{pointer}/discover"), errors);
        if need.discover.is_some() && need.example.is_some() && need.find.is_none() {
            let message =
                "it can be discovered only where the example is not held: say by `find` how that is told";
            errors.push(document.error(&pointer, message));
        }
        let values = need.value_names().map(String::as_str).chain([LOGICAL_ID]);
        earlier.extend(values.map(|value| format!("{name}.{value}")));
    }
}

fn check_example(
    name: &str,
    need: &DataNeed,
    document: &Document,
    folder: &Folder,
    pointer: &str,
    errors: &mut Vec<FileError>,
) {
    match &need.example {
        Some(example) if folder.read(example).is_err() => {
            let message = format!("the file {example} is not there");
            errors.push(document.error(&format!("{pointer}/example"), message));
        }
        _ if !need.given.is_empty() => check_given(need, document, pointer, errors),
        None if !need.optional => errors.push(
            document.error(pointer, format!("`{name}` has no example; give one, or say `optional: true`")),
        ),
        _ => {}
    }
}

/// Values in place of a record: there is nothing that others could be taken from, and nothing to look for.
fn check_given(need: &DataNeed, document: &Document, pointer: &str, errors: &mut Vec<FileError>) {
    let of_a_record = need.example.is_some() || !need.values.is_empty() || need.find.is_some();
    if of_a_record || need.discover.is_some() || need.deleted {
        let message =
            "`given` stands in place of a record: it has no example, values, find, discover or deleted";
        errors.push(document.error(&format!("{pointer}/given"), message));
    }
}

fn check_path(path: &str, document: &Document, pointer: &str, errors: &mut Vec<FileError>) {
    // A `${NAME.VALUE}` stands within a string, so that it needs no filling in to be read.
    if let Err(error) = Expression::parse(path) {
        errors.push(document.error(pointer, format!("not valid FHIRPath: {error}")));
    }
}

fn check_search(
    parameters: Option<&Parameters>,
    known: &[String],
    document: &Document,
    pointer: &str,
    errors: &mut Vec<FileError>,
) {
    for (name, values) in parameters.into_iter().flatten() {
        for text in values.all() {
            check_names(text, known, document, &format!("{pointer}/{name}"), errors);
        }
    }
}

fn check_names(
    text: &str,
    known: &[String],
    document: &Document,
    pointer: &str,
    errors: &mut Vec<FileError>,
) {
    for name in variables::names(text).filter(|name| !known.iter().any(|known| known == name)) {
        let error = document.error(pointer, format!("there is no value `{name}` for ${{{name}}} here"));
        errors.push(suggest(error.hint("name a record that comes earlier in the file"), name, known));
    }
}
