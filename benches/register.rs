//! How long a register of 10,000 entries takes to build, to build again, to check and to list.
//!
//! `cargo bench --bench register` runs the program itself. With a folder as argument (`-- DIR`) the register is left there
//! to be looked at. The certificates have the size of real ones.

#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up has nothing else to say")]
#![expect(clippy::print_stdout, reason = "its figures")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use proofmark::certificate::{Algorithm, Assurance, Envelope, SigningKey};
use proofmark::register::{CertificateReference, Event, EventKind};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// How many entries there are.
const ENTRIES: usize = 10_000;
/// How many versions each product has.
const VERSIONS: usize = 2;
/// How many files of evidence a certificate names: as many as one of Care Connect does.
const FILES: usize = 1_000;

const PROGRAM: &str = env!("CARGO_BIN_EXE_proofmark");

fn main() {
    let scratch = tempfile::tempdir().expect("a folder for the register");
    let given = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).map(PathBuf::from);
    let folder = given.unwrap_or_else(|| scratch.path().join("register"));
    make(&folder);
    for (what, arguments) in [
        ("build", &["build"][..]),
        ("build again", &["build"]),
        ("check", &["check", "--format", "json"]),
        ("list", &["list", "--format", "csv"]),
    ] {
        let began = Instant::now();
        let status = Command::new(PROGRAM)
            .arg("register")
            .args(&arguments[..1])
            .arg(&folder)
            .args(&arguments[1..])
            .args(["--at", "2026-06-01"])
            .stdout(Stdio::null())
            .status()
            .expect("the program");
        assert!(status.success(), "{what}");
        println!("{what}: {ENTRIES} entries in {:.2} s", began.elapsed().as_secs_f64());
    }
    for file in ["index.html", "search-data.js", "register.json", "register.csv"] {
        let length = std::fs::metadata(folder.join(file)).expect("a built file").len();
        println!("{file}: {} kB", length / 1000);
    }
}

/// A register of suppliers with some products each, each in some versions.
fn make(folder: &Path) {
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    let (key, _) = SigningKey::generate(Algorithm::Ed25519).expect("a key");
    let pem = key.public().to_pem().trim_end().replace('\n', "\n      ");
    write(
        "trust.yaml",
        &format!("keys:\n  - name: Supplier\n    signsAs: [supplier]\n    publicKey: |\n      {pem}\n"),
    );
    write("register.yaml", "title: Register\npublisher: Example Health\nadmits: self-declared\n");
    write(
        "frameworks/lot.yaml",
        "id: lot\ntitle: A lot\ndemands:\n  - { standard: careconnect, versions: [1.3.0] }\n",
    );
    let mut previous = None;
    for number in 0..ENTRIES {
        let mut envelope = Envelope::around(&serde_json::to_vec(&statement(number)).expect("JSON"));
        envelope.sign(&key).expect("a signature");
        let text = envelope.to_text().expect("JSON");
        let certificate = CertificateReference {
            id: id(number),
            sha256: hex::encode(Sha256::digest(&text)),
            assurance: Assurance::SelfDeclared,
        };
        write(&certificate.file(), &text);
        let event = Event {
            number: number as u64 + 1,
            previous,
            at: "2026-02-01T00:00:00Z".to_owned(),
            by: "Example Health".to_owned(),
            kind: EventKind::Issued,
            entry: id(number),
            reason: None,
            certificate: Some(certificate),
            care_settings: vec!["general-practice".to_owned()],
            consent: None,
            superseded_by: None,
            requirements: Vec::new(),
            signature: None,
        };
        let text = event.to_text().expect("JSON");
        write(&Event::file(event.number), &text);
        previous = Some(hex::encode(Sha256::digest(&text)));
    }
    let head = json!({ "events": ENTRIES, "sha256": previous });
    write("head.json", &format!("{head:#}\n"));
}

fn id(number: usize) -> String {
    hex::encode(&Sha256::digest(number.to_string())[..10])
}

fn statement(number: usize) -> Value {
    let product = number / VERSIONS;
    let standard = ["careconnect", "ukcore", "gpconnect"][product % 3];
    let digest = "0".repeat(64);
    let subject: Vec<Value> = (0..FILES)
        .map(|file| json!({ "name": format!("evidence/{file:04}.json"), "digest": { "sha256": digest } }))
        .chain([json!({ "name": "run.json", "digest": { "sha256": digest } })])
        .collect();
    let not_claimed: Vec<String> = (0..60).map(|requirement| format!("CC-OPT-{requirement:03}")).collect();
    let not_tested: Vec<Value> = (0..5)
        .map(|one| json!({ "requirement": format!("CC-PAT-{one:03}"), "reason": "the supplier's data never showed it" }))
        .collect();
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subject,
        "predicateType": "urn:proofmark:certificate:1",
        "predicate": {
            "id": id(number),
            "issuedAs": "supplier",
            "issued": "2026-01-01T09:00:00Z",
            "validity": { "from": "2026-01-01", "until": "2026-12-31" },
            "run": {
                "supplier": {
                    "name": format!("Supplier {}", product / 5),
                    "product": format!("Record system {product}"),
                    "version": format!("{}.0", number % VERSIONS + 1),
                },
                "endpoint": "https://records.example.org/fhir",
                "started": "2026-01-01T08:00:00Z",
                "ended": "2026-01-01T08:01:00Z",
                "judged": "2026-01-01T08:01:00Z",
                "judgedBy": "proofmark 0.1.0",
                "policy": "as-published",
                "standards": [{
                    "id": standard,
                    "version": "1.3.0",
                    "title": "A standard",
                    "sha256": digest,
                    "maturity": { "status": "draft", "label": "draft" },
                    "role": "server",
                    "verdict": "conformant",
                    "sentence": "The product is conformant with the standard (draft): 312 of 312 mandatory requirements pass.",
                    "counts": {
                        "mandatory": 312, "mandatoryPassed": 312, "mandatoryFailed": 0, "mandatoryOpen": 0,
                        "advisoryFailed": 0, "notApplicable": 60, "toBeDeclared": 0
                    },
                }],
                "notClaimed": not_claimed,
                "notTested": not_tested,
                "waivers": [],
            },
            "tool": { "name": "proofmark", "version": "0.1.0", "sha256": digest },
        }
    })
}
