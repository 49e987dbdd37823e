//! `proofmark fhirpath`, as a user meets it.

use crate::workspace::Workspace;

const PATIENT: &str = r##"{
  "resourceType": "Patient",
  "contained": [{ "resourceType": "Organization", "id": "o", "name": "The Surgery" }],
  "name": [{ "use": "official", "family": "Ashcombe", "given": ["Ivy", "May"] }],
  "gender": "female",
  "birthDate": "1970-01",
  "multipleBirthInteger": 2,
  "managingOrganization": { "reference": "#o" }
}"##;

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("patient.json", PATIENT);
    workspace
}

#[test]
fn values_come_one_a_line() {
    let ended = workspace().run(&["fhirpath", "Patient.name.given", "patient.json"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "Ivy\nMay\n"), "{}", ended.stderr);
    let empty = workspace().run(&["fhirpath", "name.where(use = 'old')", "patient.json"]);
    assert_eq!((empty.code, empty.stdout.as_str()), (0, ""));
    assert!(empty.stderr.contains("the result is empty"), "{}", empty.stderr);
}

#[test]
fn json_tells_types_and_keeps_digits() {
    let expression =
        "birthDate | multipleBirth | 1.50 | true | 4 'mg' | name.first().family | %resource.name.type()";
    let ended = workspace().run(&[
        "fhirpath",
        "--fhir-version",
        "4.0",
        "--format",
        "json",
        expression,
        "patient.json",
    ]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    insta::assert_snapshot!(ended.stdout, @r#"
    [
      {"type": "FHIR.date", "value": "1970-01"},
      {"type": "FHIR.integer", "value": 2},
      {"type": "System.Decimal", "value": 1.50},
      {"type": "System.Boolean", "value": true},
      {"type": "System.Quantity", "value": "4 'mg'"},
      {"type": "FHIR.string", "value": "Ashcombe"},
      {"type": "System.TypeInfo", "value": "FHIR.HumanName"}
    ]
    "#);
}

#[test]
fn an_element_with_parts_is_printed_as_json() {
    let workspace = workspace();
    workspace.write(
        "patient.xml",
        r#"<Patient xmlns="http://hl7.org/fhir"><name id="n"><given value="Ivy"/></name><active value="true"/></Patient>"#,
    );
    let ended = workspace.run(&["fhirpath", "Patient.name", "patient.xml"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "{\"id\":\"n\",\"given\":[\"Ivy\"]}\n"));
    let ended = workspace.run(&["fhirpath", "--format", "json", "managingOrganization", "patient.json"]);
    let value: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    let expected = serde_json::json!([{ "type": "FHIR.Reference", "value": { "reference": "#o" } }]);
    assert_eq!(value, expected);
}

#[test]
fn an_expression_alone_needs_no_file_and_may_begin_with_a_sign() {
    let ended = Workspace::new().run(&["fhirpath", "-1 + 3"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "2\n"), "{}", ended.stderr);
}

#[test]
fn what_is_known_of_types_terminology_and_profiles_is_used() {
    let workspace = workspace();
    let answer = |release: &str, expression: &str| {
        workspace.run(&["fhirpath", "--fhir-version", release, expression, "patient.json"]).stdout
    };
    for release in ["3.0", "4.0"] {
        let gender = "gender.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')";
        assert_eq!(answer(release, gender), "true\n");
        assert_eq!(answer(release, "managingOrganization.resolve().name"), "The Surgery\n");
        assert_eq!(
            answer(release, "conformsTo('http://hl7.org/fhir/StructureDefinition/Patient')"),
            "true\n"
        );
        assert_eq!(
            answer(release, "conformsTo('http://hl7.org/fhir/StructureDefinition/Person')"),
            "false\n"
        );
        assert_eq!(answer(release, "name.given.first().elementDefinition().max"), "*\n");
        assert_eq!(answer(release, "Patient.type().baseType"), "FHIR.DomainResource\n");
        assert_eq!(answer(release, "(1 + 1).type().baseType"), "System.Any\n");
    }
}

#[test]
fn a_wrong_expression_says_where_and_why() {
    let workspace = workspace();
    let cases = [
        ("Patient.name.given1", "1:14: HumanName has no element `given1`"),
        ("name.first(", "1:12: "),
        ("name.frist()", "1:6: "),
        ("name.given + 1", "1:1"),
        ("name.family.memberOf('http://example.org/none')", "http://example.org/none"),
    ];
    for (expression, expected) in cases {
        let ended = workspace.run(&["fhirpath", expression, "patient.json"]);
        assert_eq!((ended.code, ended.stdout.as_str()), (1, ""), "{expression}");
        assert!(ended.stderr.contains(expected), "{expression}: {}", ended.stderr);
    }
    let marked = workspace.run(&["fhirpath", "Patient.name.given1", "patient.json"]).stderr;
    assert!(marked.ends_with("  Patient.name.given1\n               ^\n"), "{marked}");
}

#[test]
fn a_file_that_cannot_be_used_is_another_matter() {
    let workspace = workspace();
    workspace.write("broken.json", "{\n  \"resourceType\": \n}");
    let ended = workspace.run(&["fhirpath", "id", "broken.json"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("broken.json: not well-formed JSON at 3:1"), "{}", ended.stderr);
    assert_eq!(workspace.run(&["fhirpath", "id", "none.json"]).code, 2);
    let release = workspace.run(&["fhirpath", "--fhir-version", "5.0", "1"]);
    assert_eq!(release.code, 2);
    assert!(release.stderr.contains("expected 3.0 (STU3) or 4.0 (R4)"), "{}", release.stderr);
}
