//! The comparison as a document: what `standard diff --format json` prints.

use schemars::JsonSchema;
use serde::Serialize;

use super::RequirementDifference;
use crate::profile::difference::{Answer, Direction, ElementDifference, Gap, ProfileIdentity};

/// Two versions compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// The tool that compared, with its version.
    pub tool: String,
    /// The older version.
    pub older: Source,
    /// The newer version.
    pub newer: Source,
    /// Whether a record that met the older version may fail the newer, by the profiles that both have.
    pub older_may_fail: Answer,
    /// Whether a record that meets the newer version may fail the older, by the profiles that both have.
    pub newer_may_fail: Answer,
    /// How much differs.
    pub tally: Tally,
    /// The profiles of either version, by URL.
    pub profiles: Vec<ComparedProfile>,
    /// The requirements that differ, by id; absent where not both are standards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requirements: Option<Vec<RequirementDifference>>,
}

/// What was compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// The standard or the path, as it was asked for.
    pub name: String,
    /// The release of FHIR: `STU3` or `R4`.
    pub fhir: String,
}

/// How much differs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// Changes of profiles that ask for more or allow less.
    pub tighter: usize,
    /// Those of them by which a record can be in error.
    pub tighter_deciding: usize,
    /// Changes of profiles that ask for less or allow more.
    pub looser: usize,
    /// Other changes of profiles.
    pub changed: usize,
    /// Profiles that only the newer version has.
    pub profiles_added: usize,
    /// Profiles that only the older version has.
    pub profiles_removed: usize,
    /// Profiles of both that differ.
    pub profiles_changed: usize,
    /// Profiles of both in which all was compared and nothing differs.
    pub profiles_unchanged: usize,
    /// Profiles of both in which no difference was found, but not all could be compared.
    pub profiles_undetermined: usize,
}

/// A profile of one version or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparedProfile {
    /// How the two stand.
    pub standing: ProfileStanding,
    /// The older; absent where it was added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub older: Option<ProfileIdentity>,
    /// The newer; absent where it was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newer: Option<ProfileIdentity>,
    /// Why the two were taken for versions of one; absent where there is one only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched_by: Option<MatchedBy>,
    /// Whether a record that met the older may fail the newer; absent where there is one only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub older_may_fail: Option<Answer>,
    /// Whether a record that meets the newer may fail the older; absent where there is one only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newer_may_fail: Option<Answer>,
    /// The elements that differ.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub elements: Vec<ElementDifference>,
    /// What could not be compared.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub gaps: Vec<Gap>,
}

/// How a profile of the two versions stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProfileStanding {
    /// Only the newer version has it.
    Added,
    /// Only the older version has it.
    Removed,
    /// Both have it and it differs.
    Changed,
    /// Both have it; all was compared and nothing differs.
    Unchanged,
    /// Both have it; no difference was found, but not all could be compared.
    Undetermined,
}

/// Why two profiles are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MatchedBy {
    /// They have the same canonical URL.
    Url,
    /// Their URLs differ; they constrain the same type, share the last part of their URL, its version
    /// number aside, and no other profile does.
    Name,
    /// Each version holds but this one.
    Only,
    /// The user asked for it.
    Asked,
}

impl ComparedProfile {
    /// The profile by which it is listed: the newer, or the older where it was removed.
    #[must_use]
    pub fn identity(&self) -> Option<&ProfileIdentity> {
        self.newer.as_ref().or(self.older.as_ref())
    }

    /// How many changes go this way.
    #[must_use]
    pub fn count(&self, direction: Direction) -> usize {
        let changes = self.elements.iter().flat_map(|element| &element.changes);
        changes.filter(|change| change.direction == direction).count()
    }
}

impl Tally {
    pub(super) fn of(profiles: &[ComparedProfile]) -> Self {
        let changes = |direction| profiles.iter().map(|profile| profile.count(direction)).sum();
        let standing = |standing| profiles.iter().filter(|profile| profile.standing == standing).count();
        Self {
            tighter: changes(Direction::Tighter),
            tighter_deciding: profiles
                .iter()
                .flat_map(|profile| &profile.elements)
                .flat_map(|element| &element.changes)
                .filter(|change| change.direction == Direction::Tighter && change.decides)
                .count(),
            looser: changes(Direction::Looser),
            changed: changes(Direction::Changed),
            profiles_added: standing(ProfileStanding::Added),
            profiles_removed: standing(ProfileStanding::Removed),
            profiles_changed: standing(ProfileStanding::Changed),
            profiles_unchanged: standing(ProfileStanding::Unchanged),
            profiles_undetermined: standing(ProfileStanding::Undetermined),
        }
    }
}
