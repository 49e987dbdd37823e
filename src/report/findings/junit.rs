//! `JUnit` XML: one test case a file, with all that was found in it and how to mend it.

use std::collections::BTreeSet;
use std::sync::Arc;

use junit_report::{Duration, TestCase, TestResult, TestSuite};

use super::text::one_issue;
use super::{Judged, Report};
use crate::inert::one_line;
use crate::report::junit::{cdata, started};
use crate::report::terminal::layout::{Page, counted};
use crate::report::{RenderError, Style};
use crate::validate::{Severity, codes};

/// How many issues of one file are listed: an NDJSON file may have millions.
const MAX_ISSUES: usize = 1_000;

/// The report as `JUnit` XML. It begins with its numbers, so all of it is written at the end.
#[derive(Debug)]
pub struct Junit {
    suite: TestSuite,
    open: Option<File>,
}

impl Junit {
    /// An empty report of a validation that started at a time, written as RFC 3339 has it.
    #[must_use]
    pub fn new(time: &str) -> Self {
        let mut suite = TestSuite::new("proofmark validate");
        suite.set_timestamp(started(time));
        Self { suite, open: None }
    }

    fn close(&mut self) {
        if let Some(file) = self.open.take() {
            self.suite.add_testcase(file.test_case());
        }
    }
}

impl Report for Junit {
    fn add(&mut self, judged: &Judged) -> String {
        if self.open.as_ref().is_none_or(|file| file.name != judged.file) {
            self.close();
        }
        self.open.get_or_insert_with(|| File::new(judged.file.clone())).add(judged);
        String::new()
    }

    fn end(&mut self) -> Result<String, RenderError> {
        self.close();
        let mut report = junit_report::Report::new();
        report.add_testsuite(self.suite.clone());
        let mut bytes = Vec::new();
        report.write_xml(&mut bytes)?;
        bytes.push(b'\n');
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// What was found in one file so far.
#[derive(Debug)]
struct File {
    name: Arc<str>,
    errors: usize,
    undecided: usize,
    issues: usize,
    codes: BTreeSet<&'static str>,
    text: String,
}

impl File {
    fn new(name: Arc<str>) -> Self {
        Self { name, errors: 0, undecided: 0, issues: 0, codes: BTreeSet::new(), text: String::new() }
    }

    fn add(&mut self, judged: &Judged) {
        self.errors += judged.validation.count(Severity::Error);
        self.undecided += judged.validation.count(Severity::Undecided);
        for (issue, excerpt) in judged.findings() {
            self.issues += 1;
            if self.issues <= MAX_ISSUES {
                let mut page = Page::new(Style::default());
                one_issue(&mut page, &judged.place(Some(issue)), issue, excerpt);
                self.text.push_str(&page.finish());
                self.codes.insert(issue.code);
            }
        }
    }

    fn test_case(self) -> TestCase {
        let name = one_line(&self.name);
        let mut case = TestCase::success(&name, Duration::ZERO);
        case.set_classname("proofmark.validate");
        case.set_filepath(&name);
        let text = self.facts();
        case.result = if self.errors > 0 {
            let message = counted(self.errors, "error", "errors");
            TestResult::Failure { type_: "fail".to_owned(), message, cause: Some(text) }
        } else if self.undecided > 0 {
            // Never a pass: nobody knows whether the resource is valid.
            let message = format!("{} could not be decided", counted(self.undecided, "finding", "findings"));
            TestResult::Error { type_: "inconclusive".to_owned(), message, cause: Some(text) }
        } else {
            case.system_out = Some(text).filter(|text| !text.is_empty());
            TestResult::Success
        };
        case
    }

    /// All issues, and what the pages of their codes say of how to mend them.
    fn facts(&self) -> String {
        let mut page = Page::new(Style::default());
        if self.issues > MAX_ISSUES {
            let message = format!("{} more findings are not listed", self.issues - MAX_ISSUES);
            page.verbatim(0, &[], &message);
        }
        for code in codes().into_iter().filter(|code| self.codes.contains(code.name)) {
            page.heading(&format!("{}: {}", code.name, code.title));
            for line in code.example.lines() {
                page.verbatim(2, &[], line);
            }
        }
        cdata(&format!("{}{}", self.text, page.finish()))
    }
}
