//! Codes, units and vital signs, as a whole validation reports them.

use serde_json::{Value, json};

use super::*;

/// Validates a resource of R4 with what else is loaded; `severity code path` of each issue but on narrative.
fn found(resource: &Value, loaded: &[Value], profiles: &[String]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (index, one) in loaded.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{index}.json")), one.to_string()).unwrap();
    }
    let packages = vec![Package::from_path(folder.path()).unwrap(), Package::core(Release::R4).unwrap()];
    let packages = packages.into_iter().map(Arc::new).collect();
    let set = SchemaSet::new(Arc::new(PackageSet::new(Release::R4, packages)));
    let tree = parse(resource.to_string().as_bytes()).unwrap();
    let issues = Validator::new(Arc::new(set)).validate(&tree, profiles).issues;
    let line = |issue: &Issue| format!("{:?} {} {}", issue.severity, issue.code, issue.path);
    issues.iter().filter(|issue| issue.code != "invariant").map(line).collect()
}

fn of_code(coding: &Value) -> Vec<String> {
    let observation = json!({"resourceType": "Observation", "status": "final", "code": {"coding": [coding]}});
    found(&observation, &[], &[])
}

const GENDER: &str = "http://hl7.org/fhir/administrative-gender";

#[test]
fn a_code_is_one_of_its_system_wherever_it_stands() {
    let code = "Observation.code.coding[0]";
    assert_eq!(of_code(&json!({"system": GENDER, "code": "male", "display": " MALE"})), [""; 0]);
    assert_eq!(of_code(&json!({"system": GENDER, "code": "m"})), [format!("Error unknown-code {code}.code")]);
    assert_eq!(
        of_code(&json!({"system": GENDER, "code": "male", "display": "Female"})),
        [format!("Error wrong-display {code}.display")]
    );
    assert_eq!(of_code(&json!({"code": "male"})), [format!("Warning code-without-system {code}.code")]);
    for system in ["http://hl7.org/fhir/ValueSet/administrative-gender", "administrative-gender"] {
        let expected = [format!("Error not-a-code-system {code}.system")];
        assert_eq!(of_code(&json!({"system": system, "code": "male"})), expected, "{system}");
    }
    assert_eq!(
        of_code(&json!({"system": GENDER, "version": "9.0.0", "code": "m", "display": "M"})),
        [format!("NotChecked code-system-version {code}.code")]
    );
    assert_eq!(
        of_code(&json!({"system": "http://hl7.org/fhir/item-type", "code": "question"})),
        [format!("Warning code-not-for-use {code}.code")]
    );
    assert_eq!(of_code(&json!({"system": "http://loinc.org", "code": "no such"})), [""; 0]);
}

#[test]
fn a_supplement_adds_displays() {
    let supplement = json!({"resourceType": "CodeSystem", "url": "http://example.org/welsh", "status": "active",
        "content": "supplement", "supplements": GENDER, "concept": [{"code": "male", "display": "Gwryw"}]});
    let observation = json!({"resourceType": "Observation", "status": "final",
        "code": {"coding": [{"system": GENDER, "code": "male", "display": "Gwryw"}]}});
    assert_eq!(found(&observation, &[supplement], &[]), [""; 0]);
    assert_eq!(found(&observation, &[], &[]), ["Error wrong-display Observation.code.coding[0].display"]);
}

#[test]
fn units_are_of_ucum() {
    let of_unit = |unit: &str| {
        let observation = json!({"resourceType": "Observation", "status": "final", "code": {"text": "x"},
            "valueQuantity": {"value": 1, "system": "http://unitsofmeasure.org", "code": unit}});
        found(&observation, &[], &[])
    };
    assert_eq!(of_unit("mg/dL"), [""; 0]);
    assert_eq!(of_unit("mg/decilitre"), ["Error unknown-code Observation.valueQuantity.code"]);
    assert_eq!(of_unit("mg{creat}/dL"), ["Warning unit-annotation Observation.valueQuantity.code"]);
}

#[test]
fn an_element_that_is_nothing_but_a_code_needs_one() {
    let allergy = json!({"resourceType": "AllergyIntolerance", "patient": {"reference": "Patient/1"},
        "_category": [{"extension": [
            {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}],
        "clinicalStatus": {"coding": [
            {"system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "code": "active"}]}});
    assert_eq!(found(&allergy, &[], &[]), ["Error code-not-in-value-set AllergyIntolerance.category[0]"]);
}

#[test]
fn a_language_may_leave_the_common_ones_but_not_the_grammar() {
    let patient = |language: &str| {
        let patient = json!({"resourceType": "Patient", "language": language});
        found(&patient, &[], &[])
            .iter()
            .map(|issue| issue.split(' ').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(patient("en-GB"), [""; 0]);
    assert_eq!(patient("cy-GB"), ["Information"]);
    assert!(patient("en_GB").contains(&"Error".to_owned()));
}

#[test]
fn additional_bindings_are_judged_by_their_purpose() {
    let judged = |purpose: &str, usage: bool| {
        let mut parts = vec![
            json!({"url": "purpose", "valueCode": purpose}),
            json!({"url": "valueSet", "valueCanonical": "http://hl7.org/fhir/ValueSet/administrative-gender"}),
        ];
        if usage {
            parts.push(json!({"url": "usage", "valueUsageContext": {}}));
        }
        let profile = json!({
            "resourceType": "StructureDefinition", "url": "http://example.org/p", "name": "P", "status": "active",
            "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Observation",
            "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Observation", "derivation": "constraint",
            "differential": {"element": [{"id": "Observation.code", "path": "Observation.code", "binding": {
                "strength": "example", "valueSet": "http://hl7.org/fhir/ValueSet/observation-codes",
                "extension": [{"url": "http://hl7.org/fhir/tools/StructureDefinition/additional-binding",
                    "extension": parts}]}}]}
        });
        let observation = json!({"resourceType": "Observation", "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": "1234-5"}]}});
        found(&observation, &[profile], &["http://example.org/p".to_owned()])
    };
    assert_eq!(judged("required", false), ["Error code-not-in-value-set Observation.code"]);
    assert_eq!(judged("maximum", false), ["Error code-not-in-value-set Observation.code"]);
    assert_eq!(judged("extensible", false), ["Warning code-not-in-value-set Observation.code"]);
    assert_eq!(judged("required", true), ["NotChecked code-not-checked Observation.code"]);
    assert_eq!(judged("candidate", false), [""; 0]);
}

#[test]
fn a_vital_sign_follows_its_profile_named_or_not() {
    let observation = |code: &str| {
        json!({"resourceType": "Observation", "status": "final", "subject": {"reference": "Patient/1"},
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]}})
    };
    let errors = |code: &str| {
        let issues = found(&observation(code), &[], &[]);
        issues.into_iter().filter(|issue| issue.starts_with("Error")).collect::<Vec<_>>()
    };
    assert!(errors("8867-4").contains(&"Error element-missing Observation".to_owned()));
    assert!(
        errors("8889-8").iter().any(|error| error.contains("Observation.code")),
        "{:?}",
        errors("8889-8")
    );
    assert_eq!(errors("1234-5"), [""; 0]);
}

#[test]
fn an_extension_is_no_code_of_a_required_set_whatever_holds_the_code() {
    let absent = json!([{
        "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"
    }]);
    let elements = ["class", "priority"].map(|name| {
        json!({"path": format!("Encounter.{name}"), "binding": {
            "strength": "required", "valueSet": "http://hl7.org/fhir/ValueSet/administrative-gender"}})
    });
    let profile = json!({
        "resourceType": "StructureDefinition", "url": "http://example.org/p", "name": "P", "status": "active",
        "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Encounter",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Encounter", "derivation": "constraint",
        "differential": {"element": elements}
    });
    let judged = |name: &str, inner: Value| {
        let mut encounter = json!({"resourceType": "Encounter", "status": "planned",
            "class": {"system": GENDER, "code": "male"}});
        encounter[name] = inner;
        found(&encounter, std::slice::from_ref(&profile), &["http://example.org/p".to_owned()])
    };
    let error = |name: &str| [format!("Error code-not-in-value-set Encounter.{name}")];
    let patient = json!({"resourceType": "Patient", "_gender": {"extension": absent}});
    assert_eq!(found(&patient, &[], &[]), ["Error code-not-in-value-set Patient.gender"]);
    for beside in ["", "display"] {
        let mut inner = json!({"extension": absent});
        if !beside.is_empty() {
            inner[beside] = json!("not known");
        }
        assert_eq!(judged("class", inner), error("class"), "{beside}");
    }
    assert_eq!(judged("class", json!({"display": "not known"})), error("class"));
    assert_eq!(judged("priority", json!({"extension": absent})), error("priority"));
    assert_eq!(judged("priority", json!({"extension": absent, "text": "not known"})), error("priority"));
    assert_eq!(judged("priority", json!({"text": "not known"})), error("priority"));
}

#[test]
fn codes_that_nobody_is_expected_to_hold_leave_nothing_undecided() {
    let profile = json!({
        "resourceType": "StructureDefinition", "url": "http://example.org/p", "name": "P", "status": "active",
        "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Observation",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Observation", "derivation": "constraint",
        "differential": {"element": [{"id": "Observation.code", "path": "Observation.code", "binding": {
            "strength": "required", "valueSet": "http://hl7.org/fhir/ValueSet/observation-codes"}}]}
    });
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("profile.json"), profile.to_string()).unwrap();
    let packages = vec![Package::from_path(folder.path()).unwrap(), Package::core(Release::R4).unwrap()];
    let packages = PackageSet::new(Release::R4, packages.into_iter().map(Arc::new).collect());
    let validator = Validator::new(Arc::new(SchemaSet::new(Arc::new(packages))));
    let loinc = ["http://loinc.org".to_owned()];
    let observation = json!({"resourceType": "Observation", "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "1234-5"}]}});
    let tree = parse(observation.to_string().as_bytes()).unwrap();
    let severities = |validator: Validator| -> Vec<Severity> {
        let issues = validator.validate(&tree, &["http://example.org/p".to_owned()]).issues;
        issues.iter().filter(|issue| issue.code == "code-not-checked").map(|issue| issue.severity).collect()
    };
    assert_eq!(severities(validator.clone()), [Severity::Undecided]);
    assert_eq!(severities(validator.clone().without_codes_of(&loinc)), [Severity::NotChecked]);
    assert_eq!(
        severities(validator.without_codes_of(&["http://snomed.info/sct".to_owned()])),
        [Severity::Undecided]
    );
}
