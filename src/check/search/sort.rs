//! `_sort`: the order of the matches over all pages that were read (search.html#sort).

use super::super::judge::Judge;
use super::super::{Answer, CheckResult, Finding, Outcome, Page, Weight};
use super::definition::{self, Kind};
use super::held::Held;
use super::order::{Order, order};
use super::{finding, words};
use crate::code::Code;
use crate::fhir::Element;
use crate::fhirpath::Item;
use crate::standard::EntryMode;

/// The page of this check.
pub const SORT: Code = Code {
    name: "search-sort",
    title: "The matches are in the order that was asked for",
    what: "With `_sort`, each match stands after the one before it by the first key, and where both are alike by the \
        next. Of values that overlap, and of texts that languages order in different ways, any order is right. Records \
        without a value stand last; where they stand elsewhere it cannot be told.",
    why: "A client that shows the newest result first shows the wrong one.",
    example: "wrong:  2019-01-01 before 2020-01-01 for Observation?_sort=-date",
    specification: "https://hl7.org/fhir/STU3/search.html#sort",
};

/// How many findings are listed.
const MOST: usize = 20;

struct Key<'k> {
    name: &'k str,
    descends: bool,
}

/// What two neighbours show.
enum Neighbours {
    InOrder,
    OutOfOrder(String),
    Unknown(String),
}

/// Checks each match against the one before it.
pub(super) fn check(sent: &str, answer: &Answer, judge: &Judge<'_>) -> CheckResult {
    let keys: Vec<Key<'_>> = sent
        .split(',')
        .filter(|key| !key.is_empty())
        .map(|key| match key.strip_prefix('-') {
            Some(name) => Key { name, descends: true },
            None => Key { name: key, descends: false },
        })
        .collect();
    let matches: Vec<(&Page, Element<'_>)> = answer
        .pages
        .iter()
        .flat_map(|page| page.entries(EntryMode::Match).into_iter().map(move |entry| (page, entry)))
        .filter_map(|(page, entry)| Some((page, entry.child("resource")?)))
        .collect();
    let checked = format!("that the matches are in the order of `_sort={sent}`");
    if matches.len() < 2 {
        let mut result = CheckResult::new(SORT.name, Outcome::NotDemonstrated, checked);
        result.actual = Some("fewer than two matches have no order".to_owned());
        return result;
    }
    let mut findings: Vec<Finding> = Vec::new();
    for pair in matches.windows(2) {
        let [(_, before), (page, after)] = pair else { continue };
        let (weight, message) = match neighbours(*before, *after, &keys, judge) {
            Neighbours::InOrder => continue,
            Neighbours::OutOfOrder(message) => (Weight::Error, message),
            Neighbours::Unknown(why) => (Weight::Undecided, why),
        };
        findings.push(finding::at(&SORT, page, *after, weight, message));
    }
    findings.sort_by_key(|finding| finding.weight != Weight::Error);
    let outcome = match findings.first().map(|finding| finding.weight) {
        None => Outcome::Pass,
        Some(Weight::Error) => Outcome::Fail,
        Some(_) => Outcome::Inconclusive,
    };
    let actual = findings.first().map_or_else(|| "they are".to_owned(), |finding| finding.message.clone());
    findings.truncate(MOST);
    let mut result = CheckResult::new(SORT.name, outcome, checked).compared(sent, actual);
    result.findings = findings;
    result
}

fn neighbours(before: Element<'_>, after: Element<'_>, keys: &[Key<'_>], judge: &Judge<'_>) -> Neighbours {
    for key in keys {
        let (one, other) = match (values(before, key, judge), values(after, key, judge)) {
            (Ok(one), Ok(other)) => (one, other),
            (Err(why), _) | (_, Err(why)) => return Neighbours::Unknown(why),
        };
        let told = match (one.held.is_empty(), other.held.is_empty()) {
            (true, true) => continue,
            (false, true) => return Neighbours::InOrder,
            (true, false) => {
                let why = format!("where a record without {} stands, is not defined", key.name);
                return Neighbours::Unknown(why);
            }
            (false, false) => order(&one.held, &other.held, one.kind),
        };
        let Some(told) = told else {
            return Neighbours::Unknown(format!("the order of {} is not defined", key.name));
        };
        match if key.descends { told.reversed() } else { told } {
            Order::Before | Order::Either => return Neighbours::InOrder,
            Order::Same => {}
            Order::After => {
                let labels = (finding::label(after), finding::label(before));
                return Neighbours::OutOfOrder(format!(
                    "{}, which has {} for {}, stands after {}, which has {}",
                    labels.0, other.words, key.name, labels.1, one.words
                ));
            }
        }
    }
    Neighbours::InOrder
}

struct Values<'t> {
    held: Vec<Held<'t>>,
    kind: Kind,
    words: String,
}

fn values<'t>(resource: Element<'t>, key: &Key<'_>, judge: &Judge<'t>) -> Result<Values<'t>, String> {
    let schemas = judge.validator.schemas();
    let definition = definition::find(schemas, resource.resource_type().unwrap_or_default(), key.name)?;
    let held = Held::all(&definition.expression, schemas, Item::element(resource, None))?;
    let words = words::of(&held, &definition);
    Ok(Values { held, kind: definition.kind, words })
}
