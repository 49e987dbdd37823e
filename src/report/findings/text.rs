//! Text for a page of 80 columns: each issue with the line of the source that it stands in.

use super::judged::words;
use super::{Excerpt, Judged, Report};
use crate::inert::{one_line, value};
use crate::report::terminal::layout::{Page, WIDTH};
use crate::report::terminal::style::{BOLD, CYAN, GREEN, MAGENTA, RED, YELLOW};
use crate::report::{RenderError, Style};
use crate::text::flow;
use crate::validate::{Issue, Severity};

/// The report as text.
#[derive(Debug)]
pub struct Text {
    style: Style,
}

impl Text {
    /// An empty report.
    #[must_use]
    pub fn new(style: Style) -> Self {
        Self { style }
    }
}

impl Report for Text {
    fn add(&mut self, judged: &Judged) -> String {
        let mut page = Page::new(self.style);
        if judged.validation.issues.is_empty() {
            page.parts(&[(&[], &format!("{}: ", judged.place(None))), (&[GREEN], "no finding")]);
        }
        for (issue, excerpt) in judged.findings() {
            one_issue(&mut page, &judged.place(Some(issue)), issue, excerpt);
        }
        page.finish()
    }

    fn end(&mut self) -> Result<String, RenderError> {
        Ok(String::new())
    }
}

/// One issue: where and what, the source, and the facts.
pub(super) fn one_issue(page: &mut Page, place: &str, issue: &Issue, excerpt: Option<&Excerpt>) {
    let word = words(issue.severity);
    let ink = match issue.severity {
        Severity::Error => RED,
        Severity::Warning => YELLOW,
        Severity::Undecided => MAGENTA,
        Severity::NotChecked | Severity::Information => CYAN,
    };
    let message = value(&issue.message);
    let (start, code) = (format!("{place}: "), format!("[{}]", issue.code));
    let fits = format!("{start}{word}{code}: {message}").chars().count() <= WIDTH;
    let end = if fits { format!("{code}: {message}") } else { code };
    page.parts(&[(&[], &start), (&[BOLD, ink], word), (&[], &end)]);
    if !fits {
        for line in flow(&message, WIDTH - 2) {
            page.verbatim(2, &[], &line);
        }
    }
    if let (Some(excerpt), Some(position)) = (excerpt, issue.position) {
        source(page, excerpt, &position.line.to_string(), ink);
    }
    if !issue.path.is_empty() {
        page.field(2, "element", &one_line(&issue.path), true);
    }
    for (label, fact) in [("expected", &issue.expected), ("found", &issue.actual)] {
        if let Some(fact) = fact {
            page.field(2, label, &value(fact), false);
        }
    }
    for (index, definition) in issue.definitions.iter().enumerate() {
        page.field(2, if index == 0 { "profile" } else { "" }, &one_line(definition), true);
    }
}

/// The line of the source, and a caret below the place.
fn source(page: &mut Page, excerpt: &Excerpt, line: &str, ink: &str) {
    page.verbatim(2, &[], &format!("{line} | {}", excerpt.text));
    let (margin, gap) = (" ".repeat(line.len()), " ".repeat(excerpt.column));
    page.parts(&[(&[], &format!("  {margin} | {gap}")), (&[BOLD, ink], "^")]);
}
