//! The selfcheck as a page that needs nothing from elsewhere.

use minijinja::{Value, context};

use crate::report::template;
use crate::selfcheck::{CheckRow, FaultResult, SelfCheck, Turned, VariationResult, WrongCheck};

const TEMPLATE: &str = include_str!("selfcheck.html");

/// The selfcheck as a page.
pub fn render(found: &SelfCheck) -> Result<String, minijinja::Error> {
    let faults = |names: &[String]| -> Vec<Value> {
        found.matrix.iter().filter(|fault| names.contains(&fault.name)).map(fault).collect()
    };
    let never = found.by_check.iter().filter(|row| found.complete && row.failed_by.is_empty());
    let alarms = found.by_variation.iter().filter(|one| found.false_alarms.contains(&one.name));
    let view = context! {
        style => template::style(),
        title => format!("What the suite of {} is worth", found.standard.title),
        standard => context! {
            title => &found.standard.title,
            version => &found.standard.version,
            digest => &found.standard.digest,
        },
        proved => found.is_proved(),
        sentence => super::sentence(found),
        complete => found.complete,
        faults => found.faults,
        caught => found.caught,
        checks => found.checks,
        variations => found.variations,
        survivors => faults(&found.survivors),
        mismatches => faults(&found.mismatches),
        never => never.map(check).collect::<Vec<Value>>(),
        alarms => alarms.map(variation).collect::<Vec<Value>>(),
        matrix => found.matrix.iter().map(fault).collect::<Vec<Value>>(),
        scenarios => scenarios(found),
        by_variation => found.by_variation.iter().map(variation).collect::<Vec<Value>>(),
        not_shown => turned(&found.not_shown),
    };
    template::render("selfcheck.html", TEMPLATE, view)
}

/// The checks by their scenario.
fn scenarios(found: &SelfCheck) -> Vec<Value> {
    let groups = found.by_check.chunk_by(|one, other| one.scenario == other.scenario);
    groups
        .map(|checks| {
            let never = checks.iter().filter(|check| check.failed_by.is_empty()).count();
            context! {
                name => &checks[0].scenario,
                never,
                checks => checks.iter().map(check).collect::<Vec<Value>>(),
            }
        })
        .collect()
}

fn check(row: &CheckRow) -> Value {
    context! {
        id => &row.id,
        step => row.step,
        code => &row.code,
        checked => &row.checked,
        verifies => &row.verifies,
        failed_by => &row.failed_by,
    }
}

fn fault(fault: &FaultResult) -> Value {
    context! {
        name => &fault.name,
        title => &fault.title,
        description => &fault.description,
        caught => fault.caught,
        caught_by => wrong(&fault.caught_by),
        breaks => &fault.breaks,
        exactly => fault.exactly,
        missed => &fault.missed,
        unexpected => &fault.unexpected,
        turned => turned(&fault.turned),
    }
}

fn variation(one: &VariationResult) -> Value {
    context! {
        name => &one.name,
        title => &one.title,
        description => &one.description,
        wrong => wrong(&one.wrong),
        failed => &one.failed,
        open => &one.open,
        turned => turned(&one.turned),
    }
}

fn wrong(checks: &[WrongCheck]) -> Vec<Value> {
    let view = |check: &WrongCheck| {
        context! { id => &check.id, case => &check.case, checked => &check.checked, actual => &check.actual }
    };
    checks.iter().map(view).collect()
}

fn turned(cases: &[Turned]) -> Vec<Value> {
    let view = |case: &Turned| {
        context! { case => &case.case, outcome => case.outcome.words(), reason => &case.reason }
    };
    cases.iter().map(view).collect()
}
