//! Waivers: approved, reasoned, expiring exceptions. A waiver is laid over what came of a requirement and never
//! rewrites it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::Outcome;
use crate::standard::{Document, FileError, Standard};
use crate::text::nearest;

/// One waiver, as its approver wrote it: a file holds a list of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The id of the requirement that is waived.
    pub requirement: String,
    /// Why, in words that every report repeats.
    #[schemars(length(min = 1))]
    pub reason: String,
    /// Who approved it.
    #[schemars(length(min = 1))]
    pub approver: String,
    /// The last day on which it counts, as in `2027-03-31`.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub expires: String,
}

/// A waiver as a run's record has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WaiverResult {
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approver: String,
    /// The last day on which it counts.
    pub expires: String,
    /// Whether that day was over when the run ended; then it does not count.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub expired: bool,
}

/// All waivers that a run was given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Waivers(Vec<Waiver>);

impl Waivers {
    /// Whether nothing is waived.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads a file of waivers for a standard.
    ///
    /// # Errors
    /// What is wrong with the file, and where: a requirement that the standard does not have, one that is waived
    /// twice, a day that is none.
    pub fn read(file: &str, text: &str, standard: &Standard) -> Result<Self, Vec<FileError>> {
        let document = Document::parse(file, text).map_err(|error| vec![error])?;
        let waivers: Vec<Waiver> = document.read()?;
        let ids: Vec<String> =
            standard.requirements.iter().map(|requirement| requirement.id.clone()).collect();
        let mut errors = Vec::new();
        for (index, waiver) in waivers.iter().enumerate() {
            let id = &waiver.requirement;
            if !ids.contains(id) {
                let message = format!("{} has no requirement `{id}`", standard.name());
                let error = document.error(&format!("/{index}/requirement"), message);
                errors.push(match nearest(id, &ids) {
                    Some(near) => error.hint(format!("did you mean `{near}`?")),
                    None => error,
                });
            }
            if waivers[..index].iter().any(|earlier| earlier.requirement == *id) {
                let message = format!("`{id}` is waived twice");
                errors.push(document.error(&format!("/{index}/requirement"), message));
            }
            for (key, text) in [("reason", &waiver.reason), ("approver", &waiver.approver)] {
                if text.trim().is_empty() {
                    errors.push(document.error(&format!("/{index}/{key}"), format!("`{key}` says nothing")));
                }
            }
            if waiver.expires.parse::<jiff::civil::Date>().is_err() {
                let message = format!("`{}` is no day of the calendar", waiver.expires);
                errors.push(document.error(&format!("/{index}/expires"), message));
            }
        }
        if errors.is_empty() { Ok(Self(waivers)) } else { Err(errors) }
    }

    /// What the record says of the waiver of a requirement, if it has one. `ended` is when the run ended: a waiver
    /// that was valid then stays so when the run is judged again.
    pub(super) fn of(&self, requirement: &str, ended: &str) -> Option<WaiverResult> {
        let waiver = self.0.iter().find(|waiver| waiver.requirement == requirement)?;
        let day = ended.get(..10).unwrap_or(ended);
        Some(WaiverResult {
            reason: waiver.reason.clone(),
            approver: waiver.approver.clone(),
            expires: waiver.expires.clone(),
            expired: waiver.expires.as_str() < day,
        })
    }
}

impl WaiverResult {
    /// Whether it stands in for an outcome: it is valid, and there is something to waive.
    #[must_use]
    pub fn covers(&self, outcome: Outcome) -> bool {
        !self.expired && !matches!(outcome, Outcome::Pass | Outcome::NotApplicable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::Catalogue;

    fn read(text: &str) -> Result<Waivers, String> {
        let standard = Catalogue::new(Vec::new()).load("careconnect").unwrap();
        Waivers::read("waivers.yaml", text, &standard)
            .map_err(|errors| errors.iter().map(|error| format!("{error}\n")).collect())
    }

    fn waiver(requirement: &str, expires: &str) -> String {
        format!("- {{ requirement: {requirement}, reason: r, approver: a, expires: {expires} }}\n")
    }

    #[test]
    fn a_waiver_counts_to_the_end_of_its_last_day() {
        let waivers = read(&waiver("CC-PAT-003", "2026-11-22")).unwrap();
        let on = |ended: &str| waivers.of("CC-PAT-003", ended).unwrap();
        assert!(!on("2026-11-22T23:59:59Z").expired);
        assert!(on("2026-11-23T00:00:00Z").expired);
        assert!(on("2026-11-22T00:00:00Z").covers(Outcome::Fail));
        assert!(!on("2026-11-22T00:00:00Z").covers(Outcome::Pass));
        assert!(!on("2026-11-23T00:00:00Z").covers(Outcome::Fail));
        assert_eq!(waivers.of("CC-PAT-004", "2026-11-22T00:00:00Z"), None);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let unknown = read(&waiver("CC-PAT-OO3", "2026-11-22")).unwrap_err();
        assert!(unknown.starts_with("waivers.yaml:1:") && unknown.contains("did you mean"), "{unknown}");
        let twice = read(&waiver("CC-PAT-003", "2026-11-22").repeat(2)).unwrap_err();
        assert!(twice.starts_with("waivers.yaml:2:") && twice.contains("waived twice"), "{twice}");
        let never = read(&waiver("CC-PAT-003", "2026-02-30")).unwrap_err();
        assert!(never.contains("no day of the calendar"), "{never}");
        let anonymous = read("- { requirement: CC-PAT-003, reason: r, expires: 2026-11-22 }\n").unwrap_err();
        assert!(anonymous.contains("approver"), "{anonymous}");
    }
}
