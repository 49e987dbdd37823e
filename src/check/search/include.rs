//! `_include` and `_revinclude`: what goes with the matches was asked for (search.html#include).

use std::collections::HashMap;

use super::super::judge::Judge;
use super::super::{Answer, CheckResult, Finding, Outcome, Page, Weight};
use super::definition;
use super::finding;
use super::held::Held;
use super::parameter::Parameter;
use super::surroundings::Surroundings;
use crate::code::Code;
use crate::fhir::Element;
use crate::fhirpath::Item;

/// The page of this check.
pub const INCLUDE: Code = Code {
    name: "search-include",
    title: "What goes with the matches was asked for",
    what: "Each entry of mode `include` is one that a match refers to by an `_include` that was sent, or that refers to a \
        match by a `_revinclude`. With `:iterate` (STU3: `:recurse`) other includes count as matches do. Beside that, what \
        belongs to a match in another way may come, and is told of; nothing else is included. Entries of mode `outcome` are not \
        meant.",
    why: "A record that nobody asked for is disclosed without need.",
    example: "wrong:  an Organization of mode include for Patient?_include=Patient:general-practitioner, to which no Patient refers",
    specification: "https://hl7.org/fhir/STU3/search.html#include",
};

/// How many findings are listed.
const MOST: usize = 20;

/// One `_include` or `_revinclude` that was sent: `Source:parameter:Target`.
struct Asked<'p> {
    source: &'p str,
    parameter: &'p str,
    target: Option<&'p str>,
    reverse: bool,
    iterates: bool,
}

/// One entry of the answer.
struct Entry<'a> {
    page: &'a Page,
    resource: Element<'a>,
    is_included: bool,
}

/// Checks every included entry; `None` where nothing is included and nothing was asked for.
pub(super) fn check(answer: &Answer, judge: &Judge<'_>) -> Option<CheckResult> {
    let sent: Vec<String> = judge
        .parameters
        .iter()
        .filter(|(name, _)| matches!(Parameter::name_of(name), "_include" | "_revinclude"))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let entries = entries(answer);
    let included = entries.iter().filter(|entry| entry.is_included).count();
    if sent.is_empty() && included == 0 {
        return None;
    }
    let checked = "that what goes with the matches was asked for";
    let expected = if sent.is_empty() { "nothing but matches".to_owned() } else { sent.join("&") };
    if included == 0 {
        let result = CheckResult::new(INCLUDE.name, Outcome::NotDemonstrated, checked);
        return Some(result.compared(expected, "nothing is included"));
    }
    let asked: Vec<Option<Asked<'_>>> = judge
        .parameters
        .iter()
        .filter(|(name, _)| matches!(Parameter::name_of(name), "_include" | "_revinclude"))
        .map(|(name, value)| Asked::parse(name, value))
        .collect();
    let mut reach = Reach::new(&entries, answer, judge);
    reach.follow(&asked);
    // Beside what was asked for a server may bring more that belongs to a match; what belongs to none is not wanted.
    let heard = sent.is_empty()
        || entries.iter().zip(&reach.reached).any(|(entry, reached)| entry.is_included && *reached);
    let mut related = Reach::new(&entries, answer, judge);
    related.follow(&[Some(Asked::anything(false)), Some(Asked::anything(true))]);
    let mut findings: Vec<Finding> = Vec::new();
    for (index, entry) in entries.iter().enumerate().filter(|(index, _)| !reach.reached[*index]) {
        let (weight, message) = match &reach.unknown {
            _ if heard && related.reached[index] => (
                Weight::Information,
                format!("{} was not asked for, and belongs to a match", finding::label(entry.resource)),
            ),
            Some(why) => (
                Weight::Undecided,
                format!("whether {} was asked for cannot be told: {why}", finding::label(entry.resource)),
            ),
            None => (
                Weight::Error,
                format!(
                    "{} is included, and nothing that was asked for leads to it",
                    finding::label(entry.resource)
                ),
            ),
        };
        findings.push(finding::at(&INCLUDE, entry.page, entry.resource, weight, message));
    }
    let wrong = findings.iter().find(|finding| finding.weight != Weight::Information);
    let outcome = match wrong.map(|finding| finding.weight) {
        None => Outcome::Pass,
        Some(Weight::Error) => Outcome::Fail,
        Some(_) => Outcome::Inconclusive,
    };
    let actual = match (wrong, findings.len()) {
        (Some(finding), _) => finding.message.clone(),
        (None, 0) => format!("{included} included, all asked for"),
        (None, unasked) => format!("{included} included, {unasked} of them not asked for"),
    };
    findings.truncate(MOST);
    let mut result = CheckResult::new(INCLUDE.name, outcome, checked).compared(expected, actual);
    result.findings = findings;
    Some(result)
}

fn entries(answer: &Answer) -> Vec<Entry<'_>> {
    let mut found = Vec::new();
    for page in &answer.pages {
        let Ok(tree) = page.tree() else { continue };
        for entry in tree.root().children_named("entry") {
            let mode = entry.child("search").and_then(|search| search.text("mode"));
            let Some(resource) = entry.child("resource").filter(|_| mode != Some("outcome")) else {
                continue;
            };
            // Some servers mark what they have to say of the search as an include.
            if resource.resource_type() == Some("OperationOutcome") {
                continue;
            }
            found.push(Entry { page, resource, is_included: mode == Some("include") });
        }
    }
    found
}

impl<'p> Asked<'p> {
    /// Every reference from a match, or to one.
    fn anything(reverse: bool) -> Self {
        Self { source: "*", parameter: "*", target: None, reverse, iterates: false }
    }

    fn parse(name: &'p str, value: &'p str) -> Option<Self> {
        let name = Parameter::parse(name);
        let mut parts = value.splitn(3, ':');
        let iterates = match name.modifier {
            None => false,
            Some("iterate" | "recurse") => true,
            Some(_) => return None,
        };
        let source = parts.next()?;
        Some(Self {
            source,
            // A star alone means every reference of every type.
            parameter: if source == "*" { "*" } else { parts.next()? },
            target: parts.next(),
            reverse: name.name == "_revinclude",
            iterates,
        })
    }
}

/// Which entries are matches, or are led to.
struct Reach<'r, 'a> {
    entries: &'r [Entry<'a>],
    surroundings: Surroundings<'a>,
    /// The entries by the tree and number of their resource.
    places: HashMap<(usize, u32), usize>,
    reached: Vec<bool>,
    /// Why something may be led to that was not seen to be.
    unknown: Option<String>,
}

impl<'r, 'a> Reach<'r, 'a> {
    fn new(entries: &'r [Entry<'a>], answer: &'a Answer, judge: &Judge<'a>) -> Self {
        let place = |(index, entry): (usize, &Entry<'a>)| (key(entry.resource), index);
        Self {
            entries,
            surroundings: Surroundings {
                schemas: judge.validator.schemas(),
                pages: &answer.pages,
                address: answer.first().map(|page| page.exchange.request.url.as_str()),
            },
            places: entries.iter().enumerate().map(place).collect(),
            reached: entries.iter().map(|entry| !entry.is_included).collect(),
            unknown: None,
        }
    }

    /// Marks all that the parameters lead to: first from the matches, then from includes, until nothing is new.
    fn follow(&mut self, asked: &[Option<Asked<'_>>]) {
        if asked.iter().any(Option::is_none) {
            self.unknown = Some("one of the parameters has a form that is not evaluated".to_owned());
        }
        let asked: Vec<&Asked<'_>> = asked.iter().flatten().collect();
        let matches = self.reached.clone();
        let edges: Vec<Vec<(usize, usize)>> = asked.iter().map(|asked| self.edges(asked)).collect();
        loop {
            let before = self.reached.clone();
            for (asked, edges) in asked.iter().zip(&edges) {
                let from = if asked.iterates { &before } else { &matches };
                for (one, other) in edges {
                    let (start, end) = if asked.reverse { (*other, *one) } else { (*one, *other) };
                    if from[start] {
                        self.reached[end] = true;
                    }
                }
            }
            if self.reached == before {
                return;
            }
        }
    }

    /// Which entry refers to which by a parameter.
    fn edges(&mut self, asked: &Asked<'_>) -> Vec<(usize, usize)> {
        let mut edges = Vec::new();
        for (index, entry) in self.entries.iter().enumerate() {
            let kind = entry.resource.resource_type().unwrap_or_default();
            if asked.source != kind && asked.source != "*" {
                continue;
            }
            let references = match self.references(entry.resource, kind, asked.parameter) {
                Ok(references) => references,
                Err(why) => {
                    self.unknown = Some(why);
                    continue;
                }
            };
            for (element, address) in references {
                for target in self.surroundings.targets(element, &address) {
                    let fits = asked.target.is_none_or(|kind| target.resource_type() == Some(kind));
                    edges.extend(self.places.get(&key(target)).filter(|_| fits).map(|to| (index, *to)));
                }
            }
        }
        edges
    }

    /// The references of a resource by a parameter, each with where it leads.
    fn references(
        &self,
        resource: Element<'a>,
        kind: &str,
        parameter: &str,
    ) -> Result<Vec<(Element<'a>, String)>, String> {
        if parameter == "*" {
            let all = resource.descendants().filter(|element| element.is_called("reference"));
            return Ok(all.filter_map(|element| Some((element, element.value()?.to_owned()))).collect());
        }
        let schemas = self.surroundings.schemas;
        let definition = definition::find(schemas, kind, parameter)?;
        let held = Held::all(&definition.expression, schemas, Item::element(resource, None))?;
        let address = |held: &Held<'a>| {
            let element = held.element?;
            let address = held.value.as_deref().or_else(|| element.text("reference"))?;
            Some((element, address.to_owned()))
        };
        Ok(held.iter().filter_map(address).collect())
    }
}

/// What tells an element from all others of all pages.
fn key(element: Element<'_>) -> (usize, u32) {
    (std::ptr::from_ref(element.tree()).addr(), element.id())
}
