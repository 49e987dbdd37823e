//! What a provider of GP Connect holds besides its records: `gpConnect` in `supplier.yaml`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::structured::Record;

/// The practice, the people whom PDS knows, the diary, and the structured records.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GpConnect {
    /// The version of the API, which the capability statement names.
    pub(super) version: String,
    /// The provider's ASID, which `Ssp-To` names.
    pub(super) asid: String,
    /// The id of the Organization that is the practice.
    pub(super) practice: String,
    /// The id of the Location where those who register are seen.
    pub(super) branch: String,
    /// The id of the Practitioner who records what is in structured records.
    pub(super) recorder: String,
    /// Ids of patients who do not want their record to be shared.
    #[serde(default)]
    pub(super) dissenting: Vec<String>,
    /// People whom the practice does not show, as PDS knows them.
    pub(super) people: Vec<Person>,
    /// Whose slots there are, from tomorrow on.
    pub(super) schedules: Vec<Schedule>,
    /// Appointments of an earlier day.
    #[serde(default)]
    pub(super) past_appointments: Vec<PastAppointment>,
    /// The structured records, by the ids of their patients. A patient without one has an empty record.
    pub(super) records: BTreeMap<String, Record>,
}

/// Somebody whom PDS knows.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Person {
    pub(super) nhs_number: String,
    pub(super) family: String,
    pub(super) gender: String,
    pub(super) birth_date: String,
    /// What keeps them from being registered.
    #[serde(default)]
    pub(super) standing: Standing,
}

/// What PDS says of somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Standing {
    /// They can be registered.
    #[default]
    Good,
    /// Where they are must not be told.
    Sensitive,
    /// Another NHS number has taken the place of theirs.
    Superseded,
    /// They have died.
    Deceased,
}

/// A schedule, and the slots that it has on each day from tomorrow on.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Schedule {
    pub(super) id: String,
    /// The id of the Location.
    pub(super) location: String,
    /// The id of the Practitioner.
    pub(super) practitioner: String,
    /// The role of the practitioner, a code of CareConnect-SDSJobRoleName-1 with its display.
    pub(super) role: Role,
    /// How patients are seen, a code of GPConnect-DeliveryChannel-1.
    pub(super) channel: String,
    /// The category of service, in words.
    pub(super) category: String,
    /// The type of service, in words.
    pub(super) service: String,
    /// How many days there are slots for.
    pub(super) days: u8,
    /// The hour when the first slot of a day begins.
    pub(super) hour: u8,
    /// How long a slot is.
    pub(super) minutes: u8,
    /// For whom each slot of a day is kept; one that is kept for nobody is for everybody.
    pub(super) slots: Vec<Kept>,
}

/// The role of a practitioner.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub(super) code: String,
    pub(super) display: String,
}

/// For whom a slot is kept.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    /// A type of organisation.
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    /// The ODS code of an organisation.
    pub(super) code: Option<String>,
}

/// An appointment of yesterday.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PastAppointment {
    pub(super) id: String,
    /// The id of the Patient.
    pub(super) patient: String,
    /// The id of the schedule.
    pub(super) schedule: String,
}

impl GpConnect {
    /// The person of an NHS number, as PDS knows them.
    pub(super) fn person(&self, nhs_number: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.nhs_number == nhs_number)
    }

    /// For whom a slot is kept, by its id.
    pub(super) fn kept(&self, slot: &str) -> Option<&Kept> {
        self.schedules.iter().find_map(|schedule| {
            let number: usize = slot.strip_prefix(&schedule.id)?.rsplit_once('-')?.1.parse().ok()?;
            schedule.slots.get(number.checked_sub(1)?)
        })
    }
}
