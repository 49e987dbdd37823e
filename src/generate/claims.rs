//! What the server's CapabilityStatement is to say: one scenario for all of it.

use super::making::{Making, SERVER, Wish, is_option, is_unwanted};
use super::names::quoted;
use super::wanted::{Part, Wanted};
use crate::standard::{Clause, Expectation, Level, OneOrMany, StatusPattern, Step};

/// The part of a CapabilityStatement that speaks of servers.
const REST: &str = "rest.where(mode = 'server')";

/// The part of a CapabilityStatement that speaks of a resource type.
pub(super) fn resource(kind: &str) -> String {
    format!("{REST}.resource.where(type = {})", quoted(kind))
}

/// Requirements on the server as a whole.
pub(super) fn of_server(making: &mut Making<'_>, wanted: &Wanted, source: &Clause) {
    making.areas.insert(SERVER.to_owned(), "The server as a whole".to_owned());
    let own = Part { what: (), expectation: Some(Level::Shall), clause: source.clone() };
    making.require(Wish {
        id: "CapabilityStatement".to_owned(),
        area: SERVER,
        text: "The server says at `metadata` what it can do, in a CapabilityStatement.".to_owned(),
        part: &own,
        claim: Vec::new(),
        maturity: None,
        option: None,
    });
    for format in &wanted.formats {
        let name = &format.what;
        let short = name.strip_prefix("application/fhir+").unwrap_or(name);
        let known =
            [short.to_owned(), format!("application/fhir+{short}"), format!("application/{short}+fhir")];
        let known: Vec<String> = known.iter().map(|known| quoted(known)).collect();
        let path = format!("format.where($this in ({})).exists()", known.join(" | "));
        let text = format!("the format {name}");
        only_claimed(making, format, format!("format.{short}"), &text, path);
    }
    for interaction in &wanted.interactions {
        let name = &interaction.what;
        let path = format!("{REST}.interaction.where(code = {}).exists()", quoted(name));
        let text = format!("the interaction {name} of the whole system");
        only_claimed(making, interaction, format!("system.{name}"), &text, path);
        making.not_covered.push(format!("system.{name}: what the server does when it is asked for"));
    }
    for operation in &wanted.operations {
        let path = format!("{REST}.operation{}", named(&operation.what));
        let text = format!("the operation ${}", operation.what);
        only_claimed(making, operation, format!("operation.{}", operation.what), &text, path);
        making.not_covered.push(format!("operation ${}: what it answers", operation.what));
    }
}

/// That an operation of a name is there.
pub(super) fn named(operation: &str) -> String {
    let names = [operation.to_owned(), format!("${operation}")].map(|name| quoted(&name)).join(" | ");
    format!(".where(name in ({names})).exists()")
}

/// A requirement of which only the claim can be checked; an option gives none, for it need not be claimed.
fn only_claimed(making: &mut Making<'_>, part: &Part<String>, id: String, what: &str, path: String) {
    if is_option(part.expectation) {
        making.not_covered.push(format!("{id}, which need not be offered"));
        return;
    }
    let verb = if is_unwanted(part.expectation) { "does not offer" } else { "offers" };
    let wish = Wish {
        id,
        area: SERVER,
        text: format!("The server {verb} {what}."),
        part,
        claim: Vec::new(),
        maturity: None,
        option: None,
    };
    if let Some(id) = making.require(wish) {
        making.claim(&id, part.expectation, what, path);
    }
}

/// The scenario that reads the server's CapabilityStatement.
pub(super) fn scenario(making: &mut Making<'_>) {
    let Some(id) = making.requirements.first().map(|requirement| requirement.id.clone()) else { return };
    let mut expected = vec![Expectation {
        status: Some(OneOrMany::One(StatusPattern::Exact(200))),
        resource: Some("CapabilityStatement".to_owned()),
        ..Expectation::default()
    }];
    expected.append(&mut making.claims);
    let step = Step {
        name: Some("Read the CapabilityStatement".to_owned()),
        capabilities: Some(true),
        expect: Some(OneOrMany::Many(expected)),
        ..Step::default()
    };
    making.scenario(
        &id,
        "capability-statement",
        "The CapabilityStatement claims what is required".to_owned(),
        Vec::new(),
        vec![step],
    );
}
