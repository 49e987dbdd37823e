//! A register to be tried, and certificates for it that are made at will.

use proofmark::certificate::{Algorithm, Envelope, SigningKey};
use serde_json::{Value, json};

use crate::workspace::{Ended, Workspace};

/// A register in `reg/`, with keys of a supplier, a witness, a body and the register.
pub(crate) struct Shelf {
    pub(crate) workspace: Workspace,
    keys: [SigningKey; 3],
    made: std::cell::Cell<u32>,
}

/// What a certificate is about.
#[derive(Clone)]
pub(crate) struct About<'a> {
    pub(crate) supplier: &'a str,
    pub(crate) product: &'a str,
    pub(crate) version: &'a str,
    pub(crate) standard: &'a str,
    pub(crate) standard_version: &'a str,
    pub(crate) verdict: &'a str,
    pub(crate) advisory_failed: u32,
    pub(crate) from: &'a str,
    pub(crate) until: &'a str,
    pub(crate) waivers: Value,
    /// Who signs: a body decides.
    pub(crate) signers: &'a [&'a str],
}

impl Default for About<'_> {
    fn default() -> Self {
        Self {
            supplier: "Example Ltd",
            product: "Records",
            version: "4",
            standard: "tiny",
            standard_version: "1.0.0",
            verdict: "conformant",
            advisory_failed: 0,
            from: "2026-01-01",
            until: "2026-12-31",
            waivers: json!([]),
            signers: &["supplier"],
        }
    }
}

const SETTINGS: &str = "title: Register of record systems\npublisher: Example Health\nadmits: self-declared\n\
                        careSettings: { general-practice: General practice, hospital: Hospitals }\n";

impl Shelf {
    pub(crate) fn new() -> Self {
        let workspace = Workspace::new();
        let keys = ["supplier", "witness", "register"].map(|who| {
            let (key, pem) = SigningKey::generate(Algorithm::Ed25519).unwrap();
            private(&workspace, &format!("{who}.key"), &pem);
            key
        });
        let entry = |who: &str, signs_as: &str, key: &SigningKey| {
            let pem = key.public().to_pem().trim_end().replace('\n', "\n      ");
            format!("  - name: The {who}\n    signsAs: [{signs_as}]\n    publicKey: |\n      {pem}\n")
        };
        let trust = format!(
            "keys:\n{}{}{}",
            entry("supplier", "supplier", &keys[0]),
            entry("witness", "witness, body", &keys[1]),
            entry("register", "register", &keys[2])
        );
        workspace.write("reg/trust.yaml", &trust);
        workspace.write("reg/register.yaml", SETTINGS);
        Self { workspace, keys, made: std::cell::Cell::new(0) }
    }

    pub(crate) fn settings(&self, more: &str) {
        self.workspace.write("reg/register.yaml", &format!("{SETTINGS}{more}"));
    }

    /// A certificate, in a file of its own: its id and its file.
    pub(crate) fn certificate(&self, about: &About<'_>) -> (String, String) {
        self.made.set(self.made.get() + 1);
        let id = format!("cert-{}", self.made.get());
        let decided = about.signers.contains(&"body");
        let issued_as = if decided { "body" } else { "supplier" };
        let mut statement = json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{ "name": "run.json", "digest": { "sha256": "00" } }],
            "predicateType": "urn:proofmark:certificate:1",
            "predicate": {
                "id": id,
                "issuedAs": issued_as,
                "issued": format!("{}T09:00:00Z", about.from),
                "validity": { "from": about.from, "until": about.until },
                "run": {
                    "supplier": { "name": about.supplier, "product": about.product, "version": about.version },
                    "endpoint": "https://records.example.org/fhir",
                    "started": format!("{}T08:00:00Z", about.from),
                    "ended": format!("{}T08:01:00Z", about.from),
                    "judged": format!("{}T08:01:00Z", about.from),
                    "judgedBy": "proofmark 0.1.0",
                    "policy": "as-published",
                    "standards": [{
                        "id": about.standard,
                        "version": about.standard_version,
                        "title": "Tiny",
                        "sha256": "11",
                        "maturity": { "status": "draft", "label": "draft" },
                        "role": "server",
                        "verdict": about.verdict,
                        "sentence": format!("{} with Tiny {}", about.verdict, about.standard_version),
                        "counts": {
                            "mandatory": 2, "mandatoryPassed": 2, "mandatoryFailed": 0, "mandatoryOpen": 0,
                            "advisoryFailed": about.advisory_failed, "notApplicable": 0, "toBeDeclared": 0
                        },
                    }],
                    "notClaimed": ["T-9"],
                    "notTested": [{ "requirement": "T-8", "reason": "the supplier's data never showed it" }],
                    "waivers": about.waivers,
                },
                "tool": { "name": "proofmark", "version": "0.1.0", "sha256": "22" },
            }
        });
        if decided {
            statement["predicate"]["decision"] = json!({ "scheme": "the example scheme" });
        }
        let mut envelope = Envelope::around(&serde_json::to_vec(&statement).unwrap());
        for signer in about.signers {
            envelope.sign(&self.keys[usize::from(*signer != "supplier")]).unwrap();
        }
        let file = format!("{id}.json");
        self.workspace.write(&file, &envelope.to_text().unwrap());
        (id, file)
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.workspace.run(arguments)
    }

    pub(crate) fn add(&self, arguments: &[&str]) -> Ended {
        let mut all = vec!["register", "add", "reg"];
        all.extend(arguments);
        self.run(&all)
    }

    /// Adds, and it works.
    pub(crate) fn added(&self, arguments: &[&str]) {
        let ended = self.add(arguments);
        assert_eq!(ended.code, 0, "{arguments:?}\n{}", ended.stderr);
    }

    /// Adds, and it is refused, with what is said.
    pub(crate) fn refused(&self, arguments: &[&str]) -> String {
        let ended = self.add(arguments);
        assert_eq!(ended.code, 2, "{arguments:?}\n{}", ended.stdout);
        ended.stderr
    }

    /// Lists a certificate on a day; its id.
    pub(crate) fn listed(&self, about: &About<'_>, day: &str) -> String {
        let (id, file) = self.certificate(about);
        self.added(&[&file, "--at", &format!("{day}T10:00:00Z")]);
        id
    }

    /// Something happens to an entry on a day.
    pub(crate) fn happens(&self, event: &str, entry: &str, day: &str) {
        let at = format!("{day}T12:00:00Z");
        self.added(&["--event", event, "--entry", entry, "--reason", "as agreed", "--at", &at]);
    }

    pub(crate) fn build(&self, day: &str) {
        let ended = self.run(&["register", "build", "reg", "--at", day]);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
    }

    /// Checks on a day: the exit code and what is found.
    pub(crate) fn check(&self, day: &str, more: &[&str]) -> (i32, Value) {
        let mut all = vec!["register", "check", "reg", "--at", day, "--format", "json"];
        all.extend(more);
        let ended = self.run(&all);
        assert!(ended.code < 2, "{}", ended.stderr);
        (ended.code, serde_json::from_str(&ended.stdout).unwrap())
    }

    /// What is found on a day, of one weight.
    pub(crate) fn findings(&self, day: &str, weight: &str) -> Vec<String> {
        let (_, found) = self.check(day, &[]);
        let findings = found["findings"].as_array().unwrap().iter();
        findings
            .filter(|finding| finding["weight"] == weight)
            .map(|finding| {
                let text = |key: &str| finding[key].as_str().unwrap().to_owned();
                format!("{}: {}: {}", text("subject"), text("place"), text("what"))
            })
            .collect()
    }
}

/// A file for its owner alone.
fn private(workspace: &Workspace, name: &str, text: &str) {
    let path = workspace.write(name, text);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    #[cfg(not(unix))]
    let _ = path;
}
