use super::*;

const PATH: &str = "/structured/Patient/$gpc.getstructuredrecord";

fn body(number: &str, more: &[Value]) -> Value {
    let patient = json!({ "name": "patientNHSNumber",
        "valueIdentifier": { "system": "https://fhir.nhs.uk/Id/nhs-number", "value": number } });
    let parameters: Vec<Value> = std::iter::once(patient).chain(more.iter().cloned()).collect();
    json!({ "resourceType": "Parameters", "parameter": parameters })
}

fn allergies(resolved: bool) -> Value {
    json!({ "name": "includeAllergies", "part": [{ "name": "includeResolvedAllergies", "valueBoolean": resolved }] })
}

fn medication(parts: &Value) -> Value {
    json!({ "name": "includeMedication", "part": parts })
}

fn resources<'b>(bundle: &'b Value, kind: &str) -> Vec<&'b Value> {
    let all = bundle["entry"].as_array().unwrap().iter().map(|entry| &entry["resource"]);
    all.filter(|resource| resource["resourceType"] == kind).collect()
}

#[tokio::test]
async fn ended_allergies_are_within_their_list() {
    let provider = Provider::start().await;
    let bundle = provider.post(&RECORD, PATH, &body("9990100012", &[allergies(true)])).await.json();
    assert_eq!(resources(&bundle, "AllergyIntolerance").len(), 1);
    let lists = resources(&bundle, "List");
    assert_eq!(lists.len(), 2);
    assert_eq!(lists[1]["contained"][0]["clinicalStatus"], "resolved");
    assert!(resources(&bundle, "MedicationStatement").is_empty());
    let bundle = provider.post(&RECORD, PATH, &body("9990100004", &[allergies(false)])).await.json();
    let lists = resources(&bundle, "List");
    assert_eq!((lists.len(), &lists[0]["note"][0]["text"]), (1, &json!("Information not available")));
}

#[tokio::test]
async fn medication_is_that_of_a_day_or_later_with_its_issues_or_without() {
    let provider = Provider::start().await;
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    let orders = |bundle: &Value| {
        resources(bundle, "MedicationRequest").iter().filter(|request| request["intent"] == "order").count()
    };
    let all = provider.post(&RECORD, PATH, &body("9990100012", &[medication(&json!([]))])).await.json();
    assert_eq!((resources(&all, "MedicationStatement").len(), orders(&all)), (4, 7));
    let parts = json!([
        { "name": "includePrescriptionIssues", "valueBoolean": false },
        { "name": "medicationSearchFromDate", "valueDate": today },
    ]);
    let now = provider.post(&RECORD, PATH, &body("9990100012", &[medication(&parts)])).await.json();
    assert_eq!((resources(&now, "MedicationStatement").len(), orders(&now)), (2, 0));
}

#[tokio::test]
async fn what_is_not_known_is_warned_of() {
    let provider = Provider::start().await;
    let parts = json!([{ "name": "madeUpProblems", "valueCode": "active" }]);
    let more = [json!({ "name": "includeImmunisations" }), medication(&parts)];
    let bundle = provider.post(&RECORD, PATH, &body("9990100004", &more)).await.json();
    let outcomes = resources(&bundle, "OperationOutcome");
    let issues = outcomes[0]["issue"].as_array().unwrap();
    let names: Vec<&str> = issues.iter().map(|issue| issue["diagnostics"].as_str().unwrap()).collect();
    assert_eq!(names, ["includeImmunisations", "includeMedication.madeUpProblems"]);
    assert_eq!(issues[0]["severity"], "warning");
}

#[tokio::test]
async fn what_is_wrong_is_told_by_its_code() {
    let provider = Provider::start().await;
    let from = |date: &str| medication(&json!([{ "name": "medicationSearchFromDate", "valueDate": date }]));
    for more in [
        json!({ "name": "includeAllergies" }),
        json!({ "name": "includeAllergies", "part": [{ "name": "includeResolvedAllergies" }] }),
        from("2014-02"),
        from("2015-10-23T11:08:32"),
        from("2099-01-01"),
        from(""),
    ] {
        let reply = provider.post(&RECORD, PATH, &body("9990100004", std::slice::from_ref(&more))).await;
        assert_eq!(reply.refused(), refusal(422, "INVALID_PARAMETER"), "{more}");
    }
    let patient15: Value = serde_json::from_str(RECORDS[2].1).unwrap();
    let dissenting = patient15["identifier"][0]["value"].as_str().unwrap();
    for (number, status, code) in [
        (dissenting, 403, "NO_PATIENT_CONSENT"),
        ("9990100098", 404, "PATIENT_NOT_FOUND"),
        ("9999999999", 404, "PATIENT_NOT_FOUND"),
        ("1234567891", 400, "INVALID_NHS_NUMBER"),
    ] {
        let reply = provider.post(&RECORD, PATH, &body(number, &[allergies(true)])).await;
        assert_eq!(reply.refused(), refusal(status, code), "{number}");
    }
}
