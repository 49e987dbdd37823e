//! TLS: who is trusted, how we show who we are, and what is said when a connection is refused.

use serde_json::Value;

use crate::tls_server::{Authority, Ends, TlsServer};
use crate::workspace::{Ended, Workspace};

/// Runs against a server and returns the evidence of the first request.
fn run(server: &TlsServer, workspace: &Workspace, configuration: &str) -> (Ended, Value) {
    workspace.write("proofmark.toml", &format!("{configuration}\n[limits]\ntimeout-seconds = 10.0\n"));
    let arguments = ["run", "--standard", "careconnect", "--endpoint", &server.url, "--force"];
    let output = workspace.command(&arguments).env("P12_PASSWORD", "p12-password").output().unwrap();
    let ended = Ended::of(output);
    assert!(workspace.path("proofmark-out/run.json").exists(), "{}", ended.stderr);
    let evidence = workspace.json(&first_evidence(workspace));
    (ended, evidence)
}

fn first_evidence(workspace: &Workspace) -> String {
    let record = workspace.json("proofmark-out/run.json");
    record["exchanges"][0]["file"].as_str().map(|file| format!("proofmark-out/{file}")).unwrap()
}

/// The message of the failure, whose kind is to be `tls`, or `tls-refused` where it was the server who refused.
#[track_caller]
fn refused(ended: &Ended, evidence: &Value, words: &str) {
    // Nothing could be told, and that is no error of ours.
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    let message = evidence["failure"]["message"].as_str().unwrap();
    let by_server = message.contains("the server refused");
    assert_eq!(evidence["failure"]["kind"], if by_server { "tls-refused" } else { "tls" }, "{evidence}");
    assert!(message.contains(words), "{message}");
}

#[test]
fn an_authority_is_trusted_when_it_is_named() {
    let authority = Authority::new("Test Authority");
    let server = TlsServer::start(&authority.sign("localhost", Ends::Future), None);
    let workspace = Workspace::new();
    let (ended, evidence) = run(&server, &workspace, "");
    refused(&ended, &evidence, "no authority that is trusted vouches for it");

    workspace.write("ca.pem", &authority.pem());
    let (_, evidence) = run(&server, &workspace, "[tls]\nca-file = \"ca.pem\"");
    assert_eq!(evidence["response"]["status"], 200, "{evidence}");
    let tls = &evidence["tls"];
    assert_eq!((&tls["version"], &tls["alpn"]), (&"TLS 1.3".into(), &"http/1.1".into()));
    assert_eq!(evidence["httpVersion"], "HTTP/1.1");
    assert!(tls["cipherSuite"].as_str().unwrap().starts_with("TLS_"), "{tls}");
    let certificate = &tls["certificates"][0];
    assert_eq!(certificate["subject"], "CN=localhost");
    assert_eq!(certificate["issuer"], "CN=Test Authority");
    assert!(certificate["expires"].as_str().unwrap() > "2027", "{certificate}");
}

#[test]
fn a_certificate_that_is_not_right_is_said_to_be_so() {
    let authority = Authority::new("Test Authority");
    let workspace = Workspace::new();
    workspace.write("ca.pem", &authority.pem());
    let configuration = "[tls]\nca-file = \"ca.pem\"";

    let server = TlsServer::start(&authority.sign("localhost", Ends::Past), None);
    let (ended, evidence) = run(&server, &workspace, configuration);
    refused(&ended, &evidence, "it expired on 2021-01-01T00:00:00Z");

    let server = TlsServer::start(&authority.sign("fhir.example", Ends::Future), None);
    let (ended, evidence) = run(&server, &workspace, configuration);
    refused(&ended, &evidence, "it is not for this host");
}

#[test]
fn a_client_certificate_is_shown_where_it_is_asked_for() {
    let authority = Authority::new("Test Authority");
    let clients = Authority::new("Authority of clients");
    let server = TlsServer::start(&authority.sign("localhost", Ends::Future), Some(&clients));
    let workspace = Workspace::new();
    workspace.write("ca.pem", &authority.pem());

    let (ended, evidence) = run(&server, &workspace, "[tls]\nca-file = \"ca.pem\"");
    refused(&ended, &evidence, "it wants a client certificate");
    assert!(evidence["failure"]["message"].as_str().unwrap().contains("certificate_required"));

    let own = clients.sign("consumer.example", Ends::Future);
    workspace.write("client.pem", &own.pem());
    let pem = "[tls]\nca-file = \"ca.pem\"\ncertificate-file = \"client.pem\"";
    let (_, evidence) = run(&server, &workspace, pem);
    assert_eq!(evidence["response"]["status"], 200, "{evidence}");

    let chain = p12_keystore::PrivateKeyChain::new(
        "own",
        p12_keystore::PrivateKey::from_der(own.key.serialized_der()).unwrap(),
        [p12_keystore::Certificate::from_der(own.certificate.der()).unwrap()],
    );
    let mut store = p12_keystore::KeyStore::new();
    store.add_entry("own", p12_keystore::KeyStoreEntry::PrivateKeyChain(chain));
    std::fs::write(workspace.path("client.p12"), store.writer("p12-password").write().unwrap()).unwrap();
    let p12 = "[tls]\nca-file = \"ca.pem\"\npkcs12-file = \"client.p12\"\npkcs12-password = { env = \"P12_PASSWORD\" }";
    let (_, evidence) = run(&server, &workspace, p12);
    assert_eq!(evidence["response"]["status"], 200, "{evidence}");

    let stranger = Authority::new("Another authority").sign("consumer.example", Ends::Future);
    workspace.write("client.pem", &stranger.pem());
    let (ended, evidence) = run(&server, &workspace, pem);
    refused(&ended, &evidence, "the server refused the TLS connection");
}

#[test]
fn what_does_not_speak_tls_is_said_to_be_so() {
    let endpoint = crate::endpoint::Endpoint::connected(|stream| {
        use std::io::{Read as _, Write as _};
        let mut hello = [0; 512];
        let _ = stream.read(&mut hello);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    });
    let server = endpoint.url.replace("http://", "https://");
    let workspace = Workspace::new();
    let ended = workspace.run(&["run", "--standard", "careconnect", "--endpoint", &server]);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    let evidence = workspace.json(&first_evidence(&workspace));
    refused(&ended, &evidence, "what answers at this address does not speak TLS");
}

#[test]
fn a_password_that_is_wrong_is_an_error_before_anything_is_sent() {
    let workspace = Workspace::new();
    workspace.write("client.p12", "this is no key store");
    workspace.write("proofmark.toml", "[tls]\npkcs12-file = \"client.p12\"\n");
    let ended = workspace.run(&["run", "--standard", "careconnect", "--endpoint", "https://127.0.0.1:1/"]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("proofmark.toml: tls: client.p12: it cannot be opened"),
        "{}",
        ended.stderr
    );
}
