//! HTTP/2: spoken where the server chooses it, recorded as what it is, and judged as HTTP/1.1 is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use proofmark::http::{
    Client, ClientOptions, Credentials, Headers, Http2, HttpVersion, Identity, Request, Room, Secret,
};
use proofmark::selfcheck::{BEARER_TOKEN, Chosen};
use proofmark::supplier::{Options, Supplier};

use crate::http2_server::{Connection, evidence, run, run_let_in};
use crate::suite::{Suite, fixtures};
use crate::tls_server::{self, Authority, Clients};

const NO_ERROR: u32 = 0;
const HTTP_1_1_REQUIRED: u32 = 13;

#[test]
fn a_run_passes_and_its_evidence_says_so() {
    let (ended, workspace, server) = run(5, |stream| {
        let mut connection = Connection::open(stream)?;
        loop {
            let request = connection.request()?;
            connection.answer(request)?;
        }
    });
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let all = evidence(&workspace);
    assert!(all.len() >= 5, "{}", all.len());
    for one in all {
        assert_eq!((&one["httpVersion"], &one["tls"]["alpn"]), (&"HTTP/2".into(), &"h2".into()), "{one}");
    }
    let archive = workspace.json("proofmark-out/network.har");
    for entry in archive["log"]["entries"].as_array().unwrap() {
        assert_eq!(entry["request"]["httpVersion"], "HTTP/2");
        assert_eq!(entry["response"]["httpVersion"], "HTTP/2");
    }
    let judged = workspace.run(&["judge", "proofmark-out", "--profiles", "more", "--out", "again"]);
    assert_eq!(judged.code, 0, "{}", judged.stderr);

    let arguments = ["--standard", "tiny", "--profiles", "more", "--endpoint", &server.url];
    let doctor = workspace.run(&[&["doctor", "--format", "json"][..], &arguments].concat());
    assert!(doctor.stdout.contains("answers by HTTP/2"), "{}", doctor.stdout);
}

#[test]
fn a_server_that_ends_its_connections_in_good_order_loses_nothing() {
    let (ended, workspace, _server) = run(8, |stream| {
        let mut connection = Connection::open(stream)?;
        let mut last = 0;
        for _ in 0..3 {
            last = connection.request()?;
            connection.answer(last)?;
        }
        // As a server does that takes so many requests on a connection; what comes later is not begun on.
        connection.request()?;
        connection.go_away(last, NO_ERROR)
    });
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    assert!(!ended.stdout.contains("Flaky"), "{}", ended.stdout);
    let tries: Vec<_> =
        evidence(&workspace).iter().filter_map(|one| one["tries"].as_array().cloned()).flatten().collect();
    assert!(!tries.is_empty());
    for one in tries {
        assert_eq!(
            (&one["why"], &one["failure"]["kind"]),
            (&"not-processed".into(), &"not-processed".into())
        );
    }
}

#[test]
fn a_server_that_wants_http_1_1_after_all_gets_it() {
    let (ended, workspace, _server) = run(1, |stream| {
        stream.conn.complete_io(&mut stream.sock)?;
        if stream.conn.alpn_protocol() == Some(b"http/1.1") {
            tls_server::answer(stream, None);
            return Ok(());
        }
        let mut connection = Connection::open(stream)?;
        loop {
            let request = connection.request()?;
            connection.reset(request, HTTP_1_1_REQUIRED)?;
        }
    });
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let one = &evidence(&workspace)[0];
    assert_eq!(one["httpVersion"], "HTTP/1.1", "{one}");
    let words = one["tries"][0]["failure"]["message"].as_str().unwrap();
    assert_eq!(words, "the server wants HTTP/1.1 for the request (RST_STREAM HTTP_1_1_REQUIRED)");
}

#[test]
fn a_client_without_a_certificate_is_told_why_it_is_refused() {
    let authority = Authority::new("Authority of clients");
    let clients = Clients { authority: &authority, revoked: Vec::new(), name: None };
    let (ended, workspace, _server) = run_let_in(Some(clients), 1, |stream| {
        let mut connection = Connection::open(stream)?;
        loop {
            let request = connection.request()?;
            connection.answer(request)?;
        }
    });
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    let failure = &evidence(&workspace)[0]["failure"];
    assert_eq!(failure["kind"], "tls-refused", "{failure}");
    assert!(failure["message"].as_str().unwrap().contains("certificate_required"), "{failure}");
}

#[test]
fn a_connection_that_is_stuck_keeps_nobody_else_waiting() {
    // Of connections that are made side by side, one is used.
    let is_first = AtomicBool::new(true);
    let (_, workspace, _server) = run(6, move |stream| {
        let mut connection = Connection::open(stream)?;
        let mut request = connection.request()?;
        let is_stuck = is_first.swap(false, Ordering::SeqCst);
        loop {
            if !is_stuck {
                connection.answer(request)?;
            }
            request = connection.request()?;
        }
    });
    let all = evidence(&workspace);
    let late = all.iter().filter(|one| one["failure"]["kind"] == "timeout").count();
    // Those that were on it when it got stuck, one a job.
    assert!((1..=4).contains(&late), "{late}");
    assert!(all.iter().any(|one| one["response"]["status"] == 200));
}

/// What the reference supplier of a standard answers to the capabilities request, in its variation, asked in a way.
async fn capabilities(id: &str, http2: Http2) -> proofmark::http::Exchange {
    let suite = Suite::of(id);
    let all = fixtures(&suite.standard);
    let variation = all.variations.iter().find(|one| one.name == "http-2").unwrap();
    let supplier = Supplier::start(Options {
        address: ([127, 0, 0, 1], 0).into(),
        store: all.store.clone(),
        configuration: all.configuration.clone(),
        definitions: Arc::clone(&suite.selfcheck().definitions),
        alteration: Some(variation.alteration()),
        bearer: Some(BEARER_TOKEN.to_owned()),
        latency: None,
    });
    let supplier = supplier.await.unwrap();
    let mut options = ClientOptions { http2, ..ClientOptions::default() };
    options.authenticator.default = Identity::Bearer(Secret::new(BEARER_TOKEN.to_owned()));
    let request = Request {
        method: "GET".to_owned(),
        url: format!("{}/metadata", supplier.base_url()).parse().unwrap(),
        // None of these may be sent by HTTP/2.
        headers: Headers(vec![("Connection".to_owned(), "keep-alive".to_owned())]),
        secret_headers: Vec::new(),
        body: None,
        credentials: Credentials::default(),
        room: Room::default(),
    };
    let exchange = Client::new(options).unwrap().send(request).await;
    supplier.stop().await;
    exchange
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_variation_of_each_reference_supplier_is_by_http2_and_alarms_at_nothing() {
    for id in ["careconnect", "gpconnect"] {
        let exchange = capabilities(id, Http2::PriorKnowledge).await;
        assert_eq!(exchange.how.version, Some(HttpVersion::Http2), "{id}");
        // It speaks nothing else, so that no other exchange of a selfcheck can have been by HTTP/1.1.
        let exchange = capabilities(id, Http2::Negotiated).await;
        assert!(exchange.result.is_err(), "{id}: {exchange:?}");

        let suite = Suite::of(id);
        let mut variations = fixtures(&suite.standard).variations;
        variations.retain(|one| one.name == "http-2");
        let chosen = Chosen { variations, ..Chosen::default() };
        let found = Arc::new(suite.selfcheck()).check(chosen, 1, &mut |_| {}).await.unwrap();
        assert_eq!((found.variations, &found.false_alarms), (1, &Vec::new()), "{:#?}", found.by_variation);
        assert!(found.by_variation[1].turned.is_empty(), "{:#?}", found.by_variation[1].turned);
    }
}
