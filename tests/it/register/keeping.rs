//! Keeping a register: what it admits, what can become of an entry, and what a verifier is told.

use serde_json::json;

use super::shelf::{About, Shelf};
use crate::endpoint::Endpoint;
use crate::tiny::{requirement, run, scenario, standard, supplier};

#[test]
fn only_what_the_register_admits_is_listed() {
    let shelf = Shelf::new();
    let (_, file) = shelf.certificate(&About::default());
    let text = shelf.workspace.read(&file);
    shelf.workspace.write("forged.json", &text.replace("\"sig\": \"", "\"sig\": \"AAAA"));
    let said = shelf.refused(&["forged.json"]);
    assert!(said.contains("the certificate is not valid: signature"), "{said}");

    shelf.settings("withdrawnTools: []\n");
    let settings = shelf.workspace.read("reg/register.yaml").replace("self-declared", "witnessed");
    shelf.workspace.write("reg/register.yaml", &settings);
    let said = shelf.refused(&[&file]);
    assert!(
        said.contains("is self-declared, and the register admits what is witnessed or certified"),
        "{said}"
    );
    let (_, witnessed) = shelf.certificate(&About { signers: &["supplier", "witness"], ..About::default() });
    let said = shelf.refused(&[&witnessed, "--care-setting", "general-practise"]);
    assert!(said.contains("did you mean `general-practice`?"), "{said}");
    shelf.added(&[&witnessed, "--care-setting", "general-practice"]);
    let said = shelf.refused(&[&witnessed]);
    assert!(said.contains("this certificate is in the register"), "{said}");
    let (_, again) = shelf.certificate(&About { signers: &["supplier", "witness"], ..About::default() });
    let said = shelf.refused(&[&again]);
    assert!(said.contains("Records 4 is listed for the same already, as cert-2"), "{said}");
    let (_, nameless) =
        shelf.certificate(&About { product: " ", signers: &["supplier", "witness"], ..About::default() });
    let said = shelf.refused(&[&nameless]);
    assert!(said.contains("it names no product"), "{said}");
}

#[test]
fn a_failure_is_published_with_consent_only() {
    let shelf = Shelf::new();
    let failed = About { verdict: "not-conformant", ..About::default() };
    let (_, file) = shelf.certificate(&failed);
    let said = shelf.refused(&[&file]);
    assert!(said.contains("not conformant with tiny@1.0.0") && said.contains("--consent"), "{said}");
    let consent = "Jo Bloggs of Example Ltd, letter of 2 January";
    shelf.added(&[&file, "--consent", consent, "--at", "2026-02-01T00:00:00Z"]);
    // What is found after listing is published, consent or not.
    let id = shelf.listed(&About { version: "5", ..About::default() }, "2026-11-20");
    shelf.added(&[
        "--event",
        "nonconformity",
        "--entry",
        &id,
        "--reason",
        "Dates were wrong",
        "--requirement",
        "T-1",
    ]);
    shelf.build("2026-11-22");
    let page = shelf.workspace.json("reg/register.json")["entries"][1]["page"].as_str().unwrap().to_owned();
    let page = shelf.workspace.read(&format!("reg/{page}"));
    assert!(page.contains("Dates were wrong") && page.contains("letter of 2 January"), "{page}");
}

#[test]
fn only_what_can_come_next_is_recorded() {
    let shelf = Shelf::new();
    let id = shelf.listed(&About::default(), "2026-02-01");
    let at = "2026-03-01T00:00:00Z";
    let said = shelf.refused(&["--event", "reinstated", "--entry", &id, "--reason", "x", "--at", at]);
    assert!(said.contains("cert-1 is current and cannot be reinstated"), "{said}");
    assert!(said.contains("renewed, suspended, withdrawn, superseded, expired, nonconformity"), "{said}");
    let said = shelf.refused(&["--event", "expired", "--entry", &id, "--at", at]);
    assert!(said.contains("cert-1 counts until 2026-12-31"), "{said}");
    let said = shelf.refused(&["--event", "suspended", "--entry", &id, "--at", at]);
    assert!(said.contains("why is it suspended?"), "{said}");
    let said = shelf.refused(&["--event", "suspended", "--entry", "cert-7", "--reason", "x", "--at", at]);
    assert!(said.contains("the register has no entry cert-7"), "{said}");
    let said = shelf.refused(&[
        "--event",
        "suspended",
        "--entry",
        &id,
        "--reason",
        "x",
        "--at",
        "2026-01-01T00:00:00Z",
    ]);
    assert!(said.contains("is before the last event"), "{said}");
    let said = shelf.refused(&[
        "--event",
        "suspended",
        "--entry",
        &id,
        "--reason",
        "x",
        "--consent",
        "y",
        "--at",
        at,
    ]);
    assert!(said.contains("--consent has no meaning"), "{said}");
    for event in ["suspended", "reinstated", "withdrawn"] {
        shelf.happens(event, &id, "2026-03-02");
    }
    let said = shelf.refused(&["--event", "suspended", "--entry", &id, "--reason", "x"]);
    assert!(said.contains("cert-1 is withdrawn and cannot be suspended"), "{said}");
    assert_eq!(shelf.check("2026-03-03", &[]).0, 0);
}

#[test]
fn entries_are_renewed_superseded_and_expire() {
    let shelf = Shelf::new();
    let id = shelf.listed(&About { until: "2026-02-28", ..About::default() }, "2026-02-01");
    let state = |day: &str| {
        let ended = shelf.run(&["register", "list", "reg", "--format", "json", "--at", day]);
        let listed: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
        listed[0]["state"].as_str().unwrap().to_owned()
    };
    assert_eq!((state("2026-02-28"), state("2026-03-01")), ("current".to_owned(), "expired".to_owned()));
    shelf.added(&["--event", "expired", "--at", "2026-03-05T00:00:00Z"]);
    assert!(shelf.workspace.read("reg/events/00000002.json").contains("\"kind\": \"expired\""));
    let (_, other) = shelf.certificate(&About { version: "5", from: "2026-03-01", ..About::default() });
    let said = shelf.refused(&[&other, "--event", "renewed", "--entry", &id]);
    assert!(said.contains("it is of Records 5 by Example Ltd, and the entry is of Records 4"), "{said}");
    let (renewed, file) = shelf.certificate(&About { from: "2026-03-01", ..About::default() });
    shelf.added(&[&file, "--event", "renewed", "--entry", &id, "--at", "2026-03-06T00:00:00Z"]);
    assert_eq!(state("2026-03-07"), "current");
    shelf.added(&[&other, "--at", "2026-03-08T00:00:00Z"]);
    let said = shelf.refused(&["--event", "superseded", "--entry", &id, "--reason", "x"]);
    assert!(said.contains("--superseded-by ID"), "{said}");
    let superseded =
        ["--event", "superseded", "--entry", &id, "--superseded-by", "cert-2", "--reason", "5 is out"];
    shelf.added(&superseded);
    assert_eq!(state("2026-11-22"), "superseded");
    shelf.build("2026-11-22");
    let document = shelf.workspace.json("reg/register.json");
    assert_eq!(document["entries"][0]["certificates"][1]["id"], renewed.as_str());
    assert_eq!(document["entries"][0]["supersededBy"], "cert-2");
    assert_eq!(shelf.check("2026-11-22", &[]).0, 0, "{:?}", shelf.findings("2026-11-22", "error"));
}

#[test]
fn a_waiver_that_ends_ends_the_entry() {
    let shelf = Shelf::new();
    let waivers = json!([{ "requirement": "T-1", "reason": "r", "approver": "a", "expires": "2026-06-30" }]);
    let about = About { verdict: "conformant-with-waivers", waivers, ..About::default() };
    shelf.listed(&about, "2026-02-01");
    let list = |day: &str| shelf.run(&["register", "list", "reg", "--at", day, "--state", "expired"]).stdout;
    assert!(list("2026-06-30").starts_with("0 listings"));
    assert!(list("2026-07-01").contains("until 2026-06-30"));
}

#[test]
fn events_are_signed_where_the_register_says_so() {
    let shelf = Shelf::new();
    shelf.settings("signed: true\n");
    let (id, file) = shelf.certificate(&About::default());
    assert!(shelf.refused(&[&file]).contains("the events of this register are signed"));
    let said = shelf.refused(&[&file, "--key", "supplier.key"]);
    assert!(said.contains("does not say that this key signs as `register`"), "{said}");
    shelf.added(&[&file, "--key", "register.key"]);
    let said = shelf.refused(&["--event", "suspended", "--entry", &id, "--reason", "x"]);
    assert!(said.contains("are signed"), "{said}");
    shelf.build("2026-11-22");
    assert_eq!(shelf.check("2026-11-22", &[]).0, 0);
    let event = shelf.workspace.read("reg/events/00000001.json");
    shelf.workspace.write("reg/events/00000001.json", &event.replace("Example Health", "Another"));
    let found = shelf.findings("2026-11-22", "error").join("\n");
    assert!(
        found.contains("signature: events/00000001.json: the signature of The register does not fit"),
        "{found}"
    );
}

#[test]
fn what_the_register_says_is_part_of_being_valid() {
    let shelf = Shelf::new();
    let workspace = &shelf.workspace;
    let scenarios = scenario("a", "T-1", "Patient/1", 200);
    standard(workspace, "1.0.0", &requirement("T-1"), &scenarios);
    supplier(workspace, "Example Ltd", "Records");
    assert_eq!(run(workspace, &Endpoint::always("200 OK", "", "{}"), "run").code, 0);
    let certify = ["certify", "run", "--key", "supplier.key", "--out", "cert.json"];
    assert_eq!(shelf.run(&certify).code, 0);
    let verify = |what: &str| {
        let ended = shelf.run(&[
            "verify",
            "cert.json",
            "--trust",
            "reg/trust.yaml",
            "--run",
            "run",
            "--profiles",
            "more",
            "--register",
            "reg",
            "--format",
            "json",
        ]);
        let result: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
        let mut links = result["links"].as_array().unwrap().iter();
        let link = links.rfind(|link| link["name"] == "register").unwrap().clone();
        assert!(link["detail"].as_str().unwrap().contains(what), "{link}");
        (ended.code, link["state"].as_str().unwrap().to_owned())
    };
    assert_eq!(verify("does not list"), (0, "not-checked".to_owned()));
    shelf.added(&["cert.json", "--key", "register.key"]);
    assert_eq!(verify("lists it as current"), (0, "holds".to_owned()));
    let id = workspace.json("reg/events/00000001.json")["entry"].as_str().unwrap().to_owned();
    let change = |event: &str| {
        let reason = ["--reason", "complaints", "--key", "register.key"];
        shelf.added(&[&["--event", event, "--entry", &id], &reason[..]].concat());
    };
    change("suspended");
    assert_eq!(verify("is suspended since"), (1, "broken".to_owned()));
    change("reinstated");
    change("nonconformity");
    let found = ", and records what was found since: nonconformity of ";
    assert_eq!(verify(found), (0, "warns".to_owned()));
    let asked = ["verify", "cert.json", "--trust", "reg/trust.yaml", "--run", "run", "--register", "reg"];
    let text = shelf.run(&asked).stdout;
    assert!(
        text.starts_with("VALID WITH A WARNING, self-declared: ") && text.contains("  ! register "),
        "{text}"
    );
    change("suspended");
    assert_eq!(verify("is suspended since"), (1, "broken".to_owned()));
    change("reinstated"); // What was found was mended.
    assert_eq!(verify("lists it as current"), (0, "holds".to_owned()));
    change("withdrawn");
    assert_eq!(verify(": complaints"), (1, "broken".to_owned()));
    let event = workspace.read("reg/events/00000002.json");
    workspace.write("reg/events/00000002.json", &event.replace("complaints", "nothing"));
    assert_eq!(verify("does not hold: events/00000002.json"), (1, "broken".to_owned()));
}
