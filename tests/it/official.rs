//! The official suites, by their own scorers, against the list of known gaps.

use std::collections::BTreeSet;
use std::process::Command;

use serde::Deserialize;

use crate::workspace::{project, shared, skipped};

#[derive(Deserialize)]
struct KnownGaps {
    fhirpath: Gaps,
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
    let Some(scorer) = shared("conformance/score_fhirpath.py") else { return };
    let output =
        Command::new("python3").arg(scorer).arg(env!("CARGO_BIN_EXE_proofmark")).arg("--failures").output();
    let Ok(output) = output else {
        skipped("there is no python3 to run the scorer");
        return;
    };
    let text = String::from_utf8(output.stdout).unwrap();
    let last: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert!(last["total"].as_u64().unwrap() > 500, "{last}");
    let failed: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("FAILED ")?.split(' ').next()).collect();

    let gaps = std::fs::read_to_string(project("fixtures/official/known-gaps.toml")).unwrap();
    let gaps: KnownGaps = toml::from_str(&gaps).unwrap();
    assert!(gaps.fhirpath.otherwise.iter().all(|gap| gap.reason.len() > 40));
    let known: BTreeSet<&str> = gaps.fhirpath.not_compared.cases.iter().map(String::as_str).collect();
    let known = &known | &gaps.fhirpath.otherwise.iter().map(|gap| gap.case.as_str()).collect();
    assert_eq!(failed, known, "{text}");
}
