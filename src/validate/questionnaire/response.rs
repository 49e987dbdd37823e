//! The way from a response to its Questionnaire.

use crate::code::Code;
use crate::fhir::{Element, with_article};
use crate::profile::{Issue, SchemaSet, Severity};
use crate::validate::canonical_target::{Target, find, of_element};

use super::findings::Findings;
use super::form::Form;
use super::items;

/// The Questionnaire is not at hand.
pub(super) const NOT_LOADED: Code = Code {
    name: "questionnaire-not-loaded",
    title: "The answers were not checked: the Questionnaire is not loaded",
    what: "A response is judged against the Questionnaire that it names, which is looked for in the same \
        resource, in the Bundle around it, and in the loaded packages.",
    why: "Without the Questionnaire nobody can tell whether all questions are answered, and with values that \
        it allows. It is listed so that nobody takes it for checked; it does not decide.",
    example: "Load the file or package that holds the Questionnaire with --ig.",
    specification: "https://hl7.org/fhir/R4/questionnaireresponse-definitions.html#QuestionnaireResponse.questionnaire",
};

/// What the response names is no Questionnaire.
pub(super) const NOT_A_QUESTIONNAIRE: Code = Code {
    name: "questionnaire-wrong-type",
    title: "What the response names as its Questionnaire is another resource",
    what: "QuestionnaireResponse.questionnaire leads to a Questionnaire.",
    why: "Answers without their questions cannot be read.",
    example: "wrong:  \"questionnaire\": \"http://example.org/ValueSet/answers\"\nright:  \"questionnaire\": \
        \"http://example.org/Questionnaire/intake\"",
    specification: "https://hl7.org/fhir/R4/questionnaireresponse-definitions.html#QuestionnaireResponse.questionnaire",
};

/// Checks a response against the Questionnaire that it names; nothing if it names none.
pub(in crate::validate) fn check(response: Element<'_>, set: &SchemaSet) -> Vec<Issue> {
    let Some(place) = response.child("questionnaire") else { return Vec::new() };
    let Some(canonical) = of_element(place) else { return Vec::new() };
    match find(canonical, "Questionnaire", place, set) {
        Target::Here(form) => judge(response, form, set),
        Target::Loaded(tree) => judge(response, tree.root(), set),
        Target::Other(kind) => {
            let message = format!("{canonical} is {}", with_article(&kind));
            let issue = Issue::at(place, &NOT_A_QUESTIONNAIRE, Severity::Error, message);
            vec![issue.compared("a Questionnaire", with_article(&kind))]
        }
        Target::Nothing => {
            let message =
                format!("the answers were not checked: the Questionnaire {canonical} is not loaded");
            vec![Issue::at(place, &NOT_LOADED, Severity::NotChecked, message)]
        }
    }
}

fn judge(response: Element<'_>, form: Element<'_>, set: &SchemaSet) -> Vec<Issue> {
    let form = Form::new(form);
    let mut findings = Findings::new(set, form.root);
    items::check(response, &form, &mut findings);
    findings.issues
}
