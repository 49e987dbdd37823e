//! The items of a response: each in its place, in the order of the form, as often as it may be.
//!
//! <https://hl7.org/fhir/R4/questionnaireresponse.html#notes>

use std::collections::HashMap;

use crate::code::Code;
use crate::fhir::Element;
use crate::profile::{Issue, Severity, shorten};

use super::enable_when::{Conditions, Enabled};
use super::findings::Findings;
use super::form::{Form, Item, items as form_items};
use super::value::Value;
use super::{answer_type, attachment, bounds, enable_when, options, reference, text, units};

const SPECIFICATION: &str =
    "https://hl7.org/fhir/R4/questionnaireresponse-definitions.html#QuestionnaireResponse.item";

/// An item that the form does not have.
pub(super) const UNKNOWN: Code = Code {
    name: "questionnaire-item-unknown",
    title: "An item is not one of the Questionnaire",
    what: "Each item of a response answers an item of its Questionnaire, which it names by `linkId`.",
    why: "An answer to a question that the form does not ask has no meaning that can be looked up.",
    example: "The form has the items `name` and `born`.\n  wrong:  \"linkId\": \"birth\"\n  right:  \"linkId\": \"born\"",
    specification: SPECIFICATION,
};

/// An item in another place than in the form.
pub(super) const MISPLACED: Code = Code {
    name: "questionnaire-item-misplaced",
    title: "An item is not where the Questionnaire has it",
    what: "The response is built like the form: questions are in the same groups, and questions that hang on \
        another stand under its answer.",
    why: "Where an item stands says what it is about: the same question may be asked of each of several things.",
    example: "The form has `street` in the group `address`; the response has it beside `address`.",
    specification: SPECIFICATION,
};

/// Items out of order.
pub(super) const ORDER: Code = Code {
    name: "questionnaire-item-order",
    title: "The items are not in the order of the Questionnaire",
    what: "The items of a response come in the order in which the form has them.",
    why: "The order is part of how the questions were put, and readers show the answers in it.",
    example: "The form asks `name`, then `born`; the response has `born` first.",
    specification: SPECIFICATION,
};

/// An item more often than allowed.
pub(super) const TOO_MANY: Code = Code {
    name: "questionnaire-item-repeated",
    title: "An item or answer is there more often than the Questionnaire allows",
    what: "Only what the form says may repeat does: a group as several items, a question as one item with several \
        answers, and no more than maxOccurs of them.",
    why: "A reader takes the first of several answers, or the last, and not all read the same.",
    example: "wrong:  two items `born`\nright:  one item `born`; or one item `allergies` with two answers, where \
        it repeats",
    specification: "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.repeats",
};

/// An answer that is missing.
pub(super) const MISSING: Code = Code {
    name: "questionnaire-answer-missing",
    title: "A required item is not answered",
    what: "In a response that is completed or amended, each item that the form requires is there, unless it is not \
        enabled: a question with an answer, a group with at least one item.",
    why: "Who asks for an answer needs it; a form that is called complete without it is not.",
    example: "The form requires `born`.\n  wrong:  { \"linkId\": \"born\" }\n  right:  { \"linkId\": \"born\", \
        \"answer\": [{ \"valueDate\": \"1980-04-01\" }] }",
    specification: "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.required",
};

/// Fewer answers than the least number.
pub(super) const TOO_FEW: Code = Code {
    name: "questionnaire-answer-too-few",
    title: "A question has fewer answers than the Questionnaire asks for",
    what: "Where the form gives a least number of answers by the extension minOccurs, a completed response has as many.",
    why: "Who asks for several answers cannot work with one.",
    example: "minOccurs is 2.\n  wrong:  one answer\n  right:  two answers",
    specification: "https://hl7.org/fhir/R4/extension-questionnaire-minoccurs.html",
};

/// An item that is built wrongly for its type.
pub(super) const SHAPE: Code = Code {
    name: "questionnaire-item-shape",
    title: "An item is not built as its type asks",
    what: "A group has items and no answers. A question has answers, and what hangs on it stands within each \
        answer. A display has neither.",
    why: "A question may have several answers, and what follows from one of them must stand with it.",
    example: "wrong:  { \"linkId\": \"smokes\", \"item\": [ … ] }\nright:  { \"linkId\": \"smokes\", \"answer\": \
        [{ \"valueBoolean\": true, \"item\": [ … ] }] }",
    specification: SPECIFICATION,
};

const MIN_OCCURS: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-minOccurs";
const MAX_OCCURS: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs";

/// Checks all items of a response.
pub(super) fn check(response: Element<'_>, form: &Form<'_>, findings: &mut Findings<'_>) {
    let complete = matches!(response.text("status"), Some("completed" | "amended"));
    let mut walk = Walk { form, conditions: Conditions::new(response), complete, findings };
    walk.level(response, &form_items(form.root), Enabled::Yes);
}

struct Walk<'w, 't, 'q, 's> {
    form: &'w Form<'q>,
    conditions: Conditions<'t>,
    /// Whether the response claims to be complete, so that what is required must be there.
    complete: bool,
    findings: &'w mut Findings<'s>,
}

impl<'t> Walk<'_, 't, '_, '_> {
    /// The items directly below the response, an item or an answer.
    fn level(&mut self, parent: Element<'t>, expected: &[Item<'_>], enabled: Enabled) {
        let place: HashMap<&str, usize> =
            expected.iter().enumerate().map(|(place, item)| (item.link_id(), place)).collect();
        let mut found: Vec<Vec<Element<'t>>> = vec![Vec::new(); expected.len()];
        let mut last = 0;
        for item in parent.children_named("item") {
            let Some(link_id) = item.text("linkId") else { continue };
            let Some(&place) = place.get(link_id) else {
                self.stray(item, link_id);
                continue;
            };
            if place < last {
                let message = format!(
                    "`{link_id}` comes after `{}`, and the Questionnaire has it before",
                    expected[last].link_id()
                );
                self.findings.error(item, &ORDER, expected[place], message);
            }
            last = last.max(place);
            found[place].push(item);
        }
        for (item, found) in expected.iter().zip(found) {
            self.item(parent, *item, &found, enabled);
        }
    }

    fn stray(&mut self, item: Element<'_>, link_id: &str) {
        if let Some(known) = self.form.item(link_id) {
            let message = format!("`{link_id}` is not where the Questionnaire has it");
            return self.findings.error(item, &MISPLACED, known, message);
        }
        let message = format!("the Questionnaire has no item `{}`", shorten(link_id));
        self.findings.add(Issue::at(item, &UNKNOWN, Severity::Error, message), None);
    }

    /// All that a response has for one item of the form at one place.
    fn item(&mut self, parent: Element<'t>, item: Item<'_>, found: &[Element<'t>], around: Enabled) {
        let enabled = around.and(self.conditions.enabled(item, parent));
        if enabled == Enabled::No {
            for found in found.iter().filter(|found| has_answer(**found)) {
                enable_when::not_enabled(*found, item, self.findings);
            }
            return;
        }
        let must = self.complete && enabled == Enabled::Yes;
        if found.is_empty() && must && item.is_required() && !item.is_display() {
            let message = format!("the required item `{}` is missing", item.link_id());
            self.findings.error(parent, &MISSING, item, message);
        }
        self.count_items(item, found, must);
        for found in found {
            match item.kind() {
                "display" => self.display(*found, item),
                "group" => self.group(*found, item, enabled, must),
                _ => self.question(*found, item, enabled, must),
            }
        }
    }

    fn count_items(&mut self, item: Item<'_>, found: &[Element<'t>], must: bool) {
        let at_most = match (item.is_group(), item.repeats()) {
            (true, true) => item.number(MAX_OCCURS).unwrap_or(usize::MAX),
            _ => 1,
        };
        if let Some(one_more) = found.get(at_most) {
            let what = if item.is_group() { "the group" } else { "the item" };
            let message =
                format!("{what} `{}` is there {} times and may be {at_most}", item.link_id(), found.len());
            self.findings.error(*one_more, &TOO_MANY, item, message);
        }
        let at_least = item.number(MIN_OCCURS).filter(|_| must && item.is_group()).unwrap_or(0);
        if let Some(last) = found.last().filter(|_| found.len() < at_least) {
            let message = format!(
                "the group `{}` is there {} times and must be at least {at_least}",
                item.link_id(),
                found.len()
            );
            self.findings.error(*last, &TOO_FEW, item, message);
        }
    }

    fn display(&mut self, found: Element<'t>, item: Item<'_>) {
        if let Some(answer) = found.child("answer") {
            let message = format!("`{}` is for display and has an answer", item.link_id());
            self.findings.error(answer, &SHAPE, item, message);
        }
        self.level(found, &[], Enabled::Yes);
    }

    fn group(&mut self, found: Element<'t>, item: Item<'_>, enabled: Enabled, must: bool) {
        if let Some(answer) = found.child("answer") {
            let message = format!("the group `{}` has an answer, and may have only items", item.link_id());
            self.findings.error(answer, &SHAPE, item, message);
        } else if must && item.is_required() && found.child("item").is_none() {
            let message = format!("the required group `{}` has no item", item.link_id());
            self.findings.error(found, &MISSING, item, message);
            return;
        }
        self.level(found, &item.items(), enabled);
    }

    fn question(&mut self, found: Element<'t>, item: Item<'_>, enabled: Enabled, must: bool) {
        if let Some(inner) = found.child("item") {
            let message = format!(
                "items under the question `{}` stand within its answer, not beside it",
                item.link_id()
            );
            self.findings.error(inner, &SHAPE, item, message);
        }
        let answers: Vec<Element<'t>> = found.children_named("answer").collect();
        self.count_answers(found, item, &answers, must);
        options::check_exclusive(&answers, item, self.findings);
        let below = item.items();
        for answer in answers {
            if let Some(value) = Value::of(answer, "value") {
                self.value(value, item);
            }
            self.level(answer, &below, enabled);
        }
    }

    fn count_answers(&mut self, found: Element<'t>, item: Item<'_>, answers: &[Element<'t>], must: bool) {
        let at_most = if item.repeats() { item.number(MAX_OCCURS).unwrap_or(usize::MAX) } else { 1 };
        if let Some(one_more) = answers.get(at_most) {
            let message =
                format!("`{}` has {} answers and may have {at_most}", item.link_id(), answers.len());
            self.findings.error(*one_more, &TOO_MANY, item, message);
        }
        let at_least = item.number(MIN_OCCURS).filter(|_| must).unwrap_or(0);
        if answers.len() < at_least {
            let message = format!(
                "`{}` has {} answers and must have at least {at_least}",
                item.link_id(),
                answers.len()
            );
            self.findings.error(found, &TOO_FEW, item, message);
        } else if must && item.is_required() && answers.is_empty() {
            let message = format!("the required question `{}` is not answered", item.link_id());
            self.findings.error(found, &MISSING, item, message);
        }
    }

    fn value(&mut self, value: Value<'_>, item: Item<'_>) {
        if !answer_type::check(value, item, self.findings) {
            return;
        }
        options::check(value, item, self.form.root, self.findings);
        bounds::check(value, item, self.findings);
        text::check(value, item, self.findings);
        match value.kind {
            "Quantity" => units::check(value, item, self.findings),
            "Attachment" => attachment::check(value.element, item, self.findings),
            "Reference" => reference::check(value.element, item, self.findings),
            _ => {}
        }
    }
}

/// Whether an item, or one below it, has an answer.
fn has_answer(item: Element<'_>) -> bool {
    item.descendants().any(|element| element.name() == "answer")
}
