//! Booking: `POST [base]/Appointment`.

use hyper::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::problem::{self, invalid_resource};
use super::shape;
use super::urls::{ORGANISATION_CODE, extension, profile};
use crate::supplier::answer::Answer;
use crate::supplier::problem::Problem;
use crate::supplier::request::Request;
use crate::supplier::server::Supplier;
use crate::supplier::store::{Store, Stored};
use crate::supplier::write::members;

/// How many characters a description and a comment have at most.
const LONGEST_DESCRIPTION: usize = 100;
const LONGEST_COMMENT: usize = 500;

/// What an appointment keeps of what was sent; the rest is the provider's own.
const KEPT: [&str; 11] = [
    "contained",
    "identifier",
    "status",
    "priority",
    "description",
    "start",
    "end",
    "slot",
    "created",
    "comment",
    "participant",
];

impl Supplier {
    /// Books the slots that a request names.
    pub(super) fn book(&self, store: &mut Store, request: &Request) -> Result<Answer, Problem> {
        let sent = self.appointment_of(request)?;
        check_elements(&sent)?;
        check_booking_organisation(&sent)?;
        let slots = slots_of(store, &sent)?;
        let schedule = shared_schedule(store, &slots)?;
        check_participants(store, &sent, &schedule)?;
        check_times(&sent, &slots)?;
        if slots.iter().any(|slot| slot["status"] != "free") {
            let diagnostics = "a slot of the booking is taken";
            return Err(problem::of(StatusCode::CONFLICT, "duplicate", "DUPLICATE_REJECTED", diagnostics));
        }
        let appointment = appointment(&sent, &slots, &schedule);
        let id = store.fresh_id("Appointment");
        let stored = Self::keep(store, members(&appointment.to_string())?, &id, 1)?;
        mark(store, &appointment, "busy")?;
        Ok(self.written(request, &stored, StatusCode::CREATED))
    }

    /// The appointment in the body of a request.
    pub(super) fn appointment_of(&self, request: &Request) -> Result<Value, Problem> {
        let body = self.json_of(request)?;
        shape::demand(self.definitions.as_ref(), "Appointment", &body)?;
        Ok(body)
    }

    /// The body of a request, in JSON.
    pub(super) fn json_of(&self, request: &Request) -> Result<Value, Problem> {
        request.demand_body_type(&self.configuration.formats)?;
        let (_, json) = self.body_of(request)?;
        serde_json::from_str(&json).map_err(|error| problem::bad_request(error.to_string()))
    }
}

/// A stored resource, in JSON.
pub(super) fn resource(stored: &Stored) -> Value {
    // What is stored was read before.
    serde_json::from_str(stored.source()).unwrap_or_default()
}

/// Marks the slots of an appointment.
pub(super) fn mark(store: &mut Store, appointment: &Value, status: &str) -> Result<(), Problem> {
    let references = items(appointment, "slot").filter_map(|slot| slot["reference"].as_str());
    for id in references.filter_map(|reference| reference.strip_prefix("Slot/")) {
        let Some(stored) = store.get("Slot", id) else { continue };
        let mut slot = resource(stored);
        slot["status"] = Value::from(status);
        let version = store.latest_version("Slot", id) + 1;
        Supplier::keep(store, members(&slot.to_string())?, id, version)?;
    }
    Ok(())
}

/// The elements of a list.
pub(super) fn items<'v>(resource: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    resource[name].as_array().into_iter().flatten()
}

/// Refuses a text that is missing, or longer than the provider keeps.
pub(super) fn check_texts(sent: &Value) -> Result<(), Problem> {
    let length = |name: &str| sent[name].as_str().unwrap_or_default().chars().count();
    if length("description") == 0 {
        return Err(invalid_resource("Appointment.description is missing"));
    }
    for (name, most) in [("description", LONGEST_DESCRIPTION), ("comment", LONGEST_COMMENT)] {
        if length(name) > most {
            let diagnostics = format!("Appointment.{name} is longer than {most} characters");
            return Err(invalid_resource(diagnostics));
        }
    }
    Ok(())
}

fn check_elements(sent: &Value) -> Result<(), Problem> {
    if sent["status"] != "booked" {
        return Err(invalid_resource("Appointment.status is not booked"));
    }
    for name in ["start", "end", "slot", "participant", "created"] {
        if sent.get(name).is_none_or(Value::is_null) {
            return Err(invalid_resource(format!("Appointment.{name} is missing")));
        }
    }
    for name in ["reason", "specialty"] {
        if sent.get(name).is_some() {
            return Err(invalid_resource(format!("Appointment.{name} is not allowed")));
        }
    }
    if items(sent, "identifier").any(|identifier| identifier["value"].as_str().is_none_or(str::is_empty)) {
        return Err(invalid_resource("Appointment.identifier has no value"));
    }
    check_texts(sent)
}

/// Refuses a booking that does not say which organisation books, in a resource that it contains.
fn check_booking_organisation(sent: &Value) -> Result<(), Problem> {
    let url = extension("BookingOrganisation-1");
    let mut references = items(sent, "extension")
        .filter(|one| one["url"] == url.as_str())
        .map(|one| one["valueReference"]["reference"].as_str().unwrap_or_default());
    let (Some(reference), None) = (references.next(), references.next()) else {
        return Err(invalid_resource("the booking organisation is wanted, once"));
    };
    let contained = reference.strip_prefix('#').and_then(|id| {
        items(sent, "contained").find(|one| one["resourceType"] == "Organization" && one["id"] == id)
    });
    let Some(organisation) = contained else {
        let diagnostics = format!("`{reference}` is no organisation that the appointment contains");
        return Err(invalid_resource(diagnostics));
    };
    let has_code = items(organisation, "identifier")
        .any(|one| one["system"] == ORGANISATION_CODE && one["value"].as_str().is_some());
    let has_telecom =
        items(organisation, "telecom").any(|one| one["value"].as_str().is_some_and(|text| !text.is_empty()));
    let missing = if organisation["name"].as_str().is_none_or(str::is_empty) {
        "name"
    } else if !has_telecom {
        "telecom"
    } else if !has_code {
        "identifier with an ODS code"
    } else {
        return Ok(());
    };
    Err(invalid_resource(format!("the booking organisation has no {missing}")))
}

/// The slots that a booking names, in their order.
fn slots_of(store: &Store, sent: &Value) -> Result<Vec<Value>, Problem> {
    let slots: Vec<Value> = items(sent, "slot")
        .map(|slot| {
            let reference = slot["reference"].as_str().unwrap_or_default();
            let id = reference.strip_prefix("Slot/");
            let found = id.and_then(|id| store.get("Slot", id));
            found.map(resource).ok_or_else(|| invalid_resource(format!("there is no slot `{reference}`")))
        })
        .collect::<Result<_, _>>()?;
    if slots.is_empty() {
        return Err(invalid_resource("Appointment.slot is empty"));
    }
    Ok(slots)
}

/// The schedule of slots, which must be one, with each slot right after the one before it.
fn shared_schedule(store: &Store, slots: &[Value]) -> Result<Value, Problem> {
    for pair in slots.windows(2) {
        let shares = |name: &str| pair[0][name] == pair[1][name];
        let follows = pair[0]["end"] == pair[1]["start"];
        if !follows || !["schedule", "extension", "serviceType"].into_iter().all(shares) {
            return Err(invalid_resource("the slots do not follow each other in one schedule"));
        }
    }
    let reference = slots.first().and_then(|slot| slot["schedule"]["reference"].as_str());
    let id = reference.and_then(|reference| reference.strip_prefix("Schedule/"));
    let found = id.and_then(|id| store.get("Schedule", id)).map(resource);
    found.ok_or_else(|| invalid_resource("the slot is in no schedule"))
}

/// Refuses a booking without a patient and the location of the schedule, or with somebody who is not here.
fn check_participants(store: &Store, sent: &Value, schedule: &Value) -> Result<(), Problem> {
    let mut kinds = Vec::new();
    for participant in items(sent, "participant") {
        if participant["status"].as_str().is_none_or(str::is_empty) {
            return Err(invalid_resource("a participant has no status"));
        }
        let reference = participant["actor"]["reference"].as_str().unwrap_or_default();
        let actor = reference
            .split_once('/')
            .filter(|(kind, _)| matches!(*kind, "Patient" | "Location" | "Practitioner"));
        let Some((kind, id)) = actor else {
            let diagnostics = format!("`{reference}` is no patient, location or practitioner of this server");
            return Err(invalid_resource(diagnostics));
        };
        if store.get(kind, id).is_none() {
            return Err(invalid_resource(format!("{reference} is not known")));
        }
        if kind == "Location" && !items(schedule, "actor").any(|actor| actor["reference"] == reference) {
            return Err(invalid_resource(format!("the slot is not at {reference}")));
        }
        kinds.push(kind);
    }
    for kind in ["Patient", "Location"] {
        if kinds.iter().filter(|found| **found == kind).count() != 1 {
            return Err(invalid_resource(format!("one participant must be a {kind}")));
        }
    }
    Ok(())
}

/// Refuses a booking at another time than its slots, or in the past.
fn check_times(sent: &Value, slots: &[Value]) -> Result<(), Problem> {
    let instant = |value: Option<&Value>| value?.as_str()?.parse::<Timestamp>().ok();
    let (start, end) = (instant(sent.get("start")), instant(sent.get("end")));
    let first = slots.first().map(|slot| &slot["start"]);
    let last = slots.last().map(|slot| &slot["end"]);
    if start.is_none() || start != instant(first) || end.is_none() || end != instant(last) {
        return Err(invalid_resource("start and end are not those of the slots"));
    }
    if start.is_some_and(|start| start < Timestamp::now()) {
        return Err(invalid_resource("the appointment is in the past"));
    }
    Ok(())
}

/// The appointment as the provider keeps it: category, service, channel and role are those of schedule and slot.
fn appointment(sent: &Value, slots: &[Value], schedule: &Value) -> Value {
    let url = extension("BookingOrganisation-1");
    let organisation = items(sent, "extension").filter(|one| one["url"] == url.as_str()).cloned();
    let slot = slots.first().cloned().unwrap_or_default();
    let channel = items(&slot, "extension").cloned();
    let role = items(schedule, "extension").cloned();
    let mut kept: Map<String, Value> = Map::new();
    kept.insert("resourceType".to_owned(), Value::from("Appointment"));
    kept.insert("meta".to_owned(), json!({ "profile": [profile("GPConnect-Appointment-1")] }));
    kept.insert("extension".to_owned(), organisation.chain(channel).chain(role).collect());
    kept.insert("serviceCategory".to_owned(), schedule["serviceCategory"].clone());
    kept.insert("serviceType".to_owned(), slot["serviceType"].clone());
    for name in KEPT {
        if let Some(value) = sent.get(name) {
            kept.insert(name.to_owned(), value.clone());
        }
    }
    Value::from(kept)
}
