//! docs/careconnect-coverage.md: every requirement of Care Connect, how it is verified, and by which scenarios.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use proofmark::standard::{Catalogue, Method, Requirement, Standard};

use crate::workspace::project;

#[test]
fn the_table_of_coverage_is_that_of_the_standard() {
    let standard = Catalogue::new(Vec::new()).load("careconnect").unwrap();
    let text = table(&standard);
    let path = project("docs/careconnect-coverage.md");
    if std::env::var_os("UPDATE_COVERAGE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "docs/careconnect-coverage.md is not what the standard says; run with UPDATE_COVERAGE=1"
    );
}

fn table(standard: &Standard) -> String {
    let of = |method| standard.requirements.iter().filter(|one| one.verified_by == method).count();
    let mut text = format!(
        "# What verifies each requirement of Care Connect\n\n\
         {} requirements: {} by scenarios that Proofmark runs, {} by a declaration of the supplier, {} by a document, {} by a\n\
         witnessed step. This page is made from `profiles/careconnect/{}`; `proofmark explain ID` says more of each.\n",
        standard.requirements.len(),
        of(Method::Automated),
        of(Method::Declaration),
        of(Method::Document),
        of(Method::Witnessed),
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
    let verifying = standard
        .scenarios
        .iter()
        .filter(|scenario| scenario.all_verified().any(|id| *id == requirement.id))
        .map(|scenario| format!("`{}`", scenario.scenario));
    let names: BTreeSet<String> = verifying.collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}
