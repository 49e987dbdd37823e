use super::*;

const JSON: &str = "application/fhir+json;charset=UTF-8";
const XML: &str = "application/fhir+xml;charset=UTF-8";

#[tokio::test]
async fn a_read_gives_the_resource_as_written_with_its_version() {
    let supplier = start().await;
    let reply = supplier.get("/Patient/a").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body, RESOURCES[0].1);
    assert_eq!(reply.header("ETag"), Some("W/\"3\""));
    assert_eq!(reply.header("Last-Modified"), Some("Tue, 04 Jun 2019 09:30:00 GMT"));
    assert_eq!(reply.header("Content-Type"), Some(JSON));
}

#[tokio::test]
async fn xml_holds_the_same_resource() {
    let supplier = start().await;
    for (path, accept) in
        [("/Observation/o1", "application/fhir+xml"), ("/Observation/o1?_format=xml", "application/json")]
    {
        let reply = supplier.send("GET", path, &[("Accept", accept)], "").await;
        assert_eq!((reply.status, reply.header("Content-Type")), (200, Some(XML)));
        let xml = crate::fhir::parse_xml(&reply.body).unwrap();
        let json = crate::fhir::parse_json(RESOURCES[3].1).unwrap();
        assert!(json.root().same_content(xml.root()), "{}", reply.body);
        assert!(reply.body.contains("<value value=\"1.50\"/>"), "digits are kept: {}", reply.body);
    }
    let reply = supplier.get("/Observation/o1?_format=xml").await.body;
    let place = |tag: &str| reply.find(tag).unwrap_or_else(|| panic!("no {tag} in {reply}"));
    assert!(place("<code>") < place("<subject>"), "the order of the definitions: {reply}");
    let search = supplier.get("/Patient?_format=application%2Ffhir%2Bxml").await;
    let bundle = crate::fhir::parse_xml(&search.body).unwrap();
    assert_eq!(bundle.root().children_named("entry").count(), 3);
    let missing = supplier.get("/Patient/nobody?_format=xml").await;
    assert_eq!((missing.status, missing.header("Content-Type")), (404, Some(XML)));
    assert!(missing.body.contains("<OperationOutcome"));
}

#[tokio::test]
async fn old_media_types_are_understood_and_answered_by_the_new() {
    let supplier = start().await;
    for (accept, expected) in
        [("application/xml+fhir", XML), ("application/json+fhir", JSON), ("application/json", JSON)]
    {
        let reply = supplier.send("GET", "/Patient/a", &[("Accept", accept)], "").await;
        assert_eq!(reply.header("Content-Type"), Some(expected), "{accept}");
    }
}

#[tokio::test]
async fn each_error_is_an_outcome_that_says_what_is_wrong() {
    let supplier = start().await;
    let text = ("Content-Type", "text/plain");
    let fhir = ("Content-Type", "application/fhir+json");
    for (method, path, header, status, code) in [
        ("GET", "/Patient/nobody", ("X", "y"), 404, "not-found"),
        ("GET", "/Patient/patient-deleted", ("X", "y"), 410, "not-found"),
        ("GET", "/Nonsense/1", ("X", "y"), 404, "not-found"),
        ("GET", "/Nonsense?name=x", ("X", "y"), 404, "not-found"),
        ("GET", "/Patient/a/b/c", ("X", "y"), 404, "not-found"),
        ("GET", "", ("X", "y"), 404, "not-found"),
        ("GET", "/Patient/a", ("Accept", "text/plain"), 406, "not-supported"),
        ("GET", "/Patient?_format=pdf", ("X", "y"), 406, "not-supported"),
        ("POST", "/Patient", text, 415, "not-supported"),
        ("POST", "/Patient", fhir, 405, "not-supported"),
        ("POST", "/Patient/_search", text, 415, "not-supported"),
        ("GET", "/Patient/_search", ("X", "y"), 405, "not-supported"),
        ("DELETE", "/Patient/a", ("X", "y"), 405, "not-supported"),
        ("PUT", "/Patient/a", fhir, 405, "not-supported"),
        ("GET", "/Patient/a/_history", ("X", "y"), 405, "not-supported"),
        ("OPTIONS", "/metadata", ("X", "y"), 405, "not-supported"),
        ("GET", "/Patient?name=%zz", ("X", "y"), 400, "invalid"),
        ("GET", "/Patient/%ff", ("X", "y"), 400, "invalid"),
        ("GET", "/Patient?birthdate=notadate", ("X", "y"), 400, "value"),
        ("GET", "/Patient?name:nosuch=x", ("X", "y"), 400, "not-supported"),
    ] {
        let reply = supplier.send(method, path, &[header], if method == "POST" { "{}" } else { "" }).await;
        let (found, diagnostics) = reply.issue();
        assert_eq!((reply.status, found.as_str()), (status, code), "{method} {path}: {diagnostics}");
        assert!(!diagnostics.is_empty());
        assert_eq!(reply.header("Content-Type"), Some(JSON));
        assert_eq!(reply.header("Allow").is_some(), status == 405, "{method} {path}");
    }
}

#[tokio::test]
async fn a_body_is_bounded() {
    let supplier = start().await;
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let body = format!("family={}", "a".repeat(1024 * 1024));
    let reply = supplier.send("POST", "/Patient/_search", &[form], &body).await;
    assert_eq!((reply.status, reply.issue().0.as_str()), (413, "too-long"));
}

#[tokio::test]
async fn head_is_a_get_without_the_body() {
    let supplier = start().await;
    let reply = supplier.send("HEAD", "/Patient/a", &[], "").await;
    assert_eq!((reply.status, reply.body.as_str()), (200, ""));
    assert_eq!(reply.header("ETag"), Some("W/\"3\""));
    assert_eq!(reply.header("Content-Length"), Some(RESOURCES[0].1.len().to_string().as_str()));
}

#[tokio::test]
async fn the_capability_statement_says_what_is_offered() {
    let supplier = start().await;
    let reply = supplier.get("/metadata").await;
    let statement = reply.json();
    assert_eq!((reply.status, &statement["resourceType"]), (200, &Value::from("CapabilityStatement")));
    for (path, expected) in [
        ("/fhirVersion", "3.0.2"),
        ("/status", "active"),
        ("/kind", "instance"),
        ("/date", "2019-05-31"),
        ("/acceptUnknown", "no"),
        ("/format/0", "application/fhir+json"),
        ("/rest/0/mode", "server"),
        ("/rest/0/resource/0/type", "Patient"),
        (
            "/rest/0/resource/0/profile/reference",
            "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1",
        ),
        ("/rest/0/resource/0/interaction/0/code", "read"),
        ("/rest/0/resource/0/interaction/1/code", "search-type"),
        ("/rest/0/resource/0/versioning", "versioned"),
    ] {
        assert_eq!(statement.pointer(path), Some(&Value::from(expected)), "{path}");
    }
    assert_eq!(statement["implementation"]["url"], supplier.base_url().as_str());
    let parameters = statement["rest"][0]["resource"][0]["searchParam"].as_array().unwrap();
    let birth_date = parameters.iter().find(|parameter| parameter["name"] == "birthdate").unwrap();
    assert_eq!(birth_date["type"], "date");
}

#[tokio::test]
async fn options_of_the_base_says_the_same() {
    let supplier = start().await;
    let reply = supplier.send("OPTIONS", "", &[], "").await;
    assert_eq!((reply.status, reply.body), (200, supplier.get("/metadata").await.body));
}

#[tokio::test]
async fn everything_declared_is_answered() {
    let supplier = start().await;
    let statement = supplier.get("/metadata").await.json();
    for resource in statement["rest"][0]["resource"].as_array().unwrap() {
        let kind = resource["type"].as_str().unwrap();
        for parameter in resource["searchParam"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            let path = format!("/{kind}?{name}=2019");
            let reply = supplier.get(&path).await;
            assert_eq!(reply.status, 200, "{path}");
            assert!(reply.link("self").unwrap().ends_with(&path), "{path}");
        }
    }
}

#[tokio::test]
async fn a_stopped_supplier_listens_no_more() {
    let supplier = start().await;
    let base = supplier.base_url();
    let host = base.strip_prefix("http://").and_then(|rest| rest.strip_suffix("/STU3")).unwrap().to_owned();
    supplier.stop().await;
    assert!(TcpStream::connect(host).await.is_err());
}

#[tokio::test]
async fn latency_holds_answers_back() {
    let latency = std::time::Duration::from_millis(60);
    let options = Options { latency: Some(latency), ..options(configuration(), None) };
    let supplier = Supplier::start(options).await.unwrap();
    let started = std::time::Instant::now();
    assert_eq!(supplier.get("/Patient/a").await.status, 200);
    assert!(started.elapsed() >= latency);
}
