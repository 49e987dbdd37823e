//! Bundles that only carry resources, such as all records of one patient in one file.

use serde::Deserialize;
use serde_json::value::RawValue;

/// A Bundle, as far as it carries resources; their text is kept to the letter.
#[derive(Deserialize)]
struct Carrier<'t> {
    #[serde(rename = "resourceType")]
    resource_type: &'t str,
    #[serde(rename = "type")]
    kind: &'t str,
    #[serde(borrow, default)]
    entry: Vec<CarriedEntry<'t>>,
}

#[derive(Deserialize)]
struct CarriedEntry<'t> {
    #[serde(borrow)]
    resource: Option<&'t RawValue>,
}

/// The resources of a Bundle that only carries them, entry by entry, each as its author wrote it; `None` for what is no
/// such Bundle. Documents, say, are more than their entries.
#[must_use]
pub fn carried(text: &str) -> Option<Vec<Option<&str>>> {
    let bundle: Carrier<'_> = serde_json::from_str(text).ok()?;
    let carries =
        bundle.resource_type == "Bundle" && matches!(bundle.kind, "collection" | "transaction" | "batch");
    carries.then(|| bundle.entry.into_iter().map(|entry| entry.resource.map(RawValue::get)).collect())
}
