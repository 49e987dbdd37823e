//! The NHS number: ten digits, of which the last checks the others.

use super::is_digits;
use crate::fhir::Element;
use crate::nhs_number::has_check_digit;
use crate::profile::{Code, Issue, Severity};

/// An NHS number is not ten digits.
pub(in crate::profile::rules) const FORMAT: Code = Code {
    name: "nhs-number-format",
    title: "An NHS number is not ten digits",
    what: "The value of an identifier with the system https://fhir.nhs.uk/Id/nhs-number is ten digits, and nothing else: \
        the blanks and hyphens that it is shown with to people are not part of it.",
    why: "Systems match patients by this text. One that is written otherwise finds nobody.",
    example: "wrong:  943 476 5919\nright:  9434765919",
    specification: "https://www.datadictionary.nhs.uk/attributes/nhs_number.html",
};

/// The check digit of an NHS number is wrong.
pub(in crate::profile::rules) const CHECK_DIGIT: Code = Code {
    name: "nhs-number-check-digit",
    title: "The check digit of an NHS number is wrong",
    what: "The tenth digit of an NHS number follows from the other nine (Modulus 11): multiply them by 10, 9 … 2, add up, \
        take the remainder by 11 from 11; 11 counts as 0, and a number that gives 10 is not issued.",
    why: "A number that fails was mistyped: it is nobody's, or somebody else's. The NHS Data Dictionary calls it not valid.",
    example: "wrong:  9434765918\nright:  9434765919",
    specification: "https://www.datadictionary.nhs.uk/attributes/nhs_number.html",
};

/// An NHS number is one digit ten times.
pub(in crate::profile::rules) const REPEATED: Code = Code {
    name: "nhs-number-repeated",
    title: "An NHS number is one digit ten times",
    what: "Such numbers pass Modulus 11 and are typed where the number is not known. The UK Health Security Agency's checks of \
        NHS numbers do not take them for valid.",
    why: "It is nobody's number: the records of many people are filed under it as one.",
    example: "wrong:  4444444444\nright:  no identifier of this system, where the number is not known",
    specification: "https://www.rdocumentation.org/packages/epidm/versions/1.0.6/topics/valid_nhs",
};

pub(super) fn check(value: Element<'_>, text: &str) -> Option<Issue> {
    if !is_digits(text, 10..=10) {
        let message = format!("the NHS number `{text}` is not ten digits");
        return Some(Issue::at(value, &FORMAT, Severity::Error, message).compared("ten digits", text));
    }
    if text.bytes().all(|digit| text.starts_with(char::from(digit))) {
        let message = format!("the NHS number {text} is one digit ten times, and nobody's");
        let issue = Issue::at(value, &REPEATED, Severity::Warning, message);
        return Some(issue.compared("the NHS number of a person, or none", text));
    }
    (!has_check_digit(text)).then(|| {
        let message = format!("the check digit of the NHS number {text} is wrong");
        Issue::at(value, &CHECK_DIGIT, Severity::Error, message)
            .compared("a number that passes Modulus 11", text)
    })
}
