//! Compares two versions.

use std::sync::Arc;

use super::document::{ComparedProfile, Comparison, MatchedBy, ProfileStanding, Source, Tally};
use super::matching::{Pair, pairs};
use super::requirement;
use crate::fhir::Canonical;
use crate::package::Package;
use crate::profile::SchemaSet;
use crate::profile::difference::{Answer, Gap, ProfileDifference, ProfileIdentity};
use crate::standard::Requirement;

/// One of the two versions.
#[derive(Debug, Clone)]
pub struct Version {
    /// The standard or the path, as it was asked for.
    pub name: String,
    /// Its definitions, and those that they build on.
    pub schemas: Arc<SchemaSet>,
    /// How many of the packages are its own; they are the first.
    pub own_packages: usize,
    /// Its requirements, if it is a standard.
    pub requirements: Option<Vec<Requirement>>,
}

/// Which profiles to compare: one canonical, or one of the older version with one of the newer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// The canonical in the older version.
    pub older: String,
    /// The canonical in the newer version.
    pub newer: String,
}

impl std::str::FromStr for Selection {
    type Err = std::convert::Infallible;

    /// Reads `CANONICAL`, or `OLDER=NEWER`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (older, newer) = text.split_once('=').unwrap_or((text, text));
        Ok(Self { older: older.trim().to_owned(), newer: newer.trim().to_owned() })
    }
}

/// Why two versions cannot be compared.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComparisonError {
    /// A version holds no profile at all.
    #[error("{0}: there is no profile in it")]
    NoProfile(String),
    /// A profile that was asked for is in neither version, or not in the one it was asked for in.
    #[error("the profile {canonical} is not in {version}")]
    NotThere {
        /// The canonical.
        canonical: String,
        /// The version, or both.
        version: String,
        /// The profiles that are there.
        known: Vec<String>,
    },
}

/// Compares two versions: all their profiles, or those selected, and their requirements where both have some
/// and no profile is selected.
pub fn compare(
    older: &Version,
    newer: &Version,
    selected: &[Selection],
) -> Result<Comparison, ComparisonError> {
    let (olds, news) = (older.profiles()?, newer.profiles()?);
    let pairs = if selected.is_empty() {
        pairs(&olds, &news)
    } else {
        selected.iter().map(|one| pick(one, (older, &olds), (newer, &news))).collect::<Result<_, _>>()?
    };
    let profiles: Vec<ComparedProfile> = pairs.iter().map(|pair| compare_pair(pair, older, newer)).collect();
    let answer = |of: fn(&ComparedProfile) -> Option<Answer>| {
        // Where no profile could be compared, nothing is known.
        profiles.iter().filter_map(of).reduce(Answer::or).unwrap_or(Answer::Unknown)
    };
    Ok(Comparison {
        tool: concat!("proofmark ", env!("CARGO_PKG_VERSION")).to_owned(),
        older: older.source(),
        newer: newer.source(),
        older_may_fail: answer(|profile| profile.older_may_fail),
        newer_may_fail: answer(|profile| profile.newer_may_fail),
        tally: Tally::of(&profiles),
        requirements: match (&older.requirements, &newer.requirements) {
            (Some(old), Some(new)) if selected.is_empty() => Some(requirement::differences(old, new)),
            _ => None,
        },
        profiles,
    })
}

impl Version {
    fn source(&self) -> Source {
        Source { name: self.name.clone(), fhir: self.schemas.packages().release().to_string() }
    }

    /// Its own profiles, each once.
    fn profiles(&self) -> Result<Vec<ProfileIdentity>, ComparisonError> {
        let mut found: Vec<ProfileIdentity> = Vec::new();
        let own = self.schemas.packages().packages().iter().take(self.own_packages);
        let definitions = own.flat_map(|package: &Arc<Package>| &package.definitions);
        for definition in definitions.filter(|found| found.resource_type == "StructureDefinition") {
            if let Ok(identity) = ProfileIdentity::read(&self.schemas, &definition.url)
                && !found.iter().any(|known| known.url == identity.url)
            {
                found.push(identity);
            }
        }
        if found.is_empty() { Err(ComparisonError::NoProfile(self.name.clone())) } else { Ok(found) }
    }
}

fn pick<'p>(
    selected: &Selection,
    (older, olds): (&Version, &'p [ProfileIdentity]),
    (newer, news): (&Version, &'p [ProfileIdentity]),
) -> Result<Pair<'p>, ComparisonError> {
    let find = |list: &'p [ProfileIdentity], canonical: &str| {
        list.iter().find(|profile| profile.url == Canonical::parse(canonical).url)
    };
    let (old, new) = (find(olds, &selected.older), find(news, &selected.newer));
    let missing = |canonical: &str, version: String, lists: &[&[ProfileIdentity]]| {
        let known = lists.iter().flat_map(|list| list.iter()).map(|profile| profile.url.clone()).collect();
        Err(ComparisonError::NotThere { canonical: canonical.to_owned(), version, known })
    };
    let by = if selected.older == selected.newer {
        // One of the two versions may lack it: it was added or removed.
        if old.is_none() && new.is_none() {
            let both = format!("{} or {}", older.name, newer.name);
            return missing(&selected.older, both, &[olds, news]);
        }
        MatchedBy::Url
    } else {
        if old.is_none() {
            return missing(&selected.older, older.name.clone(), &[olds]);
        }
        if new.is_none() {
            return missing(&selected.newer, newer.name.clone(), &[news]);
        }
        MatchedBy::Asked
    };
    Ok(Pair { older: old, newer: new, by: old.and(new).map(|_| by) })
}

fn compare_pair(pair: &Pair<'_>, older: &Version, newer: &Version) -> ComparedProfile {
    let mut compared = ComparedProfile {
        standing: if pair.older.is_none() { ProfileStanding::Added } else { ProfileStanding::Removed },
        older: pair.older.cloned(),
        newer: pair.newer.cloned(),
        matched_by: pair.by,
        older_may_fail: None,
        newer_may_fail: None,
        elements: Vec::new(),
        gaps: Vec::new(),
    };
    let (Some(old), Some(new)) = (pair.older, pair.newer) else { return compared };
    match ProfileDifference::between((&older.schemas, &old.url), (&newer.schemas, &new.url)) {
        Ok(difference) => {
            compared.older_may_fail = Some(difference.older_may_fail);
            compared.newer_may_fail = Some(difference.newer_may_fail);
            compared.elements = difference.elements;
            compared.gaps = difference.gaps;
        }
        Err(error) => {
            compared.older_may_fail = Some(Answer::Unknown);
            compared.newer_may_fail = Some(Answer::Unknown);
            compared.gaps.push(Gap { reason: error.to_string(), elements: Vec::new() });
        }
    }
    compared.standing = match (compared.elements.is_empty(), compared.gaps.is_empty()) {
        (false, _) => ProfileStanding::Changed,
        (true, true) => ProfileStanding::Unchanged,
        (true, false) => ProfileStanding::Undetermined,
    };
    compared
}
