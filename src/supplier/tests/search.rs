use super::*;

/// Asserts which resources a search finds, and that its self link repeats the search.
async fn finds(supplier: &Running, search: &str, expected: &[&str]) {
    let reply = supplier.get(&format!("/{search}")).await;
    assert_eq!(reply.ids(), expected, "{search}");
    assert_eq!(reply.json()["total"], expected.len(), "{search}");
}

#[tokio::test]
async fn not_finds_what_has_none_of_the_codes() {
    let supplier = start().await;
    assert_eq!(supplier.get("/Patient?gender:not=female").await.ids(), ["b", "c"]);
    assert_eq!(supplier.get("/Patient?gender:not=female,male").await.ids(), ["c"]);
}

#[tokio::test]
async fn token_search() {
    let supplier = start().await;
    for (search, expected) in [
        ("Patient?identifier=https://fhir.nhs.uk/Id/nhs-number%7C9991202145", &["a"][..]),
        ("Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|9991202145", &["a"]),
        ("Patient?identifier=9991202145", &["a"]),
        ("Patient?identifier=%7CLOCAL1", &["a"]),
        ("Patient?identifier=%7C9991202145", &[]),
        ("Patient?identifier=http://other%7C9991202145", &[]),
        ("Patient?identifier=https://fhir.nhs.uk/Id/nhs-number%7C", &["a", "b"]),
        ("Patient?identifier=9991202145,9991356991", &["a", "b"]),
        ("Patient?identifier=9991202145&identifier=9991356991", &[]),
        ("Patient?identifier=9991202145&identifier=LOCAL1", &["a"]),
        ("Patient?gender=female", &["a"]),
        ("Patient?gender=FEMALE", &["a"]),
        ("Patient?gender=http://hl7.org/fhir/administrative-gender%7Cfemale", &["a"]),
        ("Patient?gender=http://other%7Cfemale", &[]),
        ("Patient?gender:missing=true", &["c"]),
        ("Patient?gender:missing=false", &["a", "b"]),
        ("Patient?_id=b,c", &["b", "c"]),
        ("Patient?_id=B", &[]),
        ("Patient?email=r@example.org", &["a"]),
        ("Patient?email=01632960101", &[]),
        ("Patient?phone=01632960101", &["a"]),
        ("Observation?code=http://snomed.info/sct%7C1003", &["o1"]),
        ("Observation?code=%7Clocal", &["o1"]),
        ("Observation?code=%7C1003", &[]),
        ("Observation?category=laboratory,vital-signs", &["o1", "o2"]),
        ("AllergyIntolerance?clinical-status=active", &["al"]),
    ] {
        finds(&supplier, search, expected).await;
    }
}

#[tokio::test]
async fn string_search() {
    let supplier = start().await;
    for (search, expected) in [
        ("Patient?family=ashcombe", &["a"][..]),
        ("Patient?family=ASH", &["a", "b", "c"]),
        ("Patient?family=combe", &[]),
        ("Patient?family:contains=COMBE", &["a"]),
        ("Patient?family:exact=Ashcombe", &["a"]),
        ("Patient?family:exact=ashcombe", &[]),
        ("Patient?given=zoe", &["b"]),
        ("Patient?given=Zo%C3%AB", &["b"]),
        ("Patient?given:exact=Zoe", &[]),
        ("Patient?name=elise", &["a"]),
        ("Patient?name=mrs", &["a"]),
        ("Patient?name=robin%20ashcombe", &["a"]),
        ("Patient?name=robin+ashworth", &[]),
        ("Patient?name=official", &[]),
        ("Patient?name=ash&gender=male", &["b"]),
        ("Patient?family=ashcombe,pendry", &["a", "c"]),
        ("Patient?family=ash%5C,combe", &[]),
        ("Patient?address-postalcode=zz99%201ab", &["a"]),
    ] {
        finds(&supplier, search, expected).await;
    }
}

#[tokio::test]
async fn date_search() {
    let supplier = start().await;
    for (search, expected) in [
        ("Patient?birthdate=1974-03-19", &["a"][..]),
        ("Patient?birthdate=1974", &["a"]),
        ("Patient?birthdate=1988", &["b"]),
        ("Patient?birthdate=1988-01-01", &[]),
        ("Patient?birthdate=ge1974-01-01&birthdate=le1974-12-31", &["a"]),
        ("Patient?birthdate=gt1974-03-19", &["b"]),
        ("Patient?birthdate=ne1988", &["a"]),
        ("Patient?birthdate:missing=true", &["c"]),
        ("Observation?date=2018-05-14", &["o1"]),
        ("Observation?date=2018-05-14T08:30Z", &["o1"]),
        ("Observation?date=2018-05-14T09:30:00%2B01:00", &["o1"]),
        ("Observation?date=2018", &["o1", "o2"]),
        ("Observation?date=ge2018-06-15", &["o2"]),
        ("Observation?date=sa2018-05-10", &["o1"]),
        ("Observation?date=eb2018-06", &["o1"]),
        ("Observation?date=ap2018-05-15", &["o1", "o2"]),
        ("Patient?_lastUpdated=ge2019-06-02", &["a"]),
    ] {
        finds(&supplier, search, expected).await;
    }
}

#[tokio::test]
async fn reference_search() {
    let supplier = start().await;
    let absolute = format!("Observation?subject={}/Patient/a", supplier.base_url());
    for (search, expected) in [
        ("Observation?patient=a", &["o1"][..]),
        ("Observation?patient=Patient/a", &["o1"]),
        ("Observation?patient=a,b", &["o1", "o2"]),
        ("Observation?patient=Group/a", &[]),
        ("Observation?patient=nobody", &[]),
        ("Observation?patient:missing=true", &["o3"]),
        ("Observation?subject=a", &["o1", "o3"]),
        ("Observation?subject:Patient=a", &["o1"]),
        ("Observation?subject:Group=a", &["o3"]),
        (absolute.as_str(), &["o1"]),
        ("Observation?subject=http://elsewhere.example.org/Patient/a", &["o4"]),
        ("Observation?patient.identifier=https://fhir.nhs.uk/Id/nhs-number%7C9991202145", &["o1"]),
        ("Observation?subject:Patient.identifier=9991356991", &["o2"]),
        ("Observation?patient.identifier=unknown", &[]),
        ("Observation?patient.family=ash&category=laboratory", &["o1"]),
        ("AllergyIntolerance?patient=a", &["al"]),
    ] {
        finds(&supplier, search, expected).await;
    }
}

#[tokio::test]
async fn what_cannot_be_searched_is_refused() {
    let supplier = start().await;
    for (search, says) in [
        ("Patient?family:nosuch=x", "family:nosuch"),
        ("Patient?gender:exact=male", "gender:exact"),
        ("Patient?birthdate:contains=1974", "birthdate:contains"),
        ("Patient?gender:missing=perhaps", "true or false"),
        ("Patient?birthdate=19/03/1974", "no date"),
        ("Patient?birthdate=zz1974", "no prefix"),
        ("Patient?identifier=%7C", "neither a system nor a code"),
        ("Patient?family=,", "no value but commas"),
        ("Patient?_count=ten", "no whole number"),
        ("Patient?_count=-1", "no whole number"),
        ("Observation?subject:Nonsense=a", "subject:Nonsense"),
        ("Observation?patient.nosuch=a", "patient.nosuch"),
        ("Observation?patient=a/b/c", "no reference"),
        ("Patient?family.given=a", "family.given"),
    ] {
        let reply = supplier.get(&format!("/{search}")).await;
        let (_, diagnostics) = reply.issue();
        assert_eq!(reply.status, 400, "{search}");
        assert!(diagnostics.contains(says), "{search}: {diagnostics}");
    }
}

#[tokio::test]
async fn unknown_and_empty_parameters_are_left_out_unless_the_client_is_strict() {
    let supplier = start().await;
    let path = "/Patient?nosuch=1&family=ashcombe&gender=&_pretty=true";
    let reply = supplier.get(path).await;
    assert_eq!(reply.ids(), ["a"]);
    assert_eq!(reply.link("self").unwrap(), format!("{}/Patient?family=ashcombe", supplier.base_url()));
    let strict = supplier.send("GET", path, &[("Prefer", "handling=strict")], "").await;
    assert_eq!(strict.status, 400);
    assert!(strict.issue().1.contains("`nosuch`"));
}

#[tokio::test]
async fn a_form_is_searched_like_a_query() {
    let supplier = start().await;
    let form = ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    let reply = supplier
        .send("POST", "/Patient/_search?gender=female", &[form], "name=robin+ashcombe&birthdate=ge1970")
        .await;
    assert_eq!(reply.ids(), ["a"]);
    let link = reply.link("self").unwrap();
    assert!(link.ends_with("/STU3/Patient?gender=female&name=robin%20ashcombe&birthdate=ge1970"), "{link}");
}

#[tokio::test]
async fn a_search_that_finds_nothing_is_an_empty_bundle() {
    let supplier = start().await;
    let reply = supplier.get("/Patient?identifier=nobody").await;
    let bundle = reply.json();
    assert_eq!((reply.status, &bundle["total"]), (200, &Value::from(0)));
    assert_eq!(bundle.get("entry"), None);
}

#[tokio::test]
async fn an_entry_is_complete() {
    let supplier = start().await;
    let bundle = supplier.get("/Patient?_id=a").await.json();
    let entry = &bundle["entry"][0];
    assert_eq!(entry["fullUrl"], format!("{}/Patient/a", supplier.base_url()));
    assert_eq!(entry["search"]["mode"], "match");
    assert_eq!(bundle["meta"]["lastUpdated"], "2019-06-04T09:30:00.000Z", "the newest of all");
    assert!(bundle["id"].as_str().is_some_and(|id| id.len() == 32));
}

#[tokio::test]
async fn pages_lead_through_all_results_once_and_back() {
    let supplier = start().await;
    let base = supplier.base_url();
    let mut path = "/Patient?_count=2&family=a,p".to_owned();
    let mut seen = Vec::new();
    let last = loop {
        let reply = supplier.get(&path).await;
        assert_eq!(reply.json()["total"], 3);
        seen.extend(reply.ids());
        match reply.link("next") {
            Some(next) => next.strip_prefix(&base).unwrap().clone_into(&mut path),
            None => break reply,
        }
    };
    assert_eq!(seen, ["a", "b", "c"]);
    let previous = last.link("previous").unwrap();
    assert_eq!(supplier.get(previous.strip_prefix(&base).unwrap()).await.ids(), ["a", "b"]);
}

#[tokio::test]
async fn the_size_of_a_page_is_bounded() {
    let mut configuration = configuration();
    configuration.maximum_page_size = 1;
    let supplier = start_with(configuration, None).await;
    assert_eq!(supplier.get("/Patient?_count=1000").await.ids(), ["a"]);
    let none = supplier.get("/Patient?_count=0").await;
    assert_eq!((none.ids().len(), none.link("next")), (0, None));
    assert_eq!(none.json()["total"], 3);
}

#[tokio::test]
async fn identical_requests_have_identical_answers() {
    let supplier = start().await;
    for path in ["/metadata", "/Patient?name=ash&_count=1", "/Patient/a?_format=xml", "/Patient/nobody"] {
        assert_eq!(supplier.get(path).await.body, supplier.get(path).await.body, "{path}");
    }
}

#[tokio::test]
async fn a_required_parameter_is_demanded() {
    let mut configuration = configuration();
    configuration.resources[0].require_one_of = vec!["identifier".into(), "name".into()];
    let supplier = start_with(configuration, None).await;
    let reply = supplier.get("/Patient?gender=male").await;
    assert_eq!((reply.status, reply.issue().0.as_str()), (400, "required"));
    assert!(reply.issue().1.contains("identifier, name"));
    assert_eq!(supplier.get("/Patient?name:contains=ash").await.status, 200);
}
