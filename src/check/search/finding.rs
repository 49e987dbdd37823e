//! A finding at an element of a page.

use super::super::{Finding, Page, Weight};
use crate::code::Code;
use crate::fhir::Element;

/// What was found at an element, in words.
pub(super) fn at(code: &Code, page: &Page, place: Element<'_>, weight: Weight, message: String) -> Finding {
    Finding { weight, ..Finding::at(code, page, place, message) }
}

/// `Patient/1`, as findings call a resource.
pub(super) fn label(resource: Element<'_>) -> String {
    let kind = resource.resource_type().unwrap_or("resource");
    format!("{kind}/{}", resource.text("id").unwrap_or("without id"))
}
