//! The type of an answer: that of its question (Questionnaire.item.type).

use crate::code::Code;
use crate::fhir::with_article;

use super::findings::Findings;
use super::form::Item;
use super::value::Value;

/// An answer is of another type than its question.
pub(super) const CODE: Code = Code {
    name: "questionnaire-answer-type",
    title: "An answer is of another type than its question",
    what: "The name of an answer's value says its type, and that is the one that the question asks for: \
        `valueDate` for a question of type date, `valueCoding` for a choice.",
    why: "A system that reads the answers looks for the value under the name that the question tells it, and \
        takes an answer under another name for none.",
    example: "A question of type integer.\n  wrong:  \"answer\": [{ \"valueString\": \"5\" }]\n  right:  \
        \"answer\": [{ \"valueInteger\": 5 }]",
    specification: "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.type",
};

/// The types of value that a question of a type takes; empty for what takes none, or for what is not known.
pub(super) fn allowed(kind: &str) -> &'static [&'static str] {
    match kind {
        "boolean" => &["Boolean"],
        "decimal" => &["Decimal"],
        "integer" => &["Integer"],
        "date" => &["Date"],
        "dateTime" => &["DateTime"],
        "time" => &["Time"],
        "string" | "text" => &["String"],
        "url" => &["Uri"],
        "choice" => &["Coding"],
        "open-choice" => &["Coding", "String"],
        "attachment" => &["Attachment"],
        "reference" => &["Reference"],
        "quantity" => &["Quantity"],
        _ => &[],
    }
}

/// Checks the type of one answer; `false` if nothing more can be said of it.
pub(super) fn check(answer: Value<'_>, item: Item<'_>, findings: &mut Findings<'_>) -> bool {
    let kind = item.kind();
    let allowed = allowed(kind);
    if allowed.is_empty() {
        return false;
    }
    if allowed.contains(&answer.kind) {
        return true;
    }
    if matches!(kind, "choice" | "open-choice") {
        // The options of a choice may be texts, numbers or dates, and then so are its answers.
        if item
            .options()
            .filter_map(|option| Value::of(option, "value"))
            .any(|value| value.kind == answer.kind)
        {
            return true;
        }
        if item.options().next().is_none() && item.value_set().is_none() {
            let message = format!("`{}` lists no options, so this answer was not checked", item.link_id());
            findings.not_checked(answer.element, item, message);
            return false;
        }
    }
    let message = format!(
        "the answer to `{}` is {} and the question asks for {}",
        item.link_id(),
        with_article(answer.type_name()),
        with_article(kind)
    );
    let expected = allowed.iter().map(|kind| format!("value{kind}")).collect::<Vec<_>>().join(" or ");
    let issue = crate::profile::Issue::at(answer.element, &CODE, crate::profile::Severity::Error, message);
    findings.add(issue.compared(expected, answer.element.name()), Some(item));
    false
}
