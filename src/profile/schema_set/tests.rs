use super::*;
use crate::fhir::Release;
use crate::files::Folder;
use crate::package::Package;

fn set() -> SchemaSet {
    let folder = Folder::profiles().folder("careconnect/1.3.0/package").unwrap();
    let packages =
        vec![Package::from_folder("careconnect", &folder).unwrap(), Package::core(Release::Stu3).unwrap()];
    let packages = packages.into_iter().map(Arc::new).collect();
    SchemaSet::new(Arc::new(PackageSet::new(Release::Stu3, packages)))
}

#[test]
fn every_definition_of_the_embedded_packages_compiles() {
    let set = set();
    let errors: Vec<String> = set
        .packages()
        .all("StructureDefinition")
        .filter_map(|definition| set.schema(&definition.url).err())
        .map(|error| error.to_string())
        .collect();
    insta::assert_debug_snapshot!("definitions-that-are-broken-as-published", errors);
}

#[test]
fn how_the_patient_profile_is_understood() {
    let set = set();
    let schema =
        set.schema("https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1").unwrap();
    let identifier = schema.element("Patient.identifier").unwrap();
    insta::assert_json_snapshot!("patient-identifier", identifier);
    let name = schema.element("Patient.name").unwrap();
    insta::assert_json_snapshot!("patient-name-slicing", name.slicing);
}

#[test]
fn how_an_extension_is_understood() {
    let set = set();
    let url =
        "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-DeathNotificationStatus-1";
    insta::assert_json_snapshot!("extension-death-notification-status", set.schema(url).unwrap());
}

#[test]
fn a_profile_that_is_not_there_is_said_not_to_be() {
    let error = set().schema("http://example.org/nothing").unwrap_err();
    assert_eq!(error.to_string(), "the profile http://example.org/nothing is not in the loaded packages");
}

#[test]
fn the_type_of_a_profile_is_the_one_that_it_constrains() {
    let set = set();
    let type_of =
        |name: &str| set.type_of_profile(&format!("http://hl7.org/fhir/StructureDefinition/{name}"));
    assert_eq!(type_of("Patient").as_deref(), Some("Patient"));
    assert_eq!(type_of("vitalsigns").as_deref(), Some("Observation"));
    assert_eq!(type_of("Nothing"), None);
}

#[test]
fn a_rule_that_shares_its_key_with_another_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let profile = r#"{"resourceType":"StructureDefinition","url":"http://x/p","name":"p","status":"draft","type":"Patient",
        "kind":"resource","abstract":false,"derivation":"constraint",
        "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","differential":{"element":[
        {"id":"Patient","path":"Patient","constraint":[{"key":"dom-2","severity":"error","expression":"active"}]}]}}"#;
    std::fs::write(folder.path().join("p.json"), profile).unwrap();
    let packages = vec![Package::from_path(folder.path()).unwrap(), Package::core(Release::Stu3).unwrap()];
    let packages = packages.into_iter().map(Arc::new).collect();
    let set = Arc::new(SchemaSet::new(Arc::new(PackageSet::new(Release::Stu3, packages))));
    let tree = crate::fhir::parse(br#"{"resourceType":"Patient","active":false}"#).unwrap();
    let schema = set.schema("http://x/p").unwrap();
    let rules: Vec<_> = schema
        .root
        .rules
        .iter()
        .filter_map(|rule| match rule {
            crate::profile::rules::ValueRule::Invariant(invariant) => Some(invariant),
            _ => None,
        })
        .collect();
    let context = crate::fhirpath::Context::new(set.as_ref());
    let broken = rules.iter().filter_map(|rule| rule.check(tree.root(), Some("Patient"), &context)).count();
    assert_eq!(broken, 1, "the profile's own dom-2 is judged beside the base's");
}
