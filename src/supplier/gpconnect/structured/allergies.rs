//! The allergies of a record: those that are active as entries, those that have ended within their list.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::list::{List, before};
use super::record::{Subject, identifier};
use super::settings::{Allergy, Record};
use crate::supplier::gpconnect::urls::{SNOMED, care_connect_extension, profile};

/// The lists of allergies, and what they refer to.
pub(super) fn resources(record: &Record, with_ended: bool, subject: &Subject<'_>) -> Vec<Value> {
    let all = record.allergies.iter().enumerate();
    let (ended, active): (Vec<_>, Vec<_>) = all.partition(|(_, allergy)| allergy.ended.is_some());
    let ids = |some: &[(usize, &Allergy)], prefix: &str| {
        some.iter().map(|(number, _)| format!("{prefix}{}", subject.id("allergy", *number))).collect()
    };
    let list = List {
        code: "886921000000105",
        title: "Allergies and adverse reactions",
        patient: subject.patient,
        warnings: &record.allergy_warnings,
        entries: ids(&active, "AllergyIntolerance/"),
        contained: Vec::new(),
    };
    let mut resources = vec![list.resource(subject.today)];
    if with_ended {
        let list = List {
            code: "1103671000000101",
            title: "Ended allergies",
            entries: ids(&ended, "#"),
            contained: ended.iter().map(|(number, allergy)| allergy.resource(*number, subject)).collect(),
            patient: subject.patient,
            warnings: &record.allergy_warnings,
        };
        resources.push(list.resource(subject.today));
    }
    resources.extend(active.iter().map(|(number, allergy)| allergy.resource(*number, subject)));
    resources
}

impl Allergy {
    fn resource(&self, number: usize, subject: &Subject<'_>) -> Value {
        let id = subject.id("allergy", number);
        let mut resource = json!({
            "resourceType": "AllergyIntolerance",
            "id": id,
            "meta": { "profile": [profile("CareConnect-GPC-AllergyIntolerance-1")] },
            "identifier": [identifier(&id)],
            "clinicalStatus": if self.ended.is_some() { "resolved" } else { "active" },
            "verificationStatus": "unconfirmed",
            "category": [self.category],
            "code": { "coding": [{ "system": SNOMED, "code": self.code, "display": self.display }] },
            "patient": { "reference": format!("Patient/{}", subject.patient) },
            "assertedDate": before(subject.today, self.asserted).to_string(),
            "recorder": { "reference": subject.recorder },
        });
        if let Some(ended) = self.ended {
            resource["extension"] = json!([self.end(ended, subject.today)]);
        }
        resource
    }

    fn end(&self, ended: u16, today: Date) -> Value {
        let reason = self.reason.as_deref().unwrap_or("No information available");
        json!({
            "url": care_connect_extension("AllergyIntoleranceEnd-1"),
            "extension": [
                { "url": "endDate", "valueDateTime": before(today, ended).to_string() },
                { "url": "reasonEnded", "valueString": reason },
            ],
        })
    }
}
