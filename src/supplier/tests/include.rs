use super::*;

/// The ids of a page's entries with their modes.
fn entries(reply: &Reply) -> Vec<String> {
    let bundle = reply.json();
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    let words = |entry: &Value| {
        let text = |path: &str| entry.pointer(path).and_then(Value::as_str).unwrap().to_owned();
        format!("{} {}/{}", text("/search/mode"), text("/resource/resourceType"), text("/resource/id"))
    };
    entries.iter().map(words).collect()
}

#[tokio::test]
async fn what_matches_refer_to_comes_with_them_once() {
    let supplier = start().await;
    for query in ["_include=Observation:subject", "_include=Observation:subject:Patient", "_include=*"] {
        let reply = supplier.get(&format!("/Observation?_id=o1,o2,o3,o4&{query}")).await;
        let expected = [
            "match Observation/o1",
            "match Observation/o2",
            "match Observation/o3",
            "match Observation/o4",
            "include Patient/a",
            "include Patient/b",
        ];
        assert_eq!(entries(&reply), expected, "{query}");
        assert_eq!(reply.json()["total"], 4);
        assert!(reply.link("self").unwrap().contains("_include="), "{query}");
    }
    let groups = supplier.get("/Observation?_include=Observation:subject:Group").await;
    assert!(entries(&groups).iter().all(|entry| entry.starts_with("match")));
}

#[tokio::test]
async fn what_refers_to_matches_comes_with_them() {
    let supplier = start().await;
    let reply = supplier
        .get("/Patient?_id=a&_revinclude=Observation:patient&_revinclude=AllergyIntolerance:patient")
        .await;
    assert_eq!(
        entries(&reply),
        ["match Patient/a", "include Observation/o1", "include AllergyIntolerance/al"]
    );
}

#[tokio::test]
async fn only_what_a_page_shows_brings_others() {
    let supplier = start().await;
    let reply = supplier.get("/Observation?_id=o1,o2&_count=1&_include=Observation:patient").await;
    assert_eq!(entries(&reply), ["match Observation/o1", "include Patient/a"]);
}

#[tokio::test]
async fn what_is_not_offered_is_left_out_or_refused() {
    let supplier = start().await;
    let reply = supplier.get("/Observation?_include=Observation:performer").await;
    assert!(!reply.link("self").unwrap().contains("_include"));
    let strict = ("Prefer", "handling=strict");
    let reply = supplier.send("GET", "/Observation?_include=Observation:performer", &[strict], "").await;
    assert_eq!((reply.status, reply.issue().0.as_str()), (400, "not-supported"));
    let declared = supplier.get("/metadata").await.json();
    let observation = declared["rest"][0]["resource"][1].clone();
    assert_eq!(observation["searchInclude"][0], "Observation:patient", "{observation}");
}
