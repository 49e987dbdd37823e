//! The capability statement, made from the configuration so that the two cannot disagree.

use serde_json::{Value, json};

use super::configuration::{Configuration, Offer, ResourceType};
use super::negotiation::content_type;

/// The STU3 `CapabilityStatement` in JSON, its elements in the order of their definition.
pub(super) fn statement(configuration: &Configuration, base: &str, security: Option<Value>) -> Value {
    let software = &configuration.software;
    let formats: Vec<&str> =
        configuration.formats.iter().filter_map(|format| content_type(*format).split(';').next()).collect();
    let resources: Vec<Value> =
        configuration.resources.iter().map(|resource| describe(configuration, resource)).collect();
    let mut rest = json!({ "mode": "server" });
    if let Some(security) = security {
        rest["security"] = security;
    }
    rest["resource"] = Value::from(resources);
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
        "format": formats,
        "rest": [rest],
    })
}

fn describe(configuration: &Configuration, resource: &ResourceType) -> Value {
    let parameters: Vec<Value> = configuration
        .parameters(resource)
        .map(|parameter| json!({ "name": parameter.name, "type": parameter.kind.code() }))
        .collect();
    let interactions: Vec<Value> =
        resource.interactions.iter().map(|offer| json!({ "code": offer.code() })).collect();
    let writes = resource.interactions.contains(&Offer::Update);
    let mut described = json!({
        "type": resource.name,
        "profile": { "reference": resource.profile },
        "interaction": interactions,
        "versioning": if writes { "versioned-update" } else { "versioned" },
    });
    if resource.interactions.contains(&Offer::Vread) {
        described["readHistory"] = Value::from(true);
    }
    if writes {
        described["updateCreate"] = Value::from(resource.update_create);
    }
    for (name, values) in
        [("searchInclude", &resource.includes), ("searchRevInclude", &resource.rev_includes)]
    {
        if !values.is_empty() {
            described[name] = Value::from(values.clone());
        }
    }
    if !parameters.is_empty() && resource.interactions.contains(&Offer::SearchType) {
        described["searchParam"] = Value::from(parameters);
    }
    described
}
