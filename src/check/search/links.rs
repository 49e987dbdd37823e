//! The links of a searchset: self, and the pages.

use std::collections::HashSet;

use super::super::{Answer, CheckResult, Outcome, Page, Weight};
use super::finding;
use super::parameter::Parameter;
use crate::code::Code;
use crate::fhir::Tree;
use crate::standard::EntryMode;

/// The page of the check of the self link.
pub const SELF_LINK: Code = Code {
    name: "self-link",
    title: "The self link says what was searched for",
    what: "The Bundle's link `self` holds the parameters that the server used. A parameter that it ignored is not there.",
    why: "It is the only way for a client to learn that a parameter was ignored and the result is wider than asked.",
    example: "wrong:  no self link\nright:  { \"relation\": \"self\", \"url\": \"…/Patient?gender=female\" }",
    specification: "https://hl7.org/fhir/STU3/search.html#conformance",
};

/// The page of the check of paging.
pub const PAGING: Code = Code {
    name: "paging",
    title: "The pages of a result can be followed",
    what: "Each `next` link leads to another page, the last page has none, and no entry comes twice.",
    why: "A client that follows the links otherwise never ends, or misses records.",
    example: "wrong:  a next link that leads back to the first page",
    specification: "https://hl7.org/fhir/STU3/http.html#paging",
};

/// Checks that the self link names the parameters. A value other than the one that was sent is a warning: the server
/// may have written it in another way.
#[must_use]
pub fn self_link(parameters: &[String], page: &Page, sent: &[(String, String)]) -> CheckResult {
    let checked = format!("that the self link names {}", parameters.join(", "));
    let Some(link) = page.link("self") else {
        return CheckResult::new(SELF_LINK.name, Outcome::Fail, checked)
            .compared("a self link", "no self link");
    };
    let query = link.split_once('?').map_or("", |(_, query)| query);
    let used: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let is_used = |name: &String| used.iter().any(|(used, _)| Parameter::name_of(used) == name);
    let outcome = if parameters.iter().all(is_used) { Outcome::Pass } else { Outcome::Fail };
    let mut result = CheckResult::new(SELF_LINK.name, outcome, checked).compared(parameters.join(", "), link);
    let root = page.tree().ok().map(Tree::root);
    for (name, value) in
        sent.iter().filter(|(name, _)| parameters.iter().any(|own| own == Parameter::name_of(name)))
    {
        let own: Vec<&str> = used
            .iter()
            .filter(|(used, _)| Parameter::name_of(used) == Parameter::name_of(name))
            .map(|(_, value)| value.as_str())
            .collect();
        // A reference by id may have become one with its type, a code one with its system.
        let is_same = |own: &str| own.contains(value.as_str()) || value.contains(own);
        if let (Some(root), false) = (root, own.is_empty() || own.iter().any(|own| is_same(own))) {
            let message = format!("{name}={value} was sent, and the self link has {}", own.join(" and "));
            result.findings.push(finding::at(&SELF_LINK, page, root, Weight::Warning, message));
        }
    }
    result
}

/// Checks that the pages that were followed are all the pages, each entry once.
#[must_use]
pub fn paging(answer: &Answer) -> CheckResult {
    let checked = "that the pages can be followed to the last";
    let pages = answer.pages.len();
    if let Some(problem) = &answer.paging_problem {
        let outcome = if answer.was_answered() { Outcome::Fail } else { Outcome::Inconclusive };
        return CheckResult::new(PAGING.name, outcome, checked)
            .compared("next links that lead to a last page", problem);
    }
    if pages <= 1 {
        let mut result = CheckResult::new(PAGING.name, Outcome::NotApplicable, checked);
        result.actual = Some("all on one page".to_owned());
        return result;
    }
    let mut seen = HashSet::new();
    for (_, entry) in answer.entries(EntryMode::Match) {
        let resource = entry.child("resource");
        let id = resource.and_then(|resource| Some((resource.resource_type()?, resource.text("id")?)));
        if let Some((kind, id)) = id.filter(|id| !seen.insert(*id)) {
            return CheckResult::new(PAGING.name, Outcome::Fail, checked)
                .compared("each entry once", format!("{kind}/{id} on more than one page"));
        }
    }
    CheckResult::new(PAGING.name, Outcome::Pass, checked)
        .compared("next links that lead to a last page", format!("{pages} pages, {} entries", seen.len()))
}
