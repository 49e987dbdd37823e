//! The capability statement, made from the configuration so that the two cannot disagree.

use serde_json::{Value, json};

use super::configuration::{Configuration, ResourceType};

/// The STU3 `CapabilityStatement` in JSON, its elements in the order of their definition.
pub(super) fn statement(configuration: &Configuration, base: &str) -> String {
    let software = &configuration.software;
    let resources: Vec<Value> =
        configuration.resources.iter().map(|resource| describe(configuration, resource)).collect();
    json!({
        "resourceType": "CapabilityStatement",
        "url": format!("{base}/metadata"),
        "version": software.version,
        "name": software.name,
        "status": "active",
        "date": configuration.published,
        "kind": "instance",
        "software": { "name": software.name, "version": software.version },
        "implementation": { "description": software.name, "url": base },
        "fhirVersion": configuration.fhir_version,
        "acceptUnknown": "no",
        "format": ["application/fhir+xml", "application/fhir+json"],
        "rest": [{ "mode": "server", "resource": resources }],
    })
    .to_string()
}

fn describe(configuration: &Configuration, resource: &ResourceType) -> Value {
    let parameters: Vec<Value> = configuration
        .parameters(resource)
        .map(|parameter| json!({ "name": parameter.name, "type": parameter.kind.code() }))
        .collect();
    json!({
        "type": resource.name,
        "profile": { "reference": resource.profile },
        "interaction": [{ "code": "read" }, { "code": "search-type" }],
        "versioning": "versioned",
        "searchParam": parameters,
    })
}
