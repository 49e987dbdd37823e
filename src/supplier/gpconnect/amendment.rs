//! Amending and cancelling: `PUT [base]/Appointment/[id]`. Little may change, and the interaction says what.

use std::collections::BTreeSet;

use hyper::StatusCode;
use jiff::Timestamp;
use serde_json::Value;

use super::booking::{check_texts, items, mark, resource};
use super::find::unknown;
use super::interaction::Interaction;
use super::problem::{invalid_parameter, invalid_resource};
use super::urls::extension;
use crate::supplier::answer::Answer;
use crate::supplier::problem::Problem;
use crate::supplier::request::Request;
use crate::supplier::server::Supplier;
use crate::supplier::store::Store;
use crate::supplier::write::{demand_version, members};

impl Supplier {
    /// Amends or cancels an appointment.
    pub(super) fn change(
        &self,
        store: &mut Store,
        interaction: Interaction,
        id: &str,
        request: &Request,
    ) -> Result<Answer, Problem> {
        let stored = store.get("Appointment", id).ok_or_else(|| unknown("Appointment", id))?;
        demand_version(request, stored.version())?;
        let current = resource(stored);
        let sent = self.appointment_of(request)?;
        if sent["id"] != id {
            return Err(invalid_resource(format!("the id in the body is not `{id}`, that of the address")));
        }
        if is_past(&current) {
            return Err(invalid_resource("the appointment is in the past"));
        }
        if current["status"] != "booked" {
            return Err(invalid_resource("the appointment has been cancelled"));
        }
        let changed = match interaction {
            Interaction::Cancel => cancelled(&current, &sent)?,
            _ => amended(&current, &sent)?,
        };
        let version = store.latest_version("Appointment", id) + 1;
        let stored = Self::keep(store, members(&changed.to_string())?, id, version)?;
        if interaction == Interaction::Cancel {
            mark(store, &changed, "free")?;
        }
        Ok(self.written(request, &stored, StatusCode::OK))
    }
}

/// Whether an appointment began before now.
pub(super) fn is_past(appointment: &Value) -> bool {
    let start = appointment["start"].as_str().and_then(|start| start.parse::<Timestamp>().ok());
    start.is_some_and(|start| start < Timestamp::now())
}

/// The appointment with its texts amended.
fn amended(current: &Value, sent: &Value) -> Result<Value, Problem> {
    check_texts(sent)?;
    check_unchanged(current, sent, &["description", "comment"])?;
    let mut changed = current.clone();
    for name in ["description", "comment"] {
        match (sent.get(name), changed.as_object_mut()) {
            (Some(text), _) => changed[name] = text.clone(),
            (None, Some(members)) => drop(members.remove(name)),
            (None, None) => {}
        }
    }
    Ok(changed)
}

/// The appointment, cancelled for the reason that was sent.
fn cancelled(current: &Value, sent: &Value) -> Result<Value, Problem> {
    if sent["status"] != "cancelled" {
        return Err(invalid_resource("Appointment.status is not cancelled"));
    }
    check_unchanged(current, sent, &["status", "extension"])?;
    let url = extension("AppointmentCancellationReason-1");
    let (reasons, others): (Vec<&Value>, Vec<&Value>) =
        items(sent, "extension").partition(|one| one["url"] == url.as_str());
    if !items(current, "extension").eq(others) {
        return Err(invalid_resource("another extension than the reason for cancelling differs"));
    }
    let [reason] = reasons[..] else {
        return Err(invalid_resource("the reason for cancelling is wanted, once"));
    };
    if reason["valueString"].as_str().is_none_or(|text| text.trim().is_empty()) {
        return Err(invalid_parameter("the reason for cancelling is empty"));
    }
    let mut changed = current.clone();
    changed["status"] = Value::from("cancelled");
    changed["extension"] = sent["extension"].clone();
    Ok(changed)
}

/// Refuses what differs from the appointment that is here, besides what may. The provider restores its own category and
/// type of service where they were left out.
fn check_unchanged(current: &Value, sent: &Value, may_differ: &[&str]) -> Result<(), Problem> {
    let empty = serde_json::Map::new();
    let (here, there) = (current.as_object().unwrap_or(&empty), sent.as_object().unwrap_or(&empty));
    let names: BTreeSet<&String> = here.keys().chain(there.keys()).collect();
    let differing = names.into_iter().find(|name| {
        let is_restored =
            matches!(name.as_str(), "serviceCategory" | "serviceType") && !there.contains_key(*name);
        let is_free =
            is_restored || matches!(name.as_str(), "meta" | "text") || may_differ.contains(&name.as_str());
        !is_free && here.get(*name) != there.get(*name)
    });
    match differing {
        None => Ok(()),
        Some(name) => Err(invalid_resource(format!("Appointment.{name} may not be changed"))),
    }
}
