//! What can be done with records of a type: each interaction is claimed, and reading is tried.

use super::claims::{named, resource};
use super::discovery::Find;
use super::making::{Making, Wish, is_option, is_unwanted};
use super::names::quoted;
use super::wanted::{Part, Resource};
use crate::standard::{
    BundleExpectation, Expectation, ExplainedPath, OneOrMany, PathExpectation, StatusPattern, Step,
};

/// The requirements on interactions and operations of a type.
pub(super) fn of_resource(making: &mut Making<'_>, wanted: &Resource, option: Option<&str>) {
    let kind = &wanted.kind;
    for interaction in &wanted.interactions {
        let name = interaction.what.as_str();
        let tried = tried(kind, name);
        // A search is tried by each of its parameters.
        if tried.is_none() && (name != "search-type" || wanted.parameters.is_empty()) {
            making.not_covered.push(format!("{kind}.{name}: what the server does when it is asked for"));
        }
        if tried.is_none() && is_option(interaction.expectation) {
            continue;
        }
        let claim = if name == "search-type" { "search" } else { name };
        let text = format!("the interaction {name} of {kind}");
        let path = format!("{}.interaction.where(code = {}).exists()", resource(kind), quoted(name));
        let Some(id) = require(making, interaction, kind, option, (name, claim), &text) else { continue };
        if !is_option(interaction.expectation) {
            making.claim(&id, interaction.expectation, &text, path);
        }
        if let Some((find, step)) = tried.filter(|_| !is_unwanted(interaction.expectation)) {
            let (uses, mut steps) = find.steps(making);
            steps.push(step);
            let title = format!("{name} of a record: {kind}");
            making.scenario(&id, &format!("{kind}-{name}"), title, uses, steps);
        }
    }
    for operation in &wanted.operations {
        let name = &operation.what;
        making.not_covered.push(format!("{kind}.${name}: what it answers"));
        if is_option(operation.expectation) {
            continue;
        }
        let text = format!("the operation ${name} of {kind}");
        let (id, claim) = (format!("operation.{name}"), format!("operation.{name}"));
        if let Some(id) = require(making, operation, kind, option, (&id, &claim), &text) {
            let path = format!("{}.operation{}", resource(kind), named(name));
            making.claim(&id, operation.expectation, &text, path);
        }
    }
}

fn require(
    making: &mut Making<'_>,
    part: &Part<String>,
    kind: &str,
    option: Option<&str>,
    (id, claim): (&str, &str),
    what: &str,
) -> Option<String> {
    let verb = if is_unwanted(part.expectation) { "does not offer" } else { "offers" };
    making.require(Wish {
        id: format!("{kind}.{id}"),
        area: kind,
        text: format!("The server {verb} {what}."),
        part,
        claim: vec![format!("{kind}.{claim}")],
        maturity: None,
        option,
    })
}

/// How an interaction is tried that changes nothing: the record that it needs, and the step.
fn tried<'k>(kind: &'k str, name: &str) -> Option<(Find<'k>, Step)> {
    let id = || ("recordId".to_owned(), "id".to_owned());
    let version = || ("versionId".to_owned(), "meta.versionId".to_owned());
    let (values, path, group, missing) = match name {
        "read" => {
            let group = record(kind, "that it is the record that was asked for", "id", "${recordId}");
            (vec![id()], format!("{kind}/${{recordId}}"), group, format!("Load a record of type {kind}."))
        }
        "vread" => {
            let says = "that it is the version that was asked for";
            let group = record(kind, says, "meta.versionId", "${versionId}");
            let path = format!("{kind}/${{recordId}}/_history/${{versionId}}");
            let missing = format!("Load a record of type {kind}, and give it a meta.versionId.");
            (vec![id(), version()], path, group, missing)
        }
        "history-instance" => {
            let path = format!("{kind}/${{recordId}}/_history");
            (vec![id()], path, history(), format!("Load a record of type {kind}."))
        }
        "history-type" => {
            (vec![id()], format!("{kind}/_history"), history(), format!("Load a record of type {kind}."))
        }
        _ => return None,
    };
    let step = Step {
        read: Some(path),
        requires: vec!["recordId".to_owned()],
        missing: Some(missing),
        expect: Some(OneOrMany::One(group)),
        ..Step::default()
    };
    Some((Find { kind, values }, step))
}

fn record(kind: &str, says: &str, path: &str, equals: &str) -> Expectation {
    let path = PathExpectation::Explained(ExplainedPath {
        says: Some(says.to_owned()),
        path: path.to_owned(),
        equals: Some(equals.to_owned()),
        hint: None,
    });
    Expectation {
        status: Some(OneOrMany::One(StatusPattern::Exact(200))),
        resource: Some(kind.to_owned()),
        fhirpath: Some(OneOrMany::One(path)),
        ..Expectation::default()
    }
}

fn history() -> Expectation {
    Expectation {
        status: Some(OneOrMany::One(StatusPattern::Exact(200))),
        resource: Some("Bundle".to_owned()),
        bundle: Some(BundleExpectation { kind: Some("history".to_owned()), ..BundleExpectation::default() }),
        ..Expectation::default()
    }
}
