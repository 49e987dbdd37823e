//! Certificates end to end: keys, signing, co-signing, deciding, verifying, and every way in which it must not hold.

use std::path::Path;

use proofmark::certificate::{Trust, Verification};
use proofmark::files::Folder;
use proofmark::standard::{Catalogue, Standard};
use serde_json::Value;

use crate::endpoint::Endpoint;
use crate::tiny::{requirement, run, scenario, standard, supplier};
use crate::workspace::{Ended, Workspace};

/// Files up to this size, in bytes, are tried byte by byte.
const SMALL: usize = 4096;

/// A run of a tiny standard, in `run/`; what is to be declared besides, as requirements; and the status answered.
fn made(status: u16, more: &str) -> Workspace {
    let workspace = Workspace::new();
    let requirements = format!("{}{}{more}", requirement("T-1"), requirement("T-2"));
    let scenarios =
        [scenario("a", "T-1", "Patient/1", 200), scenario("b", "T-2", "Patient/2", status)].concat();
    standard(&workspace, "1.0.0", &requirements, &scenarios);
    supplier(&workspace, "Example Ltd", "Records");
    let ran = run(&workspace, &Endpoint::always("200 OK", "", "{}"), "run");
    assert_eq!(ran.code, i32::from(status != 200), "{}{}", ran.stdout, ran.stderr);
    for who in ["supplier", "witness", "body", "stranger"] {
        let algorithm = if who == "witness" { "ecdsa-p256" } else { "ed25519" };
        ok(&workspace, &["keygen", "--out", who, "--algorithm", algorithm]);
    }
    let keys = ["supplier", "witness", "body"].map(|who| {
        let pem = workspace.read(&format!("{who}/proofmark.pub")).trim_end().replace('\n', "\n      ");
        format!("  - name: The {who}\n    signsAs: [{who}]\n    publicKey: |\n      {pem}\n")
    });
    workspace.write("trust.yaml", &format!("keys:\n{}", keys.concat()));
    workspace
}

fn ok(workspace: &Workspace, arguments: &[&str]) -> Ended {
    let ended = workspace.run(arguments);
    assert_eq!(ended.code, 0, "{arguments:?}\n{}{}", ended.stdout, ended.stderr);
    ended
}

fn certify(workspace: &Workspace, who: &str, more: &[&str]) -> Ended {
    let key = format!("{who}/proofmark.key");
    let role = if who == "stranger" { "supplier" } else { who };
    let mut arguments = vec!["certify", "run", "--key", &key, "--role", role, "--out", "cert.json"];
    arguments.extend(more);
    workspace.run(&arguments)
}

fn verify(workspace: &Workspace, more: &[&str]) -> (i32, Value) {
    let mut arguments =
        vec!["verify", "cert.json", "--trust", "trust.yaml", "--profiles", "more", "--format", "json"];
    arguments.extend(more);
    let ended = workspace.run(&arguments);
    assert!(ended.code < 2, "{}", ended.stderr);
    (ended.code, serde_json::from_str(&ended.stdout).unwrap())
}

fn broken(result: &Value) -> Vec<String> {
    let links = result["links"].as_array().unwrap().iter();
    links
        .filter(|link| link["state"] == "broken")
        .map(|link| format!("{}: {}", link["name"].as_str().unwrap(), link["detail"].as_str().unwrap()))
        .collect()
}

#[test]
fn a_run_is_signed_witnessed_and_certified() {
    let workspace = made(200, "");
    for (who, worth) in [("supplier", "self-declared"), ("witness", "witnessed"), ("body", "certified")] {
        let ended = certify(&workspace, who, &[]);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        let (code, result) = verify(&workspace, &["--run", "run", "--rejudge"]);
        assert_eq!((code, &broken(&result)[..]), (0, &[] as &[String]), "{result:#}");
        assert_eq!(result["assurance"], worth);
        assert_eq!(result["standards"][0]["verdict"], "conformant");
        let states = |name: &str| {
            let links = result["links"].as_array().unwrap().iter();
            links.filter(|link| link["name"] == name).all(|link| link["state"] == "holds")
        };
        for link in ["signature", "report", "evidence", "originals", "standard", "validity", "judged again"] {
            assert!(states(link), "{link}: {result:#}");
        }
    }
    let text = ok(&workspace, &["verify", "cert.json", "--trust", "trust.yaml", "--run", "run"]).stdout;
    assert!(text.starts_with("VALID, certified: certificate "), "{text}");
    assert!(text.contains("Example Ltd Records 4") && text.contains("Conformant with Tiny"), "{text}");
}

#[test]
fn one_flipped_byte_anywhere_is_found() {
    let workspace = made(200, "");
    assert_eq!(certify(&workspace, "supplier", &[]).code, 0);
    assert_eq!(certify(&workspace, "witness", &[]).code, 0);
    let certificate = workspace.read("cert.json");
    let trust = Trust::read("trust.yaml", &workspace.read("trust.yaml")).unwrap();
    let folder = Folder::Disk(workspace.path("run"));
    let record = proofmark::report::read_json(&workspace.read("run/run.json")).unwrap();
    let verified = |text: &str| {
        let mut verification = Verification::of(text, &trust, "2026-12-01");
        verification.run(&folder, Some(&record), None);
        verification.is_valid()
    };
    let at = |text: &str| Verification::of(text, &trust, &record.started[..10]).is_valid();
    assert!(at(&certificate));
    let day = &record.started[..10];
    for index in 0..certificate.len() {
        for flip in [0x01_u8, 0x02, 0x20] {
            let mut bytes = certificate.clone().into_bytes();
            bytes[index] ^= flip;
            let Ok(text) = String::from_utf8(bytes) else { continue };
            assert!(!Verification::of(&text, &trust, day).is_valid(), "byte {index} of the certificate");
        }
    }
    assert!(verified(&certificate));
    // Every byte of a small file; of a large one a thousand, from the first to the last.
    let (mut files, mut flips) = (0, 0);
    for file in folder.files().unwrap() {
        if matches!(file.as_str(), "private/run.json" | "private/journal.jsonl") {
            continue; // Not of the chain: what is made of them is.
        }
        let path = workspace.path("run").join(&file);
        let bytes = std::fs::read(&path).unwrap();
        let stride = if bytes.len() <= SMALL { 1 } else { bytes.len() / 1000 };
        for index in (0..bytes.len()).step_by(stride).chain([bytes.len() - 1]) {
            let mut changed = bytes.clone();
            changed[index] ^= 1 << (index % 8);
            std::fs::write(&path, changed).unwrap();
            assert!(!verified(&certificate), "byte {index} of {file}");
            flips += 1;
        }
        std::fs::write(&path, bytes).unwrap();
        files += 1;
    }
    assert!(files >= 8 && flips > 5000, "{flips} flips in {files} files");
    assert!(verified(&certificate));
}

#[test]
fn one_flipped_byte_of_the_standard_or_of_a_trusted_key_is_found() {
    let workspace = made(200, "");
    assert_eq!(certify(&workspace, "supplier", &[]).code, 0);
    let certificate = workspace.read("cert.json");
    let text = workspace.read("trust.yaml");
    let trust = Trust::read("trust.yaml", &text).unwrap();
    let record = proofmark::report::read_json(&workspace.read("run/run.json")).unwrap();
    let day = &record.started[..10];
    let judged_by = |trust: &Trust| {
        let mut verification = Verification::of(&certificate, trust, day);
        let catalogue = Catalogue::new(vec![Folder::Disk(workspace.path("more"))]);
        verification.standards(|name| {
            let entry = catalogue.find(name).ok().flatten()?;
            Some(Standard::load(&entry.folder).map(|one| one.digest).map_err(|errors| errors[0].to_string()))
        });
        verification.is_valid()
    };
    assert!(judged_by(&trust));
    let folder = workspace.path("more/tiny/1.0.0");
    for file in Folder::Disk(folder.clone()).files().unwrap() {
        let path = folder.join(&file);
        let bytes = std::fs::read(&path).unwrap();
        for index in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[index] ^= 1 << (index % 8);
            std::fs::write(&path, changed).unwrap();
            assert!(!judged_by(&trust), "byte {index} of {file}");
        }
        std::fs::write(&path, bytes).unwrap();
    }
    // The first key is the supplier's. Padding, and bits before it that stand for nothing, leave the key what it is.
    let begin = text.find("-----BEGIN").unwrap();
    let end = begin + text[begin..].find("-----END").unwrap();
    let key = trust.keys()[0].key.id();
    let mut same = 0;
    for index in begin + "-----BEGIN PUBLIC KEY-----".len()..end {
        let mut changed = text.clone().into_bytes();
        changed[index] ^= 0x01;
        let Ok(trust) = Trust::read("trust.yaml", &String::from_utf8(changed).unwrap()) else { continue };
        if trust.keys()[0].key.id() == key {
            same += 1;
        } else {
            assert!(!judged_by(&trust), "byte {index} of trust.yaml");
        }
    }
    assert!(same <= 10, "{same}");
}

#[test]
fn what_is_missing_swapped_or_added_is_named() {
    let workspace = made(200, "");
    ok(&workspace, &["certify", "run", "--key", "supplier/proofmark.key", "--out", "run/cert.json"]);
    let verify = |workspace: &Workspace| {
        let ended = workspace.run(&[
            "verify",
            "run/cert.json",
            "--trust",
            "trust.yaml",
            "--profiles",
            "more",
            "--format",
            "json",
        ]);
        let result: Value = serde_json::from_str(&ended.stdout).unwrap();
        (ended.code, broken(&result).join("\n"))
    };
    assert_eq!(verify(&workspace), (0, String::new()));
    let files = Folder::Disk(workspace.path("run/evidence")).files().unwrap();
    let path = |file: &String| workspace.path("run/evidence").join(file);
    let (first, second) = (path(&files[0]), path(&files[1]));
    let rename = |from: &Path, to: &Path| std::fs::rename(from, to).unwrap();
    let aside = workspace.path("aside");
    rename(&first, &aside);
    let (code, words) = verify(&workspace);
    assert!(code == 1 && words.contains(&format!("evidence/{} cannot be read", files[0])), "{words}");
    std::fs::copy(&second, &first).unwrap();
    let (code, words) = verify(&workspace);
    assert!(
        code == 1 && words.contains(&format!("evidence/{} is not the file that was signed", files[0])),
        "{words}"
    );
    rename(&aside, &first);
    workspace.write("run/evidence/more.json", "{}");
    let (code, words) = verify(&workspace);
    assert!(code == 1 && words.contains("evidence/more.json is in the folder and was not signed"), "{words}");
    std::fs::remove_file(workspace.path("run/evidence/more.json")).unwrap();
    assert_eq!(verify(&workspace), (0, String::new()));
    // The scenario of another standard, under the same name and version.
    let scenarios = workspace.read("more/tiny/1.0.0/scenarios/all.yaml");
    workspace.write("more/tiny/1.0.0/scenarios/all.yaml", &format!("{scenarios}# mended\n"));
    let (code, words) = verify(&workspace);
    assert!(code == 1 && words.contains("standard: tiny@1.0.0 has other files here"), "{words}");
}

#[test]
fn nobody_who_is_not_trusted_signs() {
    let workspace = made(200, "");
    assert_eq!(certify(&workspace, "stranger", &[]).code, 0);
    let (code, result) = verify(&workspace, &[]);
    assert_eq!(code, 1);
    assert!(broken(&result)[0].contains("by a key that the trust file does not name"), "{result:#}");
    // Trusted, but not as what they sign.
    std::fs::remove_file(workspace.path("cert.json")).unwrap();
    let signed = ["certify", "run", "--key", "witness/proofmark.key", "--out", "cert.json"];
    ok(&workspace, &signed);
    let (code, result) = verify(&workspace, &[]);
    assert_eq!(code, 1);
    assert!(broken(&result)[0].contains("The witness is not trusted to sign as supplier"), "{result:#}");
}

#[test]
fn what_is_over_no_longer_counts() {
    let workspace = made(200, "");
    let dates = ["--from", "2026-01-01", "--until", "2026-12-31"];
    assert_eq!(certify(&workspace, "supplier", &dates).code, 0);
    assert_eq!(verify(&workspace, &["--at", "2026-12-31"]).0, 0);
    let (code, result) = verify(&workspace, &["--at", "2027-01-01"]);
    assert!(code == 1 && broken(&result) == ["validity: it expired on 2026-12-31"], "{result:#}");
    let (code, result) = verify(&workspace, &["--at", "2025-12-31"]);
    assert!(code == 1 && broken(&result) == ["validity: it counts from 2026-01-01 on"], "{result:#}");
    let trust = workspace.read("trust.yaml");
    workspace.write("trust.yaml", &trust.replace("[supplier]\n", "[supplier]\n    until: 2026-06-30\n"));
    let (code, result) = verify(&workspace, &["--at", "2026-07-01"]);
    assert!(
        code == 1 && broken(&result) == ["key: the key of The supplier expired on 2026-06-30"],
        "{result:#}"
    );
}

#[test]
fn only_what_is_conformant_and_declared_is_certified() {
    let failed = made(404, "");
    let ended = certify(&failed, "body", &[]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("only a conformant run is certified"), "{}", ended.stderr);
    // A supplier may sign what failed, and verify says so.
    assert_eq!(certify(&failed, "supplier", &[]).code, 0);
    assert_eq!(verify(&failed, &["--run", "run"]).1["standards"][0]["verdict"], "not-conformant");

    let audit = requirement("T-AUDIT") + "  verifiedBy: declaration\n  question: Is there an audit trail?\n";
    let open = made(200, &audit);
    let ended = certify(&open, "body", &[]);
    assert!(
        ended.code == 2 && ended.stderr.contains("declarations are missing for T-AUDIT"),
        "{}",
        ended.stderr
    );
    open.write("said.yaml", "- requirement: T-AUDIT\n  met: true\n  answer: Every access is logged.\n");
    assert_eq!(certify(&open, "body", &["--declarations", "said.yaml"]).code, 0);
    assert_eq!(verify(&open, &["--run", "run"]).1["assurance"], "certified");
    open.write("said.yaml", "- requirement: T-AUDI\n  met: true\n  answer: Yes.\n");
    let ended = certify(&open, "body", &["--declarations", "said.yaml"]);
    assert!(
        ended.code == 2 && ended.stderr.contains("said.yaml:1:3: the run has no requirement T-AUDI"),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("did you mean T-AUDIT?"), "{}", ended.stderr);
}

#[cfg(unix)]
#[test]
fn a_private_key_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let workspace = made(200, "");
    let key = workspace.path("supplier/proofmark.key");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&key), 0o600);
    let ended = workspace.run(&["keygen", "--out", "supplier"]);
    assert!(ended.code == 2 && ended.stderr.contains("is there already"), "{}", ended.stderr);
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let ended = certify(&workspace, "supplier", &[]);
    assert!(
        ended.code == 2 && ended.stderr.contains("can be read by others than its owner"),
        "{}",
        ended.stderr
    );
    let pem = workspace.read("supplier/proofmark.key");
    let ended = workspace
        .command(&["certify", "run", "--key-env", "SIGNING_KEY", "--out", "cert.json"])
        .env("SIGNING_KEY", &pem)
        .output()
        .unwrap();
    assert!(ended.status.success());
    assert_eq!(verify(&workspace, &["--run", "run"]).0, 0);
}

#[test]
fn a_certificate_can_be_printed() {
    let workspace = made(200, "");
    assert_eq!(certify(&workspace, "supplier", &["--page", "cert.html"]).code, 0);
    let page = workspace.read("cert.html");
    let (_, result) = verify(&workspace, &[]);
    for words in
        ["Records 4 by Example Ltd", "Conformant with Tiny", "<svg", result["certificate"].as_str().unwrap()]
    {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("<script") && !page.contains("http-equiv=\"refresh\""));
}
