//! How the requirements stand by aspect: what is technical (does it arrive, in the right shape?) apart from what is
//! semantic (is it understood?).

use super::case::Index;
use super::standing::Standing;
use crate::check::{Finding, Outcome, Weight};

use crate::run::RequirementResult;
use crate::standard::Aspect;
use crate::validate::codes;

/// How the requirements about one aspect stand.
pub(super) struct AspectRow<'r> {
    pub(super) aspect: Aspect,
    /// Those that passed, or failed for what belongs to another aspect.
    pub(super) met: usize,
    /// Those that failed in this aspect, whether that decides or not.
    pub(super) failed: Vec<&'r RequirementResult>,
    /// Those that could not be shown.
    pub(super) open: usize,
    /// Those that await a declaration, a document or a witness.
    pub(super) to_declare: usize,
    /// How many values were met with that could not be checked, for want of a code system say.
    pub(super) unchecked: usize,
}

/// One row for each aspect; the technical ones come first.
pub(super) fn rows<'r>(index: &Index<'r>) -> Vec<AspectRow<'r>> {
    let mut rows: Vec<AspectRow<'r>> = Aspect::ALL.into_iter().map(AspectRow::new).collect();
    for requirement in &index.record.requirements {
        let failing = failing(index, requirement);
        let about = about(requirement);
        for row in &mut rows {
            match Standing::of(requirement) {
                _ if failing.contains(&row.aspect) => row.failed.push(requirement),
                _ if !about.contains(&row.aspect) => {}
                Standing::Inconclusive | Standing::NotDemonstrated => row.open += 1,
                Standing::ToBeDeclared => row.to_declare += 1,
                Standing::NotApplicable => {}
                // A waived requirement that failed is among the failing; one that was not shown stays open.
                Standing::Waived if requirement.outcome != Outcome::Fail => row.open += 1,
                Standing::Passed | Standing::Failed | Standing::FailedAdvisory | Standing::Waived => {
                    row.met += 1;
                }
            }
        }
    }
    let steps = index.record.scenarios.iter().flat_map(|scenario| &scenario.steps);
    for finding in steps.flat_map(|step| &step.checks).flat_map(|check| &check.findings) {
        if matches!(finding.weight, Weight::NotChecked | Weight::Undecided) {
            rows.iter_mut().filter(|row| Some(row.aspect) == of(finding)).for_each(|row| row.unchecked += 1);
        }
    }
    rows
}

impl AspectRow<'_> {
    fn new(aspect: Aspect) -> Self {
        Self { aspect, met: 0, failed: Vec::new(), open: 0, to_declare: 0, unchecked: 0 }
    }

    /// What it asks, in words.
    pub(super) fn question(&self) -> &'static str {
        match self.aspect {
            Aspect::Transport => {
                "Requests are answered as agreed: connection, headers, formats, search, errors"
            }
            Aspect::Structure => "Records have the agreed shape: elements, how many, of what type",
            Aspect::Bindings => "Codes are of the agreed code systems and value sets",
            Aspect::Identifiers => "Identifiers have the agreed systems, forms and check digits",
            Aspect::Units => "Quantities are in units that others can convert",
            Aspect::AbsentData => "What is missing or unknown is said to be",
        }
    }
}

/// The name of an aspect.
pub(super) fn name(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Transport => "Transport",
        Aspect::Structure => "Structure",
        Aspect::Bindings => "Bindings",
        Aspect::Identifiers => "Identifiers",
        Aspect::Units => "Units",
        Aspect::AbsentData => "Absent data",
    }
}

/// What a requirement is about.
pub(super) fn about(requirement: &RequirementResult) -> &[Aspect] {
    if requirement.aspects.is_empty() { &[Aspect::Transport] } else { &requirement.aspects }
}

/// The aspects in which a requirement failed: those of what was found; what the requirement is about, where nothing was
/// found in particular.
fn failing(index: &Index<'_>, requirement: &RequirementResult) -> Vec<Aspect> {
    if requirement.outcome != Outcome::Fail {
        return Vec::new();
    }
    let cases = index.cases(requirement);
    let deciding = cases.iter().filter(|case| case.outcome == Outcome::Fail).flat_map(|case| &case.deciding);
    let mut aspects: Vec<Aspect> = Vec::new();
    for place in deciding {
        let errors = place.check.findings.iter().filter(|finding| finding.weight == Weight::Error);
        let before = aspects.len();
        aspects.extend(errors.filter_map(of));
        if aspects.len() == before {
            aspects.extend(about(requirement));
        }
    }
    if aspects.is_empty() {
        aspects.extend(about(requirement));
    }
    aspects
}

/// What a finding of a validation is about; those of other checks are places, and say nothing of what is wrong there.
fn of(finding: &Finding) -> Option<Aspect> {
    if !codes().iter().any(|code| code.name == finding.code) {
        return None;
    }
    Some(about_code(finding))
}

fn about_code(finding: &Finding) -> Aspect {
    if finding.message.contains("http://unitsofmeasure.org") {
        return Aspect::Units;
    }
    if finding.message.contains("data-absent-reason") {
        return Aspect::AbsentData;
    }
    match finding.code.as_str() {
        "unit-annotation" | "questionnaire-answer-unit" => Aspect::Units,
        "value-missing" => Aspect::AbsentData,
        "identifier-not-uri"
        | "nhs-number-check-digit"
        | "nhs-number-format"
        | "nhs-number-repeated"
        | "ods-code-format"
        | "professional-number-format"
        | "sds-id-format"
        | "uprn-format" => Aspect::Identifiers,
        "code-not-checked"
        | "code-not-for-use"
        | "code-not-in-value-set"
        | "code-without-system"
        | "concept-map-code"
        | "not-a-code-system"
        | "questionnaire-answer-option"
        | "unknown-code"
        | "wrong-display" => Aspect::Bindings,
        code if code.starts_with("code-system-") || code.starts_with("value-set-") => Aspect::Bindings,
        _ => Aspect::Structure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::record;
    use crate::run::RunRecord;

    fn counts(record: &RunRecord) -> Vec<(&'static str, usize, Vec<String>, usize, usize)> {
        let index = Index::new(record);
        rows(&index)
            .into_iter()
            .map(|row| {
                let failed: Vec<String> = row.failed.iter().map(|one| one.id.clone()).collect();
                (name(row.aspect), row.met, failed, row.open, row.unchecked)
            })
            .filter(|row| (row.1, row.2.len(), row.3, row.4) != (0, 0, 0, 0))
            .collect()
    }

    #[test]
    fn a_requirement_counts_as_failed_in_the_aspect_where_it_failed() {
        let mut record = record();
        record
            .requirements
            .retain(|one| ["EX-READ-001", "EX-READ-003", "EX-SEARCH-001"].contains(&one.id.as_str()));
        record.requirements[1].aspects = vec![Aspect::Structure, Aspect::Bindings];
        let failing = |record: &mut RunRecord, code: &str, message: &str| {
            let finding = &mut record.scenarios[1].steps[0].checks[0].findings[0];
            (finding.code, finding.message) = (code.to_owned(), message.to_owned());
        };
        let transport = ("Transport", 1, vec![], 1, 0);
        let here = vec!["EX-READ-003".to_owned()];
        failing(&mut record, "code-not-in-value-set", "not of the value set");
        let structure = ("Structure", 1, vec![], 0, 0);
        assert_eq!(
            counts(&record),
            [transport.clone(), structure.clone(), ("Bindings", 0, here.clone(), 0, 0)]
        );
        failing(&mut record, "unknown-code", "`mmol` is no code of http://unitsofmeasure.org");
        let bindings = ("Bindings", 1, vec![], 0, 0);
        assert_eq!(
            counts(&record),
            [transport.clone(), structure.clone(), bindings.clone(), ("Units", 0, here.clone(), 0, 0)]
        );
        // What no validation found fails what the requirement is about.
        failing(&mut record, "search-match", "another patient");
        let failed = ("Structure", 0, here.clone(), 0, 0);
        assert_eq!(counts(&record), [transport, failed, ("Bindings", 0, here, 0, 0)]);
    }

    #[test]
    fn what_could_not_be_checked_is_counted() {
        let mut record = record();
        record.requirements.clear();
        let finding = &mut record.scenarios[1].steps[0].checks[0].findings[0];
        (finding.code, finding.weight) = ("code-not-checked".to_owned(), Weight::NotChecked);
        assert_eq!(counts(&record), [("Bindings", 0, vec![], 0, 1)]);
    }
}
