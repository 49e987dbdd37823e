//! Bids side by side, end to end.

use crate::endpoint::{Endpoint, response};
use crate::tiny::{self, requirement, scenario, standard};
use crate::workspace::{Ended, Workspace};

/// Runs of two suppliers: what both do, what only the first does, what neither claims.
fn two() -> Workspace {
    let workspace = Workspace::new();
    let requirements =
        [requirement("T-1"), requirement("T-2").replace("SHALL", "SHOULD"), requirement("T-3")].concat();
    let scenarios = [("a", "T-1", 200), ("b", "T-2", 200), ("c", "T-3", 200)]
        .map(|(id, rule, status)| scenario(id, rule, &format!("Patient/{id}"), status));
    standard(&workspace, "1.0.0", &requirements, &scenarios.concat());
    run(&workspace, "one", "Ashcombe", "=cmd()", &[]);
    run(&workspace, "two", "Bellamy", "Records", &["Patient/b", "Patient/c"]);
    workspace
}

fn run(workspace: &Workspace, out: &str, supplier: &str, product: &str, fails: &'static [&'static str]) {
    let endpoint = Endpoint::start(move |line, stream| {
        let status = if fails.iter().any(|path| line.contains(path)) { "500 No" } else { "200 OK" };
        let _ = std::io::Write::write_all(stream, response(status, "", "{}").as_bytes());
    });
    tiny::supplier(workspace, supplier, product);
    let ended = tiny::run(workspace, &endpoint, out);
    assert_eq!(ended.code, i32::from(!fails.is_empty()), "{}{}", ended.stdout, ended.stderr);
}

fn compare(workspace: &Workspace, more: &[&str]) -> Ended {
    let mut arguments = vec!["compare", "one", "two"];
    arguments.extend(more);
    workspace.run(&arguments)
}

#[test]
fn suppliers_are_columns_and_requirements_rows() {
    let workspace = two();
    let ended =
        compare(&workspace, &["--report", "csv=bids.csv", "--report", "html=bids.html", "--format", "json"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let bids: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(bids["bids"][0]["verdict"], "conformant");
    assert_eq!(bids["bids"][1]["verdict"], "not-conformant");
    assert_eq!(bids["bids"][1]["toMend"], serde_json::json!(["T-3"]));
    let risks: Vec<(&str, u64)> = bids["bids"][1]["risks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|risk| (risk["level"].as_str().unwrap(), risk["failed"].as_u64().unwrap()))
        .collect();
    assert_eq!(risks, [("SHALL", 1), ("SHOULD", 1)]);
    let row = &bids["requirements"][1];
    assert_eq!(
        (row["id"].as_str(), row["cells"][1]["standing"].as_str()),
        (Some("T-2"), Some("failed, advisory"))
    );
    assert!(row["cells"][1]["why"].as_str().unwrap().contains("500"), "{row:#}");
    assert!(
        bids.get("weights").is_none() && bids["bids"][0].get("score").is_none(),
        "no score unless weighed"
    );

    let table = workspace.read("bids.csv");
    let lines: Vec<&str> = table.lines().collect();
    assert!(
        lines[0].contains("'=cmd() 4 (Ashcombe): verdict"),
        "a product's name is no formula: {}",
        lines[0]
    );
    assert!(
        lines[3].starts_with("T-3,SHALL,all,draft,") && lines[3].contains(",passed,,failed,"),
        "{}",
        lines[3]
    );
    let page = workspace.read("bids.html");
    for words in ["Ashcombe", "Bellamy", "conformant", "failed, advisory", "T-3 SHALL"] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("<script") && !page.contains("Not the same test"));

    let text = compare(&workspace, &[]).stdout;
    assert!(text.contains("2 of 3 requirements did not come out the same for all"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

#[test]
fn what_was_not_the_same_test_is_refused_or_said_loudly() {
    let workspace = two();
    let whole = workspace.read("more/tiny/1.0.0/scenarios/all.yaml");
    workspace.write("more/tiny/1.0.0/scenarios/all.yaml", &format!("{whole}# another file\n"));
    run(&workspace, "two", "Bellamy", "Records", &[]);
    let ended = compare(&workspace, &[]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("the files of the standard: sha256 "), "{}", ended.stderr);
    assert!(ended.stderr.contains("--despite-differences"), "{}", ended.stderr);
    let ended = compare(&workspace, &["--despite-differences", "--report", "html=bids.html"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stdout.contains("NOT THE SAME TEST: the files of the standard"), "{}", ended.stdout);
    assert!(workspace.read("bids.html").contains("Not the same test"));
}

#[test]
fn a_score_is_the_buyers() {
    let workspace = two();
    workspace.write(
        "weights.yaml",
        "levels: { SHALL: 10, SHOULD: 3 }\nareas: { all: 2 }\nrequirements: { T-1: 5 }\n",
    );
    let ended = compare(&workspace, &["--weights", "weights.yaml"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(
        ended.stdout.contains("score 31 of 31") && ended.stdout.contains("score 5 of 31"),
        "{}",
        ended.stdout
    );
    assert!(ended.stdout.contains("levels: SHALL 10, SHOULD 3"), "{}", ended.stdout);
    workspace.write("weights.yaml", "levels:\n  SHALL: 10\nareas:\n  al: 1\n");
    let ended = compare(&workspace, &["--weights", "weights.yaml"]);
    assert_eq!(ended.code, 2);
    assert!(
        ended.stderr.contains("weights.yaml:4:3: the runs have no `al` among their areas"),
        "{}",
        ended.stderr
    );
}
