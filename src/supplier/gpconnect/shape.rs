//! Whether a resource in JSON has only elements that FHIR defines.

use serde_json::Value;

use super::problem::invalid_resource;
use crate::fhir::Definitions;
use crate::supplier::problem::Problem;

/// Refuses a resource that is not of a type, or has an element that the type does not have.
pub(super) fn demand(definitions: &dyn Definitions, kind: &str, resource: &Value) -> Result<(), Problem> {
    let found = resource["resourceType"].as_str();
    if found != Some(kind) {
        let found = found.unwrap_or("no resource");
        return Err(invalid_resource(format!("a {kind} is wanted here, and this is {found}")));
    }
    match unknown(definitions, kind, kind, resource) {
        None => Ok(()),
        Some(place) => Err(invalid_resource(format!("FHIR has no element {place}"))),
    }
}

/// Where the first element is that a type does not have; the type of a resource is what it says itself.
fn unknown(definitions: &dyn Definitions, kind: &str, place: &str, value: &Value) -> Option<String> {
    match value {
        Value::Array(items) => items.iter().find_map(|item| unknown(definitions, kind, place, item)),
        Value::Object(members) => {
            let kind = members.get("resourceType").and_then(Value::as_str).unwrap_or(kind);
            members.iter().filter(|(name, _)| *name != "resourceType").find_map(|(name, member)| {
                let place = format!("{place}.{name}");
                let plain = name.strip_prefix('_');
                let Some(element) = definitions.element(kind, plain.unwrap_or(name)) else {
                    return Some(place);
                };
                // Beside a primitive value are its id and extensions, whatever its type.
                let kind = if plain.is_some() { "Element" } else { element.type_name };
                unknown(definitions, kind, &place, member)
            })
        }
        _ => None,
    }
}
