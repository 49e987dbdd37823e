//! That the body has the content of a resource, whatever it has besides.

use serde_json::Value;

use super::{CheckResult, Finding, Judge, Outcome, Page};
use crate::code::Code;
use crate::fhir::{Element, Tree, parse};
use crate::standard::{Content, is_resource_text};
use crate::validate::shorten;

/// The page of this check.
pub const CODE: Code = Code {
    name: "contains",
    title: "The body has the content that is given",
    what: "Every element of a given resource is in the body, with the same value; each item of a list is an item of the \
        list there. The body may have more.",
    why: "A server may add to a record what it likes, but must keep what it was sent.",
    example: "wrong:  name.given \"Ann\" was sent, and the answer has none\nright:  it is there, beside meta.lastUpdated",
    specification: "https://hl7.org/fhir/R4/testscript-definitions.html",
};

/// How many missing elements are listed.
const MAX_FINDINGS: usize = 50;

/// Checks the body.
#[must_use]
pub fn check(expected: &Content, page: &Page, root: Element<'_>, judge: &Judge<'_>) -> CheckResult {
    let checked = match (&expected.answer, &expected.resource) {
        (Some(name), _) => format!("that the body has the content of the answer `{name}`"),
        (None, Some(Value::String(file))) if !is_resource_text(file) => {
            format!("that the body has the content of {file}")
        }
        _ => "that the body has the content that is given".to_owned(),
    };
    let own;
    let minimum = match &expected.answer {
        Some(name) => match judge.kept.get(name).and_then(|kept| kept.answer.first()?.tree().ok()) {
            Some(tree) => tree,
            None => return unread(checked, format!("there is no resource in an earlier answer `{name}`")),
        },
        None => match given(expected.resource.as_ref(), judge) {
            Ok(tree) => {
                own = tree;
                &own
            }
            Err(reason) => return unread(checked, reason),
        },
    };
    let mut missing = Vec::new();
    lacking(minimum.root(), root, &mut missing);
    let outcome = if missing.is_empty() { Outcome::Pass } else { Outcome::Fail };
    let actual = match missing.as_slice() {
        [] => "all of it".to_owned(),
        [first, ..] => format!("{} elements are not there; the first: {}", missing.len(), described(*first)),
    };
    let mut result = CheckResult::new(CODE.name, outcome, checked).compared("every element of it", actual);
    result.findings = missing
        .into_iter()
        .take(MAX_FINDINGS)
        .map(|element| {
            let mut finding = Finding::at(&CODE, page, root, format!("{} is not there", described(element)));
            finding.path = element.path();
            finding
        })
        .collect();
    result
}

fn unread(checked: String, reason: String) -> CheckResult {
    let mut result = CheckResult::new(CODE.name, Outcome::Inconclusive, checked);
    result.actual = Some(reason);
    result
}

fn given(resource: Option<&Value>, judge: &Judge<'_>) -> Result<Tree, String> {
    let bytes = match resource {
        Some(Value::String(text)) if is_resource_text(text) => text.as_bytes().to_vec(),
        Some(Value::String(file)) => {
            judge.folder.read(file).map_err(|error| format!("the file {file}: {error}"))?.into_owned()
        }
        Some(structure) => structure.to_string().into_bytes(),
        None => return Err("no content is given".to_owned()),
    };
    parse(&bytes).map_err(|error| format!("the content that is given is {error}"))
}

/// The elements of `minimum` that `body` lacks; of a child that nothing there matches, that which the nearest lacks.
fn lacking<'m>(minimum: Element<'m>, body: Element<'_>, missing: &mut Vec<Element<'m>>) {
    let is_same_value = minimum.value().is_none() || minimum.value() == body.value();
    if !is_same_value || minimum.resource_type().is_some_and(|kind| body.resource_type() != Some(kind)) {
        missing.push(minimum);
        return;
    }
    for child in minimum.children() {
        let twins: Vec<Element<'_>> = body.children_named(child.name()).collect();
        if twins.iter().any(|twin| holds(child, *twin)) {
            continue;
        }
        match twins.as_slice() {
            [one] => lacking(child, *one, missing),
            _ => missing.push(child),
        }
    }
}

/// Whether an element has all that is in another.
fn holds(minimum: Element<'_>, body: Element<'_>) -> bool {
    (minimum.value().is_none() || minimum.value() == body.value())
        && minimum.resource_type().is_none_or(|kind| body.resource_type() == Some(kind))
        && minimum.children().all(|child| body.children_named(child.name()).any(|twin| holds(child, twin)))
}

fn described(element: Element<'_>) -> String {
    match element.value() {
        Some(value) => format!("{} = {}", element.path(), shorten(value)),
        None => element.path(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(minimum: &str, body: &str) -> Vec<String> {
        let (minimum, body) = (parse(minimum.as_bytes()).unwrap(), parse(body.as_bytes()).unwrap());
        let mut missing = Vec::new();
        lacking(minimum.root(), body.root(), &mut missing);
        missing.into_iter().map(described).collect()
    }

    #[test]
    fn more_is_let_pass_and_less_is_not() {
        let body = r#"{"resourceType":"Patient","id":"1","active":true,
            "name":[{"family":"B"},{"family":"A","given":["X","Y"]}]}"#;
        let found = |minimum: &str| missing(minimum, body);
        assert!(found(r#"{"resourceType":"Patient","name":[{"family":"A","given":["Y"]}]}"#).is_empty());
        assert!(found(r#"<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>"#).is_empty());
        assert_eq!(
            found(r#"{"resourceType":"Patient","active":false,"gender":"male"}"#),
            ["Patient.active = false", "Patient.gender = male"]
        );
        assert_eq!(
            found(r#"{"resourceType":"Patient","name":[{"family":"B","given":["Y"]}]}"#),
            ["Patient.name[0]"]
        );
        assert_eq!(found(r#"{"resourceType":"Observation"}"#), ["Observation"]);
    }
}
