//! The kill matrix: from what each run showed to what the suite is worth.

use std::collections::BTreeMap;

use super::document::{CheckRow, FaultResult, SCHEMA_VERSION, SelfCheck, StandardChecked, VariationResult};
use super::identity::Identity;
use super::observed::{Clean, Observed};
use crate::standard::{Level, Standard};
use crate::supplier::{Fault, Variation};

/// What all runs showed.
pub(super) struct Runs<'r> {
    pub(super) standard: &'r Standard,
    pub(super) complete: bool,
    pub(super) clean: Clean,
    /// The clean run, and what went wrong in it.
    pub(super) conformant: Observed,
    /// Those cases of it that it did not show.
    pub(super) not_shown: Vec<super::Turned>,
    pub(super) faults: Vec<(Fault, Observed)>,
    pub(super) variations: Vec<(Variation, Observed)>,
}

impl Runs<'_> {
    pub(super) fn judged(self) -> SelfCheck {
        let mut failed_by: BTreeMap<&Identity, Vec<String>> = BTreeMap::new();
        for (fault, observed) in &self.faults {
            for identity in observed.wrong.keys() {
                failed_by.entry(identity).or_default().push(fault.name.clone());
            }
        }
        let by_check: Vec<CheckRow> = self
            .clean
            .passed
            .iter()
            .map(|(identity, words)| CheckRow {
                id: identity.to_string(),
                scenario: identity.scenario.clone(),
                step: identity.step,
                step_name: words.step.clone(),
                code: identity.code.clone(),
                verifies: identity.verifies.clone(),
                checked: words.checked.clone(),
                failed_by: failed_by.remove(identity).unwrap_or_default(),
            })
            .collect();
        let never = by_check.iter().filter(|row| self.complete && row.failed_by.is_empty());
        let checks_that_never_fail: Vec<String> = never.map(|row| row.id.clone()).collect();
        let matrix: Vec<FaultResult> =
            self.faults.into_iter().map(|(fault, observed)| of_fault(fault, observed)).collect();
        let names = |wanted: &dyn Fn(&&FaultResult) -> bool| -> Vec<String> {
            matrix.iter().filter(wanted).map(|fault| fault.name.clone()).collect()
        };
        let survivors = names(&|fault| !fault.caught);
        let mismatches =
            names(&|fault| fault.caught && !(fault.missed.is_empty() && fault.unexpected.is_empty()));
        let variations = self.variations.len();
        let mut by_variation = vec![VariationResult {
            name: "conformant".to_owned(),
            title: "The reference supplier as it is".to_owned(),
            description: "No fault and no variation is switched on.".to_owned(),
            wrong: self.conformant.wrong.into_values().collect(),
            failed: self.conformant.requirements.into_iter().collect(),
            open: Vec::new(),
            turned: Vec::new(),
        }];
        let standard = self.standard;
        by_variation.extend(
            self.variations
                .into_iter()
                .map(|(variation, observed)| of_variation(variation, observed, standard)),
        );
        let alarms = by_variation
            .iter()
            .filter(|one| !(one.wrong.is_empty() && one.failed.is_empty() && one.open.is_empty()));
        SelfCheck {
            schema_version: SCHEMA_VERSION.to_owned(),
            standard: StandardChecked {
                id: self.standard.manifest.id.clone(),
                title: self.standard.manifest.title.clone(),
                version: self.standard.manifest.version.clone(),
                digest: self.standard.digest.clone(),
            },
            complete: self.complete,
            faults: matrix.len(),
            caught: matrix.len() - survivors.len(),
            survivors,
            mismatches,
            checks: by_check.len(),
            checks_that_never_fail,
            variations,
            false_alarms: alarms.map(|one| one.name.clone()).collect(),
            not_shown: self.not_shown,
            matrix,
            by_check,
            by_variation,
        }
    }
}

fn of_variation(variation: Variation, observed: Observed, standard: &Standard) -> VariationResult {
    let recommended = |id: &String| {
        let found = standard.requirements.iter().find(|one| one.id == *id);
        found.is_some_and(|one| !matches!(one.level, Level::Shall | Level::ShallNot))
    };
    let forgone = |id: &String| variation.forgoes.contains(id) && recommended(id);
    let wrong = observed.wrong.into_iter().filter(|(identity, _)| !identity.verifies.iter().all(forgone));
    VariationResult {
        wrong: wrong.map(|(_, check)| check).collect(),
        failed: observed.requirements.into_iter().filter(|id| !forgone(id)).collect(),
        open: observed.open.into_iter().collect(),
        turned: observed.turned,
        name: variation.name,
        title: variation.title,
        description: variation.description,
    }
}

fn of_fault(fault: Fault, observed: Observed) -> FaultResult {
    let breaks = fault.breaks.ids().to_vec();
    let exactly = fault.breaks.are_all();
    let failed: Vec<String> = observed.requirements.into_iter().collect();
    let missed = breaks.iter().filter(|id| !failed.contains(id)).cloned().collect();
    let unexpected = failed.iter().filter(|id| exactly && !breaks.contains(id)).cloned().collect();
    FaultResult {
        name: fault.name,
        title: fault.title,
        description: fault.description,
        caught: !observed.wrong.is_empty(),
        caught_by: observed.wrong.into_values().collect(),
        breaks,
        exactly,
        failed,
        missed,
        unexpected,
        turned: observed.turned,
    }
}
