//! The length and the form of an answer in text.

use regex::RegexBuilder;

use crate::code::Code;
use crate::profile::{Issue, Severity, shorten};

use super::findings::Findings;
use super::form::Item;
use super::value::Value;

/// A text that is too short, too long, or not of the form asked for.
pub(super) const CODE: Code = Code {
    name: "questionnaire-answer-text",
    title: "An answer in text is not of the length or form asked for",
    what: "An answer has at most maxLength and at least minLength characters, and matches the pattern of the extension \
        regex as a whole. An answer to a question of type string is one line; text may have several.",
    why: "The length is that of the field it goes into; the pattern is what a reader takes it apart by.",
    example: "maxLength is 3.\n  wrong:  \"valueString\": \"ABCD\"\n  right:  \"valueString\": \"ABC\"",
    specification: "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.maxLength",
};

const MIN_LENGTH: &str = "http://hl7.org/fhir/StructureDefinition/minLength";
const REGEX: &str = "http://hl7.org/fhir/StructureDefinition/regex";
const ENTRY_FORMAT: &str = "http://hl7.org/fhir/StructureDefinition/entryFormat";

/// How large a compiled pattern may become; matching itself is linear.
const SIZE_LIMIT: usize = 1 << 20;

/// Checks the text of one answer.
pub(super) fn check(answer: Value<'_>, item: Item<'_>, findings: &mut Findings<'_>) {
    let Some(text) = answer.element.value() else { return };
    let length = text.chars().count();
    let at_most = item.0.text("maxLength").and_then(|length| length.parse::<usize>().ok());
    if let Some(at_most) = at_most.filter(|at_most| length > *at_most) {
        let message = format!("the answer to `{}` is {length} characters long", item.link_id());
        let issue = Issue::at(answer.element, &CODE, Severity::Error, message);
        findings.add(issue.compared(format!("at most {at_most}"), shorten(text)), Some(item));
    }
    if let Some(at_least) = item.number(MIN_LENGTH).filter(|at_least| length < *at_least) {
        let message = format!("the answer to `{}` is {length} characters long", item.link_id());
        let issue = Issue::at(answer.element, &CODE, Severity::Error, message);
        findings.add(issue.compared(format!("at least {at_least}"), shorten(text)), Some(item));
    }
    if item.kind() == "string" && text.contains(['\n', '\r']) {
        let message = format!(
            "the answer to `{}` has several lines, and a question of type string asks for one",
            item.link_id()
        );
        findings.warning(answer.element, &CODE, item, message);
    }
    pattern(answer, text, item, findings);
}

fn pattern(answer: Value<'_>, text: &str, item: Item<'_>, findings: &mut Findings<'_>) {
    let Some(pattern) = item.extension(REGEX).map(Value::written) else { return };
    let Ok(regex) = RegexBuilder::new(&format!("^(?:{pattern})$")).size_limit(SIZE_LIMIT).build() else {
        let message = format!("the pattern of `{}` cannot be used: {}", item.link_id(), shorten(pattern));
        return findings.not_checked(answer.element, item, message);
    };
    if !regex.is_match(text) {
        let format = item.extension(ENTRY_FORMAT).map(Value::written);
        let message = format!("the answer to `{}` is not of the form asked for", item.link_id());
        let issue = Issue::at(answer.element, &CODE, Severity::Error, message);
        let expected = format
            .map_or_else(|| shorten(pattern), |format| format!("{} ({})", shorten(format), shorten(pattern)));
        findings.add(issue.compared(expected, shorten(text)), Some(item));
    }
}
