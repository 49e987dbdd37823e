use super::*;

const FAULTS: &str = include_str!("../../../fixtures/careconnect/faults.yaml");

/// A supplier with one of the faults of Care Connect.
async fn named(name: &str) -> Running {
    let faults = Fault::load("faults.yaml", FAULTS).unwrap();
    let fault = faults.into_iter().find(|fault| fault.name == name).unwrap();
    start_with(configuration(), Some(fault)).await
}

/// A supplier with a fault made of `when` and `changes`, in YAML.
pub(super) async fn made(when: &str, changes: &str) -> Running {
    let text = format!(
        "faults: [{{ name: x, title: x, description: x, breaks: [X], when: {when}, changes: [{changes}] }}]"
    );
    let fault = Fault::load("x.yaml", &text).unwrap().remove(0);
    start_with(configuration(), Some(fault)).await
}

#[tokio::test]
async fn wrong_status_on_not_found() {
    let supplier = named("wrong-status-on-not-found").await;
    let reply = supplier.get("/Patient/nobody").await;
    assert_eq!((reply.status, reply.issue().0.as_str()), (200, "not-found"));
    assert_eq!(supplier.get("/Observation/nobody").await.status, 404);
    assert_eq!(supplier.get("/Patient/patient-deleted").await.status, 410);
}

#[tokio::test]
async fn missing_etag() {
    let supplier = named("missing-etag").await;
    let reply = supplier.get("/Patient/a").await;
    assert_eq!((reply.header("ETag"), reply.body.as_str()), (None, RESOURCES[0].1));
    assert!(reply.header("Last-Modified").is_some());
}

#[tokio::test]
async fn wrong_content_type() {
    let supplier = named("wrong-content-type").await;
    let reply = supplier.get("/Patient/a").await;
    assert_eq!(reply.header("Content-Type"), Some("application/json;charset=UTF-8"));
    assert!(
        supplier.get("/Patient/a?_format=xml").await.header("Content-Type").unwrap().contains("fhir+xml")
    );
}

#[tokio::test]
async fn wrong_patient_in_search() {
    let supplier = named("wrong-patient-in-search").await;
    let reply = supplier.get("/Patient?identifier=9991202145").await;
    assert_eq!((reply.ids(), &reply.json()["total"]), (vec!["a".into(), "b".into()], &Value::from(2)));
    assert!(supplier.get("/Patient?identifier=nobody").await.ids().is_empty());
    assert_eq!(supplier.get("/Patient?family=pendry").await.ids(), ["c"]);
}

#[tokio::test]
async fn missing_official_name() {
    let supplier = named("missing-official-name").await;
    assert_eq!(supplier.get("/Patient/a").await.json().get("name"), None);
    assert_eq!(supplier.get("/Patient/c").await.json()["name"].as_array().unwrap().len(), 2);
    let xml = supplier.get("/Patient/a?_format=xml").await;
    assert!(!xml.body.contains("<family") && xml.body.contains("<gender"), "{}", xml.body);
}

#[tokio::test]
async fn gender_outside_value_set() {
    let supplier = named("gender-outside-value-set").await;
    assert_eq!(supplier.get("/Patient/a").await.json()["gender"], "F");
    assert_eq!(
        supplier.get("/Patient?gender=female").await.json()["entry"][0]["resource"]["gender"],
        "female"
    );
}

#[tokio::test]
async fn malformed_json() {
    let supplier = named("malformed-json").await;
    let reply = supplier.get("/AllergyIntolerance/al").await;
    assert_eq!(reply.status, 200);
    assert!(serde_json::from_str::<Value>(&reply.body).is_err());
    assert_eq!(supplier.get("/AllergyIntolerance?patient=a").await.ids(), ["al"]);
}

#[tokio::test]
async fn next_link_loops() {
    let supplier = named("next-link-loops").await;
    let reply = supplier.get("/Observation?_count=1").await;
    assert_eq!(reply.link("next"), reply.link("self"));
    assert_eq!(supplier.get("/Observation?patient=a").await.link("next"), None);
}

#[tokio::test]
async fn outcome_without_severity() {
    let supplier = named("outcome-without-severity").await;
    let issue = supplier.get("/Patient?birthdate=notadate").await.json()["issue"][0].clone();
    assert_eq!((issue.get("severity"), &issue["code"]), (None, &Value::from("value")));
    assert_eq!(supplier.get("/Observation?date=notadate").await.issue().0, "value");
}

#[tokio::test]
async fn empty_bundle() {
    let supplier = named("empty-bundle").await;
    let bundle = supplier.get("/AllergyIntolerance?patient=a").await.json();
    assert_eq!((&bundle["total"], bundle.get("entry")), (&Value::from(0), None));
    assert_eq!(supplier.get("/AllergyIntolerance").await.ids(), ["al"]);
}

#[tokio::test]
async fn a_parameter_that_is_ignored_is_not_in_the_self_link() {
    let supplier = named("gender-ignored").await;
    let reply = supplier.get("/Patient?family=ash&gender=male").await;
    assert_eq!(reply.ids(), ["a", "b", "c"]);
    assert!(reply.link("self").unwrap().ends_with("/Patient?family=ash"));
}

#[tokio::test]
async fn a_parameter_that_is_misread_is_stated_as_it_was_sent() {
    let change = "{ misreadParameter: { name: birthdate, from: ge, to: gt } }";
    let supplier = made("{ interaction: search, type: Patient }", change).await;
    let reply = supplier.get("/Patient?birthdate=ge1974-03-19").await;
    assert_eq!(reply.ids(), ["b"]);
    assert!(reply.link("self").unwrap().ends_with("/Patient?birthdate=ge1974-03-19"));
}

#[tokio::test]
async fn the_format_can_be_the_other() {
    let supplier = named("format-parameter-ignored").await;
    let reply = supplier.get("/Patient/a?_format=xml").await;
    assert_eq!(reply.header("Content-Type"), Some("application/fhir+json;charset=UTF-8"));
    assert_eq!(reply.json()["id"], "a");
    let accepted = supplier.send("GET", "/Patient/a", &[("Accept", "application/fhir+xml")], "").await;
    assert!(accepted.body.starts_with("<?xml"));
}

#[tokio::test]
async fn the_body_can_be_something_else() {
    let supplier = named("login-page-instead-of-capabilities").await;
    let reply = supplier.get("/metadata").await;
    assert_eq!((reply.status, reply.header("Content-Type")), (200, Some("text/html;charset=UTF-8")));
    assert!(reply.body.contains("Please sign in"));
}

#[tokio::test]
async fn changes_follow_one_another() {
    let supplier = made(
        "{ interaction: search }",
        "{ removeElement: Bundle.type }, { removeElement: Bundle.link }, { replaceValue: { from: female, to: F } }, \
         { setElement: { path: \"Bundle.entry[0].fullUrl\", value: relative } }, { setStatus: 202 }, \
         { setHeader: { name: X-Cache, value: HIT } }",
    )
    .await;
    let reply = supplier.get("/Patient?_id=a").await;
    let bundle = reply.json();
    assert_eq!((reply.status, reply.header("x-cache")), (202, Some("HIT")));
    assert_eq!((bundle.get("type"), bundle.get("link"), &bundle["total"]), (None, None, &Value::from(1)));
    assert_eq!(bundle["entry"][0]["fullUrl"], "relative");
    assert_eq!(bundle["entry"][0]["resource"]["gender"], "F");
}

#[tokio::test]
async fn a_loop_can_lead_to_the_first_page() {
    let supplier = made("{ interaction: search }", "{ loopNextLink: first }").await;
    let reply = supplier.get("/Patient?_count=1&_offset=1").await;
    assert!(reply.link("next").unwrap().ends_with("/Patient?_count=1"));
}

#[tokio::test]
async fn the_conditions_all_hold_or_nothing_changes() {
    let gone = "{ setStatus: 500 }";
    for (when, path, expected) in [
        ("{ interaction: any }", "/metadata", 500),
        ("{ interaction: any, format: xml }", "/metadata", 200),
        ("{ interaction: error }", "/Patient/a", 200),
        ("{ interaction: error }", "/Nonsense", 500),
        ("{ interaction: read, id: a }", "/Patient/a", 500),
        ("{ interaction: read, id: a }", "/Patient/b", 200),
        ("{ interaction: read }", "/Patient/nobody", 404),
        ("{ interaction: search, method: POST }", "/Patient?name=a", 200),
        ("{ interaction: search, results: none }", "/Patient?name=nobody", 500),
        ("{ interaction: search, results: none }", "/Patient?name=a", 200),
        ("{ interaction: search, parameters: [name, gender] }", "/Patient?name=a", 200),
        ("{ interaction: search, parameters: [name] }", "/Patient?name:exact=a", 500),
        ("{ interaction: search, without: [name] }", "/Patient?name=a", 200),
        ("{ interaction: search, type: Observation }", "/Observation?patient.identifier=a", 500),
        ("{ interaction: capabilities }", "/metadata", 500),
    ] {
        assert_eq!(made(when, gone).await.get(path).await.status, expected, "{when} {path}");
    }
}
