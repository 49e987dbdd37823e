//! What the server says of itself: its CapabilityStatement, the FHIR version, the formats.

use super::Check;
use crate::check::Page;
use crate::fhir::{Element, Release};

const STATEMENT: &str = "capabilities";
const VERSION: &str = "FHIR version";
const FORMATS: &str = "formats";

/// The statement of a server, or what is wrong with it.
pub(super) fn statement(page: &Page) -> Result<Element<'_>, Check> {
    let problem = |found: String| {
        let remedy = "have GET metadata answered with status 200 and a CapabilityStatement: what applies is told by it";
        Check::problem(STATEMENT, found, remedy)
    };
    let Some(response) = page.response() else {
        return Err(Check::skipped(STATEMENT, "nothing was answered"));
    };
    if response.status != 200 {
        return Err(problem(format!("GET metadata is answered with status {}", response.status)));
    }
    match page.tree() {
        Ok(tree) if tree.root().resource_type() == Some("CapabilityStatement") => Ok(tree.root()),
        Ok(_) => Err(problem("GET metadata is not answered with a CapabilityStatement".to_owned())),
        Err(error) => Err(problem(format!("the answer to GET metadata cannot be read: {error}"))),
    }
}

/// The statement itself, the version, and the formats that it names.
pub(super) fn checks(page: &Page, wanted: Release) -> Vec<Check> {
    let statement = match statement(page) {
        Ok(statement) => statement,
        Err(check) => {
            let why = "there is no CapabilityStatement to tell";
            return vec![check, Check::skipped(VERSION, why), Check::skipped(FORMATS, why)];
        }
    };
    let types = statement.children_named("rest").flat_map(|rest| rest.children_named("resource")).count();
    let found = format!("GET metadata gives a CapabilityStatement with {types} resource types");
    vec![Check::ok(STATEMENT, found), version(statement, wanted), formats(statement)]
}

fn version(statement: Element<'_>, wanted: Release) -> Check {
    let Some(version) = statement.text("fhirVersion") else {
        let remedy = "have the CapabilityStatement say it in fhirVersion";
        return Check::warning(VERSION, "the server does not say which it speaks", remedy);
    };
    if Release::of_version(version) == Some(wanted) {
        return Check::ok(VERSION, format!("{version}, as the standard wants ({wanted})"));
    }
    let found = format!("the server says {version}, and the standard is for {wanted}");
    Check::problem(
        VERSION,
        found,
        "name the base address for that version, or another version of the standard",
    )
}

fn formats(statement: Element<'_>) -> Check {
    let named: Vec<&str> = statement.children_named("format").filter_map(Element::value).collect();
    let has = |format: &str| named.iter().any(|name| name.to_ascii_lowercase().contains(format));
    let found = match (has("json"), has("xml")) {
        (true, true) => "JSON and XML",
        (true, false) => "JSON; XML is not named",
        (false, true) => "XML; JSON is not named",
        (false, false) => {
            let remedy = "have the CapabilityStatement name them in format";
            return Check::warning(FORMATS, "the server names neither JSON nor XML", remedy);
        }
    };
    Check::ok(FORMATS, found)
}
