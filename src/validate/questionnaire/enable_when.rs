//! Whether an item is enabled by the answers to other questions (Questionnaire.item.enableWhen).

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::code::Code;
use crate::fhir::Element;

use super::findings::Findings;
use super::form::Item;
use super::value::{Value, any, compare, matches};

/// An item that is not enabled has answers.
pub(super) const NOT_ENABLED: Code = Code {
    name: "questionnaire-item-not-enabled",
    title: "An item is answered that is not enabled",
    what: "A form may ask a question only where other answers are so (enableWhen). Where they are not, the question \
        and all below it have no answer, and are not required.",
    why: "The question was not to be put: its answer contradicts those that it hangs on, and one of them is wrong.",
    example: "`pregnant` is enabled when `sex` is female.\n  wrong:  `sex` male, and an answer to `pregnant`",
    specification: "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen",
};

/// How many places may be looked at in one response; forms that people fill in need thousands.
const MOST_LOOKED_AT: usize = 2_000_000;

/// Whether an item is enabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Enabled {
    Yes,
    No,
    /// The answers do not tell.
    Unknown,
}

impl Enabled {
    fn of(holds: Option<bool>) -> Self {
        match holds {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::Unknown,
        }
    }

    /// Both must hold.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }

    /// One is enough.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::No, Self::No) => Self::No,
        }
    }
}

/// Reports answers of an item that is not enabled.
pub(super) fn not_enabled(found: Element<'_>, item: Item<'_>, findings: &mut Findings<'_>) {
    let message = format!("`{}` is answered, and other answers say that it is not to be", item.link_id());
    findings.error(found, &NOT_ENABLED, item, message);
}

/// The answers of a response, by the question.
pub(super) struct Conditions<'t> {
    by_link_id: HashMap<&'t str, Vec<Element<'t>>>,
    looked_at: usize,
}

impl<'t> Conditions<'t> {
    pub(super) fn new(response: Element<'t>) -> Self {
        let mut by_link_id: HashMap<&str, Vec<Element<'_>>> = HashMap::new();
        let mut waiting = vec![response];
        while let Some(element) = waiting.pop() {
            if let (Some(link_id), "item") = (element.text("linkId"), element.name()) {
                by_link_id.entry(link_id).or_default().push(element);
            }
            waiting.extend(element.children().filter(|child| matches!(child.name(), "item" | "answer")));
        }
        Self { by_link_id, looked_at: 0 }
    }

    /// Whether the conditions of an item hold at a place of the response. Several count as "or", unless
    /// R4's enableBehavior says "all".
    pub(super) fn enabled(&mut self, item: Item<'_>, parent: Element<'t>) -> Enabled {
        let all = item.0.text("enableBehavior") == Some("all");
        let mut conditions = item.0.children_named("enableWhen").peekable();
        if conditions.peek().is_none() {
            return Enabled::Yes;
        }
        let start = if all { Enabled::Yes } else { Enabled::No };
        conditions.fold(start, |enabled, condition| {
            let holds = Enabled::of(self.holds(condition, parent));
            if all { enabled.and(holds) } else { enabled.or(holds) }
        })
    }

    fn holds(&mut self, condition: Element<'_>, parent: Element<'t>) -> Option<bool> {
        let answers = self.answers(condition.text("question")?, parent)?;
        // STU3 asks for an answer by an element of its own, R4 by an operator.
        if let Some(wanted) = condition.text("hasAnswer") {
            return Some((wanted == "true") != answers.is_empty());
        }
        let wanted = Value::of(condition, "answer")?;
        let operator = condition.text("operator").unwrap_or("=");
        if operator == "exists" {
            return Some((wanted.written() == "true") != answers.is_empty());
        }
        let values: Vec<Value<'_>> =
            answers.iter().filter_map(|answer| Value::of(*answer, "value")).collect();
        if values.is_empty() {
            // Whether "not this answer" holds where there is none is read in both ways.
            return (operator != "!=").then_some(false);
        }
        let equal = || any(values.iter().map(|value| matches(*value, wanted)));
        let ordered =
            |holds: fn(Ordering) -> bool| any(values.iter().map(|value| compare(*value, wanted).map(holds)));
        match operator {
            "=" => equal(),
            "!=" => equal().map(|found| !found),
            ">" => ordered(Ordering::is_gt),
            "<" => ordered(Ordering::is_lt),
            ">=" => ordered(Ordering::is_ge),
            "<=" => ordered(Ordering::is_le),
            _ => None,
        }
    }

    /// The answers to the nearest occurrence of a question: among the items around a place first, then
    /// within the nearest of them that has it. `None` if that is too much to look for.
    fn answers(&mut self, question: &str, place: Element<'t>) -> Option<Vec<Element<'t>>> {
        let Some(items) = self.by_link_id.get(question) else { return Some(Vec::new()) };
        let mut around = Some(place);
        while let Some(element) = around {
            self.looked_at += items.len();
            if self.looked_at > MOST_LOOKED_AT {
                return None;
            }
            let mut within = items.iter().filter(|item| item.is_within(element)).peekable();
            if within.peek().is_some() {
                return Some(within.flat_map(|item| item.children_named("answer")).collect());
            }
            around = element.parent();
        }
        Some(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_json;

    #[track_caller]
    fn check(conditions: &str, answers: &str, expected: Enabled) {
        let form = parse_json(&format!(r#"{{"linkId":"x",{conditions}}}"#)).unwrap();
        let text = format!(
            r#"{{"resourceType":"QuestionnaireResponse","item":[{{"linkId":"q","answer":[{answers}]}}]}}"#
        );
        let response = parse_json(&text).unwrap();
        let enabled = Conditions::new(response.root()).enabled(Item(form.root()), response.root());
        assert_eq!(enabled, expected, "{conditions} {answers}");
    }

    #[test]
    fn each_operator_looks_at_all_answers() {
        let when = |operator: &str, wanted: &str| {
            format!(r#""enableWhen":[{{"question":"q","operator":"{operator}",{wanted}}}]"#)
        };
        let answers = r#"{"valueInteger":5},{"valueInteger":8}"#;
        for (operator, wanted, expected) in [
            ("=", 8, Enabled::Yes),
            ("=", 7, Enabled::No),
            ("!=", 8, Enabled::No),
            ("!=", 7, Enabled::Yes),
            (">", 7, Enabled::Yes),
            (">", 8, Enabled::No),
            (">=", 8, Enabled::Yes),
            ("<", 5, Enabled::No),
            ("<=", 5, Enabled::Yes),
        ] {
            check(&when(operator, &format!(r#""answerInteger":{wanted}"#)), answers, expected);
        }
        check(&when("exists", r#""answerBoolean":true"#), answers, Enabled::Yes);
        check(&when("exists", r#""answerBoolean":false"#), answers, Enabled::No);
        check(&when("exists", r#""answerBoolean":false"#), "", Enabled::Yes);
        check(&when("=", r#""answerInteger":7"#), "", Enabled::No);
        check(&when("!=", r#""answerInteger":7"#), "", Enabled::Unknown);
    }

    #[test]
    fn stu3_has_no_operators() {
        check(r#""enableWhen":[{"question":"q","hasAnswer":true}]"#, r#"{"valueInteger":5}"#, Enabled::Yes);
        check(r#""enableWhen":[{"question":"q","hasAnswer":true}]"#, "", Enabled::No);
        check(r#""enableWhen":[{"question":"q","answerInteger":5}]"#, r#"{"valueInteger":5}"#, Enabled::Yes);
    }

    #[test]
    fn several_conditions_are_joined_as_the_behaviour_says() {
        let two = r#""enableWhen":[{"question":"q","operator":"=","answerInteger":1},
            {"question":"q","operator":"=","answerInteger":2}]"#;
        check(two, r#"{"valueInteger":2}"#, Enabled::Yes);
        check(&format!(r#"{two},"enableBehavior":"all""#), r#"{"valueInteger":2}"#, Enabled::No);
        check(&format!(r#"{two},"enableBehavior":"any""#), r#"{"valueInteger":2}"#, Enabled::Yes);
    }

    #[test]
    fn the_nearest_occurrence_of_a_question_counts() {
        let group = |answer: bool| {
            format!(r#"{{"linkId":"g","item":[{{"linkId":"q","answer":[{{"valueBoolean":{answer}}}]}}]}}"#)
        };
        let text = format!(
            r#"{{"resourceType":"QuestionnaireResponse","item":[{},{}]}}"#,
            group(true),
            group(false)
        );
        let response = parse_json(&text).unwrap();
        let form = parse_json(
            r#"{"linkId":"x","enableWhen":[{"question":"q","operator":"=","answerBoolean":true}]}"#,
        )
        .unwrap();
        let mut conditions = Conditions::new(response.root());
        let enabled: Vec<Enabled> = response
            .root()
            .children_named("item")
            .map(|group| conditions.enabled(Item(form.root()), group))
            .collect();
        assert_eq!(enabled, [Enabled::Yes, Enabled::No]);
    }
}
