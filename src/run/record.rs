//! The run record: everything that happened in a run, and the only source of every report.
//!
//! Saved as `run.json`; `docs/schemas/run.schema.json` is made from these types.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BaselineRun, Verdict, WaiverResult};
use crate::check::{CheckResult, MustSupportResult, Outcome};
use crate::standard::{Aspect, Clause, Level, Maturity, Method, Role};

/// The version of the form of `run.json`. A reader refuses another major number.
pub const SCHEMA_VERSION: &str = "2.0";

/// Everything that happened in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunRecord {
    /// The version of this form.
    pub schema_version: String,
    /// What judged.
    pub tool: Tool,
    /// The standards that were judged by, with their verdicts.
    pub standards: Vec<StandardResult>,
    /// Whose product it was, as configured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<Supplier>,
    /// What was asked.
    pub endpoint: Endpoint,
    /// When the run began, RFC 3339 in UTC.
    pub started: String,
    /// When it ended.
    pub ended: String,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// Whether it was interrupted before every scenario had run.
    #[serde(default)]
    pub interrupted: bool,
    /// When it was judged: at its end, or later, from its recording. RFC 3339 in UTC.
    pub judged: String,
    /// How it was run.
    pub settings: Settings,
    /// The terminology service that was asked about codes, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminology: Option<TerminologyUse>,
    /// What it was given besides the standard: the data, the moment and the seed. The file is private.
    pub inputs: FileDigest,
    /// The earlier run that it is compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineRun>,
    /// The data that the scenarios used, and where it came from.
    pub data: Vec<DataUse>,
    /// Every requirement of the role under test, in the order of the standard.
    pub requirements: Vec<RequirementResult>,
    /// Every case of every scenario, in the order of the plan.
    pub scenarios: Vec<ScenarioResult>,
    /// Every request and its response, in the order of the plan.
    pub exchanges: Vec<ExchangeSummary>,
}

/// The tool that judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// Whose product was tested, in the words of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Supplier {
    /// The supplier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// The product's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The environment that was tested, for instance `integration`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Who ran the test.
    #[serde(default, rename = "testedBy", skip_serializing_if = "Option::is_none")]
    pub tested_by: Option<String>,
}

/// The address that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Endpoint {
    /// The base address, credentials left out.
    pub url: String,
    /// Further base addresses, by the names that the standard gives them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub others: BTreeMap<String, String>,
}

/// Bounds and numbers of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// The rule that says which requirements bind.
    pub policy: String,
    /// How many scenarios ran side by side.
    pub jobs: usize,
    /// How long one request may take, in milliseconds.
    pub timeout_ms: u64,
    /// How large a body may be, in bytes.
    pub max_body_bytes: u64,
    /// Which of the scenarios were chosen, in words; all, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<String>,
}

/// What a terminology service told of codes that the packages do not tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TerminologyUse {
    /// Its address, credentials left out.
    pub service: String,
    /// The name and version of its software, if it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software: Option<String>,
    /// How many questions came up: a code of a system, or of a value set.
    pub questions: usize,
    /// How many of these it could not tell, or did not answer: they count as unknown.
    pub unanswered: usize,
    /// The file of the questions and answers, relative to the run's folder. It is private.
    pub file: String,
    /// The digest of that file: HMAC-SHA256 of its sha256, hexadecimal, keyed by the seed of `private/inputs.json`, so
    /// that nobody can guess what was asked.
    pub original: String,
}

/// A standard and the verdict by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StandardResult {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// The sha256 of all its files, hexadecimal.
    pub digest: String,
    /// Its maturity.
    pub maturity: MaturityResult,
    /// The role that was tested.
    pub role: Role,
    /// The areas covered, in order: key and title.
    pub areas: IndexMap<String, String>,
    /// What the standard has and this test of it does not cover.
    #[serde(default)]
    pub not_covered: Vec<String>,
    /// What systems may offer of it, by key, each with its own verdict.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub capabilities: IndexMap<String, CapabilityResult>,
    /// The verdict.
    pub verdict: Verdict,
    /// The verdict in one sentence, with the counts that matter.
    pub sentence: String,
    /// The counts.
    pub counts: Counts,
}

/// A part of a standard that a system may offer, and the verdict for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CapabilityResult {
    /// Its title.
    pub title: String,
    /// The keys of the areas whose requirements are asked for it.
    pub areas: Vec<String>,
    /// The verdict by these requirements alone, as for the standard; none where the system does not claim it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// The counts of these requirements.
    pub counts: Counts,
}

/// A maturity, in our words and the publisher's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MaturityResult {
    /// In our words.
    pub status: Maturity,
    /// In the publisher's.
    pub label: String,
}

/// How many requirements came out how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Mandatory, binding and automated ones that apply.
    pub mandatory: usize,
    /// Of these, passed.
    pub mandatory_passed: usize,
    /// Of these, failed.
    pub mandatory_failed: usize,
    /// Of these, not shown or not determined.
    pub mandatory_open: usize,
    /// Of these, neither passed, but covered by a valid waiver.
    #[serde(default)]
    pub mandatory_waived: usize,
    /// Waivers whose last day was over when the run ended; they do not count.
    #[serde(default)]
    pub expired_waivers: usize,
    /// Failed ones that do not decide: SHOULD, MAY, or not binding.
    pub advisory_failed: usize,
    /// Automated ones that do not apply.
    pub not_applicable: usize,
    /// Mandatory ones among these that were not tested, because the supplier named no data for them.
    #[serde(default)]
    pub not_tested: usize,
    /// Those that await a declaration, a document or a witness.
    pub to_be_declared: usize,
}

/// A file of the run's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileDigest {
    /// The file, relative to the run's folder.
    pub file: String,
    /// The sha256 of it, hexadecimal.
    pub sha256: String,
}

/// Data that scenarios used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DataUse {
    /// Its logical name.
    pub name: String,
    /// Where it came from.
    pub source: DataSource,
}

/// Where data came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DataSource {
    /// The standard's own synthetic record, which the supplier is taken to have loaded.
    Example,
    /// The supplier's configuration.
    Configured,
    /// Another record of the server, which has all that is needed and takes the place of the example.
    Discovered,
    /// Nowhere: optional data that the supplier did not name.
    Missing,
}

/// A requirement and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RequirementResult {
    /// Its id.
    pub id: String,
    /// How binding its words are.
    pub level: Level,
    /// The level is our reading; the source has no key word.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub implied: bool,
    /// Key of its area.
    pub area: String,
    /// What it is about; transport, if not given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aspects: Vec<Aspect>,
    /// What it says.
    pub text: String,
    /// Where the specification says so.
    pub clause: Clause,
    /// How finished the artefact is that it rests on.
    pub maturity: Maturity,
    /// Whether it can decide the verdict.
    pub binding: bool,
    /// How it is verified.
    pub method: Method,
    /// The question to the supplier, where it is not automated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// What a reader should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// Why it is neither pass nor fail, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The waiver that it has. It does not change the outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<WaiverResult>,
    /// What came of it in the baseline run, if there is one and it was asked there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Outcome>,
    /// Which must-support elements of its profile the answers showed, where it asks for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub must_support: Option<MustSupportResult>,
    /// Ids of the scenario cases that verify it.
    pub scenarios: Vec<String>,
}

/// One case of a scenario and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScenarioResult {
    /// Its id: that of the scenario, and the values of the case in brackets.
    pub id: String,
    /// What it shows, in words.
    pub title: String,
    /// The requirements that it verifies.
    pub verifies: Vec<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// Why it is neither pass nor fail, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// Its steps, in order.
    pub steps: Vec<StepResult>,
}

/// One step and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepResult {
    /// What was done: the author's words, or the request.
    pub name: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Why it did not run, or could not be judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Ids of its exchanges.
    pub exchanges: Vec<String>,
    /// Its checks, in order.
    pub checks: Vec<CheckResult>,
    /// A `curl` line that repeats its first request, secrets left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curl: Option<String>,
}

/// One request and its response, in short; the whole is in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeSummary {
    /// Its id.
    pub id: String,
    /// The evidence file, relative to the run's folder.
    pub file: String,
    /// The sha256 of that file, hexadecimal.
    pub sha256: String,
    /// The digest of the original in the private folder, of which that file is the shareable form: HMAC-SHA256 of its
    /// sha256, hexadecimal, keyed by the seed of `private/inputs.json`, so that nobody can guess what was taken out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub original: String,
    /// The request's method.
    pub method: String,
    /// The request's address, credentials left out.
    pub url: String,
    /// The response's status, if there was a response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// That it was answered only when it was repeated, and what came before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flaky: Option<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}
