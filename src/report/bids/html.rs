//! Bids as a page that needs nothing from elsewhere.

use minijinja::{Value, context};

use super::{Bid, Bids, Row, Weight};
use crate::report::standing::{verdict_symbol, verdict_tone};
use crate::report::template;

const TEMPLATE: &str = include_str!("bids.html");

/// The bids as a page.
///
/// # Errors
/// A defect of ours.
pub fn render(bids: &Bids) -> Result<String, minijinja::Error> {
    let differences: Vec<Value> = bids
        .differences
        .iter()
        .map(|one| {
            let loud = one.weight == Weight::NotTheSameTest;
            context! { what => &one.what, loud, values => one.values.clone() }
        })
        .collect();
    let areas: Vec<Value> = bids
        .areas
        .iter()
        .map(|(key, title)| {
            let rows: Vec<Value> = bids.requirements.iter().filter(|row| row.area == *key).map(row).collect();
            context! { title, rows }
        })
        .collect();
    let weights = bids.weights.as_ref().map(|weights| {
        let list = |given: &indexmap::IndexMap<String, f64>| {
            given.iter().map(|(name, weight)| format!("{name}: {weight}")).collect::<Vec<String>>()
        };
        [list(&weights.levels), list(&weights.areas), list(&weights.requirements)].concat()
    });
    let view = context! {
        style => template::style(),
        title => format!("{}: bids side by side", bids.title),
        standard => &bids.standard,
        standard_title => &bids.title,
        role => bids.role.to_string(),
        differences,
        loud => bids.differences.iter().any(|one| one.weight == Weight::NotTheSameTest),
        bids => bids.bids.iter().map(|bid| bid_view(bids, bid)).collect::<Vec<Value>>(),
        areas,
        weights,
    };
    template::render("bids.html", TEMPLATE, view)
}

fn bid_view(bids: &Bids, bid: &Bid) -> Value {
    let risks: Vec<Value> = bid
        .risks
        .iter()
        .map(|risk| {
            let title = bids.areas.iter().find(|(key, _)| *key == risk.area).map(|(_, title)| title.as_str());
            context! {
                level => risk.level.to_string(),
                area => title.unwrap_or(&risk.area),
                failed => risk.failed,
                open => risk.open,
                waived => risk.waived,
            }
        })
        .collect();
    context! {
        name => &bid.name,
        verdict => bid.verdict.to_string(),
        symbol => verdict_symbol(bid.verdict),
        tone => verdict_tone(bid.verdict),
        sentence => &bid.sentence,
        environment => bid.supplier.environment.clone(),
        tested_by => bid.supplier.tested_by.clone(),
        endpoint => &bid.endpoint,
        standard => &bid.standard,
        maturity => &bid.maturity.label,
        started => template::in_words(&bid.started),
        judged => &bid.judged,
        tool => &bid.tool,
        mandatory => bid.counts.mandatory,
        passed => bid.counts.mandatory_passed,
        failed => bid.counts.mandatory_failed,
        open => bid.counts.mandatory_open,
        waived => bid.counts.mandatory_waived,
        declare => bid.counts.to_be_declared,
        to_mend => bid.to_mend.clone(),
        risks,
        score => bid.score.map(|score| format!("{} of {}", score.reached, score.possible)),
    }
}

fn row(row: &Row) -> Value {
    let cells: Vec<Value> = row
        .cells
        .iter()
        .map(|cell| match cell {
            None => context! { words => "not in this run", symbol => "", tone => "none", why => "" },
            Some(cell) => context! {
                words => cell.standing,
                symbol => cell.shown.symbol(),
                tone => cell.shown.tone(),
                why => cell.why.clone().unwrap_or_default(),
            },
        })
        .collect();
    context! { id => &row.id, level => row.level.to_string(), text => &row.text, cells }
}
