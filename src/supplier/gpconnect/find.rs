//! Patient, Practitioner and Organization by identifier, and one resource by its id.

use super::nhs_number;
use super::problem::{bad_request, invalid_parameter, invalid_value, not_found};
use super::urls::{NHS_NUMBER, ORGANISATION_CODE, SDS_USER};
use crate::supplier::answer::Answer;
use crate::supplier::bundle;
use crate::supplier::configuration::Offer;
use crate::supplier::problem::Problem;
use crate::supplier::request::Request;
use crate::supplier::search::Search;
use crate::supplier::server::Supplier;
use crate::supplier::store::{Store, Stored};

impl Supplier {
    /// `GET [base]/Patient?identifier=[system]|[value]`, and so for practitioners and organisations.
    pub(super) fn find(&self, store: &Store, kind: &str, request: &Request) -> Result<Answer, Problem> {
        check_identifier(kind, request)?;
        let resource = self.offered(kind, Offer::SearchType)?;
        let mut found = Search::parse(self.context(store), resource, request)?.run();
        request.liberties.twist(&mut found);
        Ok(searchset(&found, &[]))
    }
}

/// The resource of an id.
pub(super) fn read(store: &Store, kind: &str, id: &str) -> Result<Answer, Problem> {
    let stored = store.get(kind, id).ok_or_else(|| unknown(kind, id))?;
    Ok(Answer::of_stored(stored))
}

/// What a client is told that asks for what is not here.
pub(super) fn unknown(kind: &str, id: &str) -> Problem {
    let code = match kind {
        "Patient" => "PATIENT_NOT_FOUND",
        "Practitioner" => "PRACTITIONER_NOT_FOUND",
        "Organization" => "ORGANISATION_NOT_FOUND",
        _ => "NO_RECORD_FOUND",
    };
    not_found(code, format!("{kind}/{id} is not known"))
}

/// The answer to a search: what it found, and what comes with that.
pub(super) fn searchset(found: &[&Stored], included: &[&Stored]) -> Answer {
    let matches = found.iter().map(|stored| (stored.source(), Some("match")));
    let others = included.iter().map(|stored| (stored.source(), Some("include")));
    let mut answer = Answer::ok(bundle::plain("searchset", None, matches.chain(others)));
    answer.found = Some(found.iter().map(|stored| stored.id.clone()).collect());
    answer
}

/// The patient of an NHS number.
pub(super) fn patient<'s>(store: &'s Store, nhs_number: &str) -> Option<&'s Stored> {
    store.of_type("Patient").find(|stored| {
        stored.tree.root().children_named("identifier").any(|identifier| {
            identifier.text("system") == Some(NHS_NUMBER) && identifier.text("value") == Some(nhs_number)
        })
    })
}

/// Refuses a search that does not have one whole identifier, of the system by which the type is searched.
fn check_identifier(kind: &str, request: &Request) -> Result<(), Problem> {
    let given: Vec<&str> = request
        .parameters
        .iter()
        .filter(|one| one.name == "identifier")
        .map(|one| one.value.as_str())
        .collect();
    let [identifier] = given[..] else {
        let diagnostics = format!("a search for {kind} needs the parameter `identifier`, once");
        return Err(bad_request(diagnostics));
    };
    let Some((system, value)) = identifier.split_once('|').filter(|(system, _)| !system.is_empty()) else {
        return Err(invalid_parameter(format!("the identifier `{identifier}` has no system")));
    };
    if value.is_empty() {
        return Err(invalid_parameter(format!("the identifier `{identifier}` has no value")));
    }
    let wanted = match kind {
        "Patient" => NHS_NUMBER,
        "Practitioner" => SDS_USER,
        _ => ORGANISATION_CODE,
    };
    if system != wanted {
        let diagnostics = format!("{kind} is searched by {wanted}, and not by {system}");
        return Err(invalid_value("INVALID_IDENTIFIER_SYSTEM", diagnostics));
    }
    if kind == "Patient" && !nhs_number::is_valid(value) {
        return Err(invalid_value("INVALID_NHS_NUMBER", format!("`{value}` is no NHS number")));
    }
    Ok(())
}
