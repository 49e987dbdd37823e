//! The two capability statements.

use serde_json::{Value, json};

use super::GpConnect;
use super::urls::profile;
use crate::supplier::answer::Answer;
use crate::supplier::capabilities;
use crate::supplier::server::Supplier;

/// The profiles that the provider follows.
const PROFILES: [&str; 15] = [
    "CareConnect-GPC-Patient-1",
    "CareConnect-GPC-Organization-1",
    "CareConnect-GPC-Practitioner-1",
    "CareConnect-GPC-PractitionerRole-1",
    "CareConnect-GPC-Location-1",
    "GPConnect-OperationOutcome-1",
    "GPConnect-Appointment-1",
    "GPConnect-Schedule-1",
    "GPConnect-Slot-1",
    "CareConnect-GPC-AllergyIntolerance-1",
    "CareConnect-GPC-Medication-1",
    "CareConnect-GPC-MedicationStatement-1",
    "CareConnect-GPC-MedicationRequest-1",
    "CareConnect-GPC-List-1",
    "GPConnect-StructuredRecord-Bundle-1",
];

/// Those of structured records, each in the version in force.
const STRUCTURED_PROFILES: [&str; 11] = [
    "CareConnect-GPC-Patient-1/_history/1.8",
    "CareConnect-GPC-Organization-1/_history/1.4",
    "CareConnect-GPC-Practitioner-1/_history/1.2",
    "CareConnect-GPC-PractitionerRole-1/_history/1.2",
    "CareConnect-GPC-AllergyIntolerance-1/_history/1.7",
    "CareConnect-GPC-Medication-1/_history/1.2",
    "CareConnect-GPC-MedicationStatement-1/_history/1.7",
    "CareConnect-GPC-MedicationRequest-1/_history/1.7",
    "CareConnect-GPC-List-1/_history/1.2",
    "GPConnect-StructuredRecord-Bundle-1/_history/1.3",
    "GPConnect-OperationOutcome-1/_history/1.2",
];

/// What may come with slots.
const INCLUDES: [&str; 4] = [
    "Slot:schedule",
    "Schedule:actor:Location",
    "Schedule:actor:Practitioner",
    "Location:managingOrganization",
];

impl Supplier {
    /// The statement of Foundations and Appointment Management.
    pub(super) fn statement(&self, provider: &GpConnect) -> Answer {
        let mut statement = capabilities::statement(&self.configuration, &self.base, None);
        let resources = statement["rest"][0]["resource"].as_array_mut();
        for slot in resources.into_iter().flatten().filter(|resource| resource["type"] == "Slot") {
            slot["searchInclude"] = Value::from(INCLUDES.to_vec());
        }
        let register = operation("gpc.registerpatient", "GPConnect-RegisterPatient-Operation-1");
        describe(&mut statement, provider, &PROFILES, vec![register, get_record()]);
        Answer::ok(statement.to_string())
    }

    /// The statement of Access Record Structured.
    pub(super) fn structured_statement(&self, provider: &GpConnect) -> Answer {
        let base = format!("{}/{}", self.base, super::STRUCTURED);
        let mut statement = capabilities::statement(&self.configuration, &base, None);
        if let Some(rest) = statement["rest"][0].as_object_mut() {
            rest.remove("resource");
        }
        describe(&mut statement, provider, &STRUCTURED_PROFILES, vec![get_record()]);
        Answer::ok(statement.to_string())
    }
}

fn describe(statement: &mut Value, provider: &GpConnect, profiles: &[&str], operations: Vec<Value>) {
    let profiles = profiles.iter().map(|name| json!({ "reference": profile(name) }));
    statement["version"] = Value::from(provider.version.as_str());
    statement["profile"] = profiles.collect();
    statement["rest"][0]["operation"] = Value::from(operations);
}

fn get_record() -> Value {
    operation("gpc.getstructuredrecord", "GPConnect-GetStructuredRecord-Operation-1/_history/1.12")
}

fn operation(name: &str, definition: &str) -> Value {
    let reference = format!("https://fhir.nhs.uk/STU3/OperationDefinition/{definition}");
    json!({ "name": name, "definition": { "reference": reference } })
}
