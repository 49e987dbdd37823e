use super::faults::made;
use super::*;

const FHIR: (&str, &str) = ("Content-Type", "application/fhir+json");
const NEW: &str = r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},
    "subject":{"reference":"Patient/a"},"valueQuantity":{"value":1.50}}"#;

#[tokio::test]
async fn what_is_created_is_read_searched_for_updated_and_deleted() {
    let supplier = start().await;
    let created = supplier.send("POST", "/Observation", &[FHIR], NEW).await;
    assert_eq!((created.status, created.header("ETag")), (201, Some("W/\"1\"")));
    let location = created.header("Location").unwrap();
    let path =
        location.strip_prefix(&supplier.base_url()).unwrap().strip_suffix("/_history/1").unwrap().to_owned();
    let read = supplier.get(&path).await;
    assert!(read.body.contains("1.50") && read.body.contains(r#""versionId":"1""#), "{}", read.body);
    let id = path.rsplit('/').next().unwrap();
    assert_eq!(supplier.get(&format!("/Observation?_id={id}")).await.ids(), [id]);

    let changed = read.body.replace("final", "amended");
    let outdated = ("If-Match", "W/\"7\"");
    let refused = supplier.send("PUT", &path, &[FHIR, outdated], &changed).await;
    assert_eq!((refused.status, refused.issue().0.as_str()), (409, "conflict"));
    assert!(supplier.get(&path).await.body.contains("final"));
    let updated = supplier.send("PUT", &path, &[FHIR, ("If-Match", "W/\"1\"")], &changed).await;
    assert_eq!((updated.status, updated.header("ETag")), (200, Some("W/\"2\"")));
    assert!(supplier.get(&path).await.body.contains("amended"));
    assert!(supplier.get(&format!("{path}/_history/1")).await.body.contains("final"));
    assert_eq!(supplier.get(&format!("{path}/_history/9")).await.status, 404);
    assert_eq!(supplier.get(&format!("{path}/_history")).await.json()["total"], 2);

    assert_eq!(supplier.send("DELETE", &path, &[], "").await.status, 204);
    assert_eq!(supplier.get(&path).await.status, 410);
    assert!(supplier.get(&format!("/Observation?_id={id}")).await.ids().is_empty());
    let again = supplier.send("PUT", &path, &[FHIR], &changed).await;
    assert_eq!((again.status, again.header("ETag")), (201, Some("W/\"3\"")));
}

#[tokio::test]
async fn xml_is_taken_and_a_client_may_want_no_body_back() {
    let supplier = start().await;
    let xml = r#"<Observation xmlns="http://hl7.org/fhir"><status value="final"/><code><text value="x"/></code>
        <subject><reference value="Patient/a"/></subject></Observation>"#;
    let headers = [("Content-Type", "application/fhir+xml"), ("Prefer", "return=minimal")];
    let created = supplier.send("POST", "/Observation", &headers, xml).await;
    assert_eq!((created.status, created.body.as_str(), created.header("Content-Type")), (201, "", None));
    let path = created.header("Location").unwrap().strip_prefix(&supplier.base_url()).unwrap().to_owned();
    assert_eq!(supplier.get(&path).await.json()["subject"]["reference"], "Patient/a");
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_changes_nothing() {
    let supplier = start().await;
    let without_code =
        r#"{"resourceType":"Observation","status":"final","subject":{"reference":"Patient/a"}}"#;
    let patient = r#"{"resourceType":"Patient"}"#;
    let other_id =
        r#"{"resourceType":"Observation","id":"o9","status":"final","code":{"text":"x"},"subject":{}}"#;
    for (method, path, body, status, code) in [
        ("POST", "/Observation", without_code, 422, "required"),
        ("POST", "/Observation", "{", 400, "structure"),
        ("POST", "/Observation", patient, 400, "invalid"),
        ("PUT", "/Observation/o1", other_id, 400, "invalid"),
        (
            "PUT",
            "/Observation/o9",
            other_id.replace("{}", r#"{"display":"x"}"#).as_str(),
            405,
            "not-supported",
        ),
        ("POST", "/Condition", patient, 405, "not-supported"),
        ("DELETE", "/Patient/a", "", 405, "not-supported"),
    ] {
        let reply = supplier.send(method, path, &[FHIR], body).await;
        assert_eq!(
            (reply.status, reply.issue().0.as_str()),
            (status, code),
            "{method} {path}: {}",
            reply.body
        );
    }
    assert_eq!(supplier.get("/Observation").await.json()["total"], 4);
    let allow = supplier.send("DELETE", "/Condition", &[], "").await;
    assert_eq!(allow.header("Allow"), Some("GET, HEAD"));
}

#[tokio::test]
async fn what_is_written_can_be_forgotten() {
    let supplier = made("{ method: POST, type: Observation }", "forgetWrite").await;
    let created = supplier.send("POST", "/Observation", &[FHIR], NEW).await;
    assert_eq!(created.status, 201, "{}", created.body);
    let path = created.header("Location").unwrap().strip_prefix(&supplier.base_url()).unwrap().to_owned();
    assert_eq!(supplier.get(&path).await.status, 404);
}
