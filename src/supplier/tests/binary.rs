use super::*;

#[tokio::test]
async fn a_binary_is_itself_unless_fhir_is_asked_for() {
    let binary = r#"{"resourceType":"Binary","id":"b","contentType":"application/pdf","content":"JVBERi0="}"#;
    let store = Store::load([("b.json", binary)]).unwrap();
    let supplier = Supplier::start(Options { store, ..options(configuration(), None) }).await.unwrap();
    let fhir = "application/fhir+json;charset=UTF-8";
    for (path, accept, status, content_type, body) in [
        ("/Binary/b", "", 200, "application/pdf", "%PDF-"),
        ("/Binary/b", "*/*", 200, "application/pdf", "%PDF-"),
        ("/Binary/b", "application/pdf", 200, "application/pdf", "%PDF-"),
        ("/Binary/b", "application/fhir+json, */*;q=0.1", 200, fhir, binary),
        ("/Binary/b", "application/json", 200, fhir, binary),
        ("/Binary/b?_format=json", "application/pdf", 200, fhir, binary),
        ("/Binary/b?_format=json", "", 200, fhir, binary),
    ] {
        let headers = if accept.is_empty() { vec![] } else { vec![("Accept", accept)] };
        let reply = supplier.send("GET", path, &headers, "").await;
        assert_eq!((reply.status, reply.body.as_str()), (status, body), "{path} {accept}");
        assert_eq!(reply.header("Content-Type"), Some(content_type), "{path} {accept}");
    }
    assert_eq!(supplier.send("GET", "/Binary/b", &[("Accept", "image/png")], "").await.status, 406);
    assert_eq!(supplier.get("/Binary?_id=b").await.status, 405, "it is not searched for");
}
