//! That the references of an answer lead to something.

use super::{Answer, CheckResult, Finding, Outcome, Page};
use crate::code::Code;
use crate::fhir::Element;
use crate::fhirpath::Resolver as _;
use crate::standard::Resolves;
use crate::validate::{Knowledge, SchemaSet};

/// The page of this check.
pub const CODE: Code = Code {
    name: "resolves",
    title: "References lead to something",
    what: "Each reference of the answer leads to an entry of the same Bundle or a contained resource, or, where the \
        scenario says so, to a record that the endpoint gives when it is asked for it, of the type that the reference names. \
        One that leads to another server is left out then.",
    why: "A client follows references to show who and where; one that leads nowhere leaves a gap in the record.",
    example: "wrong:  \"reference\": \"Practitioner/7\", and GET Practitioner/7 is answered with 404",
    specification: "https://hl7.org/fhir/STU3/references.html",
};

/// How many references of one answer are read from the endpoint.
pub const MAX_READS: usize = 50;

/// A reference that leads out of the answer, and what came of reading it.
#[derive(Debug)]
pub struct Target {
    /// The reference as it is written.
    pub reference: String,
    /// The answer to reading it; `None` where it leads to another host, which is not asked.
    pub page: Option<Page>,
}

/// The references of an answer that lead out of it, each once, in order.
#[must_use]
pub fn leading_out(page: &Page, schemas: &SchemaSet) -> Vec<String> {
    let Ok(tree) = page.tree() else { return Vec::new() };
    let knowledge = Knowledge::new(schemas);
    let mut found: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (element, reference) in references(tree.root()) {
        let leads_out = !reference.starts_with('#') && knowledge.resolve(reference, element).is_none();
        if leads_out && seen.insert(reference) {
            found.push(reference.to_owned());
        }
    }
    found
}

/// Checks all references of the first page.
#[must_use]
pub fn check(
    expected: Resolves,
    answer: &Answer,
    page: &Page,
    root: Element<'_>,
    schemas: &SchemaSet,
) -> CheckResult {
    let checked = match expected {
        Resolves::Bundle => "that each reference leads to a resource of the same answer",
        Resolves::Endpoint => "that each reference leads to a record of the endpoint",
    };
    let knowledge = Knowledge::new(schemas);
    let mut findings = Vec::new();
    let mut outcome = None;
    let (mut number, mut elsewhere) = (0, 0);
    for (element, reference) in references(root) {
        if expected == Resolves::Endpoint && leads_elsewhere(reference, answer) {
            elsewhere += 1;
            continue;
        }
        number += 1;
        let (found, message) = if knowledge.resolve(reference, element).is_some() {
            (Outcome::Pass, String::new())
        } else if expected == Resolves::Bundle || reference.starts_with('#') {
            (Outcome::Fail, format!("{reference} is not in the answer"))
        } else {
            read(reference, answer)
        };
        if found != Outcome::Pass {
            findings.push((found, Finding::at(&CODE, page, element, message)));
        }
        outcome = Some(outcome.map_or(found, |known: Outcome| known.combine(found)));
    }
    let Some(outcome) = outcome else {
        let (outcome, actual) = match elsewhere {
            0 => (Outcome::NotDemonstrated, "no reference to show it".to_owned()),
            _ => (Outcome::NotApplicable, format!("{elsewhere}, all of which lead to other servers")),
        };
        let mut result = CheckResult::new(CODE.name, outcome, checked);
        result.actual = Some(actual);
        return result;
    };
    findings.sort_by_key(|(found, _)| std::cmp::Reverse(*found));
    let actual = match findings.first() {
        Some((_, first)) => format!("{} of {number}: {}", findings.len(), first.message),
        None => format!("all {number} do"),
    };
    let mut result = CheckResult::new(CODE.name, outcome, checked).compared("all of them", actual);
    result.findings = findings.into_iter().take(50).map(|(found, finding)| finding.weighing(found)).collect();
    result
}

/// Whether a reference leads to another host, which need not be one that the client may ask.
fn leads_elsewhere(reference: &str, answer: &Answer) -> bool {
    answer.targets.iter().any(|target| target.reference == reference && target.page.is_none())
}

/// What reading a reference from the endpoint showed.
fn read(reference: &str, answer: &Answer) -> (Outcome, String) {
    let Some(target) = answer.targets.iter().find(|target| target.reference == reference) else {
        let message = format!("{reference} was not read: at most {MAX_READS} references of an answer are");
        return (Outcome::NotDemonstrated, message);
    };
    let Some(page) = &target.page else {
        return (Outcome::NotApplicable, format!("{reference} leads to another host, which was not asked"));
    };
    let response = match &page.exchange.result {
        Ok(response) => response,
        Err(failure) if failure.is_of_the_server() => {
            return (Outcome::Fail, format!("{reference}: {}", failure.message));
        }
        Err(failure) => return (Outcome::Inconclusive, format!("{reference}: {}", failure.message)),
    };
    if response.status != 200 {
        return (Outcome::Fail, format!("{reference} is answered with status {}", response.status));
    }
    let found = page.tree().ok().and_then(|tree| tree.root().resource_type());
    let named = named_type(reference);
    match found {
        Some(found) if named.is_none_or(|named| named == found) => (Outcome::Pass, String::new()),
        Some(found) => (Outcome::Fail, format!("{reference} is answered with a {found}")),
        None => (Outcome::Fail, format!("{reference} is not answered with a resource")),
    }
}

/// The resource type that a reference of the form `…/Type/id` names.
fn named_type(reference: &str) -> Option<&str> {
    let path = reference.split("/_history/").next().unwrap_or(reference);
    path.rsplit('/').nth(1).filter(|name| name.starts_with(|letter: char| letter.is_ascii_uppercase()))
}

/// The elements that hold a literal reference.
fn references(root: Element<'_>) -> impl Iterator<Item = (Element<'_>, &str)> {
    let named = root.descendants().filter(|element| element.is_called("reference"));
    // An element of that name that has children is a Reference itself, and not its text.
    named.filter_map(|element| Some((element, element.value()?)))
}
