use super::*;

#[tokio::test]
async fn each_header_must_be_there_and_right() {
    let provider = Provider::start().await;
    let interaction = |name: &str| format!("urn:nhs:names:services:gpconnect:{name}");
    let search = interaction("fhir:rest:search:patient-1");
    let shouted = interaction("FHIR:REST:READ:METADATA-1");
    for (name, value) in [
        ("Ssp-TraceID", ""),
        ("Ssp-From", " "),
        ("Ssp-To", ""),
        ("Ssp-To", "123456789123"),
        ("Ssp-InteractionID", ""),
        ("Ssp-InteractionID", &search),
        ("Ssp-InteractionID", &shouted),
        ("Authorization", ""),
        ("Authorization", "Basic dGVzdA=="),
        ("Authorization", "Bearer e30.e30"),
    ] {
        let reply = provider.send(&METADATA, "/metadata", &[(name, value)], "").await;
        assert_eq!(reply.refused(), refusal(400, "BAD_REQUEST"), "{name}: {value}");
    }
}

#[tokio::test]
async fn what_is_no_interaction_is_refused() {
    let provider = Provider::start().await;
    for (method, path, status) in [
        ("GET", "/metadatas", 404),
        ("GET", "/Metadata", 404),
        ("DELETE", "/metadata", 405),
        ("OPTIONS", "/metadata", 405),
        ("POST", "/appointmentqq/!", 404),
        ("POST", "/Patient/$gpc.registerpatien", 404),
        ("GET", "/Patient/$gpc.registerpatient", 405),
        ("POST", "/Patient/$gpc.getstructuredrecord", 404),
    ] {
        let asked = Asked { method, ..METADATA };
        let reply = provider.ask(&asked, path).await;
        assert_eq!(reply.refused().0, status, "{method} {path}");
    }
}

#[tokio::test]
async fn the_format_is_that_of_parameter_accept_or_request() {
    let provider = Provider::start().await;
    let (json, xml) = ("application/fhir+json", "application/fhir+xml");
    for (path, accept, sent, expected) in [
        ("/metadata", json, xml, json),
        ("/metadata", "", xml, xml),
        ("/metadata", "", "", json),
        ("/metadata?_format=application/fhir%2Bxml", json, json, xml),
    ] {
        let headers = [("Accept", accept), ("Content-Type", sent)];
        let reply = provider.send(&METADATA, path, &headers, "").await;
        let found = reply.header("content-type").unwrap();
        assert_eq!((reply.status, found), (200, format!("{expected};charset=UTF-8").as_str()));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
    let reply = provider.send(&METADATA, "/metadata", &[("Accept", "application/pdf")], "").await;
    assert_eq!(reply.refused(), refusal(415, "BAD_REQUEST"));
}
