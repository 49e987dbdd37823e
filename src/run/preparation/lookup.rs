//! What a server answers to a search or a read for a record.

use crate::check::Page;
use crate::fhir::Element;
use crate::standard::EntryMode;

/// The records of a type that a search found, or why it is not known what it found.
pub(super) fn found<'p>(page: &'p Page, resource: &str) -> Result<Vec<Element<'p>>, String> {
    let root = answered(page, "the search for it")?;
    if root.resource_type() != Some("Bundle") {
        return Err("the search for it was not answered with a Bundle".to_owned());
    }
    let records = page.entries(EntryMode::Match).into_iter().filter_map(|entry| entry.child("resource"));
    Ok(records.filter(|record| record.resource_type() == Some(resource)).collect())
}

/// The record that a read gave, none if the server does not hold it, or why that is not known.
pub(super) fn read<'p>(page: &'p Page, resource: &str) -> Result<Option<Element<'p>>, String> {
    if page.response().is_some_and(|response| matches!(response.status, 404 | 410)) {
        return Ok(None);
    }
    let root = answered(page, "reading it")?;
    if root.resource_type() == Some(resource) {
        return Ok(Some(root));
    }
    Err(format!("reading it was not answered with a resource of type {resource}"))
}

/// The root of an answer with status 200.
fn answered<'p>(page: &'p Page, what: &str) -> Result<Element<'p>, String> {
    let response = match &page.exchange.result {
        Ok(response) => response,
        Err(failure) => return Err(failure.message.clone()),
    };
    if response.status != 200 {
        return Err(format!("{what} was answered with status {}", response.status));
    }
    let tree = page.tree().map_err(|_| format!("the answer to {what} is not well-formed"))?;
    Ok(tree.root())
}
