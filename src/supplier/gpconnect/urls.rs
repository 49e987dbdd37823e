//! The systems, profiles and extensions of GP Connect that the provider writes and reads.

pub(super) const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";
pub(super) const ORGANISATION_CODE: &str = "https://fhir.nhs.uk/Id/ods-organization-code";
pub(super) const SDS_USER: &str = "https://fhir.nhs.uk/Id/sds-user-id";
pub(super) const ORGANISATION_TYPE: &str = "https://fhir.nhs.uk/STU3/CodeSystem/GPConnect-OrganisationType-1";
pub(super) const SNOMED: &str = "http://snomed.info/sct";

/// The address of a profile or extension.
pub(super) fn profile(name: &str) -> String {
    format!("https://fhir.nhs.uk/STU3/StructureDefinition/{name}")
}

/// The address of a code system.
pub(super) fn code_system(name: &str) -> String {
    format!("https://fhir.nhs.uk/STU3/CodeSystem/{name}")
}

/// The address of an extension of GP Connect's own.
pub(super) fn extension(name: &str) -> String {
    profile(&format!("Extension-GPConnect-{name}"))
}

/// The address of an extension of Care Connect's that GP Connect uses.
pub(super) fn care_connect_extension(name: &str) -> String {
    profile(&format!("Extension-CareConnect-GPC-{name}"))
}
