//! Where a canonical leads: within the resource, to the Bundle around it, or to the loaded packages.

use std::sync::Arc;

use crate::fhir::{Canonical, Element, Tree};
use crate::profile::SchemaSet;

/// What a canonical leads to.
pub(super) enum Target<'t> {
    /// A resource of the type asked for, in the text itself.
    Here(Element<'t>),
    /// The same, of a package.
    Loaded(Arc<Tree>),
    /// A resource of another type, which is named.
    Other(String),
    /// Nothing that is at hand.
    Nothing,
}

/// The canonical that an element holds: R4's `canonical`, or STU3's Reference.
pub(super) fn of_element(element: Element<'_>) -> Option<&str> {
    element.value().or_else(|| element.text("reference"))
}

/// What a canonical within a resource leads to.
pub(super) fn find<'t>(canonical: &str, kind: &str, from: Element<'t>, set: &SchemaSet) -> Target<'t> {
    let of_type = |resource: Element<'t>| match resource.resource_type() {
        Some(found) if found == kind => Target::Here(resource),
        other => Target::Other(other.unwrap_or("resource").to_owned()),
    };
    let resource = from.resource();
    if let Some(id) = canonical.strip_prefix('#') {
        return resource.contained(id).map_or(Target::Nothing, of_type);
    }
    if let Some(found) = in_bundle(canonical, kind, resource) {
        return of_type(found);
    }
    let packages = set.packages();
    if let Some(tree) = packages.find(kind, canonical).and_then(|found| found.tree()) {
        return Target::Loaded(tree.clone());
    }
    let other = packages.type_of(canonical).filter(|found| *found != kind);
    other.map_or(Target::Nothing, |other| Target::Other(other.to_owned()))
}

/// The entry of the Bundles around that a reference leads to, or whose resource has the canonical.
fn in_bundle<'t>(canonical: &str, kind: &str, resource: Element<'t>) -> Option<Element<'t>> {
    let wanted = Canonical::parse(canonical);
    let by_canonical = |resource: &Element<'t>| {
        resource.resource_type() == Some(kind)
            && resource.text("url") == Some(wanted.url)
            && wanted.version.is_none_or(|version| resource.text("version") == Some(version))
    };
    let mut around = resource.parent();
    while let Some(element) = around {
        if element.resource_type() == Some("Bundle") {
            let mut resources = element.children_named("entry").filter_map(|entry| entry.child("resource"));
            if let Some(found) = resources.find(by_canonical) {
                return Some(found);
            }
        }
        around = element.parent();
    }
    super::resolve::resolve(canonical, resource)
}
