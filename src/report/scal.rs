//! The report in the columns of the NHS's Supplier Conformance Assessment List, for the spreadsheet that a supplier fills
//! in: one row a requirement.

use super::case::Index;
use super::facts;
use super::format::RenderError;
use super::spreadsheet::table;
use super::standing::Standing;
use crate::run::RunRecord;
use crate::standard::Method;

/// The columns.
const HEAD: [&str; 9] =
    ["Identifier", "Use case", "Type", "Link", "Description", "Item", "Test cases", "Result", "Evidence"];

/// The report as rows to be pasted.
pub fn render(record: &RunRecord) -> Result<String, RenderError> {
    let index = Index::new(record);
    let rows = record.requirements.iter().map(|one| {
        let area = index.standard(one).and_then(|standard| standard.areas.get(&one.area));
        let cases: Vec<&str> = one.scenarios.iter().map(String::as_str).collect();
        let files: Vec<&str> = index.cases(one).iter().flat_map(|case| index.files(case)).collect();
        let standing = Standing::of(one);
        let result = match facts::why_of(&index, one) {
            Some(why) if standing != Standing::Passed => format!("{}: {why}", standing.words()),
            _ => standing.words().to_owned(),
        };
        let kind = match one.method {
            Method::Automated => "Test",
            Method::Declaration => "Declaration",
            Method::Document => "Document",
            Method::Witnessed => "Witnessed test",
        };
        vec![
            one.id.clone(),
            area.unwrap_or(&one.area).clone(),
            kind.to_owned(),
            one.clause.url.clone().unwrap_or_else(|| facts::clause(&one.clause)),
            one.text.clone(),
            format!("{} {}", one.level, one.question.as_deref().unwrap_or("as described")),
            cases.join(" "),
            result,
            files.join(" "),
        ]
    });
    Ok(table(std::iter::once(HEAD.map(str::to_owned).to_vec()).chain(rows))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::record;

    #[test]
    fn each_requirement_is_a_row_with_its_test_cases() {
        let text = render(&record()).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), HEAD);
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), record().requirements.len());
        let declared = rows.iter().find(|row| &row[0] == "EX-SEC-001").unwrap();
        assert_eq!((&declared[2], &declared[7]), ("Declaration", "to be declared"));
        let failed = rows.iter().find(|row| &row[0] == "EX-READ-002").unwrap();
        assert!(
            failed[6].contains("read[format=json] read[format=xml]") && failed[7].starts_with("failed: ")
        );
    }
}
