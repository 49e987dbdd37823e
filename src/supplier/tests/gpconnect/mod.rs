//! A provider of GP Connect as its clients see it.

mod appointments;
mod foundations;
mod headers;
mod record;
mod registration;
mod slots;
mod token;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::*;

const CONFIGURATION: &str = include_str!("../../../../fixtures/gpconnect/supplier.yaml");

const RECORDS: [(&str, &str); 9] = [
    ("patient1.json", include_str!("../../../../profiles/gpconnect/1.2.7/data/patient1.json")),
    ("patient2.json", include_str!("../../../../profiles/gpconnect/1.2.7/data/patient2.json")),
    ("patient15.json", include_str!("../../../../profiles/gpconnect/1.2.7/data/patient15.json")),
    ("practitioner1.json", include_str!("../../../../profiles/gpconnect/1.2.7/data/practitioner1.json")),
    ("practitioner2.json", include_str!("../../../../profiles/gpconnect/1.2.7/data/practitioner2.json")),
    ("practitioner3.json", include_str!("../../../../profiles/gpconnect/1.2.7/data/practitioner3.json")),
    ("org1.json", include_str!("../../../../profiles/gpconnect/1.2.7/data/org1.json")),
    ("sit1.json", include_str!("../../../../profiles/gpconnect/1.2.7/data/sit1.json")),
    ("sit2.json", include_str!("../../../../profiles/gpconnect/1.2.7/data/sit2.json")),
];

/// Every element but `invalidField`, and all of them as they are written.
#[derive(Debug)]
struct AllButInvalid;

impl Definitions for AllButInvalid {
    fn element(&self, _: &str, name: &str) -> Option<DefinedElement<'_>> {
        (name != "invalidField").then_some(DefinedElement { type_name: "Any", repeats: false, order: 0 })
    }
}

/// A provider that listens.
struct Provider(Running);

/// What a request is about besides its path.
#[derive(Clone)]
struct Asked {
    method: &'static str,
    interaction: &'static str,
    scope: &'static str,
}

const METADATA: Asked = get("fhir:rest:read:metadata-1", "organization/*.read");
const SEARCH_PATIENT: Asked = get("fhir:rest:search:patient-1", "patient/*.read");
const SEARCH_SLOT: Asked = get("fhir:rest:search:slot-1", "organization/*.read");
const REGISTER: Asked = write("POST", "fhir:operation:gpc.registerpatient-1");
const BOOK: Asked = write("POST", "fhir:rest:create:appointment-1");
const AMEND: Asked = write("PUT", "fhir:rest:update:appointment-1");
const CANCEL: Asked = write("PUT", "fhir:rest:cancel:appointment-1");
const RECORD: Asked = Asked {
    method: "POST",
    interaction: "fhir:operation:gpc.getstructuredrecord-1",
    scope: "patient/*.read",
};

const fn get(interaction: &'static str, scope: &'static str) -> Asked {
    Asked { method: "GET", interaction, scope }
}

const fn write(method: &'static str, interaction: &'static str) -> Asked {
    Asked { method, interaction, scope: "patient/*.write" }
}

fn claims(scope: &str) -> Value {
    let now = jiff::Timestamp::now().as_second();
    json!({
        "iss": "https://consumer.example.org", "sub": "1", "aud": "https://provider.example.org",
        "iat": now, "exp": now + 300, "reason_for_request": "directcare", "requested_scope": scope,
        "requesting_device": { "resourceType": "Device", "identifier": [{ "system": "s", "value": "v" }],
            "model": "m", "version": "1" },
        "requesting_organization": { "resourceType": "Organization", "name": "n",
            "identifier": [{ "system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "A1" }] },
        "requesting_practitioner": { "resourceType": "Practitioner", "id": "1",
            "name": [{ "family": "f", "given": ["g"] }],
            "identifier": [{ "system": "https://fhir.nhs.uk/Id/sds-user-id", "value": "UNK" }] },
    })
}

fn bearer(claims: &Value) -> String {
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("Bearer {}.{}.", encoded(&json!({ "alg": "none", "typ": "JWT" })), encoded(claims))
}

impl Provider {
    async fn start() -> Self {
        let mut options = options(Configuration::load("supplier.yaml", CONFIGURATION).unwrap(), None);
        options.store = Store::load(RECORDS).unwrap();
        options.definitions = std::sync::Arc::new(AllButInvalid);
        Self(Supplier::start(options).await.unwrap())
    }

    /// Sends a request that has all that it must have, but for headers that are given otherwise.
    async fn send(&self, asked: &Asked, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let id = format!("urn:nhs:names:services:gpconnect:{}", asked.interaction);
        let token = bearer(&claims(asked.scope));
        let all = [
            ("Ssp-TraceID", "1"),
            ("Ssp-From", "200000000359"),
            ("Ssp-To", "918999198993"),
            ("Ssp-InteractionID", &id),
            ("Authorization", &token),
            ("Accept", "application/fhir+json"),
            ("Content-Type", "application/fhir+json"),
        ];
        let given = |name: &str| headers.iter().any(|(other, _)| *other == name);
        let mut sent: Vec<(&str, &str)> = all.into_iter().filter(|(name, _)| !given(name)).collect();
        sent.extend(headers.iter().filter(|(_, value)| !value.is_empty()));
        self.0.send(asked.method, path, &sent, body).await
    }

    async fn ask(&self, asked: &Asked, path: &str) -> Reply {
        self.send(asked, path, &[], "").await
    }

    async fn post(&self, asked: &Asked, path: &str, body: &Value) -> Reply {
        self.send(asked, path, &[], &body.to_string()).await
    }
}

impl Reply {
    /// The status of an error, and the code of the Spine in it.
    fn refused(&self) -> (u16, String) {
        let outcome = self.json();
        let issue = &outcome["issue"][0];
        assert_eq!(issue["severity"], "error", "{outcome}");
        assert_eq!(self.header("cache-control"), Some("no-store"));
        let coding = &issue["details"]["coding"][0];
        assert!(coding["display"].is_string() && issue["diagnostics"].is_string(), "{outcome}");
        (self.status, coding["code"].as_str().unwrap().to_owned())
    }
}

fn refusal(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}
