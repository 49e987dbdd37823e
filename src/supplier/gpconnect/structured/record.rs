//! The record itself: the patient, who treats them and where, and what was asked for.

use std::collections::BTreeSet;

use hyper::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::parameters::Asked;
use super::{allergies, medication};
use crate::supplier::answer::Answer;
use crate::supplier::bundle;
use crate::supplier::gpconnect::GpConnect;
use crate::supplier::gpconnect::booking::{items, resource};
use crate::supplier::gpconnect::diary::today;
use crate::supplier::gpconnect::find::patient as held;
use crate::supplier::gpconnect::problem::{self, not_found};
use crate::supplier::gpconnect::registration::is_temporary;
use crate::supplier::gpconnect::shape;
use crate::supplier::gpconnect::urls::{code_system, profile};
use crate::supplier::problem::Problem;
use crate::supplier::request::Request;
use crate::supplier::server::Supplier;
use crate::supplier::store::Store;

/// Whom a record is about.
pub(super) struct Subject<'s> {
    /// The id of the patient.
    pub(super) patient: &'s str,
    /// Who recorded it.
    pub(super) recorder: String,
    pub(super) today: Date,
}

impl Subject<'_> {
    /// The id of one of the resources of the record.
    pub(super) fn id(&self, kind: &str, number: usize) -> String {
        format!("{}-{kind}-{}", self.patient, number + 1)
    }
}

/// The identifier that a resource has wherever it is shared.
pub(super) fn identifier(id: &str) -> Value {
    json!({ "system": "https://fhir.nhs.uk/Id/cross-care-setting-identifier", "value": id })
}

impl Supplier {
    /// `POST [structured base]/Patient/$gpc.getstructuredrecord`.
    pub(in crate::supplier::gpconnect) fn record(
        &self,
        provider: &GpConnect,
        store: &Store,
        request: &Request,
    ) -> Result<Answer, Problem> {
        let body = self.json_of(request)?;
        shape::demand(self.definitions.as_ref(), "Parameters", &body)?;
        let today = today(Timestamp::now());
        let asked = Asked::read(&body, today)?;
        let patient = held(store, asked.nhs_number).filter(|patient| !is_temporary(patient));
        let patient = patient.ok_or_else(|| {
            not_found("PATIENT_NOT_FOUND", "nobody is regularly registered by this NHS number")
        })?;
        if provider.dissenting.contains(&patient.id) {
            let diagnostics = "the patient does not want the record to be shared";
            return Err(problem::of(StatusCode::FORBIDDEN, "forbidden", "NO_PATIENT_CONSENT", diagnostics));
        }
        let recorder = format!("Practitioner/{}", provider.recorder);
        let subject = Subject { patient: &patient.id, recorder, today };
        let mut resources = surroundings(provider, store, &resource(patient));
        let record = provider.records.get(&patient.id).cloned().unwrap_or_default();
        if let Some(with_ended) = asked.allergies {
            resources.extend(allergies::resources(&record, with_ended, &subject));
        }
        if let Some(wanted) = asked.medication {
            resources.extend(medication::resources(&record, wanted, &subject));
        }
        resources.extend(asked.warnings());
        let texts: Vec<String> = resources.iter().map(Value::to_string).collect();
        let name = profile("GPConnect-StructuredRecord-Bundle-1");
        let entries = texts.iter().map(|text| (text.as_str(), None));
        Ok(Answer::ok(bundle::plain("collection", Some(&name), entries)))
    }
}

/// The patient, the practice, and the practitioners with the role that each has.
fn surroundings(provider: &GpConnect, store: &Store, patient: &Value) -> Vec<Value> {
    let usual = items(patient, "generalPractitioner").filter_map(|one| one["reference"].as_str());
    let usual = usual.filter_map(|reference| reference.strip_prefix("Practitioner/"));
    let practitioners: BTreeSet<&str> = usual.chain([provider.recorder.as_str()]).collect();
    let mut resources = vec![patient.clone()];
    resources.extend(store.get("Organization", &provider.practice).map(resource));
    for id in practitioners {
        let Some(practitioner) = store.get("Practitioner", id) else { continue };
        resources.push(resource(practitioner));
        resources.push(json!({
            "resourceType": "PractitionerRole",
            "id": format!("role-of-{id}"),
            "meta": { "versionId": "1", "profile": [profile("CareConnect-GPC-PractitionerRole-1")] },
            "practitioner": { "reference": format!("Practitioner/{id}") },
            "organization": { "reference": format!("Organization/{}", provider.practice) },
            "code": [{ "coding": [{
                "system": code_system("CareConnect-SDSJobRoleName-1"),
                "code": "R0260",
                "display": "General Medical Practitioner",
            }] }],
        }));
    }
    resources
}
