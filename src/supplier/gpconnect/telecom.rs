//! The addresses and telephone numbers of somebody who registers: which there may be, and how many.

use serde_json::Value;

use super::booking::items;
use super::problem::{bad_request, invalid_resource};
use crate::supplier::problem::Problem;

/// Refuses addresses besides one of the home and one for the time being.
pub(super) fn check_addresses(patient: &Value) -> Result<(), Problem> {
    let mut seen = Vec::new();
    for address in items(patient, "address") {
        let purpose = address["use"].as_str().unwrap_or_default();
        if !matches!(purpose, "home" | "temp") {
            return Err(invalid_resource(format!("an address is of the use `{purpose}`, not home or temp")));
        }
        if seen.contains(&purpose) {
            return Err(invalid_resource(format!("there are two addresses of the use {purpose}")));
        }
        seen.push(purpose);
    }
    Ok(())
}

/// Refuses telephone numbers besides one of each use, and e-mail addresses besides one.
pub(super) fn check_telecoms(patient: &Value) -> Result<(), Problem> {
    let mut seen = Vec::new();
    for telecom in items(patient, "telecom") {
        let purpose = telecom["use"].as_str().unwrap_or_default();
        let kind = match (telecom["system"].as_str(), purpose) {
            (Some("phone"), "home" | "work" | "mobile" | "temp") => purpose,
            (Some("email"), _) => "email",
            _ => return Err(invalid_resource("a telecom is neither e-mail nor a telephone of a known use")),
        };
        if seen.contains(&kind) {
            return Err(bad_request(format!("there are two telecoms of the kind {kind}")));
        }
        seen.push(kind);
    }
    Ok(())
}
