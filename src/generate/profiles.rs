//! What is wanted of a server by a package without a CapabilityStatement: its profiles and search parameters.
//!
//! Such a package requires nothing to be offered. What a server claims to offer of it has to be right.

use super::names::{is_plain, is_type};
use super::wanted::{Parameter, Part, Profile, Resource, Wanted};
use crate::fhir::Element;
use crate::package::{Definition, Package};
use crate::standard::{Clause, Lifecycle, Maturity};

/// Reads what the profiles and search parameters of a package want; `None` where it has no profile of a resource.
pub(super) fn wanted(package: &Package) -> Option<Wanted> {
    let mut resources: Vec<Part<Resource>> = Vec::new();
    let mut left = Vec::new();
    let mut stated: Option<Lifecycle> = None;
    let mut profiles: Vec<&Definition> = of_type(package, "StructureDefinition").collect();
    profiles.sort_by(|left, right| left.url.cmp(&right.url));
    for definition in profiles {
        let Some(root) = definition.tree().map(|tree| tree.root()) else { continue };
        let Some(kind) = profiled(root) else { continue };
        if !is_plain(&definition.url) {
            left.push(format!("the profile of {kind} in {}, whose URL is none", definition.file));
            continue;
        }
        let own = super::maturity::lifecycle(root);
        // The standard is as finished as the most finished of its profiles.
        if own.status != Maturity::Retired
            && stated.as_ref().is_none_or(|known| known.status.is_less_than(own.status))
        {
            stated = Some(own);
        }
        let what = Profile { url: definition.url.clone(), of_all: false, is_to_be_claimed: false };
        let clause = clause(definition, root);
        let resource = of_kind(&mut resources, kind, &clause);
        resource.profiles.push(Part { what, expectation: None, clause });
    }
    for definition in of_type(package, "SearchParameter") {
        let Some((name, kinds)) = &definition.search else { continue };
        let Some(root) = definition.tree().map(|tree| tree.root()) else { continue };
        for kind in kinds {
            let Some(resource) = resources.iter_mut().find(|resource| resource.what.kind == *kind) else {
                left.push(format!(
                    "the search parameter {name} of {kind}, of which the package has no profile"
                ));
                continue;
            };
            if !is_plain(name) {
                left.push(format!("the search parameter in {}, whose name cannot be sent", definition.file));
                continue;
            }
            let what =
                Parameter { name: name.clone(), definition: Some(definition.url.clone()), maturity: None };
            resource.what.parameters.push(Part { what, expectation: None, clause: clause(definition, root) });
        }
    }
    let lifecycle = stated?;
    Some(Wanted {
        lifecycle,
        publisher: None,
        title: package.manifest.title.clone(),
        formats: Vec::new(),
        interactions: Vec::new(),
        operations: Vec::new(),
        resources,
        not_covered: left,
    })
}

fn of_type<'p>(package: &'p Package, resource_type: &'p str) -> impl Iterator<Item = &'p Definition> {
    package.definitions.iter().filter(move |definition| definition.resource_type == resource_type)
}

/// The resource type that a StructureDefinition is a profile of, if it is one that records can have.
fn profiled(definition: Element<'_>) -> Option<&str> {
    let is_profile = definition.text("kind") == Some("resource")
        && definition.text("derivation") == Some("constraint")
        && definition.text("abstract") != Some("true")
        && definition.text("status") != Some("retired");
    // Bundles and the like are not held as records.
    let never_held =
        ["Bundle", "Parameters", "OperationOutcome", "MessageHeader", "DomainResource", "Resource"];
    definition.text("type").filter(|kind| is_profile && is_type(kind) && !never_held.contains(kind))
}

/// What is wanted of a type, which is added where there is nothing of it yet: reading, as any record can be read.
fn of_kind<'r>(resources: &'r mut Vec<Part<Resource>>, kind: &str, clause: &Clause) -> &'r mut Resource {
    let index = resources.iter().position(|resource| resource.what.kind == kind).unwrap_or_else(|| {
        let read = Part { what: "read".to_owned(), expectation: None, clause: clause.clone() };
        let what = Resource { kind: kind.to_owned(), interactions: vec![read], ..Resource::default() };
        resources.push(Part { what, expectation: None, clause: clause.clone() });
        resources.len() - 1
    });
    &mut resources[index].what
}

fn clause(definition: &Definition, root: Element<'_>) -> Clause {
    let name = root.text("title").or_else(|| root.text("name")).unwrap_or("without a name");
    Clause {
        page: format!("{} {name}", definition.resource_type),
        section: None,
        url: Some(definition.url.clone()),
    }
}
