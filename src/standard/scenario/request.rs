//! The kinds of request that a step can make.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Body, Step};

/// The way that a search or operation is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
pub enum Method {
    /// The parameters in the address.
    #[serde(rename = "GET")]
    Get,
    /// The parameters of a search in a form; those of an operation in `parameters` or `body`.
    #[serde(rename = "POST")]
    Post,
}

/// A request that is none of the usual ones.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawRequest {
    /// Its method: `GET`, `POST` …
    #[schemars(example = &"TRACE")]
    pub method: String,
    /// Its path below the base address, put in as it is.
    #[schemars(example = &"Patient/1/_history")]
    pub path: String,
    /// Its body. The step's own `body` does as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"This is not a FHIR resource.")]
    pub body: Option<Body>,
}

/// One request within a batch or transaction.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct BundleRequest {
    /// Its method: `GET`, `POST`, `PUT`, `DELETE`.
    #[schemars(example = &"POST")]
    pub method: String,
    /// Its address below the base address, put in as it is.
    #[schemars(example = &"Patient")]
    pub url: String,
    /// The `fullUrl` of the entry, by which others refer to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"urn:uuid:${uuid}")]
    pub full_url: Option<String>,
    /// The resource: its structure, or a JSON file below the standard's folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"data/patient-a.json")]
    pub resource: Option<serde_json::Value>,
    /// The version that the resource must have to be changed, as in the header `If-Match`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"W/\"1\"")]
    pub if_match: Option<String>,
    /// The search that must find nothing for the resource to be made, as in the header `If-None-Exist`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"identifier=https://fhir.nhs.uk/Id/nhs-number|9990000018")]
    pub if_none_exist: Option<String>,
}

/// The request of a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Action<'s> {
    /// GET of a resource, or of one version of it.
    Read(&'s str),
    /// A search of a resource type, or within a compartment.
    Search(&'s str),
    /// POST of a new resource of a type.
    Create(&'s str),
    /// PUT of a resource; of a type with `params`, a conditional one.
    Update(&'s str),
    /// PATCH of a resource; of a type with `params`, a conditional one.
    Patch(&'s str),
    /// DELETE of a resource; of a type with `params`, a conditional one.
    Delete(&'s str),
    /// An operation on the system, a type or a resource.
    Operation(&'s str),
    /// A Bundle of requests, and its type.
    Bundle(&'static str, &'s [BundleRequest]),
    /// GET of the `CapabilityStatement`.
    Capabilities,
    /// Any other request.
    Raw(&'s RawRequest),
    /// None: the answer that an earlier step kept under a name.
    Answer(&'s str),
    /// None: something that cannot be done, and why.
    NotSupported(&'s str),
}

/// The keys that say which request a step makes, if it makes one.
pub const ACTIONS: [&str; 14] = [
    "read",
    "vread",
    "search",
    "create",
    "update",
    "patch",
    "delete",
    "operation",
    "batch",
    "transaction",
    "capabilities",
    "request",
    "answer",
    "notSupported",
];

impl Step {
    /// The requests that it names, each with its key; one is right.
    #[must_use]
    pub fn actions(&self) -> Vec<(&'static str, Action<'_>)> {
        let capabilities = (self.capabilities == Some(true)).then_some(Action::Capabilities);
        let all = [
            self.read.as_deref().map(Action::Read),
            self.vread.as_deref().map(Action::Read),
            self.search.as_deref().map(Action::Search),
            self.create.as_deref().map(Action::Create),
            self.update.as_deref().map(Action::Update),
            self.patch.as_deref().map(Action::Patch),
            self.delete.as_deref().map(Action::Delete),
            self.operation.as_deref().map(Action::Operation),
            self.batch.as_deref().map(|requests| Action::Bundle("batch", requests)),
            self.transaction.as_deref().map(|requests| Action::Bundle("transaction", requests)),
            capabilities,
            self.request.as_ref().map(Action::Raw),
            self.answer.as_deref().map(Action::Answer),
            self.not_supported.as_deref().map(Action::NotSupported),
        ];
        ACTIONS.into_iter().zip(all).filter_map(|(key, action)| Some((key, action?))).collect()
    }

    /// The request that it makes, of a step that was checked.
    #[must_use]
    pub fn action(&self) -> Option<Action<'_>> {
        self.actions().first().map(|(_, action)| *action)
    }

    /// The method of its request.
    #[must_use]
    pub fn http_method(&self) -> &str {
        let posts = self.method == Some(Method::Post);
        match self.action() {
            Some(Action::Search(_)) if posts => "POST",
            Some(Action::Operation(_)) if posts || self.parameters.is_some() || self.body.is_some() => "POST",
            Some(Action::Create(_) | Action::Bundle(..)) => "POST",
            Some(Action::Update(_)) => "PUT",
            Some(Action::Patch(_)) => "PATCH",
            Some(Action::Delete(_)) => "DELETE",
            Some(Action::Raw(raw)) => &raw.method,
            Some(Action::Answer(_) | Action::NotSupported(_)) => "",
            Some(Action::Read(_) | Action::Search(_) | Action::Operation(_) | Action::Capabilities)
            | None => "GET",
        }
    }

    /// The path of its request below the base address, not yet encoded.
    #[must_use]
    pub fn path(&self) -> String {
        match self.action() {
            Some(Action::Search(path)) if self.method == Some(Method::Post) => format!("{path}/_search"),
            Some(
                Action::Read(path)
                | Action::Search(path)
                | Action::Create(path)
                | Action::Update(path)
                | Action::Patch(path)
                | Action::Delete(path)
                | Action::Operation(path),
            ) => path.to_owned(),
            Some(Action::Bundle(..) | Action::Answer(_) | Action::NotSupported(_)) => String::new(),
            Some(Action::Raw(raw)) => raw.path.clone(),
            Some(Action::Capabilities) | None => "metadata".to_owned(),
        }
    }

    /// Every body that it sends, wherever it is written.
    pub fn bodies(&self) -> impl Iterator<Item = &Body> {
        self.body.iter().chain(self.request.iter().filter_map(|raw| raw.body.as_ref()))
    }

    /// The requests of a batch or transaction.
    #[must_use]
    pub fn bundled(&self) -> &[BundleRequest] {
        self.batch.as_deref().or(self.transaction.as_deref()).unwrap_or_default()
    }
}
