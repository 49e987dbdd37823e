use super::*;

const NHS: &str = "https://fhir.nhs.uk/Id/nhs-number%7C";

#[tokio::test]
async fn a_patient_is_found_by_one_whole_identifier() {
    let provider = Provider::start().await;
    let path = format!("/Patient?identifier={NHS}9990100004&_sort=status");
    assert_eq!(provider.ask(&SEARCH_PATIENT, &path).await.ids(), ["patient1"]);
    let nobody = provider.ask(&SEARCH_PATIENT, &format!("/Patient?identifier={NHS}9999999999")).await;
    assert!(nobody.ids().is_empty() && nobody.json().get("entry").is_none());
    for (query, status, code) in [
        ("", 400, "BAD_REQUEST"),
        ("Identifier=https://fhir.nhs.uk/Id/nhs-number%7C9990100004", 400, "BAD_REQUEST"),
        ("identifier=9990100004", 422, "INVALID_PARAMETER"),
        ("identifier=%7C9990100004", 422, "INVALID_PARAMETER"),
        ("identifier=https://fhir.nhs.uk/Id/nhs-number%7C", 422, "INVALID_PARAMETER"),
        ("identifier=https://fhir.nhs.uk/Id/nhs-number%7C9990100005", 400, "INVALID_NHS_NUMBER"),
        ("identifier=other%7C9990100004", 400, "INVALID_IDENTIFIER_SYSTEM"),
    ] {
        let reply = provider.ask(&SEARCH_PATIENT, &format!("/Patient?{query}")).await;
        assert_eq!(reply.refused(), refusal(status, code), "{query}");
    }
    let twice = format!("/Patient?identifier={NHS}9990100004&identifier={NHS}9990100004");
    assert_eq!(provider.ask(&SEARCH_PATIENT, &twice).await.refused(), refusal(400, "BAD_REQUEST"));
}

#[tokio::test]
async fn what_is_not_here_has_the_code_of_its_kind() {
    let provider = Provider::start().await;
    for (kind, interaction, scope, code) in [
        ("Patient", "fhir:rest:read:patient-1", "patient/*.read", "PATIENT_NOT_FOUND"),
        ("Practitioner", "fhir:rest:read:practitioner-1", "organization/*.read", "PRACTITIONER_NOT_FOUND"),
        ("Organization", "fhir:rest:read:organization-1", "organization/*.read", "ORGANISATION_NOT_FOUND"),
        ("Location", "fhir:rest:read:location-1", "organization/*.read", "NO_RECORD_FOUND"),
        ("Appointment", "fhir:rest:read:appointment-1", "patient/*.read", "NO_RECORD_FOUND"),
    ] {
        let reply = provider.ask(&get(interaction, scope), &format!("/{kind}/z.as.dd")).await;
        assert_eq!(reply.refused(), refusal(404, code));
    }
    let read = get("fhir:rest:read:patient-1", "patient/*.read");
    let patient = provider.ask(&read, "/Patient/patient1").await;
    assert_eq!((patient.status, patient.header("etag")), (200, Some("W/\"1\"")));
}

#[tokio::test]
async fn each_base_has_its_statement() {
    let provider = Provider::start().await;
    let whole = provider.ask(&METADATA, "/metadata").await.json();
    assert_eq!((&whole["version"], &whole["fhirVersion"]), (&json!("1.2.7"), &json!("3.0.1")));
    assert_eq!(whole["profile"].as_array().unwrap().len(), 15);
    let structured = get("structured:fhir:rest:read:metadata-1", "organization/*.read");
    let part = provider.ask(&structured, "/structured/metadata").await.json();
    assert_eq!(part["profile"].as_array().unwrap().len(), 11);
    assert_eq!(part["rest"][0]["operation"][0]["name"], "gpc.getstructuredrecord");
    let confused = provider.ask(&METADATA, "/structured/metadata").await;
    assert_eq!(confused.refused(), refusal(400, "BAD_REQUEST"));
}
