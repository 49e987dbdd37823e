//! The facts about a failure as labelled lines, the same in every report that is plain text.

use super::case::{Case, Index, Place};
use crate::check::{Finding, NOT_JUDGED, Outcome, Weight};
use crate::inert::{one_line, value};
use crate::run::{ExchangeSummary, RequirementResult, StepResult};
use crate::standard::Clause;

/// How many findings of one check are printed; the rest are counted.
const FINDINGS: usize = 5;
/// How many evidence files of one step are printed; the rest are counted.
const FILES: usize = 3;

/// One labelled line.
pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) text: String,
    /// Something to copy, never wrapped.
    pub(super) verbatim: bool,
}

impl Fact {
    fn new(label: &'static str, text: impl Into<String>) -> Self {
        Self { label, text: text.into(), verbatim: false }
    }

    fn verbatim(label: &'static str, text: impl Into<String>) -> Self {
        Self { label, text: text.into(), verbatim: true }
    }
}

/// The facts about each check that decided a case; of the step where it stopped, if no check did.
pub(super) fn of_case(index: &Index<'_>, case: &Case<'_>) -> Vec<Vec<Fact>> {
    if !case.deciding.is_empty() {
        return case.deciding.iter().map(|place| of_check(index, *place)).collect();
    }
    let mut facts = Vec::new();
    if let Some((number, step)) = case.stopped_at() {
        facts.push(Fact::new("step", format!("{number}, {}", value(&step.name))));
    }
    if let Some(reason) = case.reason() {
        facts.push(Fact::new("reason", value(&reason)));
    }
    if let Some((_, step)) = case.stopped_at() {
        facts.extend(to_repeat(index, step));
    }
    vec![facts]
}

fn of_check(index: &Index<'_>, place: Place<'_>) -> Vec<Fact> {
    let Place { number, step, check } = place;
    let mut facts = vec![
        Fact::new("step", format!("{number}, {}", value(&step.name))),
        Fact::new("checked", value(&check.checked)),
    ];
    if let Some(expected) = &check.expected {
        facts.push(Fact::new("expected", value(expected)));
    }
    if let Some(actual) = &check.actual {
        facts
            .push(Fact::new(if check.outcome == Outcome::Fail { "found" } else { "because" }, value(actual)));
    }
    facts.extend(of_findings(&check.findings));
    if let Some(hint) = &check.hint {
        facts.push(Fact::new("hint", value(hint)));
    }
    facts.extend(to_repeat(index, step));
    facts
}

fn of_findings(findings: &[Finding]) -> Vec<Fact> {
    let mut facts: Vec<Fact> =
        findings.iter().take(FINDINGS).map(|finding| Fact::new("at", finding_line(finding))).collect();
    if findings.len() > FINDINGS {
        facts.push(Fact::new("at", format!("and {} more places", findings.len() - FINDINGS)));
    }
    facts
}

fn finding_line(finding: &Finding) -> String {
    let weight = match finding.weight {
        Weight::Error => String::new(),
        other => format!("{other}: "),
    };
    let compared = match (&finding.expected, &finding.actual) {
        (Some(expected), Some(actual)) => format!(" (expected {}, found {})", value(expected), value(actual)),
        (Some(expected), None) => format!(" (expected {})", value(expected)),
        (None, Some(actual)) => format!(" (found {})", value(actual)),
        (None, None) => String::new(),
    };
    format!("{}: {weight}{}{compared} [{}]", finding_place(finding), value(&finding.message), finding.code)
}

/// Where a finding is: the element's path, and its line and column as far as they are known.
pub(super) fn finding_place(finding: &Finding) -> String {
    let path = value(&finding.path);
    match (finding.line, finding.column) {
        (Some(line), Some(column)) => format!("{path}, line {line}:{column}"),
        (Some(line), None) => format!("{path}, line {line}"),
        _ => path,
    }
}

fn to_repeat(index: &Index<'_>, step: &StepResult) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some(curl) = &step.curl {
        facts.push(Fact::verbatim("repeat", one_line(curl)));
    }
    let exchanges = index.exchanges(&step.exchanges);
    for exchange in exchanges.iter().take(FILES) {
        facts
            .push(Fact::verbatim("evidence", format!("{} ({})", one_line(&exchange.file), answer(exchange))));
    }
    if exchanges.len() > FILES {
        facts.push(Fact::new("evidence", format!("and {} more files", exchanges.len() - FILES)));
    }
    facts
}

/// What came back, in short: the status, or why there was none.
pub(super) fn answer(exchange: &ExchangeSummary) -> String {
    match (exchange.status, &exchange.error) {
        (Some(status), _) => match &exchange.flaky {
            Some(flaky) => format!("status {status}, flaky: {}", value(flaky)),
            None => format!("status {status}"),
        },
        (None, Some(error)) => value(error),
        (None, None) => "no answer".to_owned(),
    }
}

/// The waiver of a requirement in one line, if it has one.
pub(super) fn waiver(requirement: &RequirementResult) -> Option<String> {
    let waiver = requirement.waiver.as_ref()?;
    let state = if waiver.expired { "waiver, EXPIRED, which does not count" } else { "waived" };
    Some(format!(
        "{state}: outcome {}; {}; approved by {}; until {}",
        requirement.outcome,
        value(&waiver.reason),
        value(&waiver.approver),
        value(&waiver.expires)
    ))
}

/// The clause of the specification, with its address.
pub(super) fn clause(clause: &Clause) -> String {
    match &clause.url {
        Some(url) => format!("{} <{}>", clause_name(clause), one_line(url)),
        None => clause_name(clause),
    }
}

/// The page and the section of a clause.
pub(super) fn clause_name(clause: &Clause) -> String {
    match &clause.section {
        Some(section) => format!("{}, {}", one_line(&clause.page), one_line(section)),
        None => one_line(&clause.page),
    }
}

/// Why a requirement came out as it did, in one line: what the first case that came out so says, else the record.
pub(super) fn why_of(index: &Index<'_>, requirement: &RequirementResult) -> Option<String> {
    let cases = index.cases(requirement);
    let case = cases.iter().find(|case| case.outcome == requirement.outcome);
    case.and_then(why).or_else(|| requirement.reason.as_deref().map(value))
}

/// Why a case came out as it did, in one line: what the first deciding check expected and found.
pub(super) fn why(case: &Case<'_>) -> Option<String> {
    let Some(place) = case.deciding.first() else { return case.reason().as_deref().map(value) };
    let checked = value(&place.check.checked);
    Some(match (&place.check.expected, &place.check.actual) {
        (Some(expected), Some(actual)) => {
            format!("{checked}: expected {}, found {}", value(expected), value(actual))
        }
        // Of what was not judged, only the reason says anything.
        (None, Some(actual)) if place.check.code == NOT_JUDGED.name => value(actual),
        (None, Some(actual)) => format!("{checked}: {}", value(actual)),
        _ => match place.check.findings.first() {
            Some(finding) => format!("{checked}: {}", value(&finding.message)),
            None => checked,
        },
    })
}
