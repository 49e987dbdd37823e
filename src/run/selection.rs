//! Which cases of a plan are run: all, or those that are chosen by name, by requirement, by an earlier failure, or as
//! one share of several.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::RunRecord;
use crate::check::Outcome;
use crate::standard::Scenario;

/// What is chosen; a case must meet all that is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Ids of scenarios or cases; `*` stands for any characters.
    pub scenarios: Vec<String>,
    /// Ids of requirements that a case verifies one of; `*` stands for any characters.
    pub requirements: Vec<String>,
    /// Tags of which a scenario has one at least.
    pub tags: Vec<String>,
    /// Tags of which a scenario has none.
    pub not_tags: Vec<String>,
    /// Ids of cases.
    pub cases: Option<BTreeSet<String>>,
    /// One share of several.
    pub shard: Option<Shard>,
}

/// One of several shares of a plan, each of which can run on a machine of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    number: usize,
    of: usize,
}

/// Not a share.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no share; expected I/N, the number of the share and how many there are, as in 1/4")]
pub struct NoShard(String);

/// Into how many shares a plan can be cut.
const MAX_SHARDS: usize = 1000;

impl FromStr for Shard {
    type Err = NoShard;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts =
            text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((number, of)) if (1..=of).contains(&number) && of <= MAX_SHARDS => Ok(Self { number, of }),
            _ => Err(NoShard(text.to_owned())),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.number, self.of)
    }
}

impl Selection {
    /// The cases of an earlier run that did not pass, though they applied.
    #[must_use]
    pub fn failed_in(record: &RunRecord) -> BTreeSet<String> {
        let open = |outcome| !matches!(outcome, Outcome::Pass | Outcome::NotApplicable);
        record.scenarios.iter().filter(|case| open(case.outcome)).map(|case| case.id.clone()).collect()
    }

    /// Whether the case that stands at `index` in the plan is chosen.
    pub(super) fn includes(&self, index: usize, case: &str, scenario: &Scenario) -> bool {
        let named = self.scenarios.is_empty()
            || self
                .scenarios
                .iter()
                .any(|pattern| matches(pattern, case) || matches(pattern, &scenario.scenario));
        let verifies = self.requirements.is_empty()
            || scenario.all_verified().any(|id| self.requirements.iter().any(|pattern| matches(pattern, id)));
        let has = |tags: &[String]| tags.iter().any(|tag| scenario.tags.contains(tag));
        let tagged = (self.tags.is_empty() || has(&self.tags)) && !has(&self.not_tags);
        let wanted = self.cases.as_ref().is_none_or(|cases| cases.contains(case));
        let in_share = self.shard.is_none_or(|shard| index % shard.of == shard.number - 1);
        named && verifies && tagged && wanted && in_share
    }

    /// What is chosen, in words; nothing where all is.
    pub(super) fn words(&self) -> Option<String> {
        let mut words = Vec::new();
        if !self.scenarios.is_empty() {
            words.push(format!("scenarios {}", self.scenarios.join(", ")));
        }
        if !self.requirements.is_empty() {
            words.push(format!("requirements {}", self.requirements.join(", ")));
        }
        if !self.tags.is_empty() {
            words.push(format!("tags {}", self.tags.join(", ")));
        }
        if !self.not_tags.is_empty() {
            words.push(format!("not tags {}", self.not_tags.join(", ")));
        }
        if let Some(cases) = &self.cases {
            words.push(format!("{} scenarios that did not pass before", cases.len()));
        }
        words.extend(self.shard.map(|shard| format!("share {shard}")));
        (!words.is_empty()).then(|| words.join("; "))
    }
}

/// Whether a text is as a pattern says, in which `*` stands for any characters.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, text, expected) in [
            ("read", "read", true),
            ("read", "reads", false),
            ("read*", "reads", true),
            ("*-by-*", "patient-by-name", true),
            ("*-by-*", "patient", false),
            ("a*a", "a", false),
            ("*", "", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn shares_are_read_and_refused() {
        assert_eq!("2/3".parse::<Shard>().unwrap().to_string(), "2/3");
        for text in ["0/3", "4/3", "1", "a/b", "1/0", "-1/2", ""] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
