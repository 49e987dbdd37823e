//! What a request for a structured record asks for, and what of it the provider does not know.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::medication::Wanted as Medication;
use crate::supplier::gpconnect::booking::items;
use crate::supplier::gpconnect::nhs_number;
use crate::supplier::gpconnect::problem::{invalid_parameter, invalid_value};
use crate::supplier::gpconnect::urls::{NHS_NUMBER, code_system, profile};
use crate::supplier::problem::Problem;

/// A request, as understood.
#[derive(Debug)]
pub(super) struct Asked<'b> {
    pub(super) nhs_number: &'b str,
    /// Whether allergies are wanted, and if so, also those that have ended.
    pub(super) allergies: Option<bool>,
    pub(super) medication: Option<Medication>,
    /// The parameters that the provider does not know, parts with their parents.
    unknown: Vec<String>,
}

impl<'b> Asked<'b> {
    /// Reads the Parameters of a request.
    pub(super) fn read(body: &'b Value, today: Date) -> Result<Self, Problem> {
        let numbers: Vec<&Value> = named(body, "patientNHSNumber").collect();
        let [number] = numbers[..] else {
            return Err(invalid_parameter("the parameter patientNHSNumber is wanted, once"));
        };
        let nhs_number = nhs_number_of(&number["valueIdentifier"])?;
        let mut asked = Self { nhs_number, allergies: None, medication: None, unknown: Vec::new() };
        for parameter in items(body, "parameter") {
            let name = parameter["name"].as_str().unwrap_or_default();
            match name {
                "patientNHSNumber" => {}
                "includeAllergies" if asked.allergies.is_none() => {
                    asked.allergies = Some(asked.read_allergies(parameter)?);
                }
                "includeMedication" if asked.medication.is_none() => {
                    asked.medication = Some(asked.read_medication(parameter, today)?);
                }
                "includeAllergies" | "includeMedication" => {
                    return Err(invalid_parameter(format!("the parameter {name} is there twice")));
                }
                other => asked.unknown.push(other.to_owned()),
            }
        }
        Ok(asked)
    }

    fn read_allergies(&mut self, parameter: &Value) -> Result<bool, Problem> {
        self.note_unknown("includeAllergies", parameter, &["includeResolvedAllergies"]);
        let resolved = boolean(parameter, "includeResolvedAllergies")?;
        resolved.ok_or_else(|| invalid_parameter("includeAllergies needs the part includeResolvedAllergies"))
    }

    fn read_medication(&mut self, parameter: &Value, today: Date) -> Result<Medication, Problem> {
        let known = ["includePrescriptionIssues", "medicationSearchFromDate"];
        self.note_unknown("includeMedication", parameter, &known);
        let with_issues = boolean(parameter, "includePrescriptionIssues")?.unwrap_or(true);
        let since = match part(parameter, "medicationSearchFromDate") {
            None => None,
            Some(part) => {
                let text = part["valueDate"].as_str().unwrap_or_default();
                let date = text.parse::<Date>().ok().filter(|date| text.len() == 10 && *date <= today);
                Some(date.ok_or_else(|| {
                    invalid_parameter(format!(
                        "medicationSearchFromDate is `{text}`, and not a whole date up to today"
                    ))
                })?)
            }
        };
        Ok(Medication { with_issues, since })
    }

    fn note_unknown(&mut self, name: &str, parameter: &Value, known: &[&str]) {
        let parts = items(parameter, "part").filter_map(|part| part["name"].as_str());
        self.unknown.extend(parts.filter(|part| !known.contains(part)).map(|part| format!("{name}.{part}")));
    }

    /// The resource that warns of what the provider does not know, if there is any.
    pub(super) fn warnings(&self) -> Option<Value> {
        if self.unknown.is_empty() {
            return None;
        }
        let issues = self.unknown.iter().map(|name| {
            json!({
                "severity": "warning",
                "code": "not-supported",
                "details": {
                    "coding": [{
                        "system": code_system("Spine-ErrorOrWarningCode-1"),
                        "code": "NOT_IMPLEMENTED",
                        "display": "Not implemented",
                    }],
                    "text": format!("{name} is an unrecognised parameter"),
                },
                "diagnostics": name,
            })
        });
        Some(json!({
            "resourceType": "OperationOutcome",
            "meta": { "profile": [profile("GPConnect-OperationOutcome-1")] },
            "issue": issues.collect::<Value>(),
        }))
    }
}

fn named<'b>(body: &'b Value, name: &'b str) -> impl Iterator<Item = &'b Value> {
    items(body, "parameter").filter(move |parameter| parameter["name"] == name)
}

fn part<'p>(parameter: &'p Value, name: &str) -> Option<&'p Value> {
    items(parameter, "part").find(|part| part["name"] == name)
}

/// Whether a part says yes or no; nothing, where it is not there.
fn boolean(parameter: &Value, name: &str) -> Result<Option<bool>, Problem> {
    let Some(part) = part(parameter, name) else { return Ok(None) };
    let value = part["valueBoolean"].as_bool();
    value.map(Some).ok_or_else(|| invalid_parameter(format!("{name} has no valueBoolean")))
}

fn nhs_number_of(identifier: &Value) -> Result<&str, Problem> {
    if identifier.is_null() {
        return Err(invalid_parameter("patientNHSNumber has no valueIdentifier"));
    }
    let system = identifier["system"].as_str().unwrap_or_default();
    if system != NHS_NUMBER {
        let diagnostics = format!("the system of patientNHSNumber is `{system}`, and not {NHS_NUMBER}");
        return Err(invalid_value("INVALID_IDENTIFIER_SYSTEM", diagnostics));
    }
    let number = identifier["value"].as_str().unwrap_or_default();
    if !nhs_number::is_valid(number) {
        return Err(invalid_value("INVALID_NHS_NUMBER", format!("`{number}` is no NHS number")));
    }
    Ok(number)
}
