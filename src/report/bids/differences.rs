//! In what runs were not the same: a comparison is fair only where the test was.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::check::Outcome;
use crate::run::{DataSource, RunRecord};

/// How many hours apart runs may be before that is said.
const HOURS: i64 = 24;

/// Something that was not the same for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// What it is, in words.
    pub what: String,
    /// How much it matters.
    pub weight: Weight,
    /// What it was for each bid, in order.
    pub values: Vec<String>,
}

/// How much a difference matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// The verdicts do not mean the same.
    NotTheSameTest,
    /// A reader should know.
    ToBeKnown,
}

/// All differences, those that matter most first.
pub(super) fn differences(runs: &[(String, RunRecord)]) -> Vec<Difference> {
    let of = |what: &str, weight, value: &dyn Fn(&RunRecord) -> String| {
        let values: Vec<String> = runs.iter().map(|(_, record)| value(record)).collect();
        let differ = values.iter().collect::<BTreeSet<_>>().len() > 1;
        differ.then(|| Difference { what: what.to_owned(), weight, values })
    };
    let standard = |value: fn(&crate::run::StandardResult) -> String| {
        move |record: &RunRecord| record.standards.first().map(value).unwrap_or_default()
    };
    let all = "all scenarios".to_owned();
    let mut found: Vec<Difference> = [
        of("the version of the standard", Weight::NotTheSameTest, &standard(|one| one.version.clone())),
        of("the files of the standard", Weight::NotTheSameTest, &standard(|one| short(&one.digest))),
        of("the rule by which requirements bind", Weight::NotTheSameTest, &|record| {
            record.settings.policy.clone()
        }),
        of("the scenarios that were chosen", Weight::NotTheSameTest, &|record| {
            record.settings.selection.clone().unwrap_or_else(|| all.clone())
        }),
        of("whether the run was interrupted", Weight::NotTheSameTest, &|record| {
            (if record.interrupted { "interrupted" } else { "complete" }).to_owned()
        }),
        of("the tool that judged", Weight::ToBeKnown, &|record| {
            format!("{} {}", record.tool.name, record.tool.version)
        }),
        of("where the test data came from", Weight::ToBeKnown, &data),
        of("the options that are not claimed", Weight::ToBeKnown, &options),
        of("what is waived", Weight::ToBeKnown, &waivers),
        ages(runs),
    ]
    .into_iter()
    .flatten()
    .collect();
    found.sort_by_key(|one| one.weight);
    found
}

fn short(digest: &str) -> String {
    format!("sha256 {}…", digest.chars().take(12).collect::<String>())
}

fn data(record: &RunRecord) -> String {
    let count = |source: DataSource| record.data.iter().filter(|one| one.source == source).count();
    let parts = [
        (DataSource::Example, "the standard's own"),
        (DataSource::Configured, "named by the supplier"),
        (DataSource::Discovered, "discovered"),
        (DataSource::Missing, "missing"),
    ];
    let words: Vec<String> = parts
        .into_iter()
        .filter(|(source, _)| count(*source) > 0)
        .map(|(source, words)| format!("{} {words}", count(source)))
        .collect();
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

fn options(record: &RunRecord) -> String {
    let ids = record.requirements.iter().filter(|one| one.outcome == Outcome::NotApplicable);
    listed(ids.map(|one| one.id.as_str()))
}

fn waivers(record: &RunRecord) -> String {
    listed(record.requirements.iter().filter(|one| one.waiver.is_some()).map(|one| one.id.as_str()))
}

fn listed<'i>(ids: impl Iterator<Item = &'i str>) -> String {
    let ids: Vec<&str> = ids.collect();
    if ids.is_empty() { "none".to_owned() } else { ids.join(", ") }
}

/// When the runs were made, where that is more than a day apart.
fn ages(runs: &[(String, RunRecord)]) -> Option<Difference> {
    let moments: Vec<jiff::Timestamp> =
        runs.iter().filter_map(|(_, record)| record.started.parse().ok()).collect();
    let (oldest, newest) = (moments.iter().min()?, moments.iter().max()?);
    let apart = newest.as_second() - oldest.as_second();
    (apart > HOURS * 3600).then(|| Difference {
        what: "when it was tested".to_owned(),
        weight: Weight::ToBeKnown,
        values: runs.iter().map(|(_, record)| record.started.clone()).collect(),
    })
}
