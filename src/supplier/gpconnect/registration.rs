//! Registration: `POST [base]/Patient/$gpc.registerpatient`. It is always temporary.

use hyper::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::GpConnect;
use super::booking::items;
use super::diary::today;
use super::find::patient as held;
use super::problem::{self, bad_request, invalid_resource, invalid_value};
use super::settings::{Person, Standing};
use super::telecom::{check_addresses, check_telecoms};
use super::urls::{NHS_NUMBER, care_connect_extension, code_system, profile};
use super::{nhs_number, shape};
use crate::supplier::answer::Answer;
use crate::supplier::bundle;
use crate::supplier::problem::Problem;
use crate::supplier::request::Request;
use crate::supplier::server::Supplier;
use crate::supplier::store::{Store, Stored};
use crate::supplier::write::members;

/// What may be sent of a patient.
const ALLOWED: [&str; 13] = [
    "resourceType",
    "id",
    "meta",
    "implicitRules",
    "language",
    "text",
    "extension",
    "identifier",
    "name",
    "telecom",
    "gender",
    "birthDate",
    "address",
];

/// The code of a temporary registration.
const TEMPORARY: &str = "T";

impl Supplier {
    /// Registers whom a request names, if PDS knows them so.
    pub(super) fn register(
        &self,
        provider: &GpConnect,
        store: &mut Store,
        request: &Request,
    ) -> Result<Answer, Problem> {
        let sent = self.person_of(request)?;
        let number = check(&sent)?;
        if held(store, number).is_some() {
            let diagnostics = "somebody with this NHS number is registered already";
            return Err(problem::of(StatusCode::CONFLICT, "duplicate", "DUPLICATE_REJECTED", diagnostics));
        }
        let person = traced(provider, &sent, number)?;
        let patient = patient(provider, &sent, person);
        let id = store.fresh_id("Patient");
        let stored = Self::keep(store, members(&patient.to_string())?, &id, 1)?;
        let result = profile("GPConnect-Searchset-Bundle-1");
        Ok(Answer::ok(bundle::plain("searchset", Some(&result), [(stored.source(), Some("match"))])))
    }

    /// The one patient in the parameters of a request.
    fn person_of(&self, request: &Request) -> Result<Value, Problem> {
        let mut body = self.json_of(request)?;
        let definitions = self.definitions.as_ref();
        shape::demand(definitions, "Parameters", &body)?;
        let mut given = body["parameter"].as_array_mut().into_iter().flatten();
        let (Some(parameter), None) = (given.next(), given.next()) else {
            return Err(bad_request("the parameter registerPatient is wanted, once"));
        };
        if parameter["name"] != "registerPatient" {
            return Err(bad_request("the parameter is not registerPatient"));
        }
        let patient = parameter["resource"].take();
        shape::demand(definitions, "Patient", &patient)?;
        Ok(patient)
    }
}

/// Whether somebody is registered for a time only.
pub(super) fn is_temporary(patient: &Stored) -> bool {
    let details = patient.tree.root().children_named("extension");
    details.flat_map(|one| one.children_named("extension").collect::<Vec<_>>()).any(|part| {
        let concept = part.child("valueCodeableConcept");
        let codes = concept.into_iter().flat_map(|one| one.children_named("coding").collect::<Vec<_>>());
        part.text("url") == Some("registrationType")
            && codes.into_iter().any(|coding| coding.text("code") == Some(TEMPORARY))
    })
}

/// Refuses what must not be sent, or is not whole. The NHS number of the rest.
fn check(sent: &Value) -> Result<&str, Problem> {
    let names = sent.as_object().into_iter().flat_map(|members| members.keys());
    if let Some(name) = names.into_iter().find(|name| !ALLOWED.contains(&name.as_str())) {
        return Err(invalid_resource(format!("Patient.{name} is not for registering")));
    }
    if items(sent, "identifier").any(|one| one["system"].as_str().is_none_or(str::is_empty)) {
        return Err(bad_request("an identifier has no system"));
    }
    let mut numbers = items(sent, "identifier").filter(|one| one["system"] == NHS_NUMBER);
    let number = match (numbers.next(), numbers.next()) {
        (Some(number), None) => number["value"].as_str().unwrap_or_default(),
        _ => return Err(invalid_value("INVALID_NHS_NUMBER", "the NHS number is wanted, once")),
    };
    if !nhs_number::is_valid(number) {
        return Err(invalid_value("INVALID_NHS_NUMBER", format!("`{number}` is no NHS number")));
    }
    if sent["birthDate"].as_str().is_none_or(str::is_empty) {
        return Err(bad_request("Patient.birthDate is missing"));
    }
    family(sent)?;
    let communication = care_connect_extension("NHSCommunication-1");
    let mut extensions = items(sent, "extension");
    if extensions.any(|one| one["url"] != communication.as_str()) {
        return Err(invalid_resource("an extension besides NHSCommunication is not for registering"));
    }
    if items(sent, "extension").count() > 1 {
        return Err(invalid_resource("there are two extensions NHSCommunication"));
    }
    check_addresses(sent)?;
    check_telecoms(sent)?;
    Ok(number)
}

/// The family name of the one official name.
fn family(sent: &Value) -> Result<&str, Problem> {
    let mut official = items(sent, "name").filter(|name| name["use"] == "official");
    let (Some(name), None) = (official.next(), official.next()) else {
        return Err(bad_request("one official name is wanted"));
    };
    let family = name["family"].as_str().filter(|family| !family.is_empty());
    family.ok_or_else(|| bad_request("the official name has no family name"))
}

/// The person as PDS knows them, where that is who was sent.
fn traced<'p>(provider: &'p GpConnect, sent: &Value, number: &str) -> Result<&'p Person, Problem> {
    let refused = |diagnostics: &str| {
        problem::of(StatusCode::BAD_REQUEST, "business-rule", "INVALID_PATIENT_DEMOGRAPHICS", diagnostics)
    };
    let person = provider.person(number).ok_or_else(|| refused("PDS does not know the NHS number"))?;
    match person.standing {
        Standing::Good => {}
        Standing::Superseded => {
            let diagnostics = "another NHS number has taken the place of this";
            return Err(invalid_value("INVALID_NHS_NUMBER", diagnostics));
        }
        Standing::Sensitive | Standing::Deceased => {
            return Err(refused("PDS does not let the patient be registered"));
        }
    }
    let is_same_family = family(sent)?.to_lowercase() == person.family.to_lowercase();
    if !is_same_family || sent["birthDate"] != person.birth_date.as_str() {
        return Err(refused("PDS knows the patient by another name or date of birth"));
    }
    Ok(person)
}

/// The patient as the practice keeps them.
fn patient(provider: &GpConnect, sent: &Value, person: &Person) -> Value {
    let registration = json!({
        "url": care_connect_extension("RegistrationDetails-1"),
        "extension": [
            { "url": "registrationPeriod", "valuePeriod": { "start": today(Timestamp::now()).to_string() } },
            { "url": "registrationType", "valueCodeableConcept": { "coding": [{
                "system": code_system("CareConnect-RegistrationType-1"),
                "code": TEMPORARY,
                "display": "Temporary",
            }] } },
            {
                "url": "preferredBranchSurgery",
                "valueReference": { "reference": format!("Location/{}", provider.branch) },
            },
        ],
    });
    let number = json!({
        "extension": [{
            "url": care_connect_extension("NHSNumberVerificationStatus-1"),
            "valueCodeableConcept": { "coding": [{
                "system": code_system("CareConnect-NHSNumberVerificationStatus-1"),
                "code": "01",
                "display": "Number present and verified",
            }] },
        }],
        "system": NHS_NUMBER,
        "value": person.nhs_number,
    });
    let extensions = std::iter::once(registration).chain(items(sent, "extension").cloned());
    let mut patient = json!({
        "resourceType": "Patient",
        "meta": { "profile": [profile("CareConnect-GPC-Patient-1")] },
        "extension": extensions.collect::<Value>(),
        "identifier": [number],
        "active": true,
        "name": sent["name"],
        "gender": sent.get("gender").cloned().unwrap_or_else(|| Value::from(person.gender.as_str())),
        "birthDate": person.birth_date,
        "managingOrganization": { "reference": format!("Organization/{}", provider.practice) },
    });
    for name in ["telecom", "address"] {
        if let Some(value) = sent.get(name) {
            patient[name] = value.clone();
        }
    }
    patient
}
