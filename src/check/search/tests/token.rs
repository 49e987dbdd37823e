use super::Is::{Met, Not, Unknown};
use super::{R4, STU3, check, words};

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","active":true,"gender":"female",
    "meta":{"tag":[{"system":"http://t","code":"x"}],"security":[{"system":"http://s","code":"R"}]},
    "identifier":[
        {"extension":[{"url":"http://e","valueString":"a"}],
         "system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018",
         "type":{"coding":[{"system":"http://t","code":"NH"}],"text":"NHS number"}},
        {"value":"L1"}],
    "telecom":[{"system":"phone","value":"(01632) 960 123"},{"system":"email","value":"Ann@example.org"}],
    "maritalStatus":{"coding":[{"system":"http://hl7.org/fhir/v3/MaritalStatus","code":"M"}]}}"#;

const OBSERVATION: &str = r#"{"resourceType":"Observation","status":"final","code":{"text":"Body weight measured",
    "coding":[{"system":"http://loinc.org","code":"29463-7","display":"Body weight"},{"code":"local"}]},
    "category":[{"coding":[{"system":"http://hl7.org/fhir/observation-category","code":"vital-signs"}]}]}"#;

#[test]
fn identifiers() {
    check(
        &STU3,
        PATIENT,
        &[
            ("identifier=https://fhir.nhs.uk/Id/nhs-number|9990000018", Met),
            ("identifier=https://fhir.nhs.uk/Id/nhs-number|9990000026", Not),
            ("identifier=http://other|9990000018", Not),
            ("identifier=9990000018", Met),
            ("identifier=999", Not),
            ("identifier=|9990000018", Not),
            ("identifier=|L1", Met),
            ("identifier=https://fhir.nhs.uk/Id/nhs-number|", Met),
            ("identifier=http://other|", Not),
            ("identifier=nobody,L1", Met),
            ("identifier=a|b|c", Unknown),
            ("identifier:text=nhs", Met),
            ("identifier:text=hospital", Not),
        ],
    );
    check(
        &R4,
        PATIENT,
        &[
            ("identifier:of-type=http://t|NH|9990000018", Met),
            ("identifier:of-type=http://t|NH|9990000026", Not),
            ("identifier:of-type=http://t|MR|9990000018", Not),
            ("identifier:of-type=NH|9990000018", Unknown),
        ],
    );
}

#[test]
fn what_it_has_is_said_without_its_structure() {
    assert_eq!(words(&STU3, PATIENT, "identifier"), "https://fhir.nhs.uk/Id/nhs-number|9990000018, |L1");
    assert_eq!(words(&STU3, OBSERVATION, "code"), "http://loinc.org|29463-7 and |local");
    assert_eq!(words(&STU3, OBSERVATION, "method"), "none");
}

#[test]
fn concepts_codes_and_booleans() {
    check(
        &STU3,
        OBSERVATION,
        &[
            ("code=29463-7", Met),
            ("code=http://loinc.org|29463-7", Met),
            ("code=http://snomed.info/sct|29463-7", Not),
            ("code=|local", Met),
            ("code=|29463-7", Not),
            ("code:text=weight", Met),
            ("code:text=height", Not),
            ("code:not=29463-7", Not),
            ("code:not=8302-2", Met),
            ("method:not=x", Met),
            ("code:sounds-like=x", Unknown),
            ("status=final", Met),
            ("status=FINAL", Met),
            ("status=amended", Not),
            ("status=http://hl7.org/fhir/observation-status|final", Met),
            ("status=http://hl7.org/fhir/administrative-gender|final", Not),
            ("status=http://nobody.example/system|final", Unknown),
        ],
    );
    check(
        &STU3,
        PATIENT,
        &[
            ("active=true", Met),
            ("active=false", Not),
            ("gender=female,unknown", Met),
            ("gender=male", Not),
            ("gender:missing=false", Met),
            ("gender:missing=true", Not),
            ("language:missing=true", Met),
            ("gender:missing=maybe", Unknown),
        ],
    );
}

#[test]
fn what_every_resource_has() {
    check(
        &STU3,
        PATIENT,
        &[
            ("_id=p1", Met),
            ("_id=p2", Not),
            ("_id=p2,p1", Met),
            ("_tag=http://t|x", Met),
            ("_tag=http://t|y", Not),
            ("_security=R", Met),
            ("_security=N", Not),
            ("_has:Observation:patient:code=x", Unknown),
            ("_text=x", Unknown),
            ("nonsense=x", Unknown),
        ],
    );
}

#[test]
fn contact_points_aside_from_punctuation() {
    check(
        &STU3,
        PATIENT,
        &[
            ("phone=01632960123", Met),
            ("phone=960123", Unknown),
            ("phone=01632960124", Not),
            ("email=ann@example.org", Met),
            ("email=bob@example.org", Not),
            ("telecom=email|ann@example.org", Met),
        ],
    );
}

#[test]
fn value_sets_and_hierarchies() {
    check(
        &STU3,
        PATIENT,
        &[
            ("gender:in=http://hl7.org/fhir/ValueSet/administrative-gender", Met),
            ("gender:not-in=http://hl7.org/fhir/ValueSet/administrative-gender", Not),
            ("gender:in=http://hl7.org/fhir/ValueSet/observation-status", Not),
            ("gender:in=http://nobody.example/ValueSet/x", Unknown),
        ],
    );
    check(
        &STU3,
        OBSERVATION,
        &[("code:below=http://loinc.org|29463-7", Met), ("code:below=http://loinc.org|8302-2", Unknown)],
    );
}

#[test]
fn what_an_expression_makes() {
    check(
        &STU3,
        r#"{"resourceType":"Patient","deceasedDateTime":"2018-01-01"}"#,
        &[("deceased=true", Met), ("deceased=false", Not)],
    );
    check(
        &R4,
        r#"{"resourceType":"Patient","deceasedBoolean":false}"#,
        &[("deceased=true", Not), ("deceased=false", Met)],
    );
}
