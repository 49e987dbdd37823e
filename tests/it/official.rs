//! The official suites, by their own scorers, against the list of known gaps.

use std::collections::BTreeSet;
use std::process::Command;

use serde::Deserialize;

use crate::workspace::{project, shared, skipped};

#[derive(Deserialize)]
struct KnownGaps {
    fhirpath: Gaps,
    #[serde(default)]
    validator: Vec<Otherwise>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Gaps {
    not_compared: NotCompared,
    otherwise: Vec<Otherwise>,
}

#[derive(Deserialize)]
struct NotCompared {
    cases: Vec<String>,
}

#[derive(Deserialize)]
struct Otherwise {
    case: String,
    reason: String,
}

#[test]
fn each_failed_case_of_fhirpath_is_a_known_gap() {
    let Some(text) = scored("conformance/score_fhirpath.py") else { return };
    let last: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert!(last["total"].as_u64().unwrap() > 500, "{last}");
    let failed: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("FAILED ")?.split(' ').next()).collect();

    let gaps = known_gaps();
    assert!(gaps.fhirpath.otherwise.iter().all(|gap| gap.reason.len() > 40));
    let known: BTreeSet<&str> = gaps.fhirpath.not_compared.cases.iter().map(String::as_str).collect();
    let known = &known | &gaps.fhirpath.otherwise.iter().map(|gap| gap.case.as_str()).collect();
    assert_eq!(failed, known, "{text}");
}

#[test]
fn each_verdict_of_the_validator_is_the_reference_s_or_a_known_gap() {
    let Some(text) = scored("conformance/score_validator.py") else { return };
    let shares: Vec<serde_json::Value> =
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert!(shares.last().unwrap()["total"].as_u64().unwrap() > 300, "{text}");
    let disagreeing: BTreeSet<&str> = text.lines().filter_map(case_of).collect();
    let gaps = known_gaps();
    assert!(gaps.validator.iter().all(|gap| gap.reason.len() > 40));
    let known: BTreeSet<&str> = gaps.validator.iter().map(|gap| gap.case.as_str()).collect();
    assert_eq!(disagreeing, known, "{text}");
    for share in &shares {
        let least = match share["module"].as_str().unwrap() {
            "ALL" => 0.93,
            // Two of its five cases rest on a package that is not given.
            "package-versioning" => 0.6,
            _ => 0.8,
        };
        assert!(share["share"].as_f64().unwrap() >= least, "{share}");
    }
}

/// `name [part]` of a line such as `MISSED 4.0 module name [part] expected …`.
fn case_of(line: &str) -> Option<&str> {
    let rest = ["MISSED ", "FALSE ALARM ", "BROKEN "].iter().find_map(|kind| line.strip_prefix(kind))?;
    let case = rest.splitn(3, ' ').nth(2)?;
    Some(case.split(" expected ").next().unwrap_or(case))
}

/// What a scorer prints of the program; `None` where it cannot be run.
fn scored(scorer: &str) -> Option<String> {
    let output = Command::new("python3")
        .arg(shared(scorer)?)
        .arg(env!("CARGO_BIN_EXE_proofmark"))
        .arg("--failures")
        .output();
    let Ok(output) = output else {
        skipped("there is no python3 to run the scorer");
        return None;
    };
    Some(String::from_utf8(output.stdout).unwrap())
}

fn known_gaps() -> KnownGaps {
    let gaps = std::fs::read_to_string(project("fixtures/official/known-gaps.toml")).unwrap();
    toml::from_str(&gaps).unwrap()
}
