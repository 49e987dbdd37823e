//! Codes from a value set (ElementDefinition.binding).
//!
//! <https://hl7.org/fhir/STU3/terminologies.html#strength>

use serde::Serialize;

use crate::fhir::Element;
use crate::profile::text::describe;
use crate::profile::{Code, Issue, Severity};
use crate::terminology::{Membership, Terminology};

/// A code is not one of the value set.
pub const NOT_IN_VALUE_SET: Code = Code {
    name: "code-not-in-value-set",
    title: "A code is not one of the value set",
    what: "Where the profile binds an element to a value set, its code is one of that set: an error where the \
        binding is required, a warning where it is extensible.",
    why: "Meaning travels by code. A code that the receiver does not know is shown as text at best, and never \
        counted, filtered or acted on.",
    example: "AdministrativeGender is required.\n  wrong:  \"gender\": \"F\"\n  right:  \"gender\": \"female\"",
    specification: "https://hl7.org/fhir/STU3/terminologies.html#strength",
};

/// Whether a code belongs to its value set could not be told.
pub const NOT_CHECKED: Code = Code {
    name: "code-not-checked",
    title: "A code could not be checked against its value set",
    what: "The value set, or a code system that it draws on, is not in the loaded packages: SNOMED CT and dm+d, \
        for instance, need a licence and are not part of Proofmark.",
    why: "What was not checked is never counted as right. For a required binding nothing can be concluded; for \
        a weaker one the report lists it and goes on.",
    example: "AllergyIntolerance.code is bound to a set of SNOMED CT concepts; whether 91936005 is one of them \
        cannot be told without SNOMED CT.",
    specification: "https://hl7.org/fhir/STU3/terminologies.html#unbound",
};

/// How binding a binding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// Only codes of the set.
    Required,
    /// Codes of the set where one fits.
    Extensible,
    /// Codes of the set are encouraged.
    Preferred,
    /// The set is an example.
    Example,
}

/// A value set and how binding it is.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Binding {
    pub(crate) strength: Strength,
    pub(crate) value_set: String,
}

impl Binding {
    /// Checks one element: a code, a Coding, a `CodeableConcept`, a Quantity, a string or a uri. Preferred
    /// and example bindings are advice and are not checked.
    #[must_use]
    pub fn check(&self, element: Element<'_>, terminology: &Terminology) -> Option<Issue> {
        if matches!(self.strength, Strength::Preferred | Strength::Example) {
            return None;
        }
        let codings = codings(element);
        if codings.is_empty() {
            return self.without_code(element);
        }
        let mut unknown = None;
        for (system, code) in &codings {
            match terminology.membership(&self.value_set, *system, code) {
                Membership::Member => return None,
                Membership::NotMember => {}
                Membership::Unknown(reason) => unknown = Some(reason),
            }
        }
        match unknown {
            Some(reason) => Some(self.not_checked(element, &reason)),
            None => Some(self.not_member(element, terminology)),
        }
    }

    /// Whether any of the element's codes is known to be in the set.
    #[must_use]
    pub fn is_member(&self, element: Element<'_>, terminology: &Terminology) -> Membership {
        codings(element).iter().fold(Membership::NotMember, |found, (system, code)| {
            found.or(terminology.membership(&self.value_set, *system, code))
        })
    }

    /// A concept without a code does not meet a required binding (terminologies.html#required), unless an
    /// extension says why there is none. A Quantity without a unit is another rule's matter.
    fn without_code(&self, element: Element<'_>) -> Option<Issue> {
        let is_concept =
            ["coding", "text", "system", "display"].iter().any(|part| element.child(part).is_some())
                && element.child("value").is_none();
        let explained = element.child("extension").is_some();
        (is_concept && !explained && self.strength == Strength::Required).then(|| {
            let message = format!("`{}` has no code", element.name());
            Issue::at(element, &NOT_IN_VALUE_SET, Severity::Error, message)
                .compared(format!("a code from {}", self.value_set), describe(element))
        })
    }

    fn not_member(&self, element: Element<'_>, terminology: &Terminology) -> Issue {
        let severity = if self.strength == Strength::Required { Severity::Error } else { Severity::Warning };
        let message = format!("`{}` holds no code of the value set {}", element.name(), self.value_set);
        let expected = match terminology.listed(&self.value_set, 12) {
            Some(codes) => format!("one of: {}", codes.join(", ")),
            None => format!("a code from {}", self.value_set),
        };
        Issue::at(element, &NOT_IN_VALUE_SET, severity, message).compared(expected, describe(element))
    }

    fn not_checked(&self, element: Element<'_>, reason: &str) -> Issue {
        let severity =
            if self.strength == Strength::Required { Severity::Undecided } else { Severity::NotChecked };
        let message =
            format!("`{}` could not be checked against {}: {reason}", element.name(), self.value_set);
        let mut issue = Issue::at(element, &NOT_CHECKED, severity, message);
        issue.actual = Some(describe(element));
        issue
    }
}

/// The codes of an element, each with its system where it has one.
pub(crate) fn codings(element: Element<'_>) -> Vec<(Option<&str>, &str)> {
    if let Some(code) = element.value() {
        return vec![(None, code)];
    }
    if element.child("coding").is_some() {
        return element
            .children_named("coding")
            .filter_map(|coding| {
                Some((Some(coding.text("system").unwrap_or_default()), coding.text("code")?))
            })
            .collect();
    }
    element
        .text("code")
        .map(|code| (Some(element.text("system").unwrap_or_default()), code))
        .into_iter()
        .collect()
}
