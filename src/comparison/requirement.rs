//! The requirements of two versions of a standard, by their ids.

use schemars::JsonSchema;
use serde::Serialize;

use crate::profile::difference::Direction;
use crate::standard::{Condition, Level, Requirement};

/// A requirement that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RequirementDifference {
    /// Its id.
    pub id: String,
    /// How the two stand.
    pub standing: RequirementStanding,
    /// Which way it goes: by the level, or by its coming or going where it is mandatory.
    pub direction: Direction,
    /// How binding it is: in the newer version, or in the older where it was removed.
    pub level: Level,
    /// What it says, likewise.
    pub text: String,
    /// What changed; empty where it was added or removed.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub changes: Vec<RequirementChange>,
}

/// How a requirement of the two versions stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RequirementStanding {
    /// Only the newer version has it.
    Added,
    /// Only the older version has it.
    Removed,
    /// Both have it and it differs.
    Changed,
}

/// One fact of a requirement that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RequirementChange {
    /// Which, by its key in requirements.yaml: `level`, `text`, `role`, `maturity`, `when`, `verifiedBy`.
    pub what: String,
    /// What the older version says; absent where it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub older: Option<String>,
    /// What the newer version says; absent where it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newer: Option<String>,
}

/// The requirements that differ: those of the newer version in its order, then those that it lacks.
pub(super) fn differences(older: &[Requirement], newer: &[Requirement]) -> Vec<RequirementDifference> {
    let find = |list: &[Requirement], id: &str| list.iter().position(|found| found.id == id);
    let mut differences = Vec::new();
    for new in newer {
        match find(older, &new.id) {
            None => differences.push(one_sided(new, RequirementStanding::Added, Direction::Tighter)),
            Some(index) => differences.extend(changed(&older[index], new)),
        }
    }
    for old in older.iter().filter(|old| find(newer, &old.id).is_none()) {
        differences.push(one_sided(old, RequirementStanding::Removed, Direction::Looser));
    }
    differences
}

fn one_sided(
    requirement: &Requirement,
    standing: RequirementStanding,
    direction: Direction,
) -> RequirementDifference {
    RequirementDifference {
        id: requirement.id.clone(),
        standing,
        direction: if requirement.level.is_mandatory() { direction } else { Direction::Changed },
        level: requirement.level,
        text: requirement.text.trim().to_owned(),
        changes: Vec::new(),
    }
}

fn changed(older: &Requirement, newer: &Requirement) -> Option<RequirementDifference> {
    let condition = |requirement: &Requirement| requirement.when.as_ref().map(Condition::words);
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let facts = [
        ("level", Some(older.level.to_string()), Some(newer.level.to_string())),
        ("text", Some(words(&older.text)), Some(words(&newer.text))),
        ("role", Some(older.role.to_string()), Some(newer.role.to_string())),
        ("maturity", Some(older.maturity.to_string()), Some(newer.maturity.to_string())),
        ("when", condition(older), condition(newer)),
        ("verifiedBy", Some(older.verified_by.to_string()), Some(newer.verified_by.to_string())),
    ];
    let changes: Vec<RequirementChange> = facts
        .into_iter()
        .filter(|(_, older, newer)| older != newer)
        .map(|(what, older, newer)| RequirementChange { what: what.to_owned(), older, newer })
        .collect();
    (!changes.is_empty()).then(|| RequirementDifference {
        id: newer.id.clone(),
        standing: RequirementStanding::Changed,
        direction: direction(older, newer, &changes),
        level: newer.level,
        text: newer.text.trim().to_owned(),
        changes,
    })
}

/// A level that alone changes says which way it goes; what a change of the words does, nobody can tell.
fn direction(older: &Requirement, newer: &Requirement, changes: &[RequirementChange]) -> Direction {
    let ((old_not, old_rank), (new_not, new_rank)) = (strength(older.level), strength(newer.level));
    let comparable = old_not == new_not || older.level == Level::May || newer.level == Level::May;
    let only_level =
        changes.iter().all(|change| matches!(change.what.as_str(), "level" | "maturity" | "verifiedBy"));
    match new_rank.cmp(&old_rank) {
        _ if !comparable || !only_level => Direction::Changed,
        std::cmp::Ordering::Greater => Direction::Tighter,
        std::cmp::Ordering::Less => Direction::Looser,
        std::cmp::Ordering::Equal => Direction::Changed,
    }
}

/// Whether it forbids, and how strongly it speaks.
fn strength(level: Level) -> (bool, u8) {
    match level {
        Level::Shall => (false, 2),
        Level::ShallNot => (true, 2),
        Level::Should => (false, 1),
        Level::ShouldNot => (true, 1),
        Level::May => (false, 0),
    }
}
