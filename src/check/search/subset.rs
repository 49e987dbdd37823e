//! `_summary` and `_elements`: how much of each record is wanted (search.html#summary, #elements).

use super::super::judge::Judge;
use super::super::{Answer, CheckResult, Outcome, Weight};
use super::{finding, total};
use crate::code::Code;
use crate::fhir::Element;
use crate::standard::EntryMode;
use crate::validate::{ElementSchema, Schema};

/// The page of this check.
pub const SUBSET: Code = Code {
    name: "search-subset",
    title: "Records hold what was asked for, and no more",
    what: "With `_elements`, each match has the elements named and those that are mandatory or change its meaning. With \
        `_summary=true` it has those of the summary; with `text` the narrative and what is mandatory; with `data` no \
        narrative. It should say by the tag SUBSETTED that it is not whole; without it there is a warning.",
    why: "A client on a slow line asks for little, and one that takes a part for the whole writes back a record with holes.",
    example: "wrong:  a Patient with an address in the answer to Patient?_elements=name",
    specification: "https://hl7.org/fhir/STU3/search.html#elements",
};

/// How many findings are listed.
const MOST: usize = 20;

/// What a record may hold.
enum Asked<'a> {
    Summary,
    Text,
    Data,
    Elements(Vec<&'a str>),
}

/// Checks what `_summary` asks for; `_summary=false` asks for nothing.
pub(super) fn summary(sent: &str, answer: &Answer, judge: &Judge<'_>) -> Option<CheckResult> {
    let asked = match sent {
        "true" => Asked::Summary,
        "text" => Asked::Text,
        "data" => Asked::Data,
        "count" => return Some(total::only_counted("_summary=count", answer)),
        "false" => return None,
        other => {
            let mut result = CheckResult::new(SUBSET.name, Outcome::Inconclusive, "what records hold");
            result.actual = Some(format!("`_summary={other}` is not defined"));
            return Some(result);
        }
    };
    Some(check(&asked, &format!("_summary={sent}"), answer, judge))
}

/// Checks what `_elements` asks for.
pub(super) fn elements(sent: &str, answer: &Answer, judge: &Judge<'_>) -> CheckResult {
    let names = sent.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    check(&Asked::Elements(names), &format!("_elements={sent}"), answer, judge)
}

fn check(asked: &Asked<'_>, sent: &str, answer: &Answer, judge: &Judge<'_>) -> CheckResult {
    let checked = format!("that each match holds what `{sent}` asks for");
    let mut findings = Vec::new();
    let mut count = 0;
    let mut unknown = None;
    for page in &answer.pages {
        for resource in page.entries(EntryMode::Match).into_iter().filter_map(|entry| entry.child("resource"))
        {
            count += 1;
            let kind = resource.resource_type().unwrap_or_default();
            let Some(schema) = judge.validator.schemas().type_schema(kind) else {
                unknown = Some(format!("the type {kind} is not known"));
                continue;
            };
            for child in resource.children().filter(|child| !asked.allows(*child, schema, kind)) {
                let message =
                    format!("{} has {}, which was not asked for", finding::label(resource), child.name());
                findings.push(finding::at(&SUBSET, page, child, Weight::Error, message));
            }
            if !is_tagged(resource) {
                let message =
                    format!("{} has no tag SUBSETTED, so that it looks whole", finding::label(resource));
                findings.push(finding::at(&SUBSET, page, resource, Weight::Warning, message));
            }
        }
    }
    findings.sort_by_key(|finding| finding.weight != Weight::Error);
    let first = findings.first().filter(|finding| finding.weight == Weight::Error);
    let (outcome, actual) = match (first, unknown) {
        (Some(first), _) => (Outcome::Fail, first.message.clone()),
        (None, Some(why)) => (Outcome::Inconclusive, why),
        (None, None) if count == 0 => (Outcome::NotDemonstrated, "no match to show it".to_owned()),
        (None, None) => (Outcome::Pass, "they do".to_owned()),
    };
    findings.truncate(MOST);
    let mut result = CheckResult::new(SUBSET.name, outcome, checked).compared(sent, actual);
    result.findings = findings;
    result
}

impl Asked<'_> {
    /// Whether a record may have an element of its outermost level.
    fn allows(&self, child: Element<'_>, schema: &Schema, kind: &str) -> bool {
        // What it is, how it is written, and what its references within it lead to.
        if ["id", "meta", "implicitRules", "language", "contained"].contains(&child.name()) {
            return true;
        }
        let Some(element) = element_of(child.name(), schema) else { return false };
        let is_needed = element.cardinality.min > 0 || element.is_modifier;
        match self {
            Self::Summary => element.is_summary || is_needed,
            Self::Text => child.is_called("text") || is_needed,
            Self::Data => !child.is_called("text"),
            Self::Elements(names) => {
                is_needed
                    || names.iter().any(|name| {
                        let name =
                            name.strip_prefix(kind).and_then(|rest| rest.strip_prefix('.')).unwrap_or(name);
                        name == child.name() || name.trim_end_matches("[x]") == element.name
                    })
            }
        }
    }
}

/// The definition of an element by the name that it has in a record: `valueQuantity` is of `value[x]`.
fn element_of<'s>(name: &str, schema: &'s Schema) -> Option<&'s ElementSchema> {
    schema.root.children.iter().find(|element| match name.strip_prefix(element.name.as_str()) {
        Some("") => true,
        Some(rest) => element.choice && rest.starts_with(|letter: char| letter.is_ascii_uppercase()),
        None => false,
    })
}

fn is_tagged(resource: Element<'_>) -> bool {
    let tags = resource
        .child("meta")
        .into_iter()
        .flat_map(|meta| meta.children().filter(|child| child.is_called("tag")));
    tags.into_iter().any(|tag| tag.text("code") == Some("SUBSETTED"))
}
