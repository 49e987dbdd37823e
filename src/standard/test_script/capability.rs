//! `metadata.capability`: what a server must claim for the tests to apply, and what it is tested to claim.

use super::fixture::resolve;
use crate::fhir::{Element, parse};
use crate::files::Folder;
use crate::standard::claim;

/// One capability of a script.
pub(super) struct Capability {
    /// Whether the tests apply only where it is claimed.
    pub(super) required: bool,
    /// Whether it is tested that it is claimed.
    pub(super) validated: bool,
    /// What it is, in words.
    pub(super) words: String,
    /// Where the specification speaks of it.
    pub(super) link: Option<String>,
    /// What is claimed, or why that cannot be told.
    pub(super) claims: Result<Vec<Claimed>, String>,
}

/// One thing that a server must claim.
pub(super) struct Claimed {
    /// As a [`Condition`](crate::standard::Condition) asks for it.
    pub(super) condition: String,
    /// A FHIRPath that is true of a CapabilityStatement that claims it.
    pub(super) path: String,
}

/// Reads the capability at an element.
pub(super) fn read(element: Element<'_>, root: Element<'_>, folder: &Folder) -> Capability {
    let flag = |name: &str| element.text(name) == Some("true");
    // In STU3 it is a Reference, in R4 a canonical.
    let reference = element
        .child("capabilities")
        .and_then(|found| found.value().or_else(|| found.text("reference")))
        .unwrap_or_default();
    Capability {
        required: flag("required"),
        validated: flag("validated"),
        words: element.text("description").unwrap_or(reference).to_owned(),
        link: element.text("link").map(str::to_owned),
        claims: claims(reference, root, folder),
    }
}

/// All that a CapabilityStatement claims of servers and that a condition can ask for.
fn claims(reference: &str, root: Element<'_>, folder: &Folder) -> Result<Vec<Claimed>, String> {
    let text = resolve(reference, root, folder)?;
    let tree = parse(text.as_bytes()).map_err(|error| format!("`{reference}` is {error}"))?;
    if tree.root().resource_type() != Some("CapabilityStatement") {
        return Err(format!("`{reference}` is no CapabilityStatement"));
    }
    let mut claims = Vec::new();
    let servers = tree.root().children_named("rest").filter(|rest| rest.text("mode") == Some("server"));
    for rest in servers {
        let server = "rest.where(mode = 'server')";
        listed(rest, "system", server, &mut claims);
        for resource in rest.children_named("resource") {
            let Some(kind) = resource.text("type").filter(|kind| claim(kind).is_ok()) else { continue };
            let path = format!("{server}.resource.where(type = '{kind}')");
            claims.push(Claimed { condition: kind.to_owned(), path: format!("{path}.exists()") });
            listed(resource, kind, &path, &mut claims);
        }
    }
    claims.retain(|claimed| claim(&claimed.condition).is_ok());
    if claims.is_empty() {
        return Err(format!("`{reference}` claims nothing of a server that Proofmark could ask for"));
    }
    Ok(claims)
}

/// What a part of the statement lists: interactions, search parameters, operations. `place` is how conditions call
/// that part, `path` where it is.
fn listed(part: Element<'_>, place: &str, path: &str, claims: &mut Vec<Claimed>) {
    for (list, key, word) in
        [("interaction", "code", ""), ("searchParam", "name", "search."), ("operation", "name", "operation.")]
    {
        for name in part.children_named(list).filter_map(|item| item.text(key)) {
            // Words that are no names could change what the expression says.
            if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.$".contains(&byte)) {
                continue;
            }
            let condition = match (place, word, name) {
                (_, "", "search-type") => format!("{place}.search"),
                ("system", "operation.", name) => format!("operation.{name}"),
                _ => format!("{place}.{word}{name}"),
            };
            claims
                .push(Claimed { condition, path: format!("{path}.{list}.where({key} = '{name}').exists()") });
        }
    }
}
