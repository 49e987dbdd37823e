use super::*;

async fn secured(forbidden: &str) -> Running {
    let mut configuration = configuration();
    configuration.forbidden = vec![forbidden.to_owned()];
    let options = Options { bearer: Some("the-token".to_owned()), ..options(configuration, None) };
    Supplier::start(options).await.unwrap()
}

#[tokio::test]
async fn only_the_token_lets_in() {
    let supplier = secured("Patient/b").await;
    for (header, challenge) in [
        (("X", "y"), "Bearer realm=\"proofmark\""),
        (("Authorization", "Bearer another"), "Bearer realm=\"proofmark\", error=\"invalid_token\""),
        (("Authorization", "Basic the-token"), "Bearer realm=\"proofmark\", error=\"invalid_token\""),
    ] {
        for (method, path) in
            [("GET", "/Patient/a?access_token=the-token"), ("GET", "/Patient"), ("DELETE", "/Observation/o1")]
        {
            let reply = supplier.send(method, path, &[header], "").await;
            assert_eq!((reply.status, reply.issue().0.as_str()), (401, "login"), "{header:?} {path}");
            assert_eq!(reply.header("WWW-Authenticate"), Some(challenge));
        }
    }
    let token = ("Authorization", "bearer the-token");
    assert_eq!(supplier.send("GET", "/Patient/a", &[token], "").await.status, 200);
    let forbidden = supplier.send("GET", "/Patient/b", &[token], "").await;
    assert_eq!((forbidden.status, forbidden.issue().0.as_str()), (403, "forbidden"));
    assert_eq!(supplier.send("GET", "/Patient", &[token], "").await.ids(), ["a", "c"]);
}

#[tokio::test]
async fn the_capability_statement_is_open_and_says_where_tokens_come_from() {
    let supplier = secured("Patient/b").await;
    let statement = supplier.get("/metadata").await.json();
    let security = &statement["rest"][0]["security"];
    let uris = &security["extension"][0];
    assert!(uris["url"].as_str().unwrap().ends_with("/oauth-uris"), "{security}");
    let named: Vec<&str> =
        uris["extension"].as_array().unwrap().iter().map(|uri| uri["url"].as_str().unwrap()).collect();
    assert_eq!(named, ["token", "register", "authorize"]);
    let open = start().await.get("/metadata").await.json();
    assert_eq!(open["rest"][0].get("security"), None);
}
