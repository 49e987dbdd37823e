//! What a comparison of bids holds: suppliers as columns, requirements as rows.

use schemars::JsonSchema;
use serde::Serialize;

use super::differences::{Difference, Weight, differences};
use super::weights::Weights;
use crate::check::Outcome;
use crate::report::case::Index;
use crate::report::facts;
use crate::report::standing::{Standing, decides};
use crate::run::{Counts, MaturityResult, RequirementResult, RunRecord, Supplier, Verdict};
use crate::standard::{Level, Maturity, Role};

/// Runs side by side.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Bids {
    /// The standard that all were judged by.
    pub standard: String,
    /// Its title.
    pub title: String,
    /// The role that was tested.
    pub role: Role,
    /// In what the runs were not the same; those that make them hard to compare first.
    pub differences: Vec<Difference>,
    /// The suppliers, in the order given.
    pub bids: Vec<Bid>,
    /// Areas in the order of the standard: key and title.
    pub areas: Vec<(String, String)>,
    /// The requirements, in the order of the standard.
    pub requirements: Vec<Row>,
    /// What the buyer holds important, if they said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<Weights>,
}

/// One supplier's run.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Bid {
    /// What to call it in a column: product and supplier, or the address.
    pub name: String,
    /// Whose product, which version, in which environment.
    pub supplier: Supplier,
    /// The address that was asked.
    pub endpoint: String,
    /// The standard in the version that it was judged by.
    pub standard: String,
    /// How finished the standard is.
    pub maturity: MaturityResult,
    /// When it was tested, RFC 3339 in UTC.
    pub started: String,
    /// When it was judged.
    pub judged: String,
    /// The tool that judged.
    pub tool: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The verdict in one sentence.
    pub sentence: String,
    /// The counts.
    pub counts: Counts,
    /// What is not met, by level and area; only where there is something.
    pub risks: Vec<Risk>,
    /// Ids of the mandatory requirements that it would have to mend or show.
    pub to_mend: Vec<String>,
    /// By the buyer's weights, if they gave any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
}

/// What is not met in one area at one level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Risk {
    /// The level.
    pub level: Level,
    /// The key of the area.
    pub area: String,
    /// How many requirements failed.
    pub failed: usize,
    /// How many could not be shown or told.
    pub open: usize,
    /// How many are waived.
    pub waived: usize,
}

/// What the weights of passed requirements come to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Score {
    /// The weights of what passed.
    pub reached: f64,
    /// The weights of what applied.
    pub possible: f64,
}

/// One requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Its id.
    pub id: String,
    /// How binding it is.
    pub level: Level,
    /// The key of its area.
    pub area: String,
    /// What it says.
    pub text: String,
    /// How finished what it rests on is.
    pub maturity: Maturity,
    /// How it came out, for each bid; none where a bid's run does not have it.
    pub cells: Vec<Option<Cell>>,
}

/// How a requirement came out for one bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// What came of it.
    pub outcome: Outcome,
    /// The same in words, a waiver and what only advises counted.
    pub standing: &'static str,
    /// Why it did not pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    #[serde(skip)]
    pub(super) shown: Standing,
}

/// Why runs cannot be laid side by side.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotComparable {
    /// A run names no standard, or there is none.
    #[error("{0} names no standard")]
    NoStandard(String),
    /// They are of different standards or roles.
    #[error("{first} and {second} are not judged by the same: {first_standard} and {second_standard}")]
    Standards {
        /// One bid.
        first: String,
        /// Another.
        second: String,
        /// What the first was judged by.
        first_standard: String,
        /// What the second was.
        second_standard: String,
    },
    /// They were not tested in the same way.
    #[error("the runs were not made in the same way: {}", .0.iter().map(|one| one.what.as_str()).collect::<Vec<_>>().join(", "))]
    Differences(Vec<Difference>),
}

impl Bids {
    /// Lays runs side by side, each with what to call it. `despite` compares also where the tests were not the same;
    /// the differences are then said first.
    ///
    /// # Errors
    /// They are of different standards, or not made in the same way.
    pub fn of(
        runs: &[(String, RunRecord)],
        weights: Option<Weights>,
        despite: bool,
    ) -> Result<Self, NotComparable> {
        let judged_by = |(name, record): &(String, RunRecord)| {
            let standard = record.standards.first().ok_or_else(|| NotComparable::NoStandard(name.clone()))?;
            Ok((standard.id.clone(), standard.role))
        };
        let Some(first) = runs.first() else { return Err(NotComparable::NoStandard("nothing".to_owned())) };
        let (id, role) = judged_by(first)?;
        for run in &runs[1..] {
            let (other, other_role) = judged_by(run)?;
            if (&other, other_role) != (&id, role) {
                return Err(NotComparable::Standards {
                    first: first.0.clone(),
                    second: run.0.clone(),
                    first_standard: format!("{id} as {role}"),
                    second_standard: format!("{other} as {other_role}"),
                });
            }
        }
        let differences = differences(runs);
        if !despite && differences.iter().any(|one| one.weight == Weight::NotTheSameTest) {
            let deciding =
                differences.into_iter().filter(|one| one.weight == Weight::NotTheSameTest).collect();
            return Err(NotComparable::Differences(deciding));
        }
        let (title, areas) = first.1.standards.first().map_or_else(Default::default, |standard| {
            (standard.title.clone(), standard.areas.clone().into_iter().collect())
        });
        Ok(Self {
            standard: id,
            title,
            role,
            differences,
            bids: runs.iter().filter_map(|(name, record)| bid(name, record, weights.as_ref())).collect(),
            areas,
            requirements: rows(runs),
            weights,
        })
    }
}

fn bid(name: &str, record: &RunRecord, weights: Option<&Weights>) -> Option<Bid> {
    let standard = record.standards.first()?;
    let to_mend = record
        .requirements
        .iter()
        .filter(|one| decides(one))
        .filter(|one| {
            matches!(Standing::of(one), Standing::Failed | Standing::Inconclusive | Standing::NotDemonstrated)
        })
        .map(|one| one.id.clone())
        .collect();
    Some(Bid {
        name: name.to_owned(),
        supplier: record.supplier.clone().unwrap_or_default(),
        endpoint: record.endpoint.url.clone(),
        standard: format!("{}@{}", standard.id, standard.version),
        maturity: standard.maturity.clone(),
        started: record.started.clone(),
        judged: record.judged.clone(),
        tool: format!("{} {}", record.tool.name, record.tool.version),
        verdict: standard.verdict,
        sentence: standard.sentence.clone(),
        counts: standard.counts,
        risks: risks(record),
        to_mend,
        score: weights.map(|weights| score(record, weights)),
    })
}

fn risks(record: &RunRecord) -> Vec<Risk> {
    let mut risks: Vec<Risk> = Vec::new();
    for requirement in &record.requirements {
        let standing = Standing::of(requirement);
        let (failed, open, waived) = match standing {
            Standing::Failed | Standing::FailedAdvisory => (1, 0, 0),
            Standing::Inconclusive | Standing::NotDemonstrated => (0, 1, 0),
            Standing::Waived => (0, 0, 1),
            Standing::Passed | Standing::NotApplicable | Standing::ToBeDeclared => continue,
        };
        let same = |risk: &&mut Risk| risk.level == requirement.level && risk.area == requirement.area;
        if let Some(risk) = risks.iter_mut().find(same) {
            risk.failed += failed;
            risk.open += open;
            risk.waived += waived;
        } else {
            let (level, area) = (requirement.level, requirement.area.clone());
            risks.push(Risk { level, area, failed, open, waived });
        }
    }
    risks.sort_by_key(|risk| !risk.level.is_mandatory());
    risks
}

fn score(record: &RunRecord, weights: &Weights) -> Score {
    let mut score = Score { reached: 0.0, possible: 0.0 };
    for requirement in &record.requirements {
        let weight = weights.of(requirement);
        match Standing::of(requirement) {
            Standing::NotApplicable | Standing::ToBeDeclared => {}
            Standing::Passed => {
                score.reached += weight;
                score.possible += weight;
            }
            _ => score.possible += weight,
        }
    }
    score
}

/// The requirements of all runs: in the order of the first, what only others have behind.
fn rows(runs: &[(String, RunRecord)]) -> Vec<Row> {
    let indices: Vec<Index<'_>> = runs.iter().map(|(_, record)| Index::new(record)).collect();
    let mut rows: Vec<Row> = Vec::new();
    let mut known: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    for (column, (_, record)) in runs.iter().enumerate() {
        for requirement in &record.requirements {
            let at = *known.entry(&requirement.id).or_insert_with(|| {
                rows.push(Row {
                    id: requirement.id.clone(),
                    level: requirement.level,
                    area: requirement.area.clone(),
                    text: requirement.text.clone(),
                    maturity: requirement.maturity,
                    cells: vec![None; runs.len()],
                });
                rows.len() - 1
            });
            rows[at].cells[column] = Some(cell(&indices[column], requirement));
        }
    }
    rows
}

fn cell(index: &Index<'_>, requirement: &RequirementResult) -> Cell {
    let shown = Standing::of(requirement);
    let passed = matches!(shown, Standing::Passed | Standing::ToBeDeclared);
    let why = if passed { None } else { facts::why_of(index, requirement) };
    Cell { outcome: requirement.outcome, standing: shown.words(), why, shown }
}
