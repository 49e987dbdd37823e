//! Lines of 80 columns: wrapping, indenting and labels in a column.

use super::Style;
use super::style::{BOLD, FAINT};
use crate::text::wrap;

/// The width of the page.
pub(in crate::report) const WIDTH: usize = 80;
/// The width of the labels at the top.
const ROW_LABEL: usize = 16;
/// The width of the labels of facts.
const FIELD_LABEL: usize = 10;

/// A page of text that grows line by line.
pub(in crate::report) struct Page {
    style: Style,
    text: String,
}

impl Page {
    pub(in crate::report) fn new(style: Style) -> Self {
        Self { style, text: String::new() }
    }

    pub(in crate::report) fn finish(self) -> String {
        self.text
    }

    pub(in crate::report) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A section's title, with room above.
    pub(in crate::report) fn heading(&mut self, title: &str) {
        self.blank();
        self.parts(&[(&[BOLD], title)]);
    }

    /// Differently dressed parts on one line.
    pub(in crate::report) fn parts(&mut self, parts: &[(&[&str], &str)]) {
        for (inks, text) in parts {
            let painted = self.style.paint(inks, text);
            self.text.push_str(&painted);
        }
        self.blank();
    }

    /// One dressed line.
    pub(in crate::report) fn painted(&mut self, indent: usize, ink: &str, text: &str) {
        self.lines(&" ".repeat(indent), &" ".repeat(indent), &[ink], text);
    }

    /// One dressed line that is not wrapped, to be copied.
    pub(in crate::report) fn verbatim(&mut self, indent: usize, inks: &[&str], text: &str) {
        let line = self.style.paint(inks, &format!("{}{text}", " ".repeat(indent)));
        self.line(&[&line]);
    }

    /// Wrapped text.
    pub(in crate::report) fn indented(&mut self, indent: usize, text: &str) {
        self.lines(&" ".repeat(indent), &" ".repeat(indent), &[], text);
    }

    /// A sign with wrapped text beside it.
    pub(in crate::report) fn hanging(&mut self, inks: &[&str], sign: &str, text: &str) {
        self.lines(&format!("  {sign} "), "    ", inks, text);
    }

    /// A labelled row at the top of the page.
    pub(in crate::report) fn row(&mut self, label: &str, text: &str) {
        let indent = " ".repeat(2 + ROW_LABEL);
        self.lines(&format!("  {label:<ROW_LABEL$}"), &indent, &[], text);
    }

    /// A labelled fact. What is verbatim stays on one line, to be copied.
    pub(in crate::report) fn field(&mut self, indent: usize, label: &str, text: &str, verbatim: bool) {
        let label = self.style.paint(&[FAINT], &format!("{label:<FIELD_LABEL$}"));
        let first = format!("{}{label}", " ".repeat(indent));
        if verbatim {
            self.line(&[&first, text]);
            return;
        }
        let rest = " ".repeat(indent + FIELD_LABEL);
        for (at, line) in wrap(text, WIDTH - rest.len()).iter().enumerate() {
            self.line(&[if at == 0 { &first } else { &rest }, line]);
        }
    }

    fn line(&mut self, parts: &[&str]) {
        self.text.extend(parts.iter().copied());
        self.blank();
    }

    fn lines(&mut self, first: &str, rest: &str, inks: &[&str], text: &str) {
        let width = WIDTH - rest.chars().count();
        for (at, line) in wrap(text, width).into_iter().enumerate() {
            let start = if at == 0 { first } else { rest };
            let line = self.style.paint(inks, &format!("{start}{line}"));
            self.line(&[&line]);
        }
    }
}

/// A number with the word for one or for several.
pub(in crate::report) fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}
