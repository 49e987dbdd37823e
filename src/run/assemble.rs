//! From what the scenarios found to the record: requirements, counts, verdict.

use super::case::Shared;
use super::claims::Holds;
use super::runner::Played;
use super::{
    CapabilityResult, Counts, DataSource, Endpoint, FileDigest, MaturityResult, RequirementResult, RunRecord,
    SCHEMA_VERSION, ScenarioResult, Settings, StandardResult, Supplier, TerminologyUse, Tool, Verdict,
};
use crate::check::{CheckResult, Outcome};
use crate::http::redact_url;
use crate::standard::{Capability, Manifest, Method, Requirement};

/// When a run was, and how long.
pub(super) struct Times {
    pub(super) started: String,
    pub(super) ended: String,
    pub(super) duration_ms: u64,
}

/// What the record says of a run besides what came of it.
pub(super) struct Circumstances {
    pub(super) supplier: Option<Supplier>,
    pub(super) settings: Settings,
    pub(super) times: Times,
    /// When it was judged.
    pub(super) judged: String,
    pub(super) inputs: FileDigest,
    pub(super) terminology: Option<TerminologyUse>,
}

pub(super) fn record(played: &Played, circumstances: Circumstances) -> RunRecord {
    let Played { shared, scenarios, exchanges, .. } = played;
    let interrupted = shared.sender.was_interrupted();
    let standard = &shared.plan.standard;
    let requirements: Vec<RequirementResult> = standard
        .requirements_of(shared.plan.role)
        .map(|requirement| {
            requirement_result(requirement, &standard.manifest, played, &circumstances.times.ended)
        })
        .collect();
    let manifest = &standard.manifest;
    let counted = |chosen: &[&RequirementResult]| {
        let mut counts = count(chosen);
        counts.not_tested = chosen.iter().filter(|requirement| lacked_data(requirement, shared)).count();
        counts
    };
    let counts = counted(&requirements.iter().collect::<Vec<_>>());
    let verdict = verdict(&counts);
    let capabilities = manifest
        .capabilities
        .iter()
        .map(|(key, capability)| (key.clone(), capability_result(capability, &requirements, counted)))
        .collect();
    RunRecord {
        schema_version: SCHEMA_VERSION.to_owned(),
        tool: Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        standards: vec![StandardResult {
            id: manifest.id.clone(),
            title: manifest.title.clone(),
            version: manifest.version.clone(),
            digest: standard.digest.clone(),
            maturity: MaturityResult {
                status: manifest.lifecycle.status,
                label: manifest.lifecycle.label.clone(),
            },
            role: shared.plan.role,
            areas: manifest.areas.clone(),
            not_covered: manifest.not_covered.clone(),
            capabilities,
            verdict,
            sentence: sentence(verdict, &counts, manifest, interrupted),
            counts,
        }],
        supplier: circumstances.supplier,
        endpoint: Endpoint {
            url: redact_url(&shared.base.url),
            others: shared.base.endpoints.iter().map(|(name, url)| (name.clone(), redact_url(url))).collect(),
        },
        started: circumstances.times.started,
        ended: circumstances.times.ended,
        duration_ms: circumstances.times.duration_ms,
        interrupted,
        judged: circumstances.judged,
        settings: circumstances.settings,
        terminology: circumstances.terminology,
        inputs: circumstances.inputs,
        baseline: shared.plan.inputs.baseline.as_ref().map(|baseline| baseline.run.clone()),
        data: shared.plan.inputs.data.uses(),
        requirements,
        scenarios: scenarios.clone(),
        exchanges: exchanges.clone(),
    }
}

fn requirement_result(
    requirement: &Requirement,
    manifest: &Manifest,
    played: &Played,
    ended: &str,
) -> RequirementResult {
    let Played { shared, scenarios, .. } = played;
    // The policy `as-published`: what rests on something less mature than the standard is advisory.
    let binding = !requirement.maturity.is_less_than(manifest.lifecycle.status);
    let checks: Vec<(&ScenarioResult, &CheckResult)> = scenarios
        .iter()
        .flat_map(|scenario| {
            scenario.steps.iter().flat_map(move |step| step.checks.iter().map(move |check| (scenario, check)))
        })
        .filter(|(_, check)| check.verifies.contains(&requirement.id))
        .collect();
    let mut must_support = None;
    let (outcome, reason) = if requirement.verified_by == Method::Automated {
        match (shared.claims.hold(requirement.when.as_ref()), &requirement.must_support) {
            (Holds::No(reason), _) => (Outcome::NotApplicable, Some(reason)),
            (Holds::Unknown(reason), _) => (Outcome::Inconclusive, Some(reason)),
            (_, None) => combined(&checks),
            (_, Some(wanted)) => {
                let (outcome, reason, result) = played.populated.outcome(wanted, &shared.validator);
                must_support = result;
                let found = Some(combined(&checks)).filter(|_| !checks.is_empty());
                match found {
                    // What scenarios found wins where it weighs more.
                    Some((found, why)) if found.combine(outcome) != outcome => (found, why),
                    _ => (outcome, reason),
                }
            }
        }
    } else {
        match shared.claims.hold(requirement.when.as_ref()) {
            Holds::No(reason) => (Outcome::NotApplicable, Some(reason)),
            _ => {
                (Outcome::NotDemonstrated, Some(format!("to be shown by {}", words(requirement.verified_by))))
            }
        }
    };
    let mut ids: Vec<String> = Vec::new();
    for (scenario, _) in &checks {
        if ids.last() != Some(&scenario.id) {
            ids.push(scenario.id.clone());
        }
    }
    RequirementResult {
        id: requirement.id.clone(),
        level: requirement.level,
        implied: requirement.implied,
        area: requirement.area.clone(),
        aspects: requirement.aspects.clone(),
        text: requirement.text.trim().to_owned(),
        clause: requirement.clause.clone(),
        maturity: requirement.maturity,
        binding,
        method: requirement.verified_by,
        question: requirement.question.clone(),
        note: requirement.note.clone(),
        outcome,
        reason,
        waiver: shared.plan.inputs.waivers.of(&requirement.id, ended),
        baseline: shared
            .plan
            .inputs
            .baseline
            .as_ref()
            .and_then(|known| known.outcomes.get(&requirement.id).copied()),
        must_support,
        scenarios: ids,
    }
}

/// The outcome of all checks together. A requirement that nothing was checked for has not passed.
fn combined(checks: &[(&ScenarioResult, &CheckResult)]) -> (Outcome, Option<String>) {
    let Some(outcome) = Outcome::of_all(checks.iter().map(|(_, check)| check.outcome)) else {
        return (Outcome::NotDemonstrated, Some("no scenario that verifies it was run".to_owned()));
    };
    let reason = checks
        .iter()
        .find(|(_, check)| check.outcome == outcome)
        .and_then(|(_, check)| check.actual.clone())
        .filter(|_| !matches!(outcome, Outcome::Pass | Outcome::Fail));
    (outcome, reason)
}

/// Whether a mandatory requirement was passed over because data for it is optional and was not named.
fn lacked_data(requirement: &RequirementResult, shared: &Shared) -> bool {
    let missing = |name: &String| shared.plan.inputs.data.source(name) == Some(DataSource::Missing);
    let scenarios = &shared.plan.standard.scenarios;
    requirement.outcome == Outcome::NotApplicable
        && requirement.level.is_mandatory()
        && scenarios.iter().any(|scenario| {
            scenario.needs.iter().any(missing) && scenario.all_verified().any(|id| *id == requirement.id)
        })
}

fn words(method: Method) -> &'static str {
    match method {
        Method::Automated => "a scenario",
        Method::Declaration => "a declaration of the supplier",
        Method::Document => "a document of the supplier",
        Method::Witnessed => "a witnessed step",
    }
}

/// The verdict for a part of a standard, by the requirements of its areas and those asked besides. Where none of its own
/// applies, it is not claimed.
fn capability_result(
    capability: &Capability,
    requirements: &[RequirementResult],
    counted: impl Fn(&[&RequirementResult]) -> Counts,
) -> CapabilityResult {
    let own = |requirement: &&RequirementResult| capability.areas.contains(&requirement.area);
    let asked = |requirement: &&RequirementResult| capability.also.contains(&requirement.area);
    let applies = requirements.iter().filter(own).any(|requirement| {
        requirement.method == Method::Automated && requirement.outcome != Outcome::NotApplicable
    });
    let chosen: Vec<&RequirementResult> =
        requirements.iter().filter(|requirement| own(requirement) || asked(requirement)).collect();
    let counts = counted(&chosen);
    CapabilityResult {
        title: capability.title.clone(),
        areas: capability.areas.union(&capability.also).cloned().collect(),
        verdict: applies.then(|| verdict(&counts)),
        counts,
    }
}

fn count(requirements: &[&RequirementResult]) -> Counts {
    let mut counts = Counts::default();
    for requirement in requirements {
        counts.expired_waivers +=
            usize::from(requirement.waiver.as_ref().is_some_and(|waiver| waiver.expired));
        if requirement.method != Method::Automated {
            counts.to_be_declared += 1;
            continue;
        }
        let decides = requirement.binding && requirement.level.is_mandatory();
        match (requirement.outcome, decides) {
            (Outcome::NotApplicable, _) => counts.not_applicable += 1,
            (outcome, true) => {
                counts.mandatory += 1;
                let waived = requirement.waiver.as_ref().is_some_and(|waiver| waiver.covers(outcome));
                match outcome {
                    _ if waived => counts.mandatory_waived += 1,
                    Outcome::Pass => counts.mandatory_passed += 1,
                    Outcome::Fail => counts.mandatory_failed += 1,
                    _ => counts.mandatory_open += 1,
                }
            }
            (Outcome::Fail, false) => counts.advisory_failed += 1,
            _ => {}
        }
    }
    counts
}

/// The verdict by the counts. Where nothing binds, nothing was shown.
fn verdict(counts: &Counts) -> Verdict {
    if counts.mandatory_failed > 0 {
        Verdict::NotConformant
    } else if counts.mandatory_open > 0 || counts.mandatory == 0 {
        Verdict::Incomplete
    } else if counts.mandatory_waived > 0 {
        Verdict::ConformantWithWaivers
    } else {
        Verdict::Conformant
    }
}

fn sentence(verdict: Verdict, counts: &Counts, manifest: &Manifest, interrupted: bool) -> String {
    let name = format!("{} {} ({})", manifest.title, manifest.version, manifest.lifecycle.status);
    let total = counts.mandatory;
    let mut sentence = match verdict {
        Verdict::Conformant => {
            format!("Conformant with {name}: all {total} mandatory requirements that apply passed")
        }
        Verdict::ConformantWithWaivers => format!(
            "Conformant with {name}, with waivers: {} of {total} mandatory requirements that apply passed, and {} {} waived",
            counts.mandatory_passed,
            counts.mandatory_waived,
            if counts.mandatory_waived == 1 { "is" } else { "are" },
        ),
        Verdict::NotConformant => {
            let open = if counts.mandatory_open > 0 {
                format!(", and {} could not be shown", counts.mandatory_open)
            } else {
                String::new()
            };
            format!(
                "Not conformant with {name}: {} of {total} mandatory requirements failed{open}",
                counts.mandatory_failed
            )
        }
        Verdict::Incomplete if total == 0 => {
            format!("Incomplete for {name}: no mandatory requirement applied, so nothing was shown")
        }
        Verdict::Incomplete => format!(
            "Incomplete for {name}: none of the {total} mandatory requirements failed, but {} could not be shown",
            counts.mandatory_open
        ),
    };
    if counts.mandatory_waived > 0 && verdict != Verdict::ConformantWithWaivers {
        sentence.push_str(&format!(
            "; {} {} waived",
            counts.mandatory_waived,
            if counts.mandatory_waived == 1 { "is" } else { "are" }
        ));
    }
    match counts.expired_waivers {
        0 => {}
        1 => sentence.push_str("; a waiver has expired and does not count"),
        several => sentence.push_str(&format!("; {several} waivers have expired and do not count")),
    }
    if interrupted {
        sentence.push_str("; the run was interrupted");
    }
    if counts.not_tested > 0 {
        let verb = if counts.not_tested == 1 { "was" } else { "were" };
        sentence.push_str(&format!(
            "; {} {verb} not tested, for want of data that the supplier names",
            counts.not_tested
        ));
    }
    if counts.to_be_declared > 0 {
        let verb = if counts.to_be_declared == 1 { "awaits" } else { "await" };
        sentence.push_str(&format!("; {} {verb} a declaration", counts.to_be_declared));
    }
    sentence.push_str(&format!(
        ". Areas covered: {}.",
        manifest.areas.values().cloned().collect::<Vec<_>>().join(", ")
    ));
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(mandatory: usize, failed: usize, open: usize) -> Counts {
        Counts {
            mandatory,
            mandatory_failed: failed,
            mandatory_open: open,
            mandatory_passed: mandatory - failed - open,
            ..Counts::default()
        }
    }

    #[test]
    fn a_failure_decides_and_nothing_is_never_conformant() {
        assert_eq!(verdict(&counts(3, 0, 0)), Verdict::Conformant);
        assert_eq!(verdict(&counts(3, 1, 1)), Verdict::NotConformant);
        assert_eq!(verdict(&counts(3, 0, 1)), Verdict::Incomplete);
        assert_eq!(verdict(&counts(0, 0, 0)), Verdict::Incomplete);
        let waived = Counts { mandatory_waived: 1, mandatory_passed: 2, ..counts(3, 0, 0) };
        assert_eq!(verdict(&waived), Verdict::ConformantWithWaivers);
        let failed_too = Counts { mandatory_failed: 1, ..waived };
        assert_eq!(verdict(&failed_too), Verdict::NotConformant);
    }
}
