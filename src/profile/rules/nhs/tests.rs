use super::*;
use crate::fhir::parse;
use crate::profile::Severity;

fn found(json: &str) -> Option<(&'static str, Severity)> {
    let tree = parse(json.as_bytes()).unwrap();
    let identifier = tree.root().child("identifier").unwrap();
    check_identifier(identifier).map(|issue| (issue.code, issue.severity))
}

fn of(system: &str, value: &str) -> Option<(&'static str, Severity)> {
    found(&format!(
        r#"{{"resourceType":"Patient","identifier":[{{"system":"https://fhir.{system}","value":"{value}"}}]}}"#
    ))
}

#[test]
fn nhs_numbers() {
    let number = |value: &str| of("nhs.uk/Id/nhs-number", value);
    for valid in ["9434765919", "9876543210", "9476719931", "9111231130"] {
        assert_eq!(number(valid), None, "{valid}");
    }
    for wrong in ["9434765918", "1234567890", "9000000050", "9000000051"] {
        assert_eq!(number(wrong), Some(("nhs-number-check-digit", Severity::Error)), "{wrong}");
    }
    for repeated in ["0000000000", "4444444444", "6666666666", "9999999999"] {
        assert_eq!(number(repeated), Some(("nhs-number-repeated", Severity::Warning)), "{repeated}");
    }
    for wrong in ["943 476 5919", "943476591", "94347659190", "943476591A", "943-476-5919"] {
        assert_eq!(number(wrong), Some(("nhs-number-format", Severity::Error)), "{wrong}");
    }
}

#[test]
fn a_number_of_another_system_is_left_alone() {
    assert_eq!(of("example.org/Id/nhs-number", "1"), None);
    assert_eq!(of("nhs.uk/Id/local-patient-identifier", "1"), None);
}

#[test]
fn shapes_are_warnings() {
    let warning = |code| Some((code, Severity::Warning));
    assert_eq!(of("nhs.uk/Id/ods-organization-code", "R1H"), None);
    assert_eq!(of("nhs.uk/Id/ods-site-code", "r1h01"), warning("ods-code-format"));
    assert_eq!(of("nhs.uk/Id/sds-user-id", "555254239107"), None);
    assert_eq!(of("nhs.uk/Id/sds-role-profile-id", "UNK"), None);
    assert_eq!(of("nhs.uk/Id/sds-user-id", "G13579135"), warning("sds-id-format"));
    assert_eq!(of("nhs.uk/Id/UPRN", "10000000000"), None);
    assert_eq!(of("nhs.uk/Id/UPRN", "10 Downing Street"), warning("uprn-format"));
    assert_eq!(of("hl7.org.uk/Id/gmc-number", "C7012345"), None);
    assert_eq!(of("hl7.org.uk/Id/gmc-number", "70123"), warning("professional-number-format"));
    assert_eq!(of("hl7.org.uk/Id/gmp-number", "G7012345"), None);
    assert_eq!(of("hl7.org.uk/Id/gmp-number", "7012345"), warning("professional-number-format"));
}

#[test]
fn the_key_of_an_address() {
    let key = |kind: &str| {
        let json = format!(
            r#"{{"resourceType":"Patient","extension":[{{
                "url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AddressKey","extension":[
                {{"url":"type","valueCoding":{{"code":"{kind}"}}}},{{"url":"value","valueString":"AB1"}}]}}]}}"#
        );
        let tree = parse(json.as_bytes()).unwrap();
        check_extension(tree.root().child("extension").unwrap()).map(|issue| issue.code)
    };
    assert_eq!(key("UPRN"), Some("uprn-format"));
    assert_eq!(key("PAF"), None);
}
