//! What is found, gathered, each finding with the item of the Questionnaire that it comes of.

use crate::code::Code;
use crate::fhir::Element;
use crate::profile::{Issue, SchemaSet, Severity};

use super::form::Item;
use super::{
    answer_type, attachment, bounds, enable_when, form_rules, items, options, reference, response, text,
    units,
};

/// The findings about one resource.
pub(super) struct Findings<'s> {
    pub(super) set: &'s SchemaSet,
    /// The canonical of the Questionnaire, with its version.
    canonical: String,
    pub(super) issues: Vec<Issue>,
}

impl<'s> Findings<'s> {
    /// Nothing found yet about a form.
    pub(super) fn new(set: &'s SchemaSet, form: Element<'_>) -> Self {
        let url = form.text("url").or_else(|| form.text("id")).unwrap_or("Questionnaire");
        let canonical =
            form.text("version").map_or_else(|| url.to_owned(), |version| format!("{url}|{version}"));
        Self { set, canonical, issues: Vec::new() }
    }

    pub(super) fn add(&mut self, mut issue: Issue, item: Option<Item<'_>>) {
        let place = item.map(|item| format!("#{}", item.link_id())).unwrap_or_default();
        issue.definitions.push(format!("{}{place}", self.canonical));
        self.issues.push(issue);
    }

    pub(super) fn error(&mut self, at: Element<'_>, code: &Code, item: Item<'_>, message: impl Into<String>) {
        self.add(Issue::at(at, code, Severity::Error, message), Some(item));
    }

    pub(super) fn warning(
        &mut self,
        at: Element<'_>,
        code: &Code,
        item: Item<'_>,
        message: impl Into<String>,
    ) {
        self.add(Issue::at(at, code, Severity::Warning, message), Some(item));
    }

    pub(super) fn not_checked(&mut self, at: Element<'_>, item: Item<'_>, message: impl Into<String>) {
        self.add(Issue::at(at, &options::NOT_CHECKED, Severity::NotChecked, message), Some(item));
    }
}

/// The codes of all findings about Questionnaires and their responses.
pub(in crate::validate) fn codes() -> [&'static Code; 22] {
    [
        &response::NOT_LOADED,
        &response::NOT_A_QUESTIONNAIRE,
        &items::UNKNOWN,
        &items::MISPLACED,
        &items::ORDER,
        &items::TOO_MANY,
        &items::MISSING,
        &items::SHAPE,
        &items::TOO_FEW,
        &enable_when::NOT_ENABLED,
        &answer_type::CODE,
        &options::NOT_AN_OPTION,
        &options::EXCLUSIVE,
        &options::FREE_TEXT,
        &options::NOT_CHECKED,
        &bounds::CODE,
        &text::CODE,
        &units::CODE,
        &attachment::CODE,
        &reference::CODE,
        &form_rules::ENABLE_WHEN,
        &form_rules::VALUE_TYPE,
    ]
}
