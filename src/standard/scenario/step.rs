//! A step: one request, what is expected of its answer, and what is kept of it.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Authentication, Body, BundleRequest, Capture, Expectation, RawRequest, RequestMethod};
use crate::standard::{Condition, OneOrMany};

/// One step: a request, what is expected of its answer, and what is kept of it for later steps. Exactly one
/// of `read`, `vread`, `search`, `create`, `update`, `patch`, `delete`, `operation`, `batch`, `transaction`,
/// `capabilities` and `request` says which request; or `answer`, that there is none.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Step {
    /// What it does, in words; made from the request, if not given.
    #[serde(default)]
    #[schemars(example = &"Find the patient")]
    pub name: Option<String>,
    /// No step: it stands for the steps of the list of this name in shared.yaml.
    #[serde(default, rename = "use")]
    #[schemars(example = &"book-an-appointment")]
    pub shared: Option<String>,
    /// Reads a resource.
    #[serde(default)]
    #[schemars(example = &"Patient/${patientId}")]
    pub read: Option<String>,
    /// Reads one version of a resource.
    #[serde(default)]
    #[schemars(example = &"Patient/${patientId}/_history/${versionId}")]
    pub vread: Option<String>,
    /// Searches a resource type, or a compartment, by `params`.
    #[serde(default)]
    #[schemars(example = &"Observation", example = &"Patient/${patientId}/Appointment")]
    pub search: Option<String>,
    /// Makes a resource of a type: POST of the `body`.
    #[serde(default)]
    #[schemars(example = &"Patient")]
    pub create: Option<String>,
    /// Replaces a resource by the `body`: PUT. With `params` and a type alone, the one that they find.
    #[serde(default)]
    #[schemars(example = &"Patient/${patientId}", example = &"Patient")]
    pub update: Option<String>,
    /// Changes a resource as the `body` says: PATCH. `json` is sent as JSON Patch; another media type is named in
    /// `headers`. With `params` and a type alone, the one that they find.
    #[serde(default)]
    #[schemars(example = &"Patient/${patientId}")]
    pub patch: Option<String>,
    /// Deletes a resource. With `params` and a type alone, the one that they find.
    #[serde(default)]
    #[schemars(example = &"Patient/${patientId}")]
    pub delete: Option<String>,
    /// Calls an operation on the system, a type or a resource: GET with `params`, or POST where the step has
    /// `parameters` or a `body`.
    #[serde(default)]
    #[schemars(example = &"Patient/$gpc.getstructuredrecord", example = &"Patient/${patientId}/$everything")]
    pub operation: Option<String>,
    /// Sends a Bundle of requests that stand each for itself.
    #[serde(default)]
    #[schemars(length(min = 1))]
    #[schemars(example = json!([{"method": "GET", "url": "Patient/${patientId}"}]))]
    pub batch: Option<Vec<BundleRequest>>,
    /// Sends a Bundle of requests that are done together or not at all.
    #[serde(default)]
    #[schemars(length(min = 1))]
    #[schemars(example = json!([{"method": "POST", "url": "Patient", "fullUrl": "urn:uuid:${uuid}",
        "resource": "data/patient-a.json"}]))]
    pub transaction: Option<Vec<BundleRequest>>,
    /// Reads the `CapabilityStatement`.
    #[serde(default)]
    #[schemars(example = true)]
    pub capabilities: Option<bool>,
    /// Any other request.
    #[serde(default)]
    #[schemars(example = json!({"method": "POST", "path": "Patient", "body": "This is not a FHIR resource."}))]
    pub request: Option<RawRequest>,
    /// No request: the answer that an earlier step kept under this name is looked at once more.
    #[serde(default)]
    #[schemars(example = &"created")]
    pub answer: Option<String>,
    /// No request: something that cannot be done or checked, and why. It is inconclusive, never passed.
    #[serde(default)]
    #[schemars(example = &"the signature of the answer cannot be checked")]
    pub not_supported: Option<String>,
    /// The requirements that it verifies, instead of the scenario's. Steps that name the same ones are a part of the
    /// scenario: what does not hold in one part stops that part, and not the others.
    #[serde(default)]
    #[schemars(example = ["CC-PAT-003"])]
    pub verifies: Vec<String>,
    /// The name under which its answer is kept, for `answer` and `contains` of later steps.
    #[serde(default)]
    #[schemars(example = &"created")]
    pub keep: Option<String>,
    /// How a search or operation is asked for. A search is GET, if not given.
    #[serde(default)]
    #[schemars(example = &"POST")]
    pub method: Option<RequestMethod>,
    /// Parameters of the query, encoded as they are sent; a list repeats the parameter.
    #[serde(default)]
    #[schemars(example = json!({"family": "Smith", "date": ["ge2019-01-01", "le2019-12-31"]}))]
    pub params: IndexMap<String, OneOrMany<String>>,
    /// The input of an operation: the `parameter` list of a Parameters resource.
    #[serde(default)]
    #[schemars(example = json!([{"name": "includeAllergies", "part": [{"name": "includeResolvedAllergies",
        "valueBoolean": false}]}]))]
    pub parameters: Option<Vec<Value>>,
    /// Headers of the request; null takes one away that it would carry. `Accept` asks for JSON, or else XML, if not given.
    #[serde(default)]
    #[schemars(example = json!({"Accept": "application/fhir+xml"}), example = json!({"Accept": null}))]
    pub headers: IndexMap<String, Option<String>>,
    /// Which of the `interactions` of standard.yaml its request is, where method and path alone do not tell.
    #[serde(default)]
    #[schemars(example = &"cancel-appointment")]
    pub interaction: Option<String>,
    /// Which credentials it carries: `configured` (if not given), `none`, `garbage`, `expired`, `wrongSignature`, or a
    /// mapping.
    #[serde(default)]
    #[schemars(example = &"none", example = json!({"claims": {"reason_for_request": "secondaryuses"}}))]
    pub auth: Option<Authentication>,
    /// The body: a text, or a mapping that says what it is made of.
    #[serde(default)]
    #[schemars(example = json!({"resource": {"resourceType": "Patient", "gender": "male"}}),
        example = json!({"resource": "data/patient-a.json", "merge": {"gender": null}}),
        example = json!({"base64": "eyJyZXNvdXJjZVR5cGUiOv8="}))]
    pub body: Option<Body>,
    /// The version that the resource must have to be changed: its number, sent as `W/"3"`, or an `ETag` as it was
    /// captured.
    #[serde(default)]
    #[schemars(example = &"${versionId}")]
    pub if_match: Option<String>,
    /// The search that must find nothing for the resource to be made: the header `If-None-Exist`.
    #[serde(default)]
    #[schemars(example = json!({"identifier": "https://fhir.nhs.uk/Id/nhs-number|${patient-a.nhsNumber}"}))]
    pub if_none_exist: IndexMap<String, OneOrMany<String>>,
    /// Follows the `next` links of the answer, up to this many pages.
    #[serde(default)]
    #[schemars(range(min = 2, max = 100), example = 10)]
    pub pages: Option<u32>,
    /// Values that earlier steps must have shown, though this one does not use them: without them it means
    /// nothing and is not demonstrated.
    #[serde(default)]
    #[schemars(example = ["patientId"])]
    pub requires: Vec<String>,
    /// What to do where a value that it needs was not found: which record to load.
    #[serde(default)]
    #[schemars(example = &"Load an Observation with a code.")]
    pub missing: Option<String>,
    /// When it applies. Where it does not, it is not sent and is not applicable.
    #[serde(default)]
    #[schemars(example = json!({"capability": "Patient.search.birthdate"}))]
    pub when: Option<Condition>,
    /// What it asks for is an option that the endpoint need not offer. Where its first group of expectations does
    /// not hold, and the answer can mean that (status 2xx, 404, 405, 406, 415 or 501, or 4xx with the issue code
    /// `not-supported`), the option is not offered: that step, and later ones that need what it captures, are not
    /// applicable. Where a value that it needs is not there, it is passed over and the rest goes on.
    #[serde(default)]
    #[schemars(example = true)]
    pub optional: bool,
    /// What is expected. In a list, each group without `verifies` must hold for the later ones, and the
    /// later steps, to mean anything; a group with `verifies` speaks for its own requirements only.
    #[serde(default)]
    #[schemars(example = json!({"status": 200, "resource": "Patient"}),
        example = json!([{"status": 200}, {"verifies": ["CC-GEN-005"], "fhirpath": "meta.profile.exists()"}]))]
    pub expect: Option<OneOrMany<Expectation>>,
    /// Values to keep for `${name}` in later steps: each a FHIRPath on the body, or a mapping that names a header or
    /// the status.
    #[serde(default)]
    #[schemars(example = json!({"patientId": "entry.resource.ofType(Patient).id.first()",
        "created": {"header": "Location", "matches": "Patient/([A-Za-z0-9.-]+)"}}))]
    pub capture: IndexMap<String, Capture>,
}

impl Step {
    /// The groups of checks.
    #[must_use]
    pub fn expectations(&self) -> &[Expectation] {
        self.expect.as_ref().map_or(&[], OneOrMany::all)
    }
}
