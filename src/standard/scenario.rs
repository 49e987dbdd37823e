//! Scenarios as authored: requests in order, and what is expected of each answer.
//!
//! The language is documented in docs/scenarios.md; its JSON Schema is made from these types.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Condition;

/// One scenario: a file in `scenarios/` holds one, or a list of them.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Scenario {
    /// Its id, unique within the standard: lower-case words with hyphens.
    #[schemars(regex(pattern = r"^[a-z0-9]+(-[a-z0-9]+)*$"))]
    pub scenario: String,
    /// What it shows, in words.
    pub title: String,
    /// The requirements that it verifies.
    #[schemars(length(min = 1))]
    pub verifies: Vec<String>,
    /// The logical data that it uses, names of `data` in standard.yaml.
    #[serde(default)]
    pub needs: Vec<String>,
    /// When it applies; always, if not given.
    #[serde(default)]
    pub when: Option<Condition>,
    /// Values that the scenario is repeated for.
    #[serde(default)]
    pub matrix: Option<Matrix>,
    /// What is done, in order.
    #[schemars(length(min = 1))]
    pub steps: Vec<Step>,
}

/// Values that a scenario is repeated for.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Matrix {
    /// A case for every combination of the values.
    Product(IndexMap<String, Vec<String>>),
    /// A case for every row.
    Rows(Vec<IndexMap<String, String>>),
}

impl Matrix {
    /// The names of its values.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Product(lists) => lists.keys().map(String::as_str).collect(),
            Self::Rows(rows) => rows.iter().flat_map(|row| row.keys()).map(String::as_str).collect(),
        }
    }

    /// The values of each case, in order.
    #[must_use]
    pub fn cases(&self) -> Vec<IndexMap<String, String>> {
        match self {
            Self::Rows(rows) => rows.clone(),
            Self::Product(lists) => lists.iter().fold(vec![IndexMap::new()], |cases, (name, values)| {
                let extended = cases.iter().flat_map(|case| {
                    values.iter().map(|value| {
                        let mut case = case.clone();
                        case.insert(name.clone(), value.clone());
                        case
                    })
                });
                extended.collect()
            }),
        }
    }
}

/// One value or a list of them.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOrMany<T> {
    /// One.
    One(T),
    /// Several.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// All of them.
    pub fn all(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// One step: a request, what is expected of its answer, and what is kept of it for later steps. Exactly one
/// of `read`, `search`, `capabilities` and `request` says which request.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Step {
    /// What it does, in words; made from the request, if not given.
    #[serde(default)]
    pub name: Option<String>,
    /// Reads a resource: `Patient/${patientId}`.
    #[serde(default)]
    pub read: Option<String>,
    /// Searches a resource type by `params`: `Patient`.
    #[serde(default)]
    pub search: Option<String>,
    /// Reads the `CapabilityStatement`.
    #[serde(default)]
    pub capabilities: Option<bool>,
    /// Any other request.
    #[serde(default)]
    pub request: Option<RawRequest>,
    /// Values that earlier steps must have shown, though this one does not use them: without them it means
    /// nothing and is not demonstrated.
    #[serde(default)]
    pub requires: Vec<String>,
    /// Parameters of the query, encoded as they are sent; a list repeats the parameter.
    #[serde(default)]
    pub params: IndexMap<String, OneOrMany<String>>,
    /// Headers of the request. `Accept` asks for JSON, or else XML, if not given.
    #[serde(default)]
    pub headers: IndexMap<String, String>,
    /// Follows the `next` links of a search, up to this many pages.
    #[serde(default)]
    #[schemars(range(min = 2, max = 100))]
    pub pages: Option<u32>,
    /// What is expected. In a list, each group without `verifies` must hold for the later ones, and the
    /// later steps, to mean anything; a group with `verifies` speaks for its own requirements only.
    #[serde(default)]
    pub expect: Option<OneOrMany<Expectation>>,
    /// Values to keep, each a FHIRPath on the body, for `${name}` in later steps.
    #[serde(default)]
    pub capture: IndexMap<String, String>,
}

/// A request that is none of the usual ones.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawRequest {
    /// Its method: `GET`, `POST` …
    pub method: String,
    /// Its path below the base address.
    pub path: String,
    /// Its body, sent as it is.
    #[serde(default)]
    pub body: Option<String>,
}

/// What is expected of an answer. Everything that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Expectation {
    /// The requirements that these checks verify, instead of the scenario's.
    #[serde(default)]
    pub verifies: Vec<String>,
    /// The status: a number, a class such as `4xx`, or a list of these.
    #[serde(default)]
    pub status: Option<OneOrMany<StatusPattern>>,
    /// The media type. In a list, the first is right and the others pass with a warning.
    #[serde(default)]
    pub content_type: Option<OneOrMany<String>>,
    /// The character set that `Content-Type` names and the body has.
    #[serde(default)]
    pub charset: Option<String>,
    /// Headers of the answer.
    #[serde(default)]
    pub header: IndexMap<String, HeaderExpectation>,
    /// The resource type of the body.
    #[serde(default)]
    pub resource: Option<String>,
    /// The body as a Bundle.
    #[serde(default)]
    pub bundle: Option<BundleExpectation>,
    /// What holds for every matching entry of a Bundle.
    #[serde(default)]
    pub every_entry: Option<EntryExpectation>,
    /// The parameters that the `self` link of a search names.
    #[serde(default)]
    pub self_link: Vec<String>,
    /// That the `next` links lead through all pages and end. Does not apply where all fits on one page.
    #[serde(default)]
    pub paging: Option<bool>,
    /// The body as an `OperationOutcome` with errors.
    #[serde(default)]
    pub operation_outcome: Option<OutcomeExpectation>,
    /// Profiles or types, by canonical URL, that the body conforms to.
    #[serde(default)]
    pub conforms_to: Option<OneOrMany<String>>,
    /// FHIRPath expressions that are true of the body.
    #[serde(default)]
    pub fhirpath: Option<OneOrMany<PathExpectation>>,
}

/// A status or a class of them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum StatusPattern {
    /// One status.
    Exact(u16),
    /// A class: `2xx`.
    Class(#[schemars(regex(pattern = r"^[1-5]xx$"))] String),
}

impl StatusPattern {
    /// Whether a status is meant.
    #[must_use]
    pub fn matches(&self, status: u16) -> bool {
        match self {
            Self::Exact(exact) => *exact == status,
            Self::Class(class) => class.starts_with(&(status / 100).to_string()),
        }
    }
}

impl std::fmt::Display for StatusPattern {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exact(exact) => write!(formatter, "{exact}"),
            Self::Class(class) => formatter.write_str(class),
        }
    }
}

/// What is expected of a header.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum HeaderExpectation {
    /// That it is there.
    Present,
    /// That it is not there.
    Absent,
    /// That it has exactly this value.
    Equals(String),
    /// That it matches this regular expression.
    Matches(String),
}

/// What is expected of a Bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BundleExpectation {
    /// Its type.
    #[serde(rename = "type", default)]
    pub kind: Option<String>,
    /// How many entries match, over all pages that were followed.
    #[serde(default)]
    pub count: Option<Count>,
}

/// A number of things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Count {
    /// So many.
    Exactly(usize),
    /// Within bounds.
    Between(Bounds),
}

/// Bounds of a number; both count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// The least.
    #[serde(default)]
    pub min: usize,
    /// The most; any number, if not given.
    #[serde(default)]
    pub max: Option<usize>,
}

impl Count {
    /// Whether a number is meant.
    #[must_use]
    pub fn matches(self, number: usize) -> bool {
        match self {
            Self::Exactly(exact) => number == exact,
            Self::Between(Bounds { min, max }) => number >= min && max.is_none_or(|max| number <= max),
        }
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exactly(exact) => write!(formatter, "{exact}"),
            Self::Between(Bounds { min, max: None }) => write!(formatter, "at least {min}"),
            Self::Between(Bounds { min, max: Some(max) }) => write!(formatter, "{min} to {max}"),
        }
    }
}

/// What holds for every entry of a Bundle that matches the search. With no entry it is not demonstrated.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EntryExpectation {
    /// Its resource type.
    #[serde(default)]
    pub resource: Option<String>,
    /// Profiles or types that it conforms to.
    #[serde(default)]
    pub conforms_to: Option<OneOrMany<String>>,
    /// That it meets the search parameters that were sent, by FHIR's rules for each type of parameter: all
    /// of them (`true`), or those named.
    #[serde(default)]
    pub matches_search: Option<SearchMatch>,
    /// FHIRPath expressions that are true of the entry's resource.
    #[serde(default)]
    pub fhirpath: Option<OneOrMany<PathExpectation>>,
}

/// Which of the parameters sent an entry is checked against.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum SearchMatch {
    /// All of them, or none.
    All(bool),
    /// Those named.
    Only(Vec<String>),
}

impl SearchMatch {
    /// Whether a parameter is meant.
    #[must_use]
    pub fn includes(&self, parameter: &str) -> bool {
        match self {
            Self::All(all) => *all,
            Self::Only(names) => names.iter().any(|name| name == parameter),
        }
    }
}

/// What is expected of an `OperationOutcome`: at least one issue, each with severity and code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OutcomeExpectation {
    /// Does not apply where there is no body.
    #[serde(default)]
    pub if_body: bool,
    /// Issue types of which one issue has one.
    #[serde(default)]
    pub code: Vec<String>,
}

/// A FHIRPath expression that is expected to be true.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum PathExpectation {
    /// The expression alone.
    Expression(String),
    /// The expression with what it means.
    Explained(ExplainedPath),
}

/// A FHIRPath expression with what it means.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainedPath {
    /// What is checked, in words.
    pub says: String,
    /// The expression.
    pub path: String,
    /// What to do where it is false.
    #[serde(default)]
    pub hint: Option<String>,
}

impl PathExpectation {
    /// The expression.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Expression(path) => path,
            Self::Explained(explained) => &explained.path,
        }
    }
}

impl Scenario {
    /// The ids of all requirements that it verifies, in any of its groups.
    pub fn all_verified(&self) -> impl Iterator<Item = &String> {
        let groups = self.steps.iter().flat_map(Step::expectations);
        self.verifies.iter().chain(groups.flat_map(|group| &group.verifies))
    }
}

impl Step {
    /// The groups of checks.
    #[must_use]
    pub fn expectations(&self) -> &[Expectation] {
        self.expect.as_ref().map_or(&[], OneOrMany::all)
    }

    /// How many of the kinds of request it names; one is right.
    #[must_use]
    pub fn kinds(&self) -> usize {
        usize::from(self.read.is_some())
            + usize::from(self.search.is_some())
            + usize::from(self.capabilities == Some(true))
            + usize::from(self.request.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_has_a_case_for_every_combination() {
        let matrix: Matrix = serde_json::from_str(r#"{"a":["1","2"],"b":["x","y","z"]}"#).unwrap();
        let cases = matrix.cases();
        assert_eq!(cases.len(), 6);
        assert_eq!((cases[4]["a"].as_str(), cases[4]["b"].as_str()), ("2", "y"));
    }

    #[test]
    fn statuses_and_counts() {
        assert!(StatusPattern::Class("4xx".into()).matches(404));
        assert!(!StatusPattern::Class("4xx".into()).matches(500));
        assert!(Count::Between(Bounds { min: 2, max: None }).matches(2));
        assert!(!Count::Between(Bounds { min: 0, max: Some(1) }).matches(2));
    }
}
