use super::*;

async fn refused(provider: &Provider, change: impl Fn(&mut Value)) -> Option<(u16, String)> {
    let mut claims = claims(METADATA.scope);
    change(&mut claims);
    let reply = provider.send(&METADATA, "/metadata", &[("Authorization", &bearer(&claims))], "").await;
    if reply.status == 200 { None } else { Some(reply.refused()) }
}

#[tokio::test]
async fn each_claim_must_be_there() {
    let provider = Provider::start().await;
    let all: Vec<String> = claims("").as_object().unwrap().keys().cloned().collect();
    assert_eq!(all.len(), 10);
    for name in all {
        let found = refused(&provider, |claims| drop(claims.as_object_mut().unwrap().remove(&name))).await;
        assert_eq!(found, Some(refusal(400, "BAD_REQUEST")), "{name}");
    }
}

#[tokio::test]
async fn claims_must_be_right() {
    let provider = Provider::start().await;
    let now = jiff::Timestamp::now().as_second();
    for (name, value) in [
        ("exp", json!(now + 301)),
        ("exp", json!(now - 1)),
        ("iat", json!("now")),
        ("sub", json!("2")),
        ("reason_for_request", json!("research")),
        ("requested_scope", json!("badScope")),
        ("requested_scope", json!("patient/*.read")),
        ("requesting_organization", json!({ "resourceType": "Organization", "name": "n" })),
        ("requesting_device", json!("a text")),
    ] {
        let found = refused(&provider, |claims| claims[name] = value.clone()).await;
        assert_eq!(found, Some(refusal(400, "BAD_REQUEST")), "{name}: {value}");
    }
    let expired = refused(&provider, |claims| {
        claims["iat"] = json!(now - 600);
        claims["exp"] = json!(now - 300);
    });
    assert_eq!(expired.await, Some(refusal(400, "BAD_REQUEST")));
    let ahead = refused(&provider, |claims| {
        claims["iat"] = json!(now + 200);
        claims["exp"] = json!(now + 500);
    });
    assert_eq!(ahead.await, None);
}

#[tokio::test]
async fn resources_in_claims_must_be_resources() {
    let provider = Provider::start().await;
    for (pointer, name, value) in [
        ("/requesting_device", "invalidField", "Assurance Testing"),
        ("/requesting_device", "resourceType", "InvalidResourceType"),
        ("/requesting_practitioner", "resourceType", "InvalidResourceType"),
    ] {
        let found = refused(&provider, |claims| claims.pointer_mut(pointer).unwrap()[name] = value.into());
        assert_eq!(found.await, Some(refusal(422, "INVALID_RESOURCE")), "{pointer} {name}");
    }
}
