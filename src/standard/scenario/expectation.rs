//! A group of expectations on one answer.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    BodyExpectation, BundleExpectation, Comparison, Content, EntryExpectation, HeaderExpectation,
    KnownDeviation, OutcomeExpectation, PathExpectation, Resolves, SchemaSource, StatusPattern, TimeBudget,
};
use crate::standard::{Condition, OneOrMany};

/// What is expected of an answer. Everything that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Expectation {
    /// No group: it stands for the groups of the list of this name in shared.yaml.
    #[serde(default, rename = "use")]
    #[schemars(example = &"a-bundle-with-one-patient")]
    pub shared: Option<String>,
    /// The requirements that these checks verify, instead of the scenario's.
    #[serde(default)]
    #[schemars(example = ["CC-GEN-005"])]
    pub verifies: Vec<String>,
    /// When it applies. Where it does not, the group is not applicable.
    #[serde(default)]
    #[schemars(example = json!({"capability": "Patient.vread"}))]
    pub when: Option<Condition>,
    /// A deviation that is known and written down. It is shown with what fails here, and does not make it pass.
    #[serde(default)]
    #[schemars(example = json!({"reference": "https://example.org/known-issues/12",
        "says": "Version 4.2 answers 400 where 404 is right."}))]
    pub known_deviation: Option<KnownDeviation>,
    /// The status: a number, a class such as `4xx`, or a list of these.
    #[serde(default)]
    #[schemars(example = 200, example = json!([404, 410]), example = &"4xx")]
    pub status: Option<OneOrMany<StatusPattern>>,
    /// That the server does not let the client in: it refuses the TLS connection, or answers with a status of the 4xx
    /// class.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schemars(example = true)]
    pub refused: bool,
    /// The media type. In a list, the first is right and the others pass with a warning.
    #[serde(default)]
    #[schemars(example = ["application/fhir+json", "application/json+fhir"])]
    pub content_type: Option<OneOrMany<String>>,
    /// The character set that `Content-Type` names and the body has.
    #[serde(default)]
    #[schemars(example = &"UTF-8")]
    pub charset: Option<String>,
    /// Headers of the answer: each `present`, `absent`, or a mapping with `equals`, `matches` or `echoes`.
    #[serde(default)]
    #[schemars(example = json!({"ETag": {"matches": "^W/\".+\"$"}, "Last-Modified": "present"}),
        example = json!({"X-Correlation-ID": {"echoes": "X-Request-ID"}}))]
    pub header: IndexMap<String, HeaderExpectation>,
    /// Whether there is a body at all: `empty` or `present`.
    #[serde(default)]
    #[schemars(example = &"empty")]
    pub body: Option<BodyExpectation>,
    /// The time that the answer may take, of each page. More is a warning; with `required`, a failure.
    #[serde(default)]
    #[schemars(example = &"2s", example = json!({"required": "5s"}))]
    pub within: Option<TimeBudget>,
    /// A JSON Schema that the body meets, for what is not FHIR: a file below the standard's folder, or the schema.
    #[serde(default)]
    #[schemars(example = &"data/smart-configuration.schema.json",
        example = json!({"type": "object", "required": ["token_endpoint"]}))]
    pub json_schema: Option<SchemaSource>,
    /// The resource type of the body.
    #[serde(default)]
    #[schemars(example = &"Patient")]
    pub resource: Option<String>,
    /// The body as a Bundle.
    #[serde(default)]
    #[schemars(example = json!({"type": "searchset", "count": {"min": 1, "max": 3}}))]
    pub bundle: Option<BundleExpectation>,
    /// What holds for every entry of a Bundle; those that match, unless `mode` says otherwise.
    #[serde(default)]
    #[schemars(example = json!({"resource": "Patient", "matchesSearch": true}),
        example = json!([{"resource": "Observation"}, {"mode": "include", "resource": "Patient"}]))]
    pub every_entry: Option<OneOrMany<EntryExpectation>>,
    /// What holds for at least one entry of a Bundle: all of it for the same one.
    #[serde(default)]
    #[schemars(example = json!({"resource": "Observation", "fhirpath": "id = '${observationId}'"}))]
    pub any_entry: Option<OneOrMany<EntryExpectation>>,
    /// The parameters that the `self` link of a search names.
    #[serde(default)]
    #[schemars(example = ["identifier"])]
    pub self_link: Vec<String>,
    /// That the `next` links lead through all pages and end. Does not apply where all fits on one page.
    #[serde(default)]
    #[schemars(example = true)]
    pub paging: Option<bool>,
    /// The body as an `OperationOutcome` with errors.
    #[serde(default)]
    #[schemars(example = json!({"code": ["invalid"], "coding": {"code": "INVALID_NHS_NUMBER"}}), example = json!({}))]
    pub operation_outcome: Option<OutcomeExpectation>,
    /// Profiles or types, by canonical URL, that the body conforms to.
    #[serde(default)]
    #[schemars(example = &"https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1")]
    pub conforms_to: Option<OneOrMany<String>>,
    /// That the body has no element and no extension that nothing loaded defines.
    #[serde(default)]
    #[schemars(example = true)]
    pub only_known_elements: bool,
    /// FHIRPath expressions that are true of the body, or give a value.
    #[serde(default)]
    #[schemars(example = &"meta.profile.exists()",
        example = json!({"says": "that the version is the one that was read", "path": "meta.versionId",
        "equals": "${versionId}"}))]
    pub fhirpath: Option<OneOrMany<PathExpectation>>,
    /// Where every reference of the body leads: to an entry of the `bundle` or a contained resource, or to a record
    /// of the `endpoint`.
    #[serde(default)]
    #[schemars(example = &"bundle")]
    pub resolves: Option<Resolves>,
    /// Values of the answer, or of the request, each compared with another by an operator.
    #[serde(default)]
    #[schemars(example = json!({"of": "status", "operator": "notIn", "value": "500,501"}),
        example = json!([{"of": {"header": "ETag"}, "operator": "notEmpty"},
        {"of": {"fhirpath": "total"}, "operator": "greaterThan", "value": "0"}]))]
    pub compare: Option<OneOrMany<Comparison>>,
    /// Resources whose content the body has, whatever it has besides.
    #[serde(default)]
    #[schemars(example = json!({"resource": "data/patient-a.json"}), example = json!({"answer": "created"}))]
    pub contains: Option<OneOrMany<Content>>,
    /// Alternatives: all of at least one of these groups holds.
    #[serde(default)]
    #[schemars(example = json!([{"status": 200, "bundle": {"count": 0}}, {"status": 404, "operationOutcome": {}}]))]
    pub any_of: Vec<Expectation>,
}

impl Expectation {
    /// The profiles that the body or its entries are judged against.
    pub fn profiles(&self) -> impl Iterator<Item = &String> {
        // Of entries that are chosen by what they hold, not all are judged.
        let entries =
            self.every_entry.iter().flat_map(OneOrMany::all).filter(|entry| entry.condition.is_none());
        let of_entries = entries.filter_map(|entry| entry.conforms_to.as_ref());
        self.conforms_to.iter().chain(of_entries).flat_map(OneOrMany::all)
    }

    /// Whether it looks at the body as a FHIR resource.
    #[must_use]
    pub fn reads_resource(&self) -> bool {
        self.resource.is_some()
            || self.bundle.is_some()
            || !self.self_link.is_empty()
            || self.paging == Some(true)
            || self.operation_outcome.is_some()
            || self.conforms_to.is_some()
            || self.only_known_elements
            || self.fhirpath.is_some()
            || self.every_entry.is_some()
            || self.any_entry.is_some()
            || self.resolves.is_some()
            || self.contains.is_some()
    }
}
