//! The formats of a report by name.

use std::fmt;
use std::str::FromStr;

use super::{
    Style, annotations, ctrf, earl, har, html, json, junit, markdown, requirements_table, sarif, scal,
    test_report, text,
};
use crate::run::RunRecord;

/// Finds the text of an evidence file by its path in the run's folder; `None` where it is not there.
pub type Evidence<'e> = dyn Fn(&str) -> Option<String> + 'e;

/// A format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// For a terminal.
    Text,
    /// The run record itself.
    Json,
    /// For continuous integration.
    Junit,
    /// A page for people, complete in one file.
    Html,
    /// The evidence as an HTTP Archive, for a browser's tools.
    Har,
    /// In short, for a pull request or the summary of a build.
    Markdown,
    /// Workflow commands of GitHub Actions.
    Github,
    /// Tables for spreadsheets: a folder of them; alone, that of the requirements.
    Csv,
    /// The columns of the NHS's Supplier Conformance Assessment List.
    Scal,
    /// Common Test Report Format.
    Ctrf,
    /// Evaluation and Report Language of the W3C.
    Earl,
    /// What failed, at the files of evidence.
    Sarif,
    /// A FHIR R4 `TestReport`.
    TestReport,
}

/// A name that is none of a format.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown report format `{name}`; known are {}", known())]
pub struct UnknownFormat {
    name: String,
}

/// Why a report could not be rendered: a defect of ours, never of the run.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// In writing JSON.
    #[error("cannot write the run record as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// In writing `JUnit`.
    #[error("cannot write the JUnit report: {0}")]
    Junit(#[from] junit_report::Error),
    /// In writing a table.
    #[error("cannot write the table: {0}")]
    Table(#[from] csv::Error),
    /// In writing it to where it goes.
    #[error("cannot write the report: {0}")]
    Write(#[from] std::io::Error),
    /// In the template of the page.
    #[error("cannot write the HTML report: {0:#}")]
    Html(#[from] minijinja::Error),
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 13] = [
        Self::Text,
        Self::Json,
        Self::Junit,
        Self::Html,
        Self::Har,
        Self::Markdown,
        Self::Github,
        Self::Csv,
        Self::Scal,
        Self::Ctrf,
        Self::Earl,
        Self::Sarif,
        Self::TestReport,
    ];

    /// The file that it goes to by default.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Text => "report.txt",
            Self::Json => "run.json",
            Self::Junit => "junit.xml",
            Self::Html => "report.html",
            Self::Har => "network.har",
            Self::Markdown => "report.md",
            Self::Github => "annotations.txt",
            Self::Csv => "tables",
            Self::Scal => "scal.csv",
            Self::Ctrf => "ctrf.json",
            Self::Earl => "earl.jsonld",
            Self::Sarif => "report.sarif",
            Self::TestReport => "test-report.json",
        }
    }

    /// Writes the report of a run to a file or the like, without holding it where it can be large.
    ///
    /// # Errors
    /// A defect of ours, or it cannot be written.
    pub fn write(
        self,
        record: &RunRecord,
        style: Style,
        evidence: &Evidence<'_>,
        out: &mut dyn std::io::Write,
    ) -> Result<(), RenderError> {
        match self {
            Self::Har => Ok(har(record, evidence, out)?),
            other => Ok(out.write_all(other.render(record, style, evidence)?.as_bytes())?),
        }
    }

    /// The report of a run. The same run gives the same bytes. `style` concerns text, `evidence` the page and the
    /// archive.
    pub fn render(
        self,
        record: &RunRecord,
        style: Style,
        evidence: &Evidence<'_>,
    ) -> Result<String, RenderError> {
        match self {
            Self::Text => Ok(text(record, style)),
            Self::Json => Ok(json(record)?),
            Self::Junit => Ok(junit(record)?),
            Self::Html => Ok(html(record, evidence)?),
            Self::Har => {
                let mut bytes = Vec::new();
                har(record, evidence, &mut bytes)?;
                Ok(String::from_utf8_lossy(&bytes).into_owned())
            }
            Self::Markdown => Ok(markdown(record)),
            Self::Github => Ok(annotations(record)),
            Self::Csv => requirements_table(record),
            Self::Scal => scal(record),
            Self::Ctrf => Ok(ctrf(record)?),
            Self::Earl => Ok(earl(record)?),
            Self::Sarif => Ok(sarif(record)?),
            Self::TestReport => Ok(test_report(record)?),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Html => "html",
            Self::Har => "har",
            Self::Markdown => "markdown",
            Self::Github => "github",
            Self::Csv => "csv",
            Self::Scal => "scal",
            Self::Ctrf => "ctrf",
            Self::Earl => "earl",
            Self::Sarif => "sarif",
            Self::TestReport => "testreport",
        })
    }
}

/// The names of all formats, in a sentence.
fn known() -> String {
    let names: Vec<String> = Format::ALL.iter().map(ToString::to_string).collect();
    match names.split_last() {
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|format| format.to_string() == name);
        found.ok_or_else(|| UnknownFormat { name: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::{evidence, record};

    #[test]
    fn names_are_read_back() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
        let error = "pdf".parse::<Format>().unwrap_err().to_string();
        assert!(
            error.starts_with("unknown report format `pdf`; known are text, json, ")
                && error.ends_with(" and testreport")
        );
    }

    /// The same run gives the same bytes: those of its snapshot, whatever day it is and whatever machine.
    #[test]
    fn the_whole_report_in_every_format() {
        let record = record();
        for format in Format::ALL {
            let report = format.render(&record, Style::default(), &evidence).unwrap();
            let again = format.render(&record, Style::default(), &evidence).unwrap();
            assert_eq!(report, again, "{format}");
            let shown = match format {
                // The style is the same for every run, and long.
                Format::Html => {
                    let (head, rest) = report.split_once("<style>").unwrap();
                    let (_, body) = rest.split_once("</style>").unwrap();
                    format!("{head}{body}")
                }
                Format::Junit => report.replace("><", ">\n<"),
                _ => report,
            };
            insta::assert_snapshot!(format.to_string(), shown);
        }
    }

    #[test]
    fn the_tables_that_csv_brings_besides() {
        insta::assert_snapshot!("csv_results", crate::report::tables::results(&record()).unwrap());
        insta::assert_snapshot!("csv_data_package", crate::report::tables::data_package(&record()).unwrap());
    }
}
