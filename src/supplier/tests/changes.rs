//! Each change, by what a client sees of it.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::faults::made;
use super::*;

/// What a supplier with a change to all its answers says.
async fn changed(change: &str, path: &str) -> Reply {
    made("{}", change).await.get(path).await
}

/// The bytes that come back over a connection that the server closes, and whether they came in time.
async fn raw(change: &str, path: &str) -> Vec<u8> {
    let supplier = made("{}", change).await;
    let base = supplier.base_url();
    let (host, base_path) = base.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request =
        format!("GET /{base_path}{path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip, br\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let reading = stream.read_to_end(&mut bytes);
    // A connection that stays open has said all that it will.
    let _ = tokio::time::timeout(std::time::Duration::from_millis(300), reading).await;
    bytes
}

fn body(bytes: &[u8]) -> &[u8] {
    let start = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    &bytes[start + 4..]
}

fn head(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len() - body(bytes).len()]).into_owned()
}

#[tokio::test]
async fn what_is_searched_for_can_be_misread() {
    for (change, query, found) in [
        ("{ overlookParameter: gender }", "gender=male", &["a", "b", "c"][..]),
        ("{ dropModifier: family }", "family:exact=Ash", &["a", "b", "c"]),
        ("{ addModifier: { name: family, modifier: exact } }", "family=Ash", &[]),
        ("{ dropPrefix: birthdate }", "birthdate=ge1974-03-19", &["a"]),
        ("{ firstValueOnly: gender }", "gender=female,male", &["a"]),
        ("{ orAsAnd: gender }", "gender=female,male", &[]),
        ("{ andAsOr: gender }", "gender=female&gender=male", &["a", "b"]),
        ("{ lastRepetitionOnly: family }", "family=pendry&family=ash", &["a", "b", "c"]),
        ("{ matchVerbatim: family }", "family=ash", &[]),
        ("{ matchVerbatim: family }", "family=Ash", &["a", "b", "c"]),
        ("{ dropMatch: last }", "family=ash", &["a", "b"]),
        ("{ dropMatch: first }", "family=ash", &["b", "c"]),
        ("repeatMatches", "gender=female", &["a", "a"]),
        ("repeatEntries", "gender=female", &["a", "a"]),
        ("reverseMatches", "family=ash", &["c", "b", "a"]),
        ("{ pageSize: 1 }", "family=ash&_count=3", &["a"]),
    ] {
        let reply = changed(change, &format!("/Patient?{query}")).await;
        assert_eq!(reply.ids(), found, "{change} {query}");
        let own = reply.link("self").unwrap();
        assert!(
            own.ends_with(&format!("/Patient?{}", query.replace(',', "%2C").replace(':', "%3A"))),
            "{own}"
        );
    }
    let reply = changed("{ include: \"Observation:patient\" }", "/Observation?_id=o1").await;
    assert_eq!(reply.ids(), ["o1", "a"]);
    assert!(!reply.link("self").unwrap().contains("_include"));
}

#[tokio::test]
async fn links_and_references_can_be_written_otherwise() {
    let reply = changed(
        "relativeLinks, { dropFromLink: { relation: next, parameter: family } }",
        "/Patient?family=ash&_count=1",
    )
    .await;
    assert_eq!(reply.link("next").as_deref(), Some("Patient?_count=1&_offset=1"));
    let reply = changed("reorderLinks", "/Patient?family=ash&gender=male").await;
    assert!(reply.link("self").unwrap().ends_with("/Patient?gender=male&family=ash"));
    let supplier = made("{}", "opaquePages").await;
    let first = supplier.get("/Patient?family=ash&_count=1").await;
    let next = first.link("next").unwrap();
    let (base, page) = next.split_once('?').unwrap();
    assert!(base == supplier.base_url() && page.starts_with("_page=") && !page.contains("family"), "{next}");
    let second = supplier.get(&format!("?{page}")).await;
    assert_eq!((first.ids(), second.ids()), (vec!["a".to_owned()], vec!["b".to_owned()]));
    let reply = changed("{ references: absolute }", "/Observation/o1").await;
    let reference = reply.json()["subject"]["reference"].as_str().unwrap().to_owned();
    assert!(
        reference.starts_with("http://127.0.0.1:") && reference.ends_with("/STU3/Patient/a"),
        "{reference}"
    );
    assert!(reply.body.contains("1.50"), "digits are kept: {}", reply.body);
    let elsewhere = changed("{ references: absolute }", "/Observation/o4").await;
    assert!(elsewhere.body.contains("\"http://elsewhere.example.org/Patient/a\""), "{}", elsewhere.body);
    let reply = changed("{ instants: { offset: \"+00:00\" } }", "/Observation/o1").await;
    assert_eq!(reply.json()["effectiveDateTime"], "2018-05-14T08:30:00+00:00");
}

#[tokio::test]
async fn full_urls_and_what_is_included_can_be_other_than_they_should() {
    let reply = changed("relativeFullUrls", "/Patient?_id=a").await;
    assert_eq!(reply.json()["entry"][0]["fullUrl"], "Patient/a");
    let query = "/Patient?_id=a&_revinclude=Observation:patient&_revinclude=AllergyIntolerance:patient";
    assert_eq!(changed("{ dropIncluded: last }", query).await.ids(), ["a", "o1"]);
    assert_eq!(changed("{ dropIncluded: first }", query).await.ids(), ["a", "al"]);
}

#[tokio::test]
async fn a_fault_can_be_about_some_values_and_some_ids() {
    let supplier = made("{ valueLike: \"^[0-9]{4}$\" }", "emptyBundle").await;
    assert!(supplier.get("/Observation?date=2018").await.ids().is_empty());
    assert_eq!(supplier.get("/Observation?date=2018-05-14").await.ids(), ["o1"]);
    let supplier = made("{ id: o* }", "{ setStatus: 500 }").await;
    assert_eq!(supplier.get("/Observation/o2").await.status, 500);
    assert_eq!(supplier.get("/Patient/a").await.status, 200);
}

#[tokio::test]
async fn what_is_withdrawn_is_neither_claimed_nor_done() {
    let supplier = made("{}", "{ withdraw: [Patient.search.gender, Observation, format.xml] }").await;
    let statement = supplier.get("/metadata").await;
    assert_eq!(statement.json()["format"], serde_json::json!(["application/fhir+json"]));
    assert!(!statement.body.contains("\"gender\"") && !statement.body.contains("\"Observation\""));
    assert!(!supplier.get("/Patient?gender=male").await.link("self").unwrap().contains("gender"));
    assert_eq!(supplier.get("/Observation/o1").await.status, 404);
    let xml = supplier.send("GET", "/Patient/a", &[("Accept", "application/fhir+xml")], "").await;
    assert_eq!(xml.status, 406);
}

#[tokio::test]
async fn an_answer_can_be_an_error_or_lead_in_a_circle() {
    let reply = changed(
        "{ answerError: { status: 500, code: exception, diagnostics: Out of order. } }",
        "/Patient/a",
    )
    .await;
    assert_eq!((reply.status, reply.issue()), (500, ("exception".to_owned(), "Out of order.".to_owned())));
    let reply = changed("redirectToItself", "/Patient?family=ash").await;
    assert_eq!((reply.status, reply.header("Location")), (302, Some("/STU3/Patient?family=ash")));
}

#[tokio::test]
async fn whoever_asks_can_be_let_in() {
    let text = "faults: [{ name: x, title: x, description: x, breaks: [X], when: { status: 401, withoutHeaders: [Authorization] }, changes: [admitAnyone] }]";
    let fault = Fault::load("x.yaml", text).unwrap().remove(0);
    let options = Options { bearer: Some("the-token".to_owned()), ..options(configuration(), Some(fault)) };
    let supplier = Supplier::start(options).await.unwrap();
    assert_eq!(supplier.get("/Patient/a").await.status, 200);
    let wrong = ("Authorization", "Bearer another");
    assert_eq!(supplier.send("GET", "/Patient/a", &[wrong], "").await.status, 401);
}

#[tokio::test]
async fn bodies_can_be_other_bytes() {
    let patient = RESOURCES[1].1;
    for (change, expected) in [
        ("{ prependBody: \"\\uFEFF\" }", format!("\u{feff}{patient}").into_bytes()),
        ("{ appendBody: \"}\" }", format!("{patient}}}").into_bytes()),
        (
            "{ replaceText: { from: '\"gender\"', to: '\"id\"' } }",
            patient.replace("\"gender\"", "\"id\"").into_bytes(),
        ),
        (
            "{ encodeBody: latin1 }",
            patient.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect(),
        ),
    ] {
        assert!(body(&raw(change, "/Patient/b").await) == expected, "{change}");
    }
    let gzip = raw("{ compress: gzip }", "/Patient/b").await;
    assert!(head(&gzip).contains("content-encoding: gzip"), "{}", head(&gzip));
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(body(&gzip)), &mut text).unwrap();
    assert_eq!(text, patient);
    let plain = raw("{ compress: deflate }", "/Patient/b").await;
    assert!(body(&plain) == patient.as_bytes(), "the client does not take it");
}

#[tokio::test]
async fn messages_can_take_other_ways() {
    let whole = RESOURCES[0].1;
    let chunked = raw("{ chunked: 100 }", "/Patient/a").await;
    assert!(head(&chunked).contains("transfer-encoding: chunked") && body(&chunked).starts_with(b"64\r\n{"));
    for change in ["{ closeAfter: 50 }", "{ stallAfter: 50 }", "{ closeAfter: 50 }, { wait: 5 }"] {
        let cut = raw(change, "/Patient/a").await;
        assert!(head(&cut).contains(&format!("content-length: {}", whole.len())), "{change}: {}", head(&cut));
        assert_eq!(body(&cut).len(), whole.len() / 2, "{change}");
    }
    let short = raw("{ contentLength: -10 }", "/Patient/a").await;
    assert_eq!(body(&short).len(), whole.len() - 10);
    assert!(raw("breakConnection", "/Patient/a").await.is_empty());
    let titled = raw("titleCaseHeaders", "/Patient/a").await;
    assert!(head(&titled).contains("Content-Type: "), "{}", head(&titled));
}

#[test]
fn changes_that_cannot_be_made_are_named() {
    for (change, why) in [
        ("{ wait: 600000 }", "longer than a minute"),
        ("{ pageSize: 0 }", "at least one result"),
        ("{ withdraw: [Patient.dance] }", "`Patient.dance` is nothing that the supplier offers"),
        ("{ closeAfter: 100 }", "cuts nothing off"),
        ("{ addElement: { path: Patient, value: 1 } }", "a path begins with a type"),
        ("{ instants: { offset: noon } }", "`noon` is no offset"),
        ("{ xml: { prefix: F- } }", "`F-` is no prefix"),
        ("{ answerError: { status: 7, code: x, diagnostics: x } }", "7 is no HTTP status"),
    ] {
        let text = format!("variations: [{{ name: x, title: x, description: x, changes: [{change}] }}]");
        let errors = Variation::load("x.yaml", &text).unwrap_err();
        assert!(errors[0].to_string().contains(why), "{change}: {}", errors[0]);
    }
}

#[test]
fn the_care_connect_variations_load() {
    let text = include_str!("../../../fixtures/careconnect/variations.yaml");
    assert!(Variation::load("variations.yaml", text).unwrap().len() >= 25);
    let twice = "variations: [{ name: x, title: x, description: x, changes: [reverseMatches] }, \
                 { name: x, title: x, description: x, changes: [] }]";
    let errors: Vec<String> =
        Variation::load("x.yaml", twice).unwrap_err().iter().map(ToString::to_string).collect();
    assert!(
        errors[0].contains("another variation is called `x`") && errors[1].contains("changes nothing"),
        "{errors:?}"
    );
}
