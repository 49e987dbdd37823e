use super::*;

const PATH: &str = "/Patient/$gpc.registerpatient";

fn body(patient: &Value) -> Value {
    json!({ "resourceType": "Parameters", "parameter": [{ "name": "registerPatient", "resource": patient }] })
}

fn newcomer() -> Value {
    json!({
        "resourceType": "Patient",
        "identifier": [{ "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990100330" }],
        "name": [{ "use": "official", "family": "ABBOT", "given": ["Ann"] }],
        "birthDate": "1941-02-02",
    })
}

#[tokio::test]
async fn a_newcomer_is_registered_once_and_for_a_time() {
    let provider = Provider::start().await;
    let search = "/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number%7C9990100330";
    assert!(provider.ask(&SEARCH_PATIENT, search).await.ids().is_empty());
    let reply = provider.post(&REGISTER, PATH, &body(&newcomer())).await;
    let result = reply.json();
    assert!(result["meta"]["profile"][0].as_str().unwrap().ends_with("/GPConnect-Searchset-Bundle-1"));
    let patient = &result["entry"][0]["resource"];
    assert_eq!((&patient["gender"], &patient["meta"]["versionId"]), (&json!("female"), &json!("1")));
    let type_of = &patient["extension"][0]["extension"][1]["valueCodeableConcept"]["coding"][0]["code"];
    assert_eq!(type_of, "T");
    assert_eq!(provider.ask(&SEARCH_PATIENT, search).await.ids().len(), 1);
    let again = provider.post(&REGISTER, PATH, &body(&newcomer())).await;
    assert_eq!(again.refused(), refusal(409, "DUPLICATE_REJECTED"));
    let record = json!({ "resourceType": "Parameters", "parameter": [{ "name": "patientNHSNumber",
        "valueIdentifier": { "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990100330" } }] });
    let record = provider.post(&RECORD, "/structured/Patient/$gpc.getstructuredrecord", &record).await;
    assert_eq!(record.refused(), refusal(404, "PATIENT_NOT_FOUND"));
}

#[tokio::test]
async fn what_is_wrong_is_told_by_its_code() {
    let provider = Provider::start().await;
    let home = json!({ "system": "phone", "value": "1", "use": "home" });
    for (name, value, status, code) in [
        ("identifier", json!([]), 400, "INVALID_NHS_NUMBER"),
        ("identifier", json!([{ "value": "1" }]), 400, "BAD_REQUEST"),
        ("birthDate", json!(""), 400, "BAD_REQUEST"),
        ("birthDate", json!("1941-02-03"), 400, "INVALID_PATIENT_DEMOGRAPHICS"),
        ("name", json!([{ "use": "anonymous", "family": "Abbot" }]), 400, "BAD_REQUEST"),
        ("name", json!([{ "use": "official", "given": ["Ann"] }]), 400, "BAD_REQUEST"),
        ("name", json!([{ "use": "official", "family": "Else" }]), 400, "INVALID_PATIENT_DEMOGRAPHICS"),
        ("telecom", json!([home, home]), 400, "BAD_REQUEST"),
        ("address", json!([{ "use": "home" }, { "use": "home" }]), 422, "INVALID_RESOURCE"),
        ("address", json!([{ "use": "work" }]), 422, "INVALID_RESOURCE"),
        ("active", json!(true), 422, "INVALID_RESOURCE"),
        ("invalidField", json!("x"), 422, "INVALID_RESOURCE"),
        ("resourceType", json!("InvalidResourceType"), 422, "INVALID_RESOURCE"),
    ] {
        let mut patient = newcomer();
        patient[name] = value;
        let reply = provider.post(&REGISTER, PATH, &body(&patient)).await;
        assert_eq!(reply.refused(), refusal(status, code), "{patient}");
    }
    for (number, code) in [
        ("9990100098", "INVALID_PATIENT_DEMOGRAPHICS"),
        ("9990100128", "INVALID_NHS_NUMBER"),
        ("9990100152", "INVALID_PATIENT_DEMOGRAPHICS"),
        ("9990100195", "INVALID_PATIENT_DEMOGRAPHICS"),
        ("9000000008", "INVALID_NHS_NUMBER"),
    ] {
        let mut patient = newcomer();
        patient["identifier"][0]["value"] = json!(number);
        let reply = provider.post(&REGISTER, PATH, &body(&patient)).await;
        assert_eq!(reply.refused(), refusal(400, code), "{number}");
    }
    let mut twice = body(&newcomer());
    let first = twice["parameter"][0].clone();
    twice["parameter"].as_array_mut().unwrap().push(first);
    assert_eq!(provider.post(&REGISTER, PATH, &twice).await.refused(), refusal(400, "BAD_REQUEST"));
}
