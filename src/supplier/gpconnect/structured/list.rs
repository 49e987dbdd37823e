//! The lists of a record, which say what is in it and why it may be incomplete.

use jiff::Span;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::settings::Warning;
use crate::supplier::gpconnect::urls::{SNOMED, care_connect_extension, code_system, profile};

/// A list before it is written.
pub(super) struct List<'l> {
    /// Its code of SNOMED CT; the title is the display.
    pub(super) code: &'l str,
    pub(super) title: &'l str,
    /// The id of the patient.
    pub(super) patient: &'l str,
    pub(super) warnings: &'l [Warning],
    /// References to what is in it.
    pub(super) entries: Vec<String>,
    /// What it contains itself.
    pub(super) contained: Vec<Value>,
}

impl List<'_> {
    /// The resource.
    pub(super) fn resource(self, today: Date) -> Value {
        let setting = json!({
            "url": care_connect_extension("ClinicalSetting-1"),
            "valueCodeableConcept": { "coding": [{
                "system": SNOMED,
                "code": "1060971000000108",
                "display": "General practice service",
            }] },
        });
        let warnings = self.warnings.iter().map(|warning| {
            json!({ "url": care_connect_extension("ListWarningCode-1"), "valueCode": warning.code() })
        });
        let mut notes: Vec<Value> =
            self.warnings.iter().map(|warning| json!({ "text": warning.words(today) })).collect();
        let mut list = json!({
            "resourceType": "List",
            "meta": { "profile": [profile("CareConnect-GPC-List-1")] },
            "extension": std::iter::once(setting).chain(warnings).collect::<Value>(),
            "status": "current",
            "mode": "snapshot",
            "title": self.title,
            "code": { "coding": [{ "system": SNOMED, "code": self.code, "display": self.title }] },
            "subject": { "reference": format!("Patient/{}", self.patient) },
            "date": today.to_string(),
        });
        if self.entries.is_empty() {
            notes.push(json!({ "text": "Information not available" }));
            list["emptyReason"] = json!({ "coding": [{
                "system": code_system("CareConnect-ListEmptyReasonCode-1"),
                "code": "no-content-recorded",
                "display": "No Content Recorded",
            }] });
        } else {
            let entries = self.entries.iter().map(|entry| json!({ "item": { "reference": entry } }));
            list["entry"] = entries.collect();
        }
        if !notes.is_empty() {
            list["note"] = Value::from(notes);
        }
        if !self.contained.is_empty() {
            list["contained"] = Value::from(self.contained);
        }
        list
    }
}

impl Warning {
    fn code(self) -> &'static str {
        match self {
            Self::ConfidentialItems => "confidential-items",
            Self::DataInTransit => "data-in-transit",
            Self::DataAwaitingFiling => "data-awaiting-filing",
        }
    }

    /// The words that GP Connect has for it.
    fn words(self, today: Date) -> String {
        match self {
            Self::ConfidentialItems => {
                "Items excluded due to confidentiality and/or patient preferences.".to_owned()
            }
            Self::DataInTransit => {
                let since = before(today, 14).strftime("%d-%b-%Y");
                format!(
                    "Patient record transfer from previous GP practice not yet complete; information recorded \
                     before {since} may be missing."
                )
            }
            Self::DataAwaitingFiling => {
                "Patient data may be incomplete as there is data supplied by a third \
                                         party awaiting review before becoming available."
                    .to_owned()
            }
        }
    }
}

/// The day so many days before another.
pub(super) fn before(today: Date, days: u16) -> Date {
    today.saturating_sub(Span::new().days(i64::from(days)))
}
