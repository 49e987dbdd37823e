//! How fast, how often and how much is asked: by the real program against endpoints that count.

use serde_json::Value;

use crate::endpoint::response;
use crate::guarded::{Guarded, fhir};
use crate::workspace::{Ended, Workspace};

fn run(endpoint: &Guarded, arguments: &[&str]) -> (Ended, Value, Workspace) {
    let workspace = Workspace::new();
    let all = ["run", "--standard", "careconnect", "--endpoint", &endpoint.url, "--jobs", "1"];
    let ended = workspace.run(&[&all, arguments].concat());
    assert!(workspace.path("proofmark-out/run.json").exists(), "{}", ended.stderr);
    let record = workspace.json("proofmark-out/run.json");
    (ended, record, workspace)
}

fn exchanges(record: &Value) -> &Vec<Value> {
    record["exchanges"].as_array().unwrap()
}

#[test]
fn an_answer_that_came_only_when_repeated_is_said_to_be_flaky() {
    let endpoint = Guarded::start(|request, before| {
        let first = before == 0 && request.line.contains("/metadata");
        if first { response("503 Service Unavailable", "", "") } else { fhir(true) }
    });
    let (ended, record, workspace) = run(&endpoint, &[]);
    let flaky: Vec<&Value> = exchanges(&record).iter().filter(|one| !one["flaky"].is_null()).collect();
    assert_eq!(flaky.len(), 1, "{flaky:?}");
    assert_eq!(flaky[0]["flaky"], "answered at try 2 only; before: status 503");
    assert_eq!(flaky[0]["status"], 200);
    let evidence = workspace.json(&format!("proofmark-out/{}", flaky[0]["file"].as_str().unwrap()));
    assert_eq!(
        (&evidence["tries"][0]["status"], &evidence["tries"][0]["why"]),
        (&503.into(), &"failed".into())
    );
    assert!(ended.stdout.contains("Flaky"), "{}", ended.stdout);
    assert!(workspace.read("proofmark-out/junit.xml").contains("flaky: GET"));
    assert!(workspace.read("proofmark-out/report.html").contains("Flaky answers: 1."));
}

#[test]
fn what_fails_each_time_is_repeated_so_often_and_fails() {
    let endpoint = Guarded::start(|_, _| response("503 Service Unavailable", "Retry-After: 0\r\n", ""));
    let (ended, record, _workspace) = run(&endpoint, &["--retries", "1"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    let one = &exchanges(&record)[0];
    assert_eq!((&one["status"], &one["flaky"]), (&503.into(), &Value::Null));
    // GET is sent twice; what is not safe to repeat, once.
    let gets = exchanges(&record).iter().filter(|one| one["method"] == "GET").count();
    let others = exchanges(&record).len() - gets;
    assert_eq!(endpoint.received("").len(), 2 * gets + others);
}

#[test]
fn a_server_that_asks_for_patience_gets_it_and_is_not_called_flaky() {
    let endpoint = Guarded::start(|_, before| {
        if before == 0 { response("429 Too Many Requests", "Retry-After: 0\r\n", "") } else { fhir(true) }
    });
    let (ended, record, workspace) = run(&endpoint, &[]);
    let gets: Vec<&Value> = exchanges(&record).iter().filter(|one| one["method"] == "GET").collect();
    assert!(gets.iter().all(|one| one["status"] == 200 && one["flaky"].is_null()), "{gets:?}");
    let evidence = workspace.json(&format!("proofmark-out/{}", gets[0]["file"].as_str().unwrap()));
    assert_eq!(evidence["tries"][0]["why"], "patience");
    assert!(!ended.stdout.contains("Flaky"), "{}", ended.stdout);
}

#[test]
fn a_budget_of_requests_that_is_used_up_leaves_the_rest_open() {
    let endpoint = Guarded::start(|_, _| fhir(true));
    let (_, record, _workspace) = run(&endpoint, &["--max-requests", "5"]);
    assert_eq!(endpoint.received("").len(), 5);
    let scenarios = record["scenarios"].as_array().unwrap();
    let last = scenarios.iter().rev().find(|scenario| scenario["outcome"] == "not-demonstrated").unwrap();
    assert_eq!(last["reason"], "the run's budget of 5 requests is used up");
    let outcomes: Vec<&str> = scenarios.iter().map(|one| one["outcome"].as_str().unwrap()).collect();
    assert!(!outcomes.contains(&"inconclusive"), "{outcomes:?}");
}

#[test]
fn a_budget_of_time_that_is_used_up_ends_the_run() {
    let endpoint = Guarded::start(|_, _| {
        std::thread::sleep(std::time::Duration::from_secs(2));
        fhir(true)
    });
    let (ended, record, _workspace) = run(&endpoint, &["--budget", "1s"]);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    assert_eq!(endpoint.received("").len(), 1);
    let text = record.to_string();
    assert!(text.contains("the run's budget of 1 s is used up"), "{text}");
}

#[test]
fn what_is_no_rate_or_budget_is_refused() {
    let workspace = Workspace::new();
    for (flag, value, words) in [
        ("--rate", "0", "rate must be between"),
        ("--budget", "soon", "`soon` is no time"),
        ("--retries", "11", "11"),
    ] {
        let ended = workspace.run(&[
            "run",
            "--standard",
            "careconnect",
            "--endpoint",
            "http://127.0.0.1:1",
            flag,
            value,
        ]);
        assert_eq!(ended.code, 2, "{}", ended.stderr);
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
    }
}
