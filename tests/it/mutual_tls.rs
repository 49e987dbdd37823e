//! Mutual TLS: a server that verifies the certificates of its clients passes, however it refuses the wrong ones, and one
//! that lets anybody in does not.

use serde_json::Value;

use crate::endpoint::{Endpoint, response};
use crate::tls_server::{Authority, Clients, Ends, Signed, TlsServer};
use crate::workspace::Workspace;

/// Certificates of a client, right and wrong ones.
struct Certificates {
    authority: Authority,
    own: Signed,
    expired: Signed,
    revoked: Signed,
    other_host: Signed,
}

impl Certificates {
    fn new() -> Self {
        let authority = Authority::new("Authority of clients");
        let sign = |name, ends| authority.sign(name, ends);
        let own = sign("consumer.example", Ends::Future);
        let expired = sign("consumer.example", Ends::Past);
        let revoked = sign("consumer.example", Ends::Future);
        let other_host = sign("somebody.example", Ends::Future);
        Self { authority, own, expired, revoked, other_host }
    }

    /// A server that verifies all of them.
    fn verified_by(&self, server: &Signed) -> TlsServer {
        let clients = Clients {
            authority: &self.authority,
            revoked: vec![&self.revoked],
            name: Some("consumer.example"),
        };
        TlsServer::letting_in(server, Some(clients))
    }

    /// A folder whose configuration names them.
    fn configured(&self, servers: &Authority) -> Workspace {
        let workspace = Workspace::new();
        workspace.write("ca.pem", &servers.pem());
        let mut configuration = "[tls]\nca-file = \"ca.pem\"\ncertificate-file = \"own.pem\"\n".to_owned();
        workspace.write("own.pem", &self.own.pem());
        for (name, signed) in
            [("expired", &self.expired), ("revoked", &self.revoked), ("other-host", &self.other_host)]
        {
            workspace.write(&format!("{name}.pem"), &signed.pem());
            configuration += &format!("[certificates.{name}]\ncertificate-file = \"{name}.pem\"\n");
        }
        workspace.write("proofmark.toml", &configuration);
        workspace
    }
}

const SCENARIOS: [&str; 3] =
    ["client-with-certificate", "client-without-certificate", "client-with-wrong-certificate"];

/// What the run says of the requirements about certificates, and the folder's record.
fn run(workspace: &Workspace, url: &str) -> (Vec<String>, Value) {
    let mut arguments = vec!["run", "--standard", "gpconnect", "--endpoint", url, "--force", "--quiet"];
    arguments.extend(SCENARIOS.iter().flat_map(|scenario| ["--scenario", scenario]));
    let ended = workspace.run(&arguments);
    assert!(workspace.path("proofmark-out/run.json").exists(), "{}", ended.stderr);
    let record = workspace.json("proofmark-out/run.json");
    let said = ["GPC-SEC-002", "GPC-SEC-003", "GPC-SEC-004"].map(|id| {
        let requirements = record["requirements"].as_array().unwrap();
        let one = requirements.iter().find(|one| one["id"] == id).unwrap();
        one["outcome"].as_str().unwrap().to_owned()
    });
    (said.to_vec(), record)
}

#[test]
fn wrong_certificates_are_refused_in_the_handshake_or_by_a_status() {
    let (servers, clients) = (Authority::new("Authority of servers"), Certificates::new());
    let server = clients.verified_by(&servers.sign("localhost", Ends::Future));
    let workspace = clients.configured(&servers);
    let (said, record) = run(&workspace, &server.url);
    assert_eq!(said, ["pass", "pass", "pass"], "{record}");
    // Three are refused by TLS, and that of another host by HTTP.
    let text = record.to_string();
    for words in
        ["certificate_expired", "certificate_revoked", "unknown_ca", "certificate_required", "status 403"]
    {
        assert!(text.contains(words), "{words}");
    }

    // The endpoint is gone, and the recording says the same.
    drop(server);
    let ended = workspace.run(&["judge", "proofmark-out", "--out", "again", "--quiet"]);
    assert!(workspace.path("again/run.json").exists(), "{}", ended.stderr);
    assert_eq!(workspace.json("again/run.json")["requirements"], record["requirements"]);
}

#[test]
fn a_server_that_lets_anybody_in_fails() {
    let (servers, clients) = (Authority::new("Authority of servers"), Certificates::new());
    let server = TlsServer::start(&servers.sign("localhost", Ends::Future), None);
    let (said, record) = run(&clients.configured(&servers), &server.url);
    assert_eq!(said, ["pass", "fail", "fail"], "{record}");
    assert!(record.to_string().contains("have the server ask for a client certificate"), "{record}");
}

#[test]
fn a_certificate_that_is_not_configured_is_not_held_to_be_refused() {
    let (servers, clients) = (Authority::new("Authority of servers"), Certificates::new());
    let server = clients.verified_by(&servers.sign("localhost", Ends::Future));
    let workspace = clients.configured(&servers);
    let configuration = workspace.read("proofmark.toml");
    let (configuration, _) = configuration.split_once("[certificates.other-host]").unwrap();
    workspace.write("proofmark.toml", configuration);
    let (said, record) = run(&workspace, &server.url);
    assert_eq!(said, ["pass", "not-demonstrated", "pass"], "{record}");
    assert!(record.to_string().contains("no certificate `other-host` is configured"), "{record}");
}

#[test]
fn without_a_certificate_of_our_own_it_is_no_part_of_the_run() {
    let bytes = response(
        "200 OK",
        "Content-Type: application/fhir+json\r\n",
        "{\"resourceType\":\"CapabilityStatement\"}",
    );
    let endpoint = Endpoint::start(move |_, stream| {
        let _ = std::io::Write::write_all(stream, bytes.as_bytes());
    });
    let (said, record) = run(&Workspace::new(), &endpoint.url);
    assert_eq!(said, ["not-applicable"; 3], "{record}");
    assert!(record.to_string().contains("mutual TLS is no part of it"), "{record}");
}

#[test]
fn a_certificate_that_cannot_be_read_is_an_error_with_its_place() {
    let workspace = Workspace::new();
    let run = |configuration: &str| {
        workspace.write("proofmark.toml", configuration);
        workspace.run(&["run", "--standard", "gpconnect", "--endpoint", "https://127.0.0.1:1/"])
    };
    let ended = run("[certificates.expired]\ncertificate-file = \"missing.pem\"\n");
    assert_eq!(ended.code, 2);
    assert!(
        ended.stderr.contains("certificates.expired") && ended.stderr.contains("missing.pem"),
        "{}",
        ended.stderr
    );
    let ended = run("[certificates.none]\ncertificate-file = \"own.pem\"\n");
    assert!(ended.stderr.contains("scenarios mean something else by this name"), "{}", ended.stderr);
    let ended = run("[certificates.expired]\n");
    assert!(ended.stderr.contains("needs `certificate-file` or `pkcs12-file`"), "{}", ended.stderr);
}
