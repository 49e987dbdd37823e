//! The medication of a record: for each medicine a statement, the plan that it is based on, and the orders by which it
//! was issued.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::list::{List, before};
use super::record::{Subject, identifier};
use super::settings::{Medicine, Prescription, Record};
use crate::supplier::gpconnect::urls::{SNOMED, care_connect_extension, code_system, profile};

/// What is asked for of the medication.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// Whether the orders come too.
    pub(super) with_issues: bool,
    /// The day on or after which it must have been active.
    pub(super) since: Option<Date>,
}

/// The list of medication, and what it refers to.
pub(super) fn resources(record: &Record, wanted: Wanted, subject: &Subject<'_>) -> Vec<Value> {
    let medicines: Vec<(usize, &Medicine)> = record
        .medication
        .iter()
        .enumerate()
        .filter(|(_, medicine)| wanted.since.is_none_or(|day| medicine.is_active_since(day, subject.today)))
        .collect();
    let statements = medicines.iter().map(|(number, _)| subject.id("statement", *number));
    let list = List {
        code: "933361000000108",
        title: "Medications and medical devices",
        patient: subject.patient,
        warnings: &record.medication_warnings,
        entries: statements.map(|id| format!("MedicationStatement/{id}")).collect(),
        contained: Vec::new(),
    };
    let mut resources = vec![list.resource(subject.today)];
    for (number, medicine) in medicines {
        resources.push(medicine.medication(number, subject));
        resources.push(medicine.statement(number, subject));
        resources.push(medicine.plan(number, subject));
        if wanted.with_issues {
            resources.extend((0..medicine.issued.len()).map(|issue| medicine.order(number, issue, subject)));
        }
    }
    resources
}

impl Medicine {
    /// Whether it was active on a day or later. Without an end, what is prescribed once was so on its first day only.
    fn is_active_since(&self, day: Date, today: Date) -> bool {
        match (self.to, self.kind) {
            (Some(to), _) => before(today, to) >= day,
            (None, Prescription::Acute) => before(today, self.from) >= day,
            (None, Prescription::Repeat) => true,
        }
    }

    fn medication(&self, number: usize, subject: &Subject<'_>) -> Value {
        json!({
            "resourceType": "Medication",
            "id": subject.id("medication", number),
            "meta": { "profile": [profile("CareConnect-GPC-Medication-1")] },
            "code": { "coding": [{ "system": SNOMED, "code": self.code, "display": self.display }] },
        })
    }

    fn statement(&self, number: usize, subject: &Subject<'_>) -> Value {
        let id = subject.id("statement", number);
        let (agency, display) = if self.elsewhere {
            ("prescribed-by-another-organisation", "Prescribed by another organisation")
        } else {
            ("prescribed-at-gp-practice", "Prescribed at GP practice")
        };
        let mut extensions = vec![json!({
            "url": care_connect_extension("PrescribingAgency-1"),
            "valueCodeableConcept": { "coding": [{
                "system": code_system("CareConnect-PrescribingAgency-1"),
                "code": agency,
                "display": display,
            }] },
        })];
        if let Some(days) = self.issued.iter().min() {
            extensions.push(json!({
                "url": care_connect_extension("MedicationStatementLastIssueDate-1"),
                "valueDateTime": before(subject.today, *days).to_string(),
            }));
        }
        json!({
            "resourceType": "MedicationStatement",
            "id": id,
            "meta": { "profile": [profile("CareConnect-GPC-MedicationStatement-1")] },
            "extension": extensions,
            "identifier": [identifier(&id)],
            "basedOn": [{ "reference": format!("MedicationRequest/{}", subject.id("plan", number)) }],
            "status": self.status(),
            "medicationReference": { "reference": format!("Medication/{}", subject.id("medication", number)) },
            "effectivePeriod": self.period(subject.today),
            "dateAsserted": before(subject.today, self.from).to_string(),
            "subject": { "reference": format!("Patient/{}", subject.patient) },
            "taken": "unk",
            "dosage": [{ "text": self.dosage }],
        })
    }

    fn plan(&self, number: usize, subject: &Subject<'_>) -> Value {
        let mut plan = self.request(&subject.id("plan", number), number, self.from, subject);
        plan["intent"] = Value::from("plan");
        plan["status"] = Value::from(self.status());
        plan["dispenseRequest"] = json!({ "validityPeriod": self.period(subject.today) });
        if let (Prescription::Repeat, Some(extensions)) = (self.kind, plan["extension"].as_array_mut()) {
            extensions.push(self.repeats());
        }
        if let (Some(reason), Some(extensions)) = (&self.stopped, plan["extension"].as_array_mut()) {
            extensions.push(json!({
                "url": care_connect_extension("MedicationStatusReason-1"),
                "extension": [
                    { "url": "statusReason", "valueCodeableConcept": { "text": reason } },
                    {
                        "url": "statusChangeDate",
                        "valueDateTime": before(subject.today, self.to.unwrap_or_default()).to_string(),
                    },
                ],
            }));
        }
        plan
    }

    /// How often a repeat may be issued and was. The profile wants this of every request, the guidance of the plans of
    /// repeats only.
    fn repeats(&self) -> Value {
        json!({
            "url": care_connect_extension("MedicationRepeatInformation-1"),
            "extension": [
                { "url": "numberOfRepeatPrescriptionsAllowed", "valuePositiveInt": 12 },
                { "url": "numberOfRepeatPrescriptionsIssued", "valuePositiveInt": self.issued.len().max(1) },
            ],
        })
    }

    fn order(&self, number: usize, issue: usize, subject: &Subject<'_>) -> Value {
        let days = self.issued.get(issue).copied().unwrap_or_default();
        let id = format!("{}-{}", subject.id("order", number), issue + 1);
        let mut order = self.request(&id, number, days, subject);
        order["intent"] = Value::from("order");
        order["status"] = Value::from("completed");
        order["basedOn"] =
            json!([{ "reference": format!("MedicationRequest/{}", subject.id("plan", number)) }]);
        order["dispenseRequest"] =
            json!({ "validityPeriod": { "start": before(subject.today, days).to_string() } });
        order
    }

    /// What plans and orders have in common.
    fn request(&self, id: &str, number: usize, written: u16, subject: &Subject<'_>) -> Value {
        let (code, display) = match self.kind {
            Prescription::Acute => ("acute", "Acute"),
            Prescription::Repeat => ("repeat", "Repeat"),
        };
        let mut request = json!({
            "resourceType": "MedicationRequest",
            "id": id,
            "meta": { "profile": [profile("CareConnect-GPC-MedicationRequest-1")] },
            "extension": [
                {
                    "url": care_connect_extension("PrescriptionType-1"),
                    "valueCodeableConcept": { "coding": [{
                        "system": code_system("CareConnect-PrescriptionType-1"),
                        "code": code,
                        "display": display,
                    }] },
                },
            ],
            "identifier": [identifier(id)],
            "medicationReference": { "reference": format!("Medication/{}", subject.id("medication", number)) },
            "subject": { "reference": format!("Patient/{}", subject.patient) },
            "authoredOn": before(subject.today, written).to_string(),
            "recorder": { "reference": subject.recorder },
            "dosageInstruction": [{ "text": self.dosage }],
        });
        if self.kind == Prescription::Repeat {
            request["groupIdentifier"] = json!({ "value": subject.id("group", number) });
        }
        request
    }

    fn status(&self) -> &'static str {
        match (&self.stopped, self.to) {
            (Some(_), _) => "stopped",
            (None, Some(_)) => "completed",
            (None, None) => "active",
        }
    }

    fn period(&self, today: Date) -> Value {
        let mut period = json!({ "start": before(today, self.from).to_string() });
        if let Some(to) = self.to {
            period["end"] = Value::from(before(today, to).to_string());
        }
        period
    }
}
