//! Reference parameters (search.html#reference).

use super::Met;
use crate::fhir::Element;

/// Whether a Reference meets one value of a parameter: an id, `Type/id`, or an address.
pub(super) fn meets(element: Element<'_>, wanted: &str, type_name: Option<&str>) -> Met {
    let Some(found) = element.text("reference") else { return Met::No };
    let found = found.split_once("/_history/").map_or(found, |(found, _)| found);
    if found == wanted {
        return Met::Yes;
    }
    let mut parts = found.rsplit('/');
    let (id, kind) = (parts.next().unwrap_or_default(), parts.next());
    let mut wanted_parts = wanted.rsplit('/');
    let (wanted_id, wanted_kind) =
        (wanted_parts.next().unwrap_or_default(), wanted_parts.next().or(type_name));
    let kind_fits = match (kind, wanted_kind) {
        (Some(kind), Some(wanted)) => kind == wanted,
        _ => true,
    };
    Met::from(id == wanted_id && kind_fits)
}
