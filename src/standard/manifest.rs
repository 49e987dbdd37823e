//! standard.yaml: what a standard is, and the data that a supplier must hold.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Capability, DataMap, DataNeed, Interaction, Maturity, Role};

/// What a standard is.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Manifest {
    /// Its id, the name of its folder.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its version, the name of its folder's folder.
    pub version: String,
    /// Who publishes it.
    pub publisher: String,
    /// The FHIR version that it is for.
    pub fhir_version: String,
    /// Where in its life it is.
    pub lifecycle: Lifecycle,
    /// The standard that it refines, `name#version`.
    #[serde(default)]
    pub parent: Option<String>,
    /// What systems under it play.
    #[schemars(length(min = 1))]
    pub roles: Vec<Role>,
    /// Its FHIR packages: folders below its own, `./package`, and packages of the package cache,
    /// `NAME#VERSION`.
    #[serde(default)]
    pub packages: Vec<String>,
    /// The `CapabilityStatement` of kind `requirements`, by canonical URL, in its packages from which further
    /// requirements and scenarios are made.
    #[serde(default)]
    pub generate: Option<String>,
    /// The areas that its requirements belong to: key and title, in the order of a report.
    pub areas: IndexMap<String, String>,
    /// What systems may offer of it, in the order of a report: each has a verdict of its own.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub capabilities: IndexMap<String, Capability>,
    /// What the specification has and this standard does not test.
    #[serde(default)]
    pub not_covered: Vec<String>,
    /// Code systems whose codes neither Proofmark nor a supplier is expected to hold, SNOMED CT for instance. Where only
    /// they could tell whether a code is in a required value set, and no terminology service is asked, that is listed as
    /// not checked and decides nothing.
    #[serde(default)]
    pub unheld_code_systems: Vec<String>,
    /// Values by name, for `${name}` in every scenario. They may use generated values and the variables before them.
    #[serde(default)]
    pub variables: IndexMap<String, String>,
    /// Further base addresses, by name: each a path below that of the endpoint, unless `proofmark.toml` names another
    /// address under `[endpoints]`.
    #[serde(default)]
    pub endpoints: IndexMap<String, String>,
    /// Headers that every request carries, unless the configuration or a step says otherwise. `${uuid}` is another UUID
    /// in each request.
    #[serde(default)]
    pub request_headers: IndexMap<String, String>,
    /// What requests carry by their method and path, by the name that a step can choose it by.
    #[serde(default)]
    pub interactions: IndexMap<String, Interaction>,
    /// The claims of the unsigned token that requests carry where the configuration has no `[auth]`.
    #[serde(default)]
    pub token: Map<String, Value>,
    /// The data that a supplier must hold, by logical name.
    #[serde(default)]
    pub data: IndexMap<String, DataNeed>,
    /// Tables in CSV by which suppliers may say what stands for that data, by the name of the file. `maps` in
    /// `proofmark.toml`, or `--maps`, names the folder that they are in.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub maps: IndexMap<String, DataMap>,
}

/// Where in its life a standard is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    /// In our words.
    pub status: Maturity,
    /// In the publisher's.
    pub label: String,
    /// When it was published, `YYYY-MM-DD`.
    #[serde(default)]
    pub published: Option<String>,
    /// From which day on it is in force, `YYYY-MM-DD`.
    #[serde(default)]
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub effective: Option<String>,
    /// By which day suppliers have to conform to it.
    #[serde(default)]
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub conformance: Option<String>,
    /// The last day on which it is in force.
    #[serde(default)]
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub ends: Option<String>,
}
