//! What is expected of a Bundle and of its entries.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Count, PathExpectation};
use crate::standard::OneOrMany;

/// What is expected of a Bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BundleExpectation {
    /// Its type.
    #[serde(rename = "type", default)]
    #[schemars(example = &"searchset")]
    pub kind: Option<String>,
    /// How many entries match, over all pages that were followed.
    #[serde(default)]
    #[schemars(example = 1, example = serde_json::json!({"min": 1, "max": 3}))]
    pub count: Option<Count>,
    /// How many entries are included with the matches (`search.mode` is `include`), over all pages.
    #[serde(default)]
    #[schemars(example = serde_json::json!({"min": 1}))]
    pub included: Option<Count>,
    /// How many entries speak of the search itself (`search.mode` is `outcome`), over all pages.
    #[serde(default)]
    #[schemars(example = 0)]
    pub outcomes: Option<Count>,
}

/// Why an entry is in a Bundle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EntryMode {
    /// It matches the search, or there is no mode.
    #[default]
    Match,
    /// It was included with a match.
    Include,
    /// It speaks of the search itself.
    Outcome,
    /// Whatever the reason.
    Any,
}

/// What holds for entries of a Bundle. With no entry it is not demonstrated.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EntryExpectation {
    /// Which entries are meant: `match`, `include`, `outcome` or `any`; those that match, if not given.
    #[serde(default)]
    #[schemars(example = &"include")]
    pub mode: EntryMode,
    /// Which of them are meant: those of whose resource this FHIRPath is true; all, if not given.
    #[serde(default, rename = "where")]
    #[schemars(example = &"meta.profile.exists()")]
    pub condition: Option<String>,
    /// Its resource type.
    #[serde(default)]
    #[schemars(example = &"Observation")]
    pub resource: Option<String>,
    /// Profiles or types that it conforms to.
    #[serde(default)]
    #[schemars(example = &"https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Observation-1")]
    pub conforms_to: Option<OneOrMany<String>>,
    /// That it meets the search parameters that were sent, by FHIR's rules for each type of parameter: all
    /// of them (`true`), or those named.
    #[serde(default)]
    #[schemars(example = true, example = ["family"])]
    pub matches_search: Option<SearchMatch>,
    /// FHIRPath expressions that are true of the entry's resource.
    #[serde(default)]
    #[schemars(example = &"status.exists()")]
    pub fhirpath: Option<OneOrMany<PathExpectation>>,
    /// That it has no element and no extension that nothing loaded defines.
    #[serde(default)]
    #[schemars(example = true)]
    pub only_known_elements: bool,
}

impl EntryExpectation {
    /// Whether it asks for nothing, whichever entries it names.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let bare = Self { mode: EntryMode::default(), condition: None, ..self.clone() };
        bare == Self::default()
    }
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

/// Where the references of an answer lead to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Resolves {
    /// To an entry of the same Bundle, or to a contained resource.
    Bundle,
    /// To a record that the endpoint gives when it is asked for it.
    Endpoint,
}
