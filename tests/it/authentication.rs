//! Every way to authenticate, by the real program; and no secret in anything that it leaves behind.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::signature::{ECDSA_P384_SHA384_FIXED, UnparsedPublicKey};
use serde_json::Value;

use crate::guarded::{Guarded, fhir, json};
use crate::workspace::{Ended, Workspace};

/// Every secret of these tests; none of them may be in any file.
const SECRETS: [&str; 6] = [
    "bearer-TOPSECRET",
    "password-TOPSECRET",
    "apikey-TOPSECRET",
    "client-TOPSECRET",
    "token-TOPSECRET",
    "TOPSECRET",
];

/// Runs the suite, and looks for secrets in all that it printed and wrote. Returns the evidence of the first request.
fn run(endpoint: &Guarded, workspace: &Workspace, configuration: &str) -> (Ended, Value) {
    workspace.write("proofmark.toml", configuration);
    let arguments = ["run", "--standard", "careconnect", "--endpoint", &endpoint.url, "--report", "text"];
    let mut command = workspace.command(&arguments);
    for (name, value) in [
        ("BEARER", "bearer-TOPSECRET"),
        ("PASSWORD", "password-TOPSECRET"),
        ("APIKEY", "apikey-TOPSECRET"),
        ("CLIENT", "client-TOPSECRET"),
    ] {
        command.env(name, value);
    }
    let ended = Ended::of(command.output().unwrap());
    let folder = workspace.path("proofmark-out");
    assert!(folder.join("run.json").exists(), "{}", ended.stderr);
    no_secret_in("what was printed", &format!("{}{}", ended.stdout, ended.stderr));
    for file in crate::bad_endpoints::walk(&folder) {
        no_secret_in(&file.display().to_string(), &std::fs::read_to_string(&file).unwrap());
    }
    let record = workspace.json("proofmark-out/run.json");
    let file = record["exchanges"][0]["file"].as_str().unwrap().to_owned();
    let evidence = workspace.json(&format!("proofmark-out/{file}"));
    (ended, evidence)
}

fn no_secret_in(place: &str, text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} in {place}");
        let encoded = STANDARD.encode(secret);
        assert!(!text.contains(encoded.trim_end_matches('=')), "{secret} in {place}");
    }
    assert!(!text.contains("PRIVATE KEY"), "a key in {place}");
}

#[track_caller]
fn let_in(evidence: &Value, what: &str) {
    assert_eq!(evidence["response"]["status"], 200, "{evidence}");
    assert_eq!(evidence["presented"]["what"], what);
}

#[test]
fn a_bearer_token() {
    // An endpoint that repeats what it was sent, as those do that are set to debug.
    let endpoint = Guarded::start(|request, _| {
        let authorization = request.header("authorization").unwrap_or_default();
        assert!(authorization == "Bearer bearer-TOPSECRET", "{authorization}");
        json("200 OK", &format!("{{\"resourceType\":\"CapabilityStatement\",\"name\":\"{authorization}\"}}"))
    });
    let (_, evidence) = run(&endpoint, &Workspace::new(), "[auth]\nbearer = { env = \"BEARER\" }\n");
    let_in(&evidence, "a bearer token");
    assert!(evidence["response"]["body"].as_str().unwrap().contains("Bearer [redacted]"), "{evidence}");
    assert!(evidence["request"]["headers"].to_string().contains("Bearer [redacted]"), "{evidence}");
}

#[test]
fn user_name_and_password() {
    let endpoint = Guarded::start(|request, _| {
        let expected = format!("Basic {}", STANDARD.encode("aladdin:password-TOPSECRET"));
        fhir(request.header("authorization") == Some(&expected))
    });
    let configuration = "[auth.basic]\nuser = \"aladdin\"\npassword = { env = \"PASSWORD\" }\n";
    let (_, evidence) = run(&endpoint, &Workspace::new(), configuration);
    let_in(&evidence, "user name and password");
}

#[test]
fn an_api_key_in_a_header_or_in_the_address() {
    let endpoint = Guarded::start(|request, _| fhir(request.header("apikey") == Some("apikey-TOPSECRET")));
    let configuration = "[auth.api-key]\nheader = \"apikey\"\nkey = { env = \"APIKEY\" }\n";
    let (_, evidence) = run(&endpoint, &Workspace::new(), configuration);
    let_in(&evidence, "an API key");

    let endpoint = Guarded::start(|request, _| fhir(request.line.contains("subscription=apikey-TOPSECRET")));
    let configuration = "[auth.api-key]\nparameter = \"subscription\"\nkey = { env = \"APIKEY\" }\n";
    let (_, evidence) = run(&endpoint, &Workspace::new(), configuration);
    let_in(&evidence, "an API key");
}

/// An endpoint that gives out a token to those of whom `knows` says that it knows them.
fn token_endpoint(knows: impl Fn(&crate::guarded::Received) -> bool + Send + Sync + 'static) -> Guarded {
    Guarded::start(move |request, _| {
        if request.line.starts_with("POST /token ") {
            return if knows(request) {
                json("200 OK", r#"{"access_token":"token-TOPSECRET","token_type":"bearer","expires_in":300}"#)
            } else {
                json("401 Unauthorized", r#"{"error":"invalid_client","error_description":"not known here"}"#)
            };
        }
        fhir(request.header("authorization") == Some("Bearer token-TOPSECRET"))
    })
}

#[test]
fn oauth_with_a_secret() {
    let endpoint = token_endpoint(|request| {
        let expected = format!("Basic {}", STANDARD.encode("client-1:client-TOPSECRET"));
        request.header("authorization") == Some(&expected)
            && request.field("grant_type").as_deref() == Some("client_credentials")
            && request.field("scope").as_deref() == Some("system/*.read launch")
    });
    let configuration = format!(
        "jobs = 8\n[auth.oauth2]\nclient-id = \"client-1\"\nclient-secret = {{ env = \"CLIENT\" }}\n\
         token-endpoint = \"{}/token\"\nscopes = [\"system/*.read\", \"launch\"]\n",
        endpoint.origin
    );
    let (_, evidence) = run(&endpoint, &Workspace::new(), &configuration);
    let_in(&evidence, "a token from the token endpoint");
    // One request for a token, whatever the number of jobs; and it is part of the evidence.
    assert_eq!(endpoint.received("POST /token").len(), 1);
    let request = &evidence["tokenRequests"][0];
    assert!(
        request["request"]["body"].as_str().unwrap().contains("grant_type=client_credentials"),
        "{request}"
    );
    assert!(
        request["response"]["body"].as_str().unwrap().contains("\"access_token\":\"[redacted]\""),
        "{request}"
    );

    let endpoint = token_endpoint(|request| {
        request.field("client_id").as_deref() == Some("client-1")
            && request.field("client_secret").as_deref() == Some("client-TOPSECRET")
    });
    let configuration = format!(
        "[auth.oauth2]\nclient-id = \"client-1\"\nclient-secret = {{ env = \"CLIENT\" }}\nsecret-in = \"form\"\n\
         token-endpoint = \"{}/token\"\n",
        endpoint.origin
    );
    let_in(&run(&endpoint, &Workspace::new(), &configuration).1, "a token from the token endpoint");
}

#[test]
fn a_client_that_is_not_known_is_told_so_and_asks_once() {
    let endpoint = token_endpoint(|_| false);
    let configuration = format!(
        "[auth.oauth2]\nclient-id = \"client-1\"\nclient-secret = {{ env = \"CLIENT\" }}\n\
         token-endpoint = \"{}/token\"\n",
        endpoint.origin
    );
    let (ended, evidence) = run(&endpoint, &Workspace::new(), &configuration);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    let words = "no token: the token endpoint answered with status 401, invalid_client: not known here";
    assert_eq!(evidence["failure"]["message"], words);
    assert_eq!(endpoint.received("POST /token").len(), 1);
    assert!(endpoint.received("GET /fhir").is_empty());
}

#[test]
fn smart_backend_services() {
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
    let public = pair.public_key_raw().to_vec();
    let endpoint = Guarded::start(move |request, _| {
        let origin = format!("http://{}", request.header("host").unwrap());
        if request.line.starts_with("GET /fhir/.well-known/smart-configuration ") {
            return json("200 OK", &format!("{{\"token_endpoint\":\"{origin}/token\"}}"));
        }
        if request.line.starts_with("POST /token ") {
            let assertion = request.field("client_assertion").unwrap();
            let (content, signature) = assertion.rsplit_once('.').unwrap();
            let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
            UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, &public)
                .verify(content.as_bytes(), &signature)
                .unwrap();
            let parts: Vec<Value> = content
                .split('.')
                .map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap())
                .collect();
            assert_eq!((&parts[0]["alg"], &parts[0]["kid"]), (&"ES384".into(), &"key-1".into()));
            assert_eq!((&parts[1]["iss"], &parts[1]["sub"]), (&"client-1".into(), &"client-1".into()));
            assert_eq!(parts[1]["aud"], format!("{origin}/token"));
            assert!(parts[1]["exp"].as_i64().unwrap() - parts[1]["iat"].as_i64().unwrap() <= 300);
            assert!(parts[1]["jti"].as_str().unwrap().len() >= 32);
            let kind = request.field("client_assertion_type").unwrap();
            assert_eq!(kind, "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
            return json(
                "200 OK",
                r#"{"access_token":"token-TOPSECRET","token_type":"bearer","expires_in":300}"#,
            );
        }
        fhir(request.header("authorization") == Some("Bearer token-TOPSECRET"))
    });
    let workspace = Workspace::new();
    workspace.write("key.pem", &pair.serialize_pem());
    let configuration = "[auth.oauth2]\nclient-id = \"client-1\"\nprivate-key = { file = \"key.pem\" }\n\
                         algorithm = \"ES384\"\nkey-id = \"key-1\"\nscopes = [\"system/*.read\"]\n";
    let (_, evidence) = run(&endpoint, &workspace, configuration);
    let_in(&evidence, "a token from the token endpoint");
    assert_eq!(evidence["tokenRequests"].as_array().unwrap().len(), 2, "{evidence}");
    assert_eq!(endpoint.received("GET /fhir/.well-known").len(), 1);
}

#[test]
fn a_secret_is_not_sent_to_where_an_endpoint_says() {
    let elsewhere = Guarded::start(|_, _| json("200 OK", r#"{"access_token":"token-TOPSECRET"}"#));
    let named = format!("{{\"token_endpoint\":\"{}/token\"}}", elsewhere.origin);
    let endpoint = Guarded::start(move |request, _| {
        if request.line.contains("smart-configuration") { json("200 OK", &named) } else { fhir(false) }
    });
    let configuration = "[auth.oauth2]\nclient-id = \"c\"\nclient-secret = { env = \"CLIENT\" }\n";
    let (ended, evidence) = run(&endpoint, &Workspace::new(), configuration);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    let message = evidence["failure"]["message"].as_str().unwrap();
    assert!(message.contains("on another host, which a secret is not sent to"), "{message}");
    assert!(elsewhere.received("").is_empty());
}

#[test]
fn what_a_token_endpoint_says_out_of_form_is_not_kept() {
    for (status, kind, body) in [
        ("200 OK", "application/x-www-form-urlencoded", "access_token=token-TOPSECRET&token_type=bearer"),
        ("500 Internal Server Error", "text/html", "<p>issued: token-TOPSECRET, not saved</p>"),
        ("200 OK", "application/json", r#"{"data":{"bearer":"token-TOPSECRET"}}"#),
        ("200 OK", "application/json", r#"["token-TOPSECRET"]"#),
        ("400 Bad Request", "application/json", r#"{"error":["invalid_client"],"issued":"token-TOPSECRET"}"#),
    ] {
        let answer = crate::endpoint::response(status, &format!("Content-Type: {kind}\r\n"), body);
        let endpoint = Guarded::start(move |_, _| answer.clone());
        let configuration = format!(
            "[auth.oauth2]\nclient-id = \"c\"\nclient-secret = {{ env = \"CLIENT\" }}\ntoken-endpoint = \"{}/token\"\n",
            endpoint.origin
        );
        // No file may hold the token: `run` looks for it.
        let (ended, evidence) = run(&endpoint, &Workspace::new(), &configuration);
        assert_eq!(ended.code, 3, "{}", ended.stderr);
        assert!(evidence["failure"]["message"].as_str().unwrap().starts_with("no token: "), "{evidence}");
        assert_eq!(evidence["tokenRequests"][0]["response"]["status"], status[..3].parse::<u16>().unwrap());
    }
}

#[test]
fn an_assertion_for_another_audience_goes_to_no_host_that_the_user_did_not_name() {
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
    let elsewhere = crate::endpoint::Endpoint::connected(|_| {});
    let named = elsewhere.url.replace("http://", "https://").replace("/fhir", "");
    for (audience, sent) in [
        (Some("https://auth.example.org/token".to_owned()), false),
        (Some("urn:example:authority".to_owned()), false),
        (Some(named.clone()), true),
        (None, true),
    ] {
        let token_endpoint = format!("{{\"token_endpoint\":\"{named}/token\"}}");
        let endpoint = Guarded::start(move |request, _| {
            if request.line.contains("smart-configuration") {
                json("200 OK", &token_endpoint)
            } else {
                fhir(false)
            }
        });
        let workspace = Workspace::new();
        workspace.write("key.pem", &pair.serialize_pem());
        let audience = audience.map_or_else(String::new, |audience| format!("audience = \"{audience}\"\n"));
        let configuration = format!(
            "[auth.oauth2]\nclient-id = \"c\"\nprivate-key = {{ file = \"key.pem\" }}\nalgorithm = \"ES384\"\n{audience}\
             [limits]\nmax-requests = 3\n"
        );
        let (_, evidence) = run(&endpoint, &workspace, &configuration);
        let message = evidence["failure"]["message"].as_str().unwrap();
        let refused = message.contains("on another host, which an assertion for the configured `audience`");
        // What listens there speaks no TLS, so that what is sent there fails in its own way.
        assert_eq!(refused, !sent, "{audience}: {message}");
    }
}

#[test]
fn a_proxy_that_repeats_its_password_does_not_bring_it_to_disk() {
    let proxy = Guarded::start(|request, _| {
        let shown = request.header("proxy-authorization").unwrap_or_default().to_owned();
        let pair = STANDARD.decode(shown.trim_start_matches("Basic ")).unwrap();
        assert_eq!(pair, b"tester:password-TOPSECRET");
        let pair = String::from_utf8(pair).unwrap();
        let headers = format!("X-Seen: {shown}\r\nContent-Type: text/plain\r\n");
        crate::endpoint::response(
            "407 Proxy Authentication Required",
            &headers,
            &format!("not {pair}, not {shown}"),
        )
    });
    let configured = format!(
        "[proxy]\nurl = \"{}\"\nuser = \"tester\"\npassword = {{ env = \"PASSWORD\" }}\n",
        proxy.origin
    );
    let by_environment = proxy.origin.replace("http://", "http://tester:password-TOPSECRET@");
    for (configuration, environment) in [(configured.as_str(), None), ("", Some(&by_environment))] {
        let workspace = Workspace::new();
        workspace.write("proofmark.toml", configuration);
        let mut command = workspace.command(&[
            "run",
            "--standard",
            "careconnect",
            "--endpoint",
            "http://fhir.example/fhir",
        ]);
        for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"] {
            command.env_remove(name);
        }
        command.env("PASSWORD", "password-TOPSECRET");
        if let Some(address) = environment {
            command.env("HTTP_PROXY", address);
        }
        let ended = Ended::of(command.output().unwrap());
        no_secret_in("what was printed", &format!("{}{}", ended.stdout, ended.stderr));
        let pair = STANDARD.encode("tester:password-TOPSECRET");
        for file in crate::bad_endpoints::walk(&workspace.path("proofmark-out")) {
            let text = std::fs::read_to_string(&file).unwrap();
            no_secret_in(&file.display().to_string(), &text);
            assert!(!text.contains(&pair), "{}", file.display());
        }
        assert!(workspace.read("proofmark-out/evidence/capabilities.json").contains("not tester:[redacted]"));
    }
}

#[test]
fn a_token_that_ended_early_is_renewed_once() {
    let endpoint = Guarded::start(|request, before| {
        if request.line.starts_with("POST /token ") {
            let token = format!("{{\"access_token\":\"token-TOPSECRET-{before}\",\"expires_in\":300}}");
            return json("200 OK", &token);
        }
        // The first token is taken once.
        let first = request.header("authorization") == Some("Bearer token-TOPSECRET-0");
        fhir(!first || request.line.starts_with("GET /fhir/metadata"))
    });
    let configuration = format!(
        "jobs = 1\n[auth.oauth2]\nclient-id = \"c\"\nclient-secret = {{ env = \"CLIENT\" }}\n\
         token-endpoint = \"{}/token\"\n",
        endpoint.origin
    );
    let workspace = Workspace::new();
    run(&endpoint, &workspace, &configuration);
    assert_eq!(endpoint.received("POST /token").len(), 2);
    let renewed: Vec<Value> = crate::bad_endpoints::walk(&workspace.path("proofmark-out/evidence"))
        .iter()
        .map(|file| serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap())
        .filter(|evidence: &Value| !evidence["tries"].is_null())
        .collect();
    assert_eq!(renewed.len(), 1, "{renewed:?}");
    assert_eq!(renewed[0]["tries"][0]["why"], "token-refused");
    assert_eq!(renewed[0]["tries"][0]["status"], 401);
    assert_eq!(renewed[0]["response"]["status"], 200);
}

#[test]
fn gp_connects_unsigned_token() {
    let endpoint = Guarded::start(|request, _| {
        let token = request.header("authorization").and_then(|value| value.strip_prefix("Bearer ")).unwrap();
        let parts: Vec<&str> = token.split('.').collect();
        assert_eq!((parts.len(), parts[2]), (3, ""), "{token}");
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
        let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
        fhir(life == 300 && claims["requesting_device"]["model"] == "v1" && claims["sub"] == "1")
    });
    let configuration = "[auth.unsigned-jwt.claims]\niss = \"https://consumer.example\"\nsub = \"1\"\n\
                         reason_for_request = \"directcare\"\nrequested_scope = \"patient/*.read\"\n\
                         [auth.unsigned-jwt.claims.requesting_device]\nresourceType = \"Device\"\nmodel = \"v1\"\n";
    let (_, evidence) = run(&endpoint, &Workspace::new(), configuration);
    let_in(&evidence, "an unsigned token");
    assert_eq!(evidence["presented"]["claims"]["aud"], endpoint.url.as_str());
}

#[test]
fn a_secret_that_is_not_there_is_an_error_before_anything_is_sent() {
    let endpoint = Guarded::start(|_, _| fhir(true));
    let workspace = Workspace::new();
    workspace.write("proofmark.toml", "[auth]\nbearer = { env = \"NO_SUCH_VARIABLE\" }\n");
    let ended = workspace.run(&["run", "--standard", "careconnect", "--endpoint", &endpoint.url]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    let words = "proofmark.toml: auth.bearer: the environment variable NO_SUCH_VARIABLE is not set";
    assert!(ended.stderr.contains(words), "{}", ended.stderr);
    assert!(endpoint.received("").is_empty());
}

/// A standard whose scenarios present what they should not, and expect to be refused.
fn refusals(workspace: &Workspace) {
    let step = |name: &str, auth: &str, status: u16| {
        format!(
            "- scenario: {name}\n  title: {name}\n  verifies: [T-1]\n  steps:\n    - read: Patient/1\n      \
             auth: {auth}\n      expect: {{ status: {status} }}\n"
        )
    };
    let scenarios = [
        step("as-configured", "configured", 200),
        step("nothing", "none", 401),
        step("garbage", "garbage", 401),
        step("claims", "{ claims: { reason_for_request: secondaryuses, sub: null } }", 401),
        step("expired", "expired", 401),
        step("another", "{ identity: other }", 401),
        step("header", "{ header: \"Bearer a b\" }", 401),
        step("unknown", "{ identity: nobody }", 401),
    ];
    crate::tiny::standard(workspace, "1.0.0", &crate::tiny::requirement("T-1"), &scenarios.concat());
}

#[test]
fn a_scenario_presents_wrong_credentials_on_purpose() {
    let endpoint = Guarded::start(|request, _| {
        let token = request.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
        let payload = token.and_then(|token| URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok());
        let claims: Option<Value> = payload.and_then(|payload| serde_json::from_slice(&payload).ok());
        let now = jiff::Timestamp::now().as_second();
        fhir(claims.is_some_and(|claims| {
            claims["sub"] == "1"
                && claims["reason_for_request"] == "directcare"
                && claims["exp"].as_i64().is_some_and(|end| end > now)
        }))
    });
    let workspace = Workspace::new();
    refusals(&workspace);
    workspace.write(
        "proofmark.toml",
        "[auth.unsigned-jwt.claims]\nsub = \"1\"\nreason_for_request = \"directcare\"\n\
         [identities.other]\nbearer = { env = \"BEARER\" }\n",
    );
    let arguments = ["run", "--standard", "tiny", "--profiles", "more", "--endpoint", &endpoint.url];
    let mut command = workspace.command(&arguments);
    let ended = Ended::of(command.env("BEARER", "bearer-TOPSECRET").output().unwrap());
    let record = workspace.json("proofmark-out/run.json");
    let outcomes: Vec<(&str, &str)> = record["scenarios"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["id"].as_str().unwrap(), one["outcome"].as_str().unwrap()))
        .collect();
    for (name, outcome) in &outcomes {
        let expected = if *name == "unknown" { "not-demonstrated" } else { "pass" };
        assert_eq!(*outcome, expected, "{name}: {}{}", ended.stdout, ended.stderr);
    }
    assert_eq!(outcomes.len(), 8);
    assert_eq!(endpoint.received("GET").len(), 7, "what could not be made was not sent");
    // Judged again, each wrong answer is told from the others though all asked the same.
    let judged = workspace.run(&["judge", "proofmark-out", "--profiles", "more"]);
    assert_eq!(judged.code, ended.code, "{}{}", judged.stdout, judged.stderr);
    assert_eq!(workspace.json("proofmark-judged/run.json")["scenarios"], record["scenarios"]);
}

#[test]
fn credentials_that_are_not_clear_do_not_load() {
    let workspace = Workspace::new();
    let scenario = crate::tiny::scenario("a", "T-1", "Patient/1", 200)
        .replace("      expect", "      auth: { header: x, claims: {} }\n      expect");
    crate::tiny::standard(&workspace, "1.0.0", &crate::tiny::requirement("T-1"), &scenario);
    let ended = workspace.run(&["plan", "--standard", "tiny", "--profiles", "more"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("`auth` says one of"), "{}", ended.stderr);
}
