//! Answers from a list: those listed in the form, or the codes of a value set.

use crate::code::Code;
use crate::fhir::Element;
use crate::terminology::Membership;

use super::findings::Findings;
use super::form::{Item, extensions};
use super::value::{Value, any, matches, words};

const SPECIFICATION: &str =
    "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.answerOption";

/// An answer that is not one of the options.
pub(super) const NOT_AN_OPTION: Code = Code {
    name: "questionnaire-answer-option",
    title: "An answer is not one of the options",
    what: "Where the form lists the answers, or gives a value set, an answer is one of them. A question of type \
        open-choice takes a text besides, but no other code.",
    why: "What is done with the answer hangs on its being one of those foreseen.",
    example: "The options are `yes` and `no`.\n  wrong:  \"valueCoding\": { \"code\": \"perhaps\" }",
    specification: SPECIFICATION,
};

/// An option that excludes all others, and another one.
pub(super) const EXCLUSIVE: Code = Code {
    name: "questionnaire-option-exclusive",
    title: "An answer that excludes all others is not the only one",
    what: "An option with the extension optionExclusive (\"none of these\") is the only answer where it is given.",
    why: "\"None\" beside another answer contradicts it.",
    example: "wrong:  two answers, `none` and `asthma`\nright:  one answer, `none`",
    specification: "https://hl7.org/fhir/R4/extension-questionnaire-optionexclusive.html",
};

/// A text where an option says the same.
pub(super) const FREE_TEXT: Code = Code {
    name: "questionnaire-free-text",
    title: "A text repeats the name of an option",
    what: "An answer in free text is what none of the options says.",
    why: "A text is not counted with the code that means the same.",
    example: "wrong:  \"valueString\": \"Yes\"\nright:  \"valueCoding\": { \"code\": \"yes\", \"display\": \"Yes\" }",
    specification: SPECIFICATION,
};

/// Whether an answer is allowed could not be told.
pub(super) const NOT_CHECKED: Code = Code {
    name: "questionnaire-answer-not-checked",
    title: "An answer could not be checked",
    what: "What would tell is not at hand, as a value set or code system that is not in the loaded packages, or the \
        form does not say what it allows.",
    why: "It is listed so that nobody takes it for checked; it does not decide.",
    example: "A question with the value set of a country's regions, where the package that holds it is not loaded.",
    specification: SPECIFICATION,
};

const OPTION_EXCLUSIVE: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive";

/// Checks one answer against the options of its question.
pub(super) fn check(answer: Value<'_>, item: Item<'_>, form: Element<'_>, findings: &mut Findings<'_>) {
    let options: Vec<Value<'_>> = item.options().filter_map(|option| Value::of(option, "value")).collect();
    if options.is_empty() {
        match item.value_set() {
            Some(value_set) if answer.kind == "Coding" => {
                in_value_set(answer, item, value_set, form, findings);
            }
            None if matches!(item.kind(), "choice" | "open-choice") && answer.kind == "Coding" => {
                let message =
                    format!("`{}` lists no options, so this answer was not checked", item.link_id());
                findings.not_checked(answer.element, item, message);
            }
            _ => {}
        }
        return;
    }
    if item.kind() == "open-choice" && answer.kind == "String" {
        let named = |option: &&Value<'_>| option.element.text("display") == Some(answer.written());
        if let Some(option) = options.iter().find(named) {
            let message = format!(
                "the text \"{}\" is the name of the option {}, and was probably meant as that",
                crate::profile::shorten(answer.written()),
                words(*option)
            );
            findings.warning(answer.element, &FREE_TEXT, item, message);
        }
        return;
    }
    match any(options.iter().map(|option| matches(answer, *option))) {
        Some(true) => {}
        Some(false) => not_an_option(answer, item, &listed(&options), findings),
        None => {
            findings.not_checked(answer.element, item, "this answer could not be compared with the options");
        }
    }
}

fn not_an_option(answer: Value<'_>, item: Item<'_>, expected: &str, findings: &mut Findings<'_>) {
    let message = format!("the answer to `{}` is not one of its options", item.link_id());
    let issue =
        crate::profile::Issue::at(answer.element, &NOT_AN_OPTION, crate::profile::Severity::Error, message);
    findings.add(issue.compared(expected, words(answer)), Some(item));
}

fn listed(options: &[Value<'_>]) -> String {
    const AT_MOST: usize = 10;
    let mut listed: Vec<String> = options.iter().take(AT_MOST).map(|option| words(*option)).collect();
    if options.len() > AT_MOST {
        listed.push(format!("or one of {} more", options.len() - AT_MOST));
    }
    listed.join(", ")
}

fn in_value_set(
    answer: Value<'_>,
    item: Item<'_>,
    value_set: &str,
    form: Element<'_>,
    findings: &mut Findings<'_>,
) {
    let expected = format!("a code of {value_set}");
    let Some(code) = answer.element.text("code") else {
        return not_an_option(answer, item, &expected, findings);
    };
    let system = answer.element.text("system");
    let terminology = findings.set.terminology();
    let membership = match value_set.strip_prefix('#') {
        None => terminology.membership(value_set, system, code),
        Some(id) => match form.children_named("contained").find(|inner| inner.text("id") == Some(id)) {
            Some(contained) => terminology.membership_in(contained, system, code),
            None => Membership::Unknown(format!("the Questionnaire does not contain {value_set}")),
        },
    };
    match membership {
        Membership::Member if system.is_none() => {
            let message = format!("the code {code} has no system, so nobody can tell whose it is");
            findings.not_checked(answer.element, item, message);
        }
        Membership::Member => {}
        Membership::NotMember => not_an_option(answer, item, &expected, findings),
        Membership::Unknown(reason) => {
            let message = format!("the answer to `{}` was not checked: {reason}", item.link_id());
            findings.not_checked(answer.element, item, message);
        }
    }
}

/// Checks that an option which excludes all others is the only answer.
pub(super) fn check_exclusive(answers: &[Element<'_>], item: Item<'_>, findings: &mut Findings<'_>) {
    if answers.len() < 2 {
        return;
    }
    let exclusive: Vec<Value<'_>> = item
        .options()
        .filter(|option| extensions(*option, OPTION_EXCLUSIVE).any(|value| value.written() == "true"))
        .filter_map(|option| Value::of(option, "value"))
        .collect();
    for value in answers.iter().filter_map(|answer| Value::of(*answer, "value")) {
        if exclusive.iter().any(|option| matches(value, *option) == Some(true)) {
            let message = format!("{} excludes all other answers to `{}`", words(value), item.link_id());
            findings.error(value.element, &EXCLUSIVE, item, message);
        }
    }
}
