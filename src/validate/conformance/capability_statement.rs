//! CapabilityStatement: the profiles, search parameters and operations that it names.
//!
//! <https://hl7.org/fhir/R4/capabilitystatement.html>

use super::findings::Findings;
use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// A search parameter is stated otherwise than it is defined.
pub(super) const SEARCH_PARAMETER: Code = Code {
    name: "capability-search-parameter",
    title: "A search parameter is stated otherwise than it is defined",
    what: "A search parameter that a CapabilityStatement lists has the type that its definition gives, and that \
        definition searches the resource type.",
    why: "Clients form their searches by the type: one for a date is not one for a token.",
    example: "wrong:  \"name\": \"clinical-status\", \"type\": \"date\"\nright:  \"name\": \"clinical-status\", \"type\": \"token\"",
    specification: "https://hl7.org/fhir/R4/capabilitystatement-definitions.html#CapabilityStatement.rest.resource.searchParam",
};

/// A profile is one of another resource type.
pub(super) const PROFILE: Code = Code {
    name: "capability-profile",
    title: "A CapabilityStatement names a profile of another resource type",
    what: "The profiles that a CapabilityStatement gives for a resource type constrain that type.",
    why: "No resource of the one type can follow a profile on another.",
    example: "wrong:  type Patient with a profile on Practitioner\nright:  type Patient with a profile on Patient",
    specification: "https://hl7.org/fhir/R4/capabilitystatement-definitions.html#CapabilityStatement.rest.resource.profile",
};

pub(super) fn judge(resource: Element<'_>, findings: &mut Findings<'_>) {
    for rest in resource.children_named("rest") {
        for entry in rest.children_named("resource") {
            of_type(entry, findings);
        }
        for parameter in rest.children_named("searchParam") {
            search_parameter(parameter, None, findings);
        }
        operations(rest, findings);
    }
}

fn of_type(entry: Element<'_>, findings: &mut Findings<'_>) {
    let type_name = entry.text("type");
    for place in entry.children().filter(|child| matches!(child.name(), "profile" | "supportedProfile")) {
        // STU3 has a Reference.
        let named = place.child("reference").unwrap_or(place);
        if let (Some(canonical), Some(type_name)) = (named.value(), type_name) {
            profile(named, canonical, type_name, findings);
        }
    }
    for parameter in entry.children_named("searchParam") {
        search_parameter(parameter, type_name, findings);
    }
    operations(entry, findings);
}

fn profile(place: Element<'_>, canonical: &str, type_name: &str, findings: &mut Findings<'_>) {
    if !canonical.contains(':') {
        // STU3's reference to a profile on the server itself.
        return;
    }
    let Some(found) = findings.find("StructureDefinition", place, canonical) else { return };
    let Some(actual) = found.root().text("type") else { return };
    if actual != type_name {
        let message = format!("the profile {canonical} is one of {actual}, and stands at {type_name}");
        findings.add(Issue::at(place, &PROFILE, Severity::Error, message).compared(type_name, actual));
    }
}

fn search_parameter(parameter: Element<'_>, type_name: Option<&str>, findings: &mut Findings<'_>) {
    let Some(place) = parameter.child("definition") else { return };
    let Some(canonical) = place.value().filter(|canonical| canonical.contains(':')) else { return };
    let Some(found) = findings.find("SearchParameter", place, canonical) else { return };
    let found = found.root();
    if let (Some(own), Some(defined)) = (parameter.child("type"), found.text("type"))
        && let Some(stated) = own.value()
        && stated != defined
    {
        let message = format!("the search parameter {canonical} is of another type");
        findings.add(Issue::at(own, &SEARCH_PARAMETER, Severity::Error, message).compared(defined, stated));
    }
    let bases: Vec<&str> = found.children_named("base").filter_map(Element::value).collect();
    if let Some(type_name) = type_name
        && !bases.iter().any(|base| [type_name, "Resource", "DomainResource"].contains(base))
    {
        let message = format!("the search parameter {canonical} does not search {type_name}");
        let issue = Issue::at(place, &SEARCH_PARAMETER, Severity::Error, message);
        findings.add(issue.compared(bases.join(" or "), type_name));
    }
}

fn operations(parent: Element<'_>, findings: &mut Findings<'_>) {
    for operation in parent.children_named("operation") {
        let Some(definition) = operation.child("definition") else { continue };
        let place = definition.child("reference").unwrap_or(definition);
        if let Some(canonical) = place.value().filter(|canonical| canonical.contains(':')) {
            findings.find("OperationDefinition", place, canonical);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{alone, found};
    use crate::fhir::Release;

    fn statement(resource: &str) -> String {
        format!(r#"{{"resourceType":"CapabilityStatement","rest":[{{"resource":[{resource}]}}]}}"#)
    }

    #[test]
    fn search_parameters_are_as_they_are_defined() {
        let parameter = |resource: &str, type_name: &str| {
            alone(&statement(&format!(
                r#"{{"type":"{resource}","searchParam":[{{"name":"gender","type":"{type_name}",
                    "definition":"http://hl7.org/fhir/SearchParameter/individual-gender"}}]}}"#
            )))
        };
        assert!(parameter("Patient", "token").is_empty());
        let place = "CapabilityStatement.rest[0].resource[0].searchParam[0]";
        assert_eq!(parameter("Patient", "date"), [format!("error capability-search-parameter {place}.type")]);
        assert_eq!(
            parameter("Observation", "token"),
            [format!("error capability-search-parameter {place}.definition")]
        );
    }

    #[test]
    fn profiles_are_of_the_type_that_they_stand_at() {
        let profile = |url: &str| statement(&format!(r#"{{"type":"Patient","supportedProfile":["{url}"]}}"#));
        let place = "CapabilityStatement.rest[0].resource[0].supportedProfile[0]";
        assert!(alone(&profile("http://hl7.org/fhir/StructureDefinition/Patient")).is_empty());
        assert_eq!(
            alone(&profile("http://hl7.org/fhir/StructureDefinition/bp")),
            [format!("error capability-profile {place}")]
        );
        assert_eq!(
            alone(&profile("http://hl7.org/fhir/ValueSet/administrative-gender")),
            [format!("error definition-wrong-kind {place}")]
        );
        let stu3 = statement(
            r#"{"type":"Patient","profile":{"reference":"http://hl7.org/fhir/StructureDefinition/Observation"}}"#,
        );
        assert_eq!(
            found(Release::Stu3, &[], &stu3),
            ["error capability-profile CapabilityStatement.rest[0].resource[0].profile.reference"]
        );
    }
}
