//! The data contract: the records that a supplier must hold, and how they are found in a server.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::OneOrMany;

/// Parameters of a search.
pub type Parameters = IndexMap<String, OneOrMany<String>>;

/// The value that every record has: its logical id on the server, once it was found there.
pub const LOGICAL_ID: &str = "id";

/// One record that a supplier must hold.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataNeed {
    /// Its resource type.
    pub resource: String,
    /// What it must have: in words, or with the FHIRPath that tells.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// A synthetic record that fits, which a supplier may load: a file below the standard's folder.
    #[serde(default)]
    pub example: Option<String>,
    /// Values in place of a record, for what the server does not show: somebody who is not registered, say. They are
    /// neither loaded nor looked for.
    #[serde(default)]
    pub given: IndexMap<String, String>,
    /// The values that scenarios use of it, each a FHIRPath on the record.
    #[serde(default)]
    pub values: IndexMap<String, String>,
    /// Whether scenarios that need it are passed over where the supplier does not name it.
    #[serde(default)]
    pub optional: bool,
    /// Whether it is a record that the server once held and has deleted, so that reading it is answered 410.
    #[serde(default)]
    pub deleted: bool,
    /// The search that finds the record whose values are known. `${VALUE}` is a value of its own, `${NAME.VALUE}` one
    /// of an earlier record, and `${NAME.id}` the logical id of that record on the server.
    #[serde(default)]
    pub find: Option<Parameters>,
    /// The search whose results are looked through for a record that meets every need, where the server does not hold
    /// the example. It may use `${NAME.VALUE}` and `${NAME.id}` of earlier records.
    #[serde(default)]
    pub discover: Option<Parameters>,
}

/// One thing that a record must have.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Need {
    /// In words.
    Words(String),
    /// In words, with what tells whether a record has it.
    Condition(NeedCondition),
}

/// What a record must have, and how to tell.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NeedCondition {
    /// In words.
    pub text: String,
    /// FHIRPath on the record that is true where it has it. Within its strings, `${NAME.VALUE}` is a value of an
    /// earlier record.
    pub holds: String,
}

impl Need {
    /// In words.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Words(text) | Self::Condition(NeedCondition { text, .. }) => text,
        }
    }

    /// The FHIRPath that tells, if there is one.
    #[must_use]
    pub fn holds(&self) -> Option<&str> {
        match self {
            Self::Words(_) => None,
            Self::Condition(condition) => Some(&condition.holds),
        }
    }
}

impl DataNeed {
    /// The names of its values.
    pub fn value_names(&self) -> impl Iterator<Item = &String> {
        self.values.keys().chain(self.given.keys())
    }

    /// All that it must have, in words.
    #[must_use]
    pub fn words(&self) -> String {
        self.needs.iter().map(Need::text).collect::<Vec<_>>().join("; ")
    }
}
