//! The unit of an answer that is a quantity.

use crate::code::Code;
use crate::profile::{Issue, Severity};
use crate::terminology::Membership;

use super::findings::Findings;
use super::form::Item;
use super::value::{Value, words};

/// A unit that the question does not offer.
pub(super) const CODE: Code = Code {
    name: "questionnaire-answer-unit",
    title: "The unit of an answer is not one that the question offers",
    what: "Where a question offers units by the extensions unitOption or unitValueSet, the answer has one of them, \
        by its code and system.",
    why: "The value is reckoned with in the unit that was expected.",
    example: "The units offered are cm and m.\n  wrong:  \"code\": \"kg\"\n  right:  \"code\": \"cm\"",
    specification: "https://hl7.org/fhir/R4/extension-questionnaire-unitoption.html",
};

const UNIT_OPTION: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption";
const UNIT_VALUE_SET: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitValueSet";
/// Says that other units may be given as well.
const UNIT_OPEN: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-unitOpen";

/// Checks the unit of one quantity.
pub(super) fn check(answer: Value<'_>, item: Item<'_>, findings: &mut Findings<'_>) {
    if item.extension(UNIT_OPEN).is_some() {
        return;
    }
    let (system, code) = (answer.element.text("system"), answer.element.text("code"));
    let options: Vec<Value<'_>> = item.extensions(UNIT_OPTION).collect();
    let listed = options.iter().any(|option| {
        code.is_some() && option.element.text("code") == code && option.element.text("system") == system
    });
    if listed {
        return;
    }
    let set = item
        .extension(UNIT_VALUE_SET)
        .map(|value| value.element.value().or_else(|| value.element.text("reference")).unwrap_or_default());
    let expected = match set {
        None if options.is_empty() => return,
        None => options.iter().map(|option| words(*option)).collect::<Vec<_>>().join(", "),
        Some(set) => {
            let membership = code.map_or(Membership::NotMember, |code| {
                findings.set.terminology().membership(set, system, code)
            });
            match membership {
                Membership::Member => return,
                Membership::Unknown(reason) => {
                    let message =
                        format!("the unit of the answer to `{}` was not checked: {reason}", item.link_id());
                    return findings.not_checked(answer.element, item, message);
                }
                Membership::NotMember => format!("a code of {set}"),
            }
        }
    };
    let message = format!("the unit of the answer to `{}` is not one that is offered", item.link_id());
    let issue = Issue::at(answer.element, &CODE, Severity::Error, message);
    findings.add(issue.compared(expected, words(answer)), Some(item));
}
