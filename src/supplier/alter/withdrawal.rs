//! What the supplier does without.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::fhir::Format;
use crate::supplier::configuration::{Configuration, Offer};

/// Something that the supplier neither offers nor claims, written as the conditions of scenarios write it: `Medication`,
/// `Patient.vread`, `Encounter.search.patient`, `Patient.include.Patient:organization`, `format.xml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub struct Withdrawal {
    written: String,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Format(Format),
    Type,
    Interaction(Offer),
    Parameter(String),
    Include(String),
    ReverseInclude(String),
}

impl Withdrawal {
    /// Takes it from what the supplier offers.
    pub(in crate::supplier) fn apply(&self, configuration: &mut Configuration) {
        let kind = self.written.split('.').next().unwrap_or_default();
        match &self.what {
            What::Format(format) => configuration.formats.retain(|offered| offered != format),
            What::Type => {
                configuration.resources.retain(|resource| resource.name != kind);
                forget(configuration, |reference| reference.split(':').next() == Some(kind));
            }
            What::Parameter(name) => {
                let parameter = format!("{kind}:{name}");
                forget(configuration, |reference| reference == parameter);
            }
            What::Interaction(_) | What::Include(_) | What::ReverseInclude(_) => {}
        }
        for resource in configuration.resources.iter_mut().filter(|resource| resource.name == kind) {
            match &self.what {
                What::Interaction(offer) => resource.interactions.retain(|offered| offered != offer),
                What::Parameter(name) => resource.parameters.retain(|parameter| parameter.name != *name),
                What::Include(name) => resource.includes.retain(|include| include != name),
                What::ReverseInclude(name) => resource.rev_includes.retain(|include| include != name),
                What::Format(_) | What::Type => {}
            }
        }
    }
}

/// Takes references from what may be included.
fn forget(configuration: &mut Configuration, gone: impl Fn(&str) -> bool) {
    for resource in &mut configuration.resources {
        resource.includes.retain(|reference| !gone(reference));
        resource.rev_includes.retain(|reference| !gone(reference));
    }
}

impl TryFrom<String> for Withdrawal {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        let parts: Vec<&str> = written.splitn(3, '.').collect();
        let what = match parts.as_slice() {
            ["format", "json"] => What::Format(Format::Json),
            ["format", "xml"] => What::Format(Format::Xml),
            [_] => What::Type,
            [_, "search", name] => What::Parameter((*name).to_owned()),
            [_, "include", name] => What::Include((*name).to_owned()),
            [_, "revinclude", name] => What::ReverseInclude((*name).to_owned()),
            [_, code] => What::Interaction(Offer::of_code(code).ok_or_else(|| {
                format!("`{written}` is nothing that the supplier offers; write it as in `Patient.vread`")
            })?),
            _ => return Err(format!("`{written}` is nothing that the supplier offers")),
        };
        Ok(Self { written, what })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(what: &str) -> Configuration {
        let text = include_str!("../../../fixtures/careconnect/supplier.yaml");
        let mut configuration = Configuration::load("supplier.yaml", text).unwrap();
        Withdrawal::try_from(what.to_owned()).unwrap().apply(&mut configuration);
        configuration
    }

    #[test]
    fn what_is_withdrawn_is_not_offered() {
        assert!(without("Medication").resource("Medication").is_none());
        assert_eq!(without("format.xml").formats, [Format::Json]);
        let offered = |configuration: &Configuration, offer| {
            configuration.resource("Patient").unwrap().interactions.contains(&offer)
        };
        assert!(!offered(&without("Patient.vread"), Offer::Vread));
        assert!(offered(&without("Patient.vread"), Offer::Read));
        assert!(!offered(&without("Patient.search"), Offer::SearchType));
        let configuration = without("Observation.search.patient");
        let observation = configuration.resource("Observation").unwrap();
        assert!(observation.parameters.iter().all(|parameter| parameter.name != "patient"));
        assert_eq!(observation.includes, ["Observation:subject"]);
        let patient = configuration.resource("Patient").unwrap();
        assert!(!patient.rev_includes.contains(&"Observation:patient".to_owned()));
    }

    #[test]
    fn what_the_supplier_never_has_is_a_mistake() {
        let error = Withdrawal::try_from("Patient.dance".to_owned()).unwrap_err();
        assert!(error.contains("Patient.vread"), "{error}");
    }
}
