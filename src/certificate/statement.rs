//! What a certificate says: an in-toto Statement v1 about the files of a run.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Envelope;
use crate::check::Outcome;
use crate::run::{Counts, MaturityResult, RunRecord, Supplier, TerminologyUse, Verdict};
use crate::standard::{Method, Role};

/// The type of in-toto statements.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// The type of what ours say.
pub const PREDICATE_TYPE: &str = "urn:proofmark:certificate:1";

/// A statement about files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Statement {
    /// Always [`STATEMENT_TYPE`].
    #[serde(rename = "_type")]
    pub kind: String,
    /// The files of the run that can be shared, each with its digest.
    pub subject: Vec<Subject>,
    /// Always [`PREDICATE_TYPE`].
    pub predicate_type: String,
    /// What is said of them.
    pub predicate: Predicate,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Its path in the run's folder.
    pub name: String,
    /// Its digest by algorithm; `sha256`, hexadecimal.
    pub digest: BTreeMap<String, String>,
}

/// What is said of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Predicate {
    /// The certificate's id.
    pub id: String,
    /// As what its first signer signs.
    pub issued_as: Signer,
    /// When it was issued, RFC 3339 in UTC.
    pub issued: String,
    /// From when until when it counts.
    pub validity: Validity,
    /// What the run shows; the same is in `run.json`.
    pub run: RunFacts,
    /// What the supplier declares of the requirements that no test shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declared: Vec<Declaration>,
    /// Ids of the mandatory requirements that await a declaration, a document or a witness.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awaiting: Vec<String>,
    /// The tool that made the statement.
    pub tool: ToolDigest,
    /// What a body decided, where it signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// The certificate that the decision rests on, whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rests_on: Option<Envelope>,
}

/// As what somebody signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Signer {
    /// Whose product it is: the run is as it was made.
    Supplier,
    /// Who was there when the run was made.
    Witness,
    /// Who decides what the run is worth.
    Body,
    /// Who keeps a register: signs its events, and no certificates.
    Register,
}

impl std::fmt::Display for Signer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Supplier => "supplier",
            Self::Witness => "witness",
            Self::Body => "body",
            Self::Register => "register",
        })
    }
}

/// First and last day on which something counts, `YYYY-MM-DD`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// The first day.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub from: String,
    /// The last day.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub until: String,
}

/// What a run shows, as its record has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunFacts {
    /// Whose product, which version of it, in which environment.
    pub supplier: Supplier,
    /// The address that was asked.
    pub endpoint: String,
    /// When the run began and ended, and when it was judged.
    pub started: String,
    /// When it ended.
    pub ended: String,
    /// When it was judged.
    pub judged: String,
    /// The tool that judged, with its version.
    pub judged_by: String,
    /// The rule by which requirements bind.
    pub policy: String,
    /// Which scenarios were chosen, where not all were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<String>,
    /// The terminology service that was asked about codes, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminology: Option<TerminologyUse>,
    /// What it was judged by, with the verdict by each.
    pub standards: Vec<StandardFacts>,
    /// Ids of the options that the product does not claim.
    pub not_claimed: Vec<String>,
    /// Ids of the requirements that were not tested or could not be told, with the reason.
    pub not_tested: Vec<NotTested>,
    /// What was waived.
    pub waivers: Vec<WaiverFacts>,
}

/// A standard and the verdict by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StandardFacts {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: String,
    /// The sha256 of all its files, profiles and scenarios included, hexadecimal.
    pub sha256: String,
    /// How finished it is.
    pub maturity: MaturityResult,
    /// The role that was tested.
    pub role: Role,
    /// The verdict.
    pub verdict: Verdict,
    /// The verdict in one sentence.
    pub sentence: String,
    /// The counts.
    pub counts: Counts,
}

/// A requirement that was not tested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotTested {
    /// The requirement.
    pub requirement: String,
    /// Why.
    pub reason: String,
}

/// A waiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaiverFacts {
    /// The requirement.
    pub requirement: String,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approver: String,
    /// The last day on which it counts.
    pub expires: String,
}

/// What a supplier declares of one requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// The requirement.
    pub requirement: String,
    /// Whether it is met.
    pub met: bool,
    /// What shows it: the answer in words, the document, who was witness.
    #[schemars(length(min = 1))]
    pub answer: String,
}

/// The program that made the statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolDigest {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The sha256 of the program's file, hexadecimal.
    pub sha256: String,
}

/// What a body decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Decision {
    /// In the body's words, such as the scheme by which it certifies.
    pub scheme: String,
}

impl RunFacts {
    /// What the record of a run says.
    #[must_use]
    pub fn of(record: &RunRecord) -> Self {
        let of = |outcome: Outcome| record.requirements.iter().filter(move |one| one.outcome == outcome);
        let open = record.requirements.iter().filter(|one| {
            one.method == Method::Automated
                && matches!(one.outcome, Outcome::NotDemonstrated | Outcome::Inconclusive)
        });
        Self {
            supplier: record.supplier.clone().unwrap_or_default(),
            endpoint: record.endpoint.url.clone(),
            started: record.started.clone(),
            ended: record.ended.clone(),
            judged: record.judged.clone(),
            judged_by: format!("{} {}", record.tool.name, record.tool.version),
            policy: record.settings.policy.clone(),
            selection: record.settings.selection.clone(),
            terminology: record.terminology.clone(),
            standards: record
                .standards
                .iter()
                .map(|standard| StandardFacts {
                    id: standard.id.clone(),
                    version: standard.version.clone(),
                    title: standard.title.clone(),
                    sha256: standard.digest.clone(),
                    maturity: standard.maturity.clone(),
                    role: standard.role,
                    verdict: standard.verdict,
                    sentence: standard.sentence.clone(),
                    counts: standard.counts,
                })
                .collect(),
            not_claimed: of(Outcome::NotApplicable).map(|one| one.id.clone()).collect(),
            not_tested: open
                .map(|one| NotTested {
                    requirement: one.id.clone(),
                    reason: one.reason.clone().unwrap_or_else(|| one.outcome.to_string()),
                })
                .collect(),
            waivers: record
                .requirements
                .iter()
                .filter_map(|one| Some((one, one.waiver.as_ref()?)))
                .map(|(one, waiver)| WaiverFacts {
                    requirement: one.id.clone(),
                    reason: waiver.reason.clone(),
                    approver: waiver.approver.clone(),
                    expires: waiver.expires.clone(),
                })
                .collect(),
        }
    }
}

/// Ids of the mandatory requirements of a run that a test cannot show.
#[must_use]
pub fn to_be_declared(record: &RunRecord) -> Vec<String> {
    let declared = record.requirements.iter().filter(|one| {
        one.method != Method::Automated
            && one.binding
            && one.level.is_mandatory()
            && one.outcome != Outcome::NotApplicable
    });
    declared.map(|one| one.id.clone()).collect()
}
