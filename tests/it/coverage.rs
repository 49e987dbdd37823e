//! docs/careconnect-coverage.md and docs/gpconnect-coverage.md: every requirement, how it is verified, and by which
//! scenarios.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proofmark::standard::{Catalogue, Matrix, Method, Requirement, Scenario, Standard};

use crate::workspace::project;

#[test]
fn the_table_of_coverage_is_that_of_the_standard() {
    held("careconnect", "Care Connect", |_| String::new());
}

#[test]
fn the_table_of_gp_connect_has_every_scenario_of_the_acceptance_tests() {
    held("gpconnect", "GP Connect", acceptance_tests);
}

/// Compares the page of a standard with what its files say, and writes it where that is asked for.
fn held(id: &str, title: &str, more: impl Fn(&Standard) -> String) {
    let standard = Catalogue::new(Vec::new()).load(id).unwrap();
    let text = table(&standard, title) + &more(&standard);
    let page = format!("docs/{id}-coverage.md");
    let path = project(&page);
    if std::env::var_os("UPDATE_COVERAGE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "{page} is not what the standard says; run with UPDATE_COVERAGE=1");
}

fn table(standard: &Standard, title: &str) -> String {
    let of = |method| standard.requirements.iter().filter(|one| one.verified_by == method).count();
    let mut text = format!(
        "# What verifies each requirement of {title}\n\n\
         {} requirements: {} by scenarios that Proofmark runs, {} by a declaration of the supplier, {} by a document, {} by a\n\
         witnessed step. This page is made from `profiles/{}/{}`; `proofmark explain ID` says more of each.\n",
        standard.requirements.len(),
        of(Method::Automated),
        of(Method::Declaration),
        of(Method::Document),
        of(Method::Witnessed),
        standard.manifest.id,
        standard.manifest.version,
    );
    for (area, title) in &standard.manifest.areas {
        write!(
            text,
            "\n## {title}\n\n| requirement | level | applies | verified by |\n| --- | --- | --- | --- |\n"
        )
        .unwrap();
        for requirement in standard.requirements.iter().filter(|one| one.area == *area) {
            let applies = match (&requirement.when, requirement.role) {
                (Some(condition), _) => format!("`{}`", condition.words()),
                (None, proofmark::standard::Role::Client) => "clients".to_owned(),
                (None, _) => "always".to_owned(),
            };
            let Requirement { id, level, .. } = requirement;
            writeln!(text, "| {id} | {level} | {applies} | {} |", verified_by(requirement, standard))
                .unwrap();
        }
    }
    text
}

fn verified_by(requirement: &Requirement, standard: &Standard) -> String {
    if requirement.verified_by != Method::Automated {
        return requirement.verified_by.to_string();
    }
    let names: BTreeSet<String> =
        verifying(&requirement.id, standard).map(|scenario| format!("`{}`", scenario.scenario)).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

fn verifying<'s>(id: &str, standard: &'s Standard) -> impl Iterator<Item = &'s Scenario> {
    standard.scenarios.iter().filter(move |scenario| scenario.all_verified().any(|verified| verified == id))
}

/// The scenarios of the NHS's acceptance tests by feature and number, each with the rule that it tries.
const ACCEPTANCE_TESTS: &str = include_str!("data/gpconnect-acceptance-tests.csv");

/// Rules that say nothing of a provider: those of the proxy between consumer and provider, and one about the client.
const NOT_OF_A_PROVIDER: [&str; 2] = ["GPC-SSP-", "GPC-SEC-006"];

/// For each feature of the acceptance tests, what became of each of its scenarios. All of them are there.
fn acceptance_tests(standard: &Standard) -> String {
    let rows: Vec<Vec<&str>> =
        ACCEPTANCE_TESTS.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let number = |text: &str| text.parse::<usize>().unwrap();
    let cases: usize = rows.iter().map(|row| number(row[3])).sum();
    assert_eq!((rows.len(), cases), (409, 774), "the acceptance tests, and their cases");
    let mut text = format!(
        "\n## From the acceptance tests to this standard\n\n\
         The acceptance tests of the NHS for 1.2.7 have {} scenarios, and {cases} cases with their examples. Each tries one\n\
         rule, by its number in its feature (and its line); this is where that rule is verified here, and by how many cases.\n",
        rows.len()
    );
    let mut features: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    features.dedup();
    for feature in features {
        write!(text, "\n### {feature}\n\n| rule | scenarios there (cases) | here | cases here |\n| --- | --- | --- | --- |\n")
            .unwrap();
        let mut rules: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for row in rows.iter().filter(|row| row[0] == feature) {
            let (number, line, cases, rule) = (row[1], row[2], row[3], row[4]);
            rules.entry(rule).or_default().push(format!("{number} (line {line}: {cases})"));
        }
        for (rule, there) in rules {
            let (here, cases) = here(rule, standard);
            writeln!(text, "| {rule} | {} | {here} | {cases} |", there.join(", ")).unwrap();
        }
    }
    text
}

/// Where a rule is verified, and by how many cases.
fn here(rule: &str, standard: &Standard) -> (String, String) {
    if NOT_OF_A_PROVIDER.iter().any(|other| rule.starts_with(other)) {
        return ("not of a provider".to_owned(), String::new());
    }
    let requirement = standard.requirements.iter().find(|one| one.id == rule);
    let requirement = requirement.unwrap_or_else(|| panic!("there is no requirement {rule}"));
    let scenarios = || verifying(rule, standard);
    let cases: usize = scenarios()
        .map(|scenario| scenario.matrix.as_ref().map_or(1, |matrix| Matrix::cases(matrix).len()))
        .sum();
    let cases = if cases == 0 { String::new() } else { cases.to_string() };
    (verified_by(requirement, standard), cases)
}
