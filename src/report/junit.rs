//! The report as `JUnit` XML: one suite a standard, one test case for each requirement in each scenario case.

use junit_report::{Duration, OffsetDateTime, Report, TestCase, TestResult, TestSuite};

use super::case::{Case, Index};
use super::facts::{self, Fact};
use super::notices;
use super::standing::{Standing, decides};
use crate::inert::{one_line, value, visible};
use crate::run::{RequirementResult, RunRecord, StandardResult};

/// The report as `JUnit` XML.
pub fn render(record: &RunRecord) -> Result<String, junit_report::Error> {
    let index = Index::new(record);
    let mut report = Report::new();
    for standard in &record.standards {
        report.add_testsuite(suite(&index, standard));
    }
    let mut bytes = Vec::new();
    report.write_xml(&mut bytes)?;
    bytes.push(b'\n');
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn suite(index: &Index<'_>, standard: &StandardResult) -> TestSuite {
    let mut suite = TestSuite::new(&one_line(&format!("{}@{}", standard.id, standard.version)));
    suite.package = one_line(&standard.id);
    suite.hostname = one_line(&index.record.endpoint.url);
    suite.set_timestamp(started(&index.record.started));
    let flaky = index.record.exchanges.iter().filter_map(|exchange| {
        let flaky = exchange.flaky.as_deref()?;
        Some(format!("flaky: {} {}: {flaky}", exchange.method, exchange.url))
    });
    let notices = notices::of(index.record).into_iter();
    let notices = notices.map(|notice| format!("{}: {}", notice.label, notice.text));
    let lines: Vec<String> = std::iter::once(standard.sentence.clone()).chain(notices).chain(flaky).collect();
    suite.set_system_out(&cdata(&lines.join("\n")));
    for requirement in &index.record.requirements {
        if index.standard(requirement).is_some_and(|owner| std::ptr::eq(owner, standard)) {
            suite.add_testcases(test_cases(index, standard, requirement));
        }
    }
    suite
}

fn test_cases(
    index: &Index<'_>,
    standard: &StandardResult,
    requirement: &RequirementResult,
) -> Vec<TestCase> {
    let area = one_line(&format!("{}.{}", standard.id, requirement.area));
    let cases = index.cases(requirement);
    let mut made = Vec::new();
    for case in &cases {
        let name = format!("{} {}", requirement.id, case.scenario.id);
        let standing = Standing::with(requirement, case.outcome);
        let time = Duration::milliseconds(i64::try_from(case.scenario.duration_ms).unwrap_or(i64::MAX));
        let why = facts::why(case).unwrap_or_else(|| value(&requirement.text));
        let message = format!("{} {}: {why}", requirement.level, standing.words());
        let text = case_text(index, requirement, case);
        let case = match known_since(index, requirement, standing) {
            Some(since) => known(&name, time, format!("{since}: {message}"), text),
            None => test_case(&name, time, (standing, decides(requirement)), message, text),
        };
        made.push(case);
    }
    if cases.is_empty() {
        let standing = Standing::of(requirement);
        let text = requirement_text(requirement);
        let message = format!("{} {}: {}", requirement.level, standing.words(), value(&requirement.text));
        made.push(test_case(
            &requirement.id,
            Duration::ZERO,
            (standing, decides(requirement)),
            message,
            text,
        ));
    }
    for case in &mut made {
        case.set_classname(&area);
    }
    made
}

/// One test case. `decides` matters for what was not demonstrated: CI is never green on it where it is mandatory.
fn test_case(
    name: &str,
    time: Duration,
    (standing, decides): (Standing, bool),
    message: String,
    text: String,
) -> TestCase {
    let mut case = TestCase::success(&one_line(name), time);
    let facts = Some(text);
    case.result = match standing {
        Standing::Passed => TestResult::Success,
        Standing::Waived => skipped("waived", message, facts),
        Standing::Failed => TestResult::Failure { type_: "fail".into(), message, cause: facts },
        Standing::FailedAdvisory => {
            case.system_out =
                facts.map(|text| format!("{}\nThis does not decide the verdict.\n{text}", cdata(&message)));
            TestResult::Success
        }
        Standing::Inconclusive => TestResult::Error { type_: "inconclusive".into(), message, cause: facts },
        Standing::NotDemonstrated if decides => {
            TestResult::Error { type_: "not-demonstrated".into(), message, cause: facts }
        }
        Standing::NotDemonstrated => skipped("not-demonstrated", message, facts),
        Standing::NotApplicable => skipped("not-applicable", message, facts),
        Standing::ToBeDeclared => skipped("to-be-declared", message, facts),
    };
    case
}

/// Since when a requirement that did not pass is known not to: with a baseline, CI fails only on what is new.
fn known_since(index: &Index<'_>, requirement: &RequirementResult, standing: Standing) -> Option<String> {
    let baseline = index.record.baseline.as_ref()?;
    let same = requirement.baseline == Some(requirement.outcome);
    let fails = matches!(standing, Standing::Failed | Standing::Inconclusive | Standing::NotDemonstrated);
    (same && fails).then(|| format!("known since the baseline of {}", one_line(&baseline.started)))
}

fn known(name: &str, time: Duration, message: String, text: String) -> TestCase {
    let mut case = TestCase::success(&one_line(name), time);
    case.result = skipped("known", message, Some(text));
    case
}

fn skipped(type_: &str, message: String, cause: Option<String>) -> TestResult {
    TestResult::SkippedWithCause { type_: type_.to_owned(), message, cause }
}

fn requirement_text(requirement: &RequirementResult) -> String {
    let mut lines = vec![
        format!("{} {}: {}", requirement.id, requirement.level, requirement.text),
        format!("clause: {}", facts::clause(&requirement.clause)),
        format!("maturity: {}", requirement.maturity),
    ];
    lines.extend(requirement.question.iter().map(|question| format!("question: {question}")));
    lines.extend(requirement.reason.iter().map(|reason| format!("reason: {reason}")));
    lines.extend(facts::waiver(requirement));
    cdata(&lines.join("\n"))
}

fn case_text(index: &Index<'_>, requirement: &RequirementResult, case: &Case<'_>) -> String {
    let mut lines = vec![
        format!("{} {}: {}", requirement.id, requirement.level, requirement.text),
        format!("clause: {}", facts::clause(&requirement.clause)),
        format!("maturity: {}", requirement.maturity),
        format!("scenario: {}: {}", case.scenario.id, case.scenario.title),
    ];
    lines.extend(facts::waiver(requirement));
    for check in facts::of_case(index, case) {
        lines.push(String::new());
        lines.extend(check.into_iter().map(|Fact { label, text, .. }| format!("{label}: {text}")));
    }
    cdata(&lines.join("\n"))
}

/// Text that is safe within a CDATA section: without what XML forbids, and with the section's end mark split in two.
pub(super) fn cdata(text: &str) -> String {
    visible(text).replace("]]>", "]]]]><![CDATA[>")
}

/// When the run began; the start of 1970 where that is not a time that `JUnit` can say. Never the present, so that the
/// same run gives the same bytes.
pub(super) fn started(text: &str) -> OffsetDateTime {
    let seconds = text.parse::<jiff::Timestamp>().map_or(0, |timestamp| timestamp.as_second().max(0));
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use roxmltree::{Document, Node};

    use super::*;
    use crate::report::tests::record;

    fn case<'d>(document: &'d Document<'_>, name: &str) -> Node<'d, 'd> {
        let mut cases = document.descendants().filter(|node| node.has_tag_name("testcase"));
        cases.find(|node| node.attribute("name") == Some(name)).unwrap()
    }

    fn child<'d>(document: &'d Document<'_>, name: &str) -> (&'d str, Option<&'d str>, String) {
        let node = case(document, name).first_element_child().unwrap();
        let text: String = node.children().filter_map(|child| child.text()).collect();
        (node.tag_name().name(), node.attribute("type"), text)
    }

    #[test]
    fn each_outcome_has_its_element() {
        let text = render(&record()).unwrap();
        let document = Document::parse(&text).unwrap();
        assert!(case(&document, "EX-READ-001 read[format=json]").first_element_child().is_none());
        let (tag, _, facts) = child(&document, "EX-READ-002 read[format=xml]");
        assert_eq!(tag, "failure");
        for fact in ["expected: ", "found: ", "line 12:8", "repeat: curl ", "clause: ", "evidence: "] {
            assert!(facts.contains(fact), "{fact} in {facts}");
        }
        assert!(facts.contains("]]>"), "{facts}");
        assert_eq!(child(&document, "EX-HDR-001 read[format=json]").0, "system-out");
        let open = child(&document, "EX-SEARCH-001 search");
        assert_eq!((open.0, open.1), ("error", Some("inconclusive")));
        let unshown = child(&document, "EX-PAT-001 must-support");
        assert_eq!((unshown.0, unshown.1), ("error", Some("not-demonstrated")));
        assert_eq!(child(&document, "EX-PAT-002 must-support").0, "skipped");
        assert_eq!(child(&document, "EX-SEARCH-002 search-optional").0, "skipped");
        let declared = child(&document, "EX-SEC-001");
        assert_eq!((declared.0, declared.1), ("skipped", Some("to-be-declared")));
    }

    #[test]
    fn names_are_unique_and_hold_the_requirement() {
        let record = record();
        let text = render(&record).unwrap();
        let document = Document::parse(&text).unwrap();
        let names: Vec<&str> = document
            .descendants()
            .filter(|node| node.has_tag_name("testcase"))
            .filter_map(|node| node.attribute("name"))
            .collect();
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        for requirement in &record.requirements {
            assert!(names.iter().any(|name| name.starts_with(&requirement.id)), "{}", requirement.id);
        }
    }

    #[test]
    fn a_time_that_cannot_be_read_is_never_the_present() {
        assert_eq!(started("nonsense"), OffsetDateTime::UNIX_EPOCH);
        assert_eq!(started("-009999-01-02T01:59:59Z"), OffsetDateTime::UNIX_EPOCH);
        assert_eq!(started("2026-11-22T02:31:00.5Z").unix_timestamp(), 1_795_314_660);
    }
}
