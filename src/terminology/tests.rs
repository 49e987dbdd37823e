use super::*;
use crate::fhir::Release;
use crate::files::Folder;
use crate::package::Package;

const CARECONNECT: &str = "https://fhir.hl7.org.uk/STU3/ValueSet/";
const HL7: &str = "http://hl7.org/fhir/ValueSet/";

fn terminology() -> Terminology {
    let folder = Folder::profiles().folder("careconnect/1.3.0/package").unwrap();
    let packages =
        vec![Package::from_folder("careconnect", &folder).unwrap(), Package::core(Release::Stu3).unwrap()];
    let packages = packages.into_iter().map(Arc::new).collect();
    Terminology::new(Arc::new(PackageSet::new(Release::Stu3, packages)))
}

#[track_caller]
fn check(value_set: &str, system: Option<&str>, code: &str, expected: &str) {
    let found = match terminology().membership(value_set, system, code) {
        Membership::Member => "member",
        Membership::NotMember => "no",
        Membership::Unknown(_) => "unknown",
    };
    assert_eq!(found, expected, "{code} of {system:?} in {value_set}");
}

#[test]
fn whole_systems_and_lists() {
    let gender = format!("{CARECONNECT}CareConnect-AdministrativeGender-1");
    check(&gender, None, "female", "member");
    check(&gender, None, "f", "no");
    check(&gender, None, "FEMALE", "no");
    let marital = format!("{CARECONNECT}CareConnect-MaritalStatus-1");
    check(&marital, Some("http://hl7.org/fhir/v3/MaritalStatus"), "M", "member");
    check(&marital, Some("http://example.org/other"), "M", "no");
}

#[test]
fn a_hierarchy_is_followed() {
    check(&format!("{HL7}v3-ActEncounterCode"), Some("http://hl7.org/fhir/v3/ActCode"), "AMB", "member");
    check(&format!("{HL7}v3-ActEncounterCode"), Some("http://hl7.org/fhir/v3/ActCode"), "ADCOM", "no");
}

#[test]
fn what_is_not_here_is_unknown_but_another_system_is_not() {
    let snomed = format!("{CARECONNECT}CareConnect-AllergyCode-1");
    check(&snomed, Some("http://snomed.info/sct"), "91936005", "unknown");
    check(&snomed, Some("http://loinc.org"), "1234-5", "no");
    check("http://example.org/nowhere", None, "x", "unknown");
}

#[test]
fn grammars() {
    check("http://www.rfc-editor.org/bcp/bcp13.txt", None, "application/fhir+json; charset=UTF-8", "member");
    check("http://www.rfc-editor.org/bcp/bcp13.txt", None, "not a type", "no");
}

#[test]
fn small_sets_can_be_listed() {
    let listed =
        terminology().listed(&format!("{CARECONNECT}CareConnect-AdministrativeGender-1"), 10).unwrap();
    assert_eq!(listed, ["female", "male", "other", "unknown"]);
}
