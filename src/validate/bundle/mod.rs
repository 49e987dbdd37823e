//! The rules of Bundles that no element's definition can state, one file each.
//!
//! <https://hl7.org/fhir/R4/bundle.html>

mod document;
mod full_url;
mod graph;
mod message;
mod search;
mod search_total;
mod transaction;

use crate::fhir::{Element, Release};
use crate::profile::{Code, Issue};

/// The codes of these rules.
pub(super) const CODES: [&Code; 12] = [
    &document::FIRST,
    &document::DATE,
    &document::REFERENCE,
    &document::UNREACHABLE,
    &full_url::ABSOLUTE,
    &full_url::IDENTITY,
    &message::FIRST,
    &message::FOCUS,
    &search::CODE,
    &search_total::SELF,
    &search_total::TOTAL,
    &transaction::CODE,
];

/// What a rule may know besides the Bundle.
pub(super) struct Surroundings<'a> {
    pub(super) release: Release,
    /// Whether there is a resource type of that name.
    pub(super) is_type: &'a dyn Fn(&str) -> bool,
}

/// Checks a Bundle. `bundle` is its resource.
pub(super) fn check(bundle: Element<'_>, surroundings: &Surroundings<'_>) -> Vec<Issue> {
    let mut issues = full_url::check(bundle, surroundings);
    issues.extend(match bundle.text("type") {
        Some("document") => document::check(bundle, surroundings),
        Some("message") => message::check(bundle, surroundings),
        Some("searchset") => {
            let mut issues = search::check(bundle, surroundings);
            issues.extend(search_total::check(bundle));
            issues
        }
        Some("transaction" | "batch") => transaction::check(bundle, surroundings),
        _ => Vec::new(),
    });
    issues
}

/// The resources of a Bundle's entries.
fn resources(bundle: Element<'_>) -> impl Iterator<Item = (Element<'_>, Element<'_>)> {
    bundle
        .children()
        .filter(|child| child.name() == "entry")
        .filter_map(|entry| Some((entry, entry.child("resource")?)))
}
