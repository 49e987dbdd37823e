//! The report as tables: one of the requirements, one of what each scenario showed of them, and a Data Package that says
//! what the columns mean (<https://datapackage.org/standard/data-package/>).

use serde_json::{Value, json};

use super::case::Index;
use super::facts;
use super::format::RenderError;
use super::spreadsheet::table;
use super::standing::Standing;
use crate::run::RunRecord;

/// The columns of the table of requirements, with what they hold.
const REQUIREMENTS: [(&str, &str); 12] = [
    ("requirement", "Id of the requirement"),
    ("level", "SHALL, SHOULD, MAY and their NOT forms"),
    ("area", "Key of the area"),
    ("text", "What it says"),
    ("clause", "Where the specification says so"),
    ("maturity", "How finished what it rests on is"),
    ("binding", "Whether it can decide the verdict: true or false"),
    ("method", "How it is verified"),
    ("outcome", "pass, fail, inconclusive, not-demonstrated or not-applicable"),
    ("standing", "The outcome in words, with waivers and what only advises"),
    ("why", "Why it did not pass"),
    ("scenarios", "Ids of the scenario cases that verify it, separated by blanks"),
];

/// The columns of the table of results, with what they hold.
const RESULTS: [(&str, &str); 6] = [
    ("requirement", "Id of the requirement"),
    ("scenario", "Id of the scenario case"),
    ("title", "What the scenario shows"),
    ("outcome", "What the case shows of the requirement"),
    ("why", "Why it did not pass"),
    ("evidence", "Files of evidence, separated by blanks"),
];

/// The table of requirements.
pub fn requirements(record: &RunRecord) -> Result<String, RenderError> {
    let index = Index::new(record);
    let rows = record.requirements.iter().map(|one| {
        let standing = Standing::of(one);
        let why = if standing == Standing::Passed { None } else { facts::why_of(&index, one) };
        vec![
            one.id.clone(),
            one.level.to_string(),
            one.area.clone(),
            one.text.clone(),
            facts::clause(&one.clause),
            one.maturity.to_string(),
            one.binding.to_string(),
            one.method.to_string(),
            one.outcome.to_string(),
            standing.words().to_owned(),
            why.unwrap_or_default(),
            one.scenarios.join(" "),
        ]
    });
    Ok(table(std::iter::once(head(&REQUIREMENTS)).chain(rows))?)
}

/// The table of what each scenario case showed of each requirement.
pub fn results(record: &RunRecord) -> Result<String, RenderError> {
    let index = Index::new(record);
    let rows = record.requirements.iter().flat_map(|one| {
        index
            .cases(one)
            .into_iter()
            .map(|case| {
                let passed = case.outcome == crate::check::Outcome::Pass;
                vec![
                    one.id.clone(),
                    case.scenario.id.clone(),
                    case.scenario.title.clone(),
                    case.outcome.to_string(),
                    if passed { String::new() } else { facts::why(&case).unwrap_or_default() },
                    index.files(&case).join(" "),
                ]
            })
            .collect::<Vec<_>>()
    });
    Ok(table(std::iter::once(head(&RESULTS)).chain(rows))?)
}

/// What the tables hold, for programs that read Data Packages.
pub fn data_package(record: &RunRecord) -> Result<String, RenderError> {
    let resource = |name: &str, columns: &[(&str, &str)], key: Value| {
        let fields: Vec<Value> = columns
            .iter()
            .map(|(name, description)| json!({ "name": name, "type": "string", "description": description }))
            .collect();
        json!({
            "name": name,
            "path": format!("{name}.csv"),
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": { "fields": fields, "primaryKey": key },
        })
    };
    let titles: Vec<String> =
        record.standards.iter().map(|one| format!("{} {}", one.title, one.version)).collect();
    let package = json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "conformance-report",
        "title": format!("Conformance report: {}", titles.join(", ")),
        "created": record.judged,
        "resources": [
            resource("requirements", &REQUIREMENTS, json!(["requirement"])),
            resource("results", &RESULTS, json!(["requirement", "scenario"])),
        ],
    });
    let mut text = serde_json::to_string_pretty(&package)?;
    text.push('\n');
    Ok(text)
}

fn head(columns: &[(&str, &str)]) -> Vec<String> {
    columns.iter().map(|(name, _)| (*name).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::record;

    fn rows(text: &str) -> Vec<Vec<String>> {
        let reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes()).into_records();
        reader.map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn every_requirement_has_a_row_and_every_case_one_for_each() {
        let record = record();
        let requirements = rows(&requirements(&record).unwrap());
        assert_eq!(requirements.len(), record.requirements.len() + 1);
        assert!(requirements.iter().all(|row| row.len() == REQUIREMENTS.len()));
        let failed = requirements.iter().find(|row| row[0] == "EX-READ-002").unwrap();
        assert_eq!((&*failed[8], &*failed[9]), ("fail", "failed"));
        assert!(failed[10].contains("expected"), "{}", failed[10]);
        let results = rows(&results(&record).unwrap());
        let pairs = results[1..].iter().filter(|row| row[0] == "EX-READ-002").count();
        assert_eq!(pairs, 2);
        assert!(results[1..].iter().any(|row| row[5].starts_with("evidence/")));
    }

    #[test]
    fn the_package_describes_each_column() {
        let package: Value = serde_json::from_str(&data_package(&record()).unwrap()).unwrap();
        let fields = package["resources"][0]["schema"]["fields"].as_array().unwrap();
        let names: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
        assert_eq!(names, rows(&requirements(&record()).unwrap())[0]);
    }
}
