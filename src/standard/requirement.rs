//! Requirements: one testable statement each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Condition;

/// How binding a requirement is, in the words of RFC 2119.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Level {
    /// Must hold.
    #[serde(rename = "SHALL")]
    Shall,
    /// Must not happen.
    #[serde(rename = "SHALL NOT")]
    ShallNot,
    /// Recommended.
    #[serde(rename = "SHOULD")]
    Should,
    /// Advised against.
    #[serde(rename = "SHOULD NOT")]
    ShouldNot,
    /// Optional.
    #[serde(rename = "MAY")]
    May,
}

impl Level {
    /// Whether a failure of such a requirement can decide a verdict.
    #[must_use]
    pub fn is_mandatory(self) -> bool {
        matches!(self, Self::Shall | Self::ShallNot)
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Shall => "SHALL",
            Self::ShallNot => "SHALL NOT",
            Self::Should => "SHOULD",
            Self::ShouldNot => "SHOULD NOT",
            Self::May => "MAY",
        })
    }
}

/// How finished a standard, or the artefact that one requirement rests on, is. Ordered from least to
/// most mature; what is on its way out was once finished and counts as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Maturity {
    /// Not finished; may change without notice.
    Draft,
    /// Published for trial use.
    Trial,
    /// In force.
    Active,
    /// To be replaced.
    Deprecated,
    /// No longer in force.
    Retired,
}

impl Maturity {
    /// Whether something of this maturity is less finished than `other`.
    #[must_use]
    pub fn is_less_than(self, other: Self) -> bool {
        self.min(Self::Active) < other.min(Self::Active)
    }
}

impl std::fmt::Display for Maturity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Draft => "draft",
            Self::Trial => "trial",
            Self::Active => "active",
            Self::Deprecated => "deprecated",
            Self::Retired => "retired",
        })
    }
}

/// What the system under test plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Answers requests.
    #[default]
    Server,
    /// Makes requests.
    Client,
    /// Sends messages.
    Sender,
    /// Receives messages.
    Receiver,
}

impl std::fmt::Display for Role {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Server => "server",
            Self::Client => "client",
            Self::Sender => "sender",
            Self::Receiver => "receiver",
        })
    }
}

/// How a requirement is shown to be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// By scenarios that Proofmark runs.
    #[default]
    Automated,
    /// By the supplier's word, given in answer to the question.
    Declaration,
    /// By a document that the supplier hands in.
    Document,
    /// By a step that somebody watches.
    Witnessed,
}

impl std::fmt::Display for Method {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Automated => "automated",
            Self::Declaration => "declaration",
            Self::Document => "document",
            Self::Witnessed => "witnessed",
        })
    }
}

/// What a requirement is about, as those ask who join systems: does it arrive (the technical aspects), and is it
/// understood (the semantic ones)?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Aspect {
    /// Requests and answers: connection, headers, formats, search, errors.
    Transport,
    /// The shape of records: elements, how many of them, of what type.
    Structure,
    /// Codes, and the value sets that they are bound to.
    Bindings,
    /// Identifiers: their systems, forms and check digits.
    Identifiers,
    /// Units of measure.
    Units,
    /// That something is missing or unknown, and why.
    AbsentData,
}

impl Aspect {
    /// All of them; the technical ones come first.
    pub const ALL: [Self; 6] =
        [Self::Transport, Self::Structure, Self::Bindings, Self::Identifiers, Self::Units, Self::AbsentData];

    /// Whether it is about being understood, rather than about arriving.
    #[must_use]
    pub fn is_semantic(self) -> bool {
        !matches!(self, Self::Transport | Self::Structure)
    }
}

/// Where the specification states a requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// The page, by the publisher's name for it.
    pub page: String,
    /// The section of that page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A profile whose must-support elements the answers of a run show, all of them together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MustSupport {
    /// The canonical URL of the profile.
    pub profile: String,
    /// The ids of the elements that are meant, `Patient.identifier:nhsNumber.value` for instance; those that the
    /// profile flags, if not given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elements: Vec<String>,
}

/// One testable statement of a standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Requirement {
    /// Its stable id.
    pub id: String,
    /// How binding it is.
    pub level: Level,
    /// The source states it without a key word of RFC 2119, so that the level is our reading.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub implied: bool,
    /// Whom it binds.
    #[serde(default)]
    pub role: Role,
    /// The area of the standard that it belongs to, a key of `areas` in standard.yaml.
    pub area: String,
    /// What it is about; transport, if not given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aspects: Vec<Aspect>,
    /// What it says, in plain words.
    pub text: String,
    /// Where the specification says so.
    pub clause: Clause,
    /// How finished the artefact is that it rests on.
    pub maturity: Maturity,
    /// When it applies; always, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// What shows that it is met; scenarios, if not given.
    #[serde(default)]
    pub verified_by: Method,
    /// For automated requirements: the profile whose must-support elements are to be seen in the answers of the run.
    /// Scenarios may verify the requirement as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub must_support: Option<MustSupport>,
    /// For all but automated requirements: the question that the supplier answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// The requirements made from a `CapabilityStatement` (`generate` in standard.yaml) that this one stands for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<String>,
    /// What a reader should know, for instance where sources contradict each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_part_of_a_finished_standard_is_less_mature() {
        assert!(Maturity::Draft.is_less_than(Maturity::Active));
        assert!(Maturity::Trial.is_less_than(Maturity::Retired));
        assert!(!Maturity::Draft.is_less_than(Maturity::Draft));
        assert!(!Maturity::Active.is_less_than(Maturity::Deprecated));
    }
}
