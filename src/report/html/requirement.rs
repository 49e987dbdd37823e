//! A requirement on the page: what it says, how it stands, and what shows it.

use minijinja::{Value, context};

use super::{link, scenario, standing};
use crate::check::Outcome;
use crate::inert::value;
use crate::report::aspect::{self, about};
use crate::report::case::{Case, Index};
use crate::report::facts::{self, clause_name};
use crate::report::standing::Standing;
use crate::run::{RequirementResult, RunRecord};
use crate::standard::Level;

/// How many cases that did not pass are shown in full; the rest are linked.
const CASES: usize = 3;

/// A requirement.
pub(super) fn view(index: &Index<'_>, requirement: &RequirementResult) -> Value {
    let cases = index.cases(requirement);
    let (passed, others): (Vec<&Case<'_>>, Vec<&Case<'_>>) =
        cases.iter().partition(|case| case.outcome == Outcome::Pass);
    let detailed: Vec<Value> = others.iter().take(CASES).map(|case| detailed(requirement, case)).collect();
    let linked = others.iter().skip(CASES).chain(&passed).map(|case| linked(requirement, case));
    context! {
        id => &requirement.id,
        anchor => link::anchor(&requirement.id),
        key => Standing::of(requirement).key(),
        weight => weight(requirement.level),
        level => requirement.level.to_string(),
        implied => requirement.implied,
        advisory => requirement.level.is_mandatory() && !requirement.binding,
        maturity => requirement.maturity.to_string(),
        method => requirement.method.to_string(),
        aspects => about(requirement).iter().map(|one| aspect::name(*one).to_lowercase()).collect::<Vec<_>>().join(", "),
        standing => standing(Standing::of(requirement)),
        text => &requirement.text,
        clause => clause_name(&requirement.clause),
        clause_href => requirement.clause.url.as_deref().and_then(link::web),
        note => &requirement.note,
        question => &requirement.question,
        reason => requirement.reason.as_deref().map(value),
        waiver => facts::waiver(requirement),
        case_count => cases.len(),
        passed_count => passed.len(),
        detailed,
        linked => linked.collect::<Vec<Value>>(),
    }
}

/// How much a level asks.
fn weight(level: Level) -> &'static str {
    match level {
        Level::Shall | Level::ShallNot => "mandatory",
        Level::Should | Level::ShouldNot => "recommended",
        Level::May => "optional",
    }
}

/// The weights that any requirement has, as the filters name them.
pub(super) fn levels(record: &RunRecord) -> Vec<&'static str> {
    let has = |words: &&str| record.requirements.iter().any(|one| weight(one.level) == *words);
    [Level::Shall, Level::Should, Level::May].map(weight).into_iter().filter(has).collect()
}

/// A requirement in one line, with why it stands as it does.
pub(super) fn in_short(index: &Index<'_>, requirement: &RequirementResult) -> Value {
    let cases = index.cases(requirement);
    let found: Vec<&Case<'_>> = cases.iter().filter(|case| case.outcome == requirement.outcome).collect();
    context! {
        id => &requirement.id,
        anchor => link::anchor(&requirement.id),
        level => requirement.level.to_string(),
        text => &requirement.text,
        question => &requirement.question,
        method => requirement.method.to_string(),
        why => facts::why_of(index, requirement),
        found_count => found.len(),
        case_count => cases.len(),
    }
}

fn detailed(requirement: &RequirementResult, case: &Case<'_>) -> Value {
    let checks: Vec<Value> = case
        .deciding
        .iter()
        .map(|place| context! { step => &place.step.name, number => place.number, ..scenario::check(place.check) })
        .collect();
    context! { reason => case.reason().as_deref().map(value), checks, ..linked(requirement, case) }
}

fn linked(requirement: &RequirementResult, case: &Case<'_>) -> Value {
    context! {
        id => &case.scenario.id,
        title => &case.scenario.title,
        anchor => scenario::anchor(&case.scenario.id),
        standing => standing(Standing::with(requirement, case.outcome)),
    }
}
