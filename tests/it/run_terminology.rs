//! `run --terminology`: a terminology service on loopback is asked in a run, and nobody when it is judged again.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::endpoint::{Endpoint, response};
use crate::terminology::{Service, failing, service};
use crate::tiny::{requirement, standard};
use crate::workspace::{Ended, Workspace};

/// Observations whose codes are those in their ids; 1 is one of SNOMED CT, says the service.
fn observations() -> Endpoint {
    Endpoint::start(observation)
}

fn observation(line: &str, stream: &mut TcpStream) {
    let id = line.split(['/', ' ']).nth(4).unwrap_or_default();
    let body = format!(
        r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{{"text":"Mrs Secret","coding":[
            {{"system":"http://snomed.info/sct","code":"{id}","display":"secret words"}}]}}}}"#
    );
    let head = "Content-Type: application/fhir+json\r\n";
    let _ = stream.write_all(response("200 OK", head, &body).as_bytes());
}

/// One scenario judges the codes 1 and 2, another asks whether each is in a value set that nobody here can list.
fn coded(workspace: &Workspace) {
    let reads = |check: &str| {
        let read = |code: u8| {
            let check = check.replace("CODE", &code.to_string());
            format!("    - read: Observation/{code}\n      expect: {{ {check} }}\n")
        };
        [read(1), read(2)].concat()
    };
    let scenario = |id: &str, requirement: &str, check: &str| {
        format!("- scenario: {id}\n  title: {id}\n  verifies: [{requirement}]\n  steps:\n{}", reads(check))
    };
    let conforms = "conformsTo: http://hl7.org/fhir/StructureDefinition/Observation";
    let member = "fhirpath: \"code.memberOf('http://example.org/ValueSet/ours') = (id = '1')\"";
    let scenarios = [scenario("codes", "T-1", conforms), scenario("members", "T-2", member)].concat();
    standard(workspace, "1.0.0", &[requirement("T-1"), requirement("T-2")].concat(), &scenarios);
}

fn run(workspace: &Workspace, endpoint: &str, more: &[&str]) -> Ended {
    let arguments =
        ["run", "--standard", "tiny", "--profiles", "more", "--endpoint", endpoint, "--jobs", "8"];
    workspace.run(&[&arguments, more].concat())
}

fn outcomes(record: &Value) -> Vec<&str> {
    record["requirements"].as_array().unwrap().iter().map(|one| one["outcome"].as_str().unwrap()).collect()
}

/// The record without the moment that it was judged.
fn record(workspace: &Workspace, folder: &str) -> Value {
    let mut record = workspace.json(&format!("{folder}/run.json"));
    assert!(record.as_object_mut().unwrap().remove("judged").is_some());
    record
}

#[test]
fn what_a_service_told_is_kept_and_judged_again_without_it() {
    let workspace = Workspace::new();
    coded(&workspace);
    let (endpoint, service) = (observations(), service(true));
    let ran = run(&workspace, &endpoint.url, &["--terminology", &service.endpoint.url]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("4 code(s) told, 0 could not be told"), "{}", ran.stderr);
    let address = format!("{}/", service.endpoint.url);
    let first = record(&workspace, "proofmark-out");
    assert_eq!(outcomes(&first), ["fail", "pass"], "{}", ran.stdout);
    let used = &first["terminology"];
    assert_eq!(
        (&used["service"], &used["software"]),
        (&address.clone().into(), &"Example Terminology 2.1".into())
    );
    assert_eq!((&used["questions"], &used["unanswered"]), (&4.into(), &0.into()));
    let said = format!("`2` is not a code of http://snomed.info/sct, says {address}");
    assert!(workspace.read("proofmark-out/run.json").contains(&said), "{said}");
    let page = workspace.read("proofmark-out/report.html");
    assert!(page.contains("(Example Terminology 2.1) was asked about 4 codes"), "{page}");
    let words = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("was asked about 4 codes that the packages do not tell; 0 could"), "{words}");
    {
        let seen = service.seen.lock().unwrap();
        assert!(seen.iter().all(|(_, body)| !body.contains("ecret")), "{seen:?}");
    }
    // What was asked are codes of records: they are nobody's business, and are not sent a second time.
    assert!(!workspace.read("proofmark-out/run.json").contains("valueSet"));
    let asked = service.seen.lock().unwrap().len();
    drop(endpoint);

    for round in ["again", "once-more"] {
        let from = if round == "again" { "proofmark-out" } else { "again" };
        let judged = workspace.run(&["judge", from, "--profiles", "more", "--out", round]);
        assert_eq!(judged.code, 1, "{}{}", judged.stdout, judged.stderr);
        assert_eq!(record(&workspace, round), first);
        for file in ["private/terminology.json", "junit.xml"] {
            let read = |folder: &str| workspace.read(&format!("{folder}/{file}"));
            assert_eq!(read(round), read("proofmark-out"), "{file}");
        }
    }
    assert_eq!(service.seen.lock().unwrap().len(), asked, "judging again asked the service");
}

#[test]
fn without_the_flag_nobody_is_asked_and_nothing_is_said_of_it() {
    let workspace = Workspace::new();
    coded(&workspace);
    let endpoint = observations();
    for more in [&[][..], &["--terminology", "none", "--force"]] {
        let ran = run(&workspace, &endpoint.url, more);
        let record = workspace.json("proofmark-out/run.json");
        assert_eq!(outcomes(&record), ["pass", "inconclusive"], "{}", ran.stdout);
        assert!(record.get("terminology").is_none() && !ran.stdout.contains("packages do not tell"));
        assert!(!workspace.path("proofmark-out/private/terminology.json").exists());
    }
    let ran =
        run(&workspace, &endpoint.url, &["--terminology", "http://user:secret@127.0.0.1:1/", "--force"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("not the address") && !ran.stderr.contains("secret@"), "{}", ran.stderr);
}

#[test]
fn answers_that_were_changed_are_refused_and_missing_ones_are_not_made_up() {
    let workspace = Workspace::new();
    coded(&workspace);
    let (endpoint, service) = (observations(), service(true));
    run(&workspace, &endpoint.url, &["--terminology", &service.endpoint.url]);
    let file = "proofmark-out/private/terminology.json";
    let changed = workspace.read(file).replace("false", "true");
    workspace.write(file, &changed);
    let judged = workspace.run(&["judge", "proofmark-out", "--profiles", "more"]);
    assert_eq!(judged.code, 2, "{}{}", judged.stdout, judged.stderr);
    assert!(
        judged.stderr.contains("terminology.json: is not the file that the run wrote"),
        "{}",
        judged.stderr
    );
    std::fs::remove_file(workspace.path(file)).unwrap();
    let judged = workspace.run(&["judge", "proofmark-out", "--profiles", "more"]);
    assert_eq!(judged.code, 2, "{}{}", judged.stdout, judged.stderr);
    assert!(judged.stderr.contains("terminology.json: cannot be read"), "{}", judged.stderr);
}

#[test]
fn a_service_that_fails_passes_nothing_and_is_said_once() {
    for (way, service) in failing().iter().enumerate() {
        let workspace = Workspace::new();
        coded(&workspace);
        let endpoint = observations();
        let ran = run(&workspace, &endpoint.url, &["--terminology", &service.url]);
        assert_eq!(ran.code, 3, "{way}: {}{}", ran.stdout, ran.stderr);
        let first = record(&workspace, "proofmark-out");
        // What is not bound is not judged, and nothing else was found; what asks for the code is not decided, and what
        // rests on that is not asked.
        assert_eq!(outcomes(&first), ["pass", "inconclusive"], "{way}");
        assert_eq!(
            (&first["terminology"]["questions"], &first["terminology"]["unanswered"]),
            (&3.into(), &3.into())
        );
        assert_eq!(ran.stderr.matches("3 could not be told").count(), 1, "{}", ran.stderr);
        let judged = workspace.run(&["judge", "proofmark-out", "--profiles", "more"]);
        assert_eq!(judged.code, 3, "{}{}", judged.stdout, judged.stderr);
        assert_eq!(record(&workspace, "proofmark-judged"), first, "{way}");
    }
}

#[test]
fn shares_bring_their_answers_along() {
    let workspace = Workspace::new();
    coded(&workspace);
    let (endpoint, service) = (observations(), service(false));
    for share in ["1/2", "2/2"] {
        let folder = format!("share-{}", &share[..1]);
        run(
            &workspace,
            &endpoint.url,
            &["--terminology", &service.endpoint.url, "--shard", share, "--out", &folder],
        );
    }
    run(&workspace, &endpoint.url, &["--shard", "2/2", "--out", "unasked"]);
    let Service { endpoint: answering, .. } = service;
    drop((endpoint, answering));
    let merged = workspace.run(&["merge", "share-2", "share-1", "--profiles", "more"]);
    assert_eq!(merged.code, 1, "{}{}", merged.stdout, merged.stderr);
    let record = workspace.json("proofmark-merged/run.json");
    assert_eq!(outcomes(&record), ["fail", "pass"]);
    assert_eq!(record["terminology"]["questions"], 4);
    let judged = workspace.run(&["judge", "proofmark-merged", "--profiles", "more"]);
    assert_eq!(judged.code, 1, "{}{}", judged.stdout, judged.stderr);

    let other = workspace.run(&["merge", "share-1", "unasked", "--profiles", "more", "--out", "other"]);
    assert_eq!(other.code, 2, "{}", other.stdout);
    assert!(
        other.stderr.contains("different terminology services") && other.stderr.contains("none"),
        "{}",
        other.stderr
    );
}

#[test]
fn a_killed_run_goes_on_with_the_answers_that_it_had() {
    let workspace = Workspace::new();
    coded(&workspace);
    let (stuck, reads) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicUsize::new(0)));
    let (is_stuck, count) = (Arc::clone(&stuck), Arc::clone(&reads));
    let endpoint = Endpoint::start(move |line, stream| {
        // The third read is the first of the second scenario.
        if count.fetch_add(1, Ordering::SeqCst) == 2 {
            while is_stuck.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        observation(line, stream);
    });
    let service = service(true);
    let terminology = ["--terminology", &service.endpoint.url];
    let start =
        ["run", "--standard", "tiny", "--profiles", "more", "--jobs", "1", "--endpoint", &endpoint.url];
    let started = [&start[..], &terminology].concat();
    let mut child = workspace.command(&started).stderr(std::process::Stdio::null()).spawn().unwrap();
    for _ in 0..1500 {
        if reads.load(Ordering::SeqCst) >= 3 {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    stuck.store(false, Ordering::SeqCst);
    // The answers of other runs are forgotten, so that only those of this run can be known.
    std::fs::remove_dir_all(workspace.path(".cache")).unwrap();
    service.seen.lock().unwrap().clear();

    let other = workspace.run(&[&start[..], &["--resume", "proofmark-out"]].concat());
    assert_eq!(other.code, 2, "{}", other.stdout);
    assert!(other.stderr.contains("this would ask no terminology service"), "{}", other.stderr);
    let resumed = workspace.run(&[&started[..], &["--resume", "proofmark-out"]].concat());
    assert_eq!(resumed.code, 1, "{}{}", resumed.stdout, resumed.stderr);
    let record = workspace.json("proofmark-out/run.json");
    assert_eq!((outcomes(&record), &record["terminology"]["questions"]), (vec!["fail", "pass"], &4.into()));
    let seen = service.seen.lock().unwrap();
    assert!(seen.iter().all(|(_, body)| !body.contains("CodeSystem/")), "asked again: {seen:?}");
}
