use std::sync::Arc;

use super::*;
use crate::fhir::{Release, parse_json};
use crate::package::{Package, PackageSet};
use crate::profile::{Issue, SchemaSet, Severity};

fn set() -> SchemaSet {
    let release = Release::R4;
    SchemaSet::new(Arc::new(PackageSet::new(release, vec![Arc::new(Package::core(release).unwrap())])))
}

fn found(issues: &[Issue]) -> Vec<String> {
    let place = |issue: &Issue| {
        let path = issue.path.split_once('.').map_or("", |(_, path)| path);
        format!("{} {path}", issue.code.trim_start_matches("measure-")).trim_end().to_owned()
    };
    let mark = |issue: &Issue| match issue.severity {
        Severity::Error => place(issue),
        other => format!("{other:?}: {}", place(issue)),
    };
    issues.iter().map(mark).collect()
}

/// What a complete report with these groups says against a contained measure.
fn reported(measure: &str, groups: &str) -> Vec<String> {
    let text = format!(
        r##"{{"resourceType":"MeasureReport","status":"complete","type":"summary","measure":"#m","group":[{groups}],
            "contained":[{{"resourceType":"Measure","id":"m",{measure}}},
                {{"resourceType":"List","id":"l","entry":[{{}},{{}}]}}]}}"##
    );
    found(&check_report(parse_json(&text).unwrap().root(), &set()))
}

fn code(code: &str) -> String {
    format!(r#""code":{{"coding":[{{"system":"http://s","code":"{code}"}}]}}"#)
}

const NONE: [&str; 0] = [];

#[test]
fn a_report_has_each_group_of_its_measure_once() {
    let group = |name: &str| format!("{{{}}}", code(name));
    let two = format!(r#""group":[{},{}]"#, group("a"), group("b"));
    assert_eq!(reported(&two, &format!("{},{}", group("b"), group("a"))), NONE);
    assert_eq!(reported(&two, &group("a")), ["report-group"]);
    let foreign = reported(&two, &format!("{},{},{}", group("a"), group("b"), group("c")));
    assert_eq!(foreign, ["report-group group[2]"]);
    let twice = reported(&two, &format!("{},{},{}", group("a"), group("a"), group("b")));
    assert_eq!(twice, ["report-group group[1]"]);
    assert_eq!(reported(&two, r#"{"id":"x"}"#), ["report-group group[0]", "report-group", "report-group"]);
    let one = r#""group":[{"id":"x"}]"#;
    assert_eq!(reported(one, r#"{"id":"y"}"#), NONE);
    assert_eq!(reported(one, r#"{"id":"y"},{"id":"z"}"#), ["report-group group[1]"]);
}

#[test]
fn populations_and_stratifiers_are_those_of_the_measure() {
    let part = |name: &str| format!("{{{}}}", code(name));
    let measure = format!(
        r#""group":[{{"population":[{},{}],"stratifier":[{{"code":{{"text":"age"}}}}]}}]"#,
        part("numerator"),
        part("denominator")
    );
    let populations = |names: &[&str]| {
        let parts: Vec<String> = names.iter().map(|name| part(name)).collect();
        reported(&measure, &format!(r#"{{"population":[{}]}}"#, parts.join(",")))
    };
    assert_eq!(populations(&["numerator", "denominator"]), NONE);
    assert_eq!(populations(&["other"]), ["report-population group[0].population[0]"]);
    assert_eq!(populations(&["numerator", "numerator"]), ["report-population group[0].population[1]"]);
    let stratifier =
        |name: &str| reported(&measure, &format!(r#"{{"stratifier":[{{"code":[{{"text":"{name}"}}]}}]}}"#));
    assert_eq!(stratifier("age"), NONE);
    assert_eq!(stratifier("region"), ["report-stratifier group[0].stratifier[0]"]);
}

#[test]
fn the_count_is_the_number_of_subjects() {
    let measure = r#""group":[{"population":[{"id":"x"}]}]"#;
    let count = |count: usize, list: &str| {
        reported(
            measure,
            &format!(r#"{{"population":[{{"count":{count},"subjectResults":{{"reference":"{list}"}}}}]}}"#),
        )
    };
    assert_eq!(count(2, "#l"), NONE);
    assert_eq!(count(3, "#l"), ["report-count group[0].population[0].count"]);
    assert_eq!(count(3, "List/elsewhere"), NONE);
}

#[test]
fn a_score_is_of_the_kind_that_the_measure_is_scored_by() {
    let score = |scoring: &str, score: &str| {
        let system = "http://terminology.hl7.org/CodeSystem/measure-scoring";
        let measure = format!(
            r#""scoring":{{"coding":[{{"system":"{system}","code":"{scoring}"}}]}},"group":[{{"id":"x"}}]"#
        );
        reported(&measure, &format!(r#"{{"measureScore":{{{score}}}}}"#))
    };
    let wrong = ["report-score group[0].measureScore"];
    assert_eq!(score("cohort", r#""value":1"#), wrong);
    assert_eq!(score("proportion", r#""value":1"#), NONE);
    assert_eq!(score("proportion", r#""value":1.5"#), wrong);
    assert_eq!(score("proportion", r#""value":92,"unit":"%""#), NONE);
    assert_eq!(score("continuous-variable", r#""value":92"#), NONE);
}

#[test]
fn the_measure_is_found_or_said_to_be_missing() {
    let named = |canonical: &str| {
        let text = format!(
            r#"{{"resourceType":"MeasureReport","status":"complete","type":"summary","measure":"{canonical}"}}"#
        );
        found(&check_report(parse_json(&text).unwrap().root(), &set()))
    };
    assert_eq!(named("http://nowhere"), ["NotChecked: not-loaded measure"]);
    assert_eq!(named("http://hl7.org/fhir/ValueSet/item-type"), ["wrong-type measure"]);
}

#[test]
fn a_stratifier_in_cql_is_defined_by_a_library_of_the_measure() {
    use base64::Engine as _;
    let cql = "library Logic\n\ndefine \"By Age\":\n  true\n\ndefine function Old(x Integer): x\n";
    let data = base64::engine::general_purpose::STANDARD.encode(cql);
    let measure = |library: &str, expression: &str| {
        let text = format!(
            r#"{{"resourceType":"Measure",{library}"group":[{{"stratifier":[
                {{"criteria":{{"language":"text/cql","expression":"{expression}"}}}}]}}],
                "contained":[{{"resourceType":"Library","id":"l","name":"Logic",
                    "content":[{{"contentType":"text/cql","data":"{data}"}}]}}]}}"#
        );
        found(&check_measure(parse_json(&text).unwrap().root(), &set()))
    };
    let place = "group[0].stratifier[0].criteria.expression";
    let contained = r##""library":["#l"],"##;
    for right in ["By Age", "Logic.\\\"By Age\\\"", "Logic.Old", "Old", "AgeInYears() > 9"] {
        assert_eq!(measure(contained, right), NONE, "{right}");
    }
    assert_eq!(measure(contained, "Logic.ByAge"), [format!("criteria {place}")]);
    assert_eq!(measure("", "Old"), [format!("criteria {place}")]);
    let elsewhere = r#""library":["http://nowhere"],"#;
    assert_eq!(measure(elsewhere, "Old"), [format!("NotChecked: criteria-not-checked {place}")]);
}
