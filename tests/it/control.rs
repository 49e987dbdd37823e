//! What is run of a standard, what is waived, what a run is compared with, and runs in parts.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::endpoint::{Endpoint, response};
use crate::tiny::{requirement, scenario, standard};
use crate::workspace::{Ended, Workspace};

/// A standard of four requirements, each with a scenario that reads one patient.
fn four(workspace: &Workspace) {
    let ids = ["T-1", "T-2", "T-3", "T-4"];
    let scenarios: String = ["one", "two", "three", "four"]
        .iter()
        .zip(ids)
        .map(|(name, id)| scenario(name, id, &format!("Patient/{name}"), 200))
        .collect();
    standard(workspace, "1.0.0", &ids.map(requirement).concat(), &scenarios);
}

/// An endpoint that answers 404 to the patients named.
fn lacking(missing: &'static [&'static str]) -> Endpoint {
    Endpoint::start(move |line, stream| {
        let lacks = missing.iter().any(|name| line.contains(name));
        let status = if lacks { "404 Not Found" } else { "200 OK" };
        let _ = stream.write_all(response(status, "", "{}").as_bytes());
    })
}

fn run(workspace: &Workspace, endpoint: &Endpoint, more: &[&str]) -> Ended {
    let mut arguments = vec!["run", "--standard", "tiny", "--profiles", "more", "--endpoint", &endpoint.url];
    arguments.extend(more);
    workspace.run(&arguments)
}

fn outcomes(record: &Value) -> Vec<&str> {
    record["requirements"].as_array().unwrap().iter().map(|one| one["outcome"].as_str().unwrap()).collect()
}

#[test]
fn a_waiver_is_shown_everywhere_and_counts_until_it_expires() {
    let workspace = Workspace::new();
    four(&workspace);
    let endpoint = lacking(&["two"]);
    let waiver = |expires: &str| {
        format!("- {{ requirement: T-2, reason: Due in May, approver: A. Body, expires: {expires} }}\n")
    };
    workspace.write("waivers.yaml", &waiver("2999-12-31"));
    let ended = run(&workspace, &endpoint, &["--waivers", "waivers.yaml"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    for said in ["with waivers: 3 of 4 mandatory", "outcome fail; Due in May; approved by", "A. Body"] {
        assert!(ended.stdout.replace('\n', " ").contains(said), "{said} in {}", ended.stdout);
    }
    let record = workspace.json("proofmark-out/run.json");
    assert_eq!(record["standards"][0]["verdict"], "conformant-with-waivers");
    assert_eq!(record["requirements"][1]["outcome"], "fail", "a waiver does not rewrite the outcome");
    let junit = workspace.read("proofmark-out/junit.xml");
    assert!(junit.contains("<skipped") && junit.contains("type=\"waived\""), "{junit}");
    assert!(workspace.read("proofmark-out/report.html").contains("Due in May"));
    // Judged again it says the same, without the file.
    let judged = workspace.run(&["judge", "proofmark-out", "--profiles", "more"]);
    assert_eq!(judged.code, 0, "{}{}", judged.stdout, judged.stderr);

    workspace.write("waivers.yaml", &waiver("2020-01-01"));
    let late = run(&workspace, &endpoint, &["--waivers", "waivers.yaml", "--out", "late"]);
    assert_eq!(late.code, 1, "{}", late.stdout);
    assert!(late.stdout.replace('\n', " ").contains("waiver has expired"), "{}", late.stdout);
    assert!(late.stdout.contains("EXPIRED"), "{}", late.stdout);

    workspace.write("waivers.yaml", &waiver("2999-12-31").replace("T-2", "T-22"));
    let unknown = run(&workspace, &endpoint, &["--waivers", "waivers.yaml", "--out", "unknown"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("waivers.yaml:1:"), "{}", unknown.stderr);
}

#[test]
fn with_a_baseline_only_what_is_new_fails() {
    let workspace = Workspace::new();
    four(&workspace);
    let first = lacking(&["two", "three"]);
    assert_eq!(run(&workspace, &first, &["--out", "first"]).code, 1);
    let same = run(&workspace, &first, &["--baseline", "first", "--out", "same"]);
    assert_eq!(same.code, 0, "{}{}", same.stdout, same.stderr);
    assert!(same.stdout.contains("nothing failed that passed"), "{}", same.stdout);
    assert!(same.stdout.contains("Not conformant"), "the verdict is what it is: {}", same.stdout);
    let junit = workspace.read("same/junit.xml");
    assert!(!junit.contains("<failure") && junit.contains("type=\"known\""), "{junit}");
    drop(first);

    let worse = lacking(&["two", "four"]);
    let ended = run(&workspace, &worse, &["--baseline", "first", "--out", "worse"]);
    assert_eq!(ended.code, 1, "{}", ended.stdout);
    assert!(ended.stdout.contains("newly failed: T-4"), "{}", ended.stdout);
    assert!(ended.stdout.contains("mended: T-3"), "{}", ended.stdout);
    assert_eq!(workspace.read("worse/junit.xml").matches("<failure").count(), 1);
    assert!(workspace.read("worse/report.html").contains("newly failed"));
    // Another endpoint is a comparison too, and is said wherever it is reported.
    let said = "the baseline is a run of the endpoint http";
    for text in
        [&ended.stdout.split_whitespace().collect::<Vec<_>>().join(" "), &workspace.read("worse/report.html")]
    {
        assert!(text.contains(said), "{text}");
    }
    assert!(!same.stdout.contains("the baseline is a run"), "{}", same.stdout);

    // What another standard asked for cannot be compared with.
    workspace.write(
        "first/run.json",
        &workspace.read("first/run.json").replacen("\"id\": \"tiny\"", "\"id\": \"other\"", 1),
    );
    let other = run(&workspace, &worse, &["--baseline", "first", "--out", "other"]);
    assert_eq!(other.code, 2, "{}", other.stdout);
    assert!(
        other.stderr.contains("the baseline was judged by other@1.0.0, and this run by tiny@1.0.0"),
        "{}",
        other.stderr
    );
}

#[test]
fn a_part_of_a_standard_is_never_conformance() {
    let workspace = Workspace::new();
    four(&workspace);
    let endpoint = lacking(&["two"]);
    let one = run(&workspace, &endpoint, &["--scenario", "t*", "--requirement", "T-3", "--out", "one"]);
    assert_eq!(one.code, 3, "{}{}", one.stdout, one.stderr);
    let record = workspace.json("one/run.json");
    assert_eq!(outcomes(&record), ["not-demonstrated", "not-demonstrated", "pass", "not-demonstrated"]);
    assert!(one.stdout.contains("scenarios t*; requirements T-3"), "{}", one.stdout);
    let judged = workspace.run(&["judge", "one", "--profiles", "more", "--out", "again"]);
    assert_eq!(judged.code, 3, "{}", judged.stderr);
    assert_eq!(outcomes(&workspace.json("again/run.json")), outcomes(&record));

    assert_eq!(run(&workspace, &endpoint, &["--out", "all"]).code, 1);
    let failed = run(&workspace, &endpoint, &["--only-failed", "all", "--out", "failed"]);
    assert_eq!(failed.code, 1, "{}", failed.stdout);
    assert_eq!(workspace.json("failed/run.json")["scenarios"].as_array().unwrap().len(), 1);

    let none = run(&workspace, &endpoint, &["--scenario", "nothing", "--out", "none"]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("none of the scenarios is chosen"), "{}", none.stderr);
}

#[test]
fn tags_choose_and_leave_out() {
    let workspace = Workspace::new();
    four(&workspace);
    let file = "more/tiny/1.0.0/scenarios/all.yaml";
    let tagged = workspace
        .read(file)
        .replace("- scenario: one\n", "- scenario: one\n  tags: [smoke]\n")
        .replace("- scenario: two\n", "- scenario: two\n  tags: [smoke, slow]\n")
        .replace("- scenario: three\n", "- scenario: three\n  tags: [slow]\n");
    workspace.write(file, &tagged);
    let endpoint = lacking(&[]);
    let ran = |tags: &[&str]| -> Vec<String> {
        let ended = run(&workspace, &endpoint, &[tags, &["--force", "--report", "markdown"]].concat());
        assert_eq!(ended.code, 3, "{}{}", ended.stdout, ended.stderr);
        let record = workspace.json("proofmark-out/run.json");
        record["scenarios"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ran(&["--tag", "slow"]), ["two", "three"]);
    assert_eq!(ran(&["--tag", "slow", "--scenario", "two"]), ["two"]);
    assert_eq!(ran(&["--not-tag", "slow"]), ["one", "four"]);
    assert_eq!(ran(&["--tag", "smoke", "--tag", "slow", "--not-tag", "smoke"]), ["three"]);
    let said = "tags smoke, slow; not tags smoke";
    for report in ["report.html", "report.md", "junit.xml"] {
        assert!(workspace.read(&format!("proofmark-out/{report}")).contains(said), "{report}");
    }
    assert_eq!(workspace.json("proofmark-out/run.json")["settings"]["selection"], said);

    let unknown = run(&workspace, &endpoint, &["--tag", "smok", "--out", "unknown"]);
    assert_eq!(unknown.code, 2, "{}", unknown.stdout);
    assert!(unknown.stderr.contains("no scenario of tiny@1.0.0 has the tag `smok`"), "{}", unknown.stderr);
    assert!(unknown.stderr.contains("its scenarios have the tags slow, smoke"), "{}", unknown.stderr);
    let plan = workspace.run(&["plan", "--standard", "tiny", "--profiles", "more", "--tag", "smoke"]);
    for words in ["2 scenarios, chosen: tags smoke", "\n  tags smoke, slow\n"] {
        assert!(plan.stdout.contains(words), "{words} in {}", plan.stdout);
    }
    assert!(!plan.stdout.contains("\nthree\n"), "{}", plan.stdout);
    let at = ["--endpoint", &endpoint.url, "--profiles", "more", "--not-tag", "slow"];
    let doctor = workspace.run(&[["doctor", "--standard", "tiny"].as_slice(), &at].concat());
    assert!(doctor.stdout.contains("of 2 scenarios could be run"), "{}{}", doctor.stdout, doctor.stderr);
}

#[test]
fn shares_put_together_are_the_whole() {
    let workspace = Workspace::new();
    four(&workspace);
    let endpoint = lacking(&["two"]);
    for share in ["1/3", "2/3", "3/3"] {
        let folder = format!("share-{}", &share[..1]);
        run(&workspace, &endpoint, &["--shard", share, "--out", &folder]);
    }
    run(&workspace, &endpoint, &["--out", "whole"]);
    drop(endpoint);
    let merged = workspace.run(&["merge", "share-3", "share-1", "share-2", "--profiles", "more"]);
    assert_eq!(merged.code, 1, "{}{}", merged.stdout, merged.stderr);
    let (merged, whole) = (workspace.json("proofmark-merged/run.json"), workspace.json("whole/run.json"));
    assert_eq!(outcomes(&merged), outcomes(&whole));
    assert_eq!(merged["standards"], whole["standards"]);
    let ids = |record: &Value| -> Vec<String> {
        let scenarios = record["scenarios"].as_array().unwrap().iter();
        scenarios.map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&merged), ids(&whole));

    let twice = workspace.run(&["merge", "share-1", "whole", "--profiles", "more", "--out", "twice"]);
    assert_eq!(twice.code, 2);
    assert!(twice.stderr.contains("both ran one"), "{}", twice.stderr);
    // What no share ran is not passed.
    let part = workspace.run(&["merge", "share-1", "share-2", "--profiles", "more", "--out", "part"]);
    assert!(part.stdout.contains("the recording holds no answer"), "{}", part.stdout);
}

#[test]
fn a_killed_run_is_gone_on_with() {
    let workspace = Workspace::new();
    four(&workspace);
    let (stuck, asked) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicUsize::new(0)));
    let (is_stuck, count) = (Arc::clone(&stuck), Arc::clone(&asked));
    let endpoint = Endpoint::start(move |line, stream| {
        count.fetch_add(1, Ordering::SeqCst);
        while line.contains("three") && is_stuck.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = stream.write_all(response("200 OK", "", "{}").as_bytes());
    });
    let arguments =
        ["run", "--standard", "tiny", "--profiles", "more", "--endpoint", &endpoint.url, "--jobs", "1"];
    let mut child = workspace.command(&arguments).stderr(std::process::Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    while asked.load(Ordering::SeqCst) < 3 && started.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    stuck.store(false, Ordering::SeqCst);
    assert!(!workspace.path("proofmark-out/run.json").exists());

    let refused = workspace.run(&arguments);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("--resume proofmark-out"), "{}", refused.stderr);
    let before = asked.load(Ordering::SeqCst);
    let mut again = arguments.to_vec();
    again.extend(["--resume", "proofmark-out"]);
    let resumed = workspace.run(&again);
    assert_eq!(resumed.code, 0, "{}{}", resumed.stdout, resumed.stderr);
    assert_eq!(asked.load(Ordering::SeqCst) - before, 2, "what had ended was asked again");
    assert!(resumed.stderr.contains("2 scenarios had ended"), "{}", resumed.stderr);
    // The whole can be judged again.
    let judged = workspace.run(&["judge", "proofmark-out", "--profiles", "more"]);
    assert_eq!(judged.code, 0, "{}{}", judged.stdout, judged.stderr);

    let elsewhere = lacking(&[]);
    let other = run(&workspace, &elsewhere, &["--resume", "proofmark-out"]);
    assert_eq!(other.code, 2);
    assert!(other.stderr.contains("it asks http"), "{}", other.stderr);
}
