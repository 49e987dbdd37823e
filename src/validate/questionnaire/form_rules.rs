//! What a Questionnaire promises of itself, beyond its published rules.
//!
//! <https://hl7.org/fhir/R4/questionnaire-definitions.html>

use crate::code::Code;
use crate::fhir::{Element, with_article};
use crate::profile::{Issue, SchemaSet, Severity};

use super::answer_type;
use super::findings::Findings;
use super::form::{Form, Item, all_items};
use super::value::{Value, type_name};

/// A condition that can never be met.
pub(super) const ENABLE_WHEN: Code = Code {
    name: "questionnaire-enable-when",
    title: "A condition of an item does not lead to a question",
    what: "enableWhen names by its linkId a question of the same form, not the item itself or one below it, and its answer \
        is of a type that the question takes. A question that comes later is a warning.",
    why: "The item could never be enabled, or always would be, whatever is answered.",
    example: "wrong:  \"enableWhen\": [{ \"question\": \"no-such-item\", … }]",
    specification: "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen",
};

/// A value of another type than its question.
pub(super) const VALUE_TYPE: Code = Code {
    name: "questionnaire-value-type",
    title: "A value that a Questionnaire gives is of another type than its question",
    what: "Initial values and answer options are of the type that the question asks for.",
    why: "A form that is filled with it is wrong from the start.",
    example: "A question of type integer.\n  wrong:  \"initial\": [{ \"valueString\": \"5\" }]\n  right:  \
        \"initial\": [{ \"valueInteger\": 5 }]",
    specification: "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.initial.value_x_",
};

/// Checks a Questionnaire.
pub(in crate::validate) fn check(questionnaire: Element<'_>, set: &SchemaSet) -> Vec<Issue> {
    let form = Form::new(questionnaire);
    let mut findings = Findings::new(set, questionnaire);
    for item in all_items(questionnaire) {
        for condition in item.0.children_named("enableWhen") {
            if let Some((severity, message)) = wrong_condition(condition, item, &form) {
                findings.add(Issue::at(condition, &ENABLE_WHEN, severity, message), Some(item));
            }
        }
        let initial = Value::of(item.0, "initial").into_iter();
        let initial =
            initial.chain(item.0.children_named("initial").filter_map(|initial| Value::of(initial, "value")));
        for value in initial {
            typed(value, item, "the initial value", &mut findings);
        }
        if !matches!(item.kind(), "choice" | "open-choice") {
            for option in item.options().filter_map(|option| Value::of(option, "value")) {
                typed(option, item, "an option", &mut findings);
            }
        }
    }
    findings.issues
}

/// What is wrong with a condition, if anything.
fn wrong_condition(condition: Element<'_>, item: Item<'_>, form: &Form<'_>) -> Option<(Severity, String)> {
    let question = condition.text("question")?;
    let own = item.link_id();
    let Some(target) = form.item(question) else {
        let shown = crate::profile::shorten(question);
        return Some((Severity::Error, format!("`{own}` hangs on `{shown}`, which the form does not have")));
    };
    if question == own {
        return Some((Severity::Error, format!("`{own}` hangs on its own answer")));
    }
    if target.0.is_within(item.0) {
        return Some((Severity::Error, format!("`{own}` hangs on `{question}`, which is below it")));
    }
    if target.is_group() || target.is_display() {
        let message =
            format!("`{own}` hangs on `{question}`, which is a {} and has no answers", target.kind());
        return Some((Severity::Error, message));
    }
    let allowed = answer_type::allowed(target.kind());
    let is_test_of_existence = condition.text("operator") == Some("exists");
    if let Some(answer) = Value::of(condition, "answer").filter(|_| !is_test_of_existence)
        && !allowed.is_empty()
        && !allowed.contains(&answer.kind)
        && !target
            .options()
            .filter_map(|option| Value::of(option, "value"))
            .any(|option| option.kind == answer.kind)
    {
        let message = format!(
            "`{own}` hangs on {} as answer to `{question}`, which is of type {}",
            with_article(answer.type_name()),
            target.kind()
        );
        return Some((Severity::Warning, message));
    }
    if form.place(question) > form.place(own) {
        return Some((Severity::Warning, format!("`{own}` hangs on `{question}`, which comes after it")));
    }
    None
}

fn typed(value: Value<'_>, item: Item<'_>, what: &str, findings: &mut Findings<'_>) {
    let allowed = answer_type::allowed(item.kind());
    let mut listed = item.options().filter_map(|option| Value::of(option, "value"));
    if allowed.is_empty()
        || allowed.contains(&value.kind)
        || (item.kind().ends_with("choice") && listed.any(|option| option.kind == value.kind))
    {
        return;
    }
    let message = format!(
        "{what} of `{}` is {} and the question is of type {}",
        item.link_id(),
        with_article(value.type_name()),
        item.kind()
    );
    let issue = Issue::at(value.element, &VALUE_TYPE, Severity::Error, message);
    let allowed: Vec<&str> = allowed.iter().map(|kind| type_name(kind)).collect();
    findings.add(issue.compared(allowed.join(" or "), value.type_name()), Some(item));
}
