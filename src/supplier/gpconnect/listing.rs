//! The appointments of a patient, in a range of days: `GET [base]/Patient/[id]/Appointment?start=ge..&start=le..`.

use jiff::Timestamp;
use jiff::civil::Date;

use super::diary::today;
use super::find::{searchset, unknown};
use super::problem::invalid_parameter;
use crate::fhir::Element;
use crate::supplier::answer::Answer;
use crate::supplier::problem::Problem;
use crate::supplier::request::Request;
use crate::supplier::store::{Store, Stored};

/// Those of the patient that begin on a day of the range, also those that were cancelled.
pub(super) fn appointments(store: &Store, patient: &str, request: &Request) -> Result<Answer, Problem> {
    store.get("Patient", patient).ok_or_else(|| unknown("Patient", patient))?;
    let (first, last) = range(request, Timestamp::now())?;
    let reference = format!("Patient/{patient}");
    let mut found: Vec<&Stored> = store
        .of_type("Appointment")
        .filter(|stored| {
            let root = stored.tree.root();
            let day = root.text("start").and_then(|start| start.get(..10)?.parse::<Date>().ok());
            day.is_some_and(|day| first <= day && day <= last) && actors(root).any(|actor| actor == reference)
        })
        .collect();
    request.liberties.twist(&mut found);
    Ok(searchset(&found, &[]))
}

/// Whom and what an appointment refers to as its participants.
fn actors(appointment: Element<'_>) -> impl Iterator<Item = &str> {
    appointment.children_named("participant").filter_map(|one| one.child("actor")?.text("reference"))
}

/// The days of the two parameters `start`, none of them past.
fn range(request: &Request, now: Timestamp) -> Result<(Date, Date), Problem> {
    let given: Vec<&str> =
        request.parameters.iter().filter(|one| one.name == "start").map(|one| one.value.as_str()).collect();
    let one_of = |prefix: &str| {
        let mut dates = given.iter().filter_map(|value| value.strip_prefix(prefix));
        dates.next().filter(|_| dates.next().is_none()).and_then(day)
    };
    let (Some(first), Some(last), 2) = (one_of("ge"), one_of("le"), given.len()) else {
        let diagnostics = format!(
            "`start` is wanted twice, as ge and as le with a whole date; given: {}",
            if given.is_empty() { "nothing".to_owned() } else { given.join(", ") }
        );
        return Err(invalid_parameter(diagnostics));
    };
    if first > last {
        return Err(invalid_parameter(format!("the range ends on {last}, before it begins on {first}")));
    }
    if first < today(now) {
        return Err(invalid_parameter(format!("the range begins on {first}, which is past")));
    }
    Ok((first, last))
}

/// A day as `yyyy-mm-dd`.
fn day(text: &str) -> Option<Date> {
    let has_form = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if has_form { text.parse().ok() } else { None }
}
