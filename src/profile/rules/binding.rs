//! Codes from a value set (ElementDefinition.binding).
//!
//! <https://hl7.org/fhir/STU3/terminologies.html#strength>

use serde::Serialize;
use smallvec::{SmallVec, smallvec};

use super::coding::said;
use crate::fhir::Element;
use crate::profile::definition::BindingDefinition;
use crate::profile::text::describe;
use crate::profile::{Code, Issue, Severity, errata};
use crate::terminology::{Membership, Terminology};

/// A code is not one of the value set.
pub const NOT_IN_VALUE_SET: Code = Code {
    name: "code-not-in-value-set",
    title: "A code is not one of the value set",
    what: "Where the profile binds an element to a value set, its code is one of that set: an error where the \
        binding is required, a warning where it is extensible, a remark where it is preferred. A maximum value set, and \
        additional bindings of the profile, are judged likewise.",
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

impl Strength {
    fn of(text: &str) -> Option<Self> {
        Some(match text {
            "required" => Self::Required,
            "extensible" => Self::Extensible,
            "preferred" => Self::Preferred,
            "example" => Self::Example,
            _ => return None,
        })
    }
}

/// What a value set is to an element, besides how binding it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The binding of the element.
    Main,
    /// The set that no code may leave, though codes outside the main one are allowed.
    Maximum,
    /// A further binding beside the main one.
    Additional,
    /// A further binding for some uses only, which cannot be told from a resource.
    Conditional,
}

/// A value set and how binding it is.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Binding {
    pub(crate) strength: Strength,
    pub(crate) value_set: String,
    #[serde(skip_serializing_if = "Role::is_main")]
    pub(crate) role: Role,
}

impl Role {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
    fn is_main(&self) -> bool {
        *self == Self::Main
    }

    fn words(self) -> &'static str {
        match self {
            Self::Main => "the value set",
            Self::Maximum => "the maximum value set",
            Self::Additional | Self::Conditional => "the additional value set",
        }
    }
}

impl Binding {
    /// All that the binding of an element's definition says.
    pub(in crate::profile) fn compile(definition: &BindingDefinition) -> Vec<Self> {
        let strength = match (Strength::of(&definition.strength), definition.value_set.as_deref()) {
            (Some(Strength::Required), Some(value_set)) if errata::is_extensible(value_set) => {
                Some(Strength::Extensible)
            }
            (strength, _) => strength,
        };
        let main = definition.value_set.clone().zip(strength);
        let mut made: Vec<Self> =
            main.into_iter().map(|(value_set, strength)| Self::main(strength, value_set)).collect();
        for further in &definition.further {
            let (strength, role) = match further.purpose.as_str() {
                "maximum" => (Strength::Required, Role::Maximum),
                purpose => match Strength::of(purpose) {
                    Some(strength) => (strength, Role::Additional),
                    // The other purposes are advice to those who write systems.
                    None => continue,
                },
            };
            let role = if further.conditional { Role::Conditional } else { role };
            made.push(Self { strength, value_set: further.value_set.clone(), role });
        }
        made
    }

    /// The binding of an element.
    pub(crate) fn main(strength: Strength, value_set: String) -> Self {
        Self { strength, value_set, role: Role::Main }
    }

    /// Checks one element: a code, a Coding, a `CodeableConcept`, a Quantity, a string or a uri. Example
    /// bindings are not checked; of preferred ones only is said what needs no working out.
    #[must_use]
    pub fn check(&self, element: Element<'_>, terminology: &Terminology) -> Option<Issue> {
        match self.strength {
            Strength::Example => return None,
            Strength::Preferred => return self.advise(element, terminology),
            Strength::Required | Strength::Extensible => {}
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
            None if self.role == Role::Conditional => Some(
                self.not_checked(element, "it holds for some uses only, and which this is cannot be told"),
            ),
            None => Some(self.not_member(element, terminology)),
        }
    }

    /// What a preferred binding says: codes of the set are encouraged.
    fn advise(&self, element: Element<'_>, terminology: &Terminology) -> Option<Issue> {
        let codings = codings(element);
        let is_outside = |(system, code): &(Option<&str>, &str)| {
            terminology.listed_membership(&self.value_set, *system, code) == Some(false)
        };
        (!codings.is_empty() && codings.iter().all(is_outside))
            .then(|| Issue { severity: Severity::Information, ..self.not_member(element, terminology) })
    }

    /// Whether any of the element's codes is known to be in the set.
    #[must_use]
    pub fn is_member(&self, element: Element<'_>, terminology: &Terminology) -> Membership {
        codings(element).iter().fold(Membership::NotMember, |found, (system, code)| {
            found.or(terminology.membership(&self.value_set, *system, code))
        })
    }

    /// An element without a code does not meet a required binding (terminologies.html#required), be it a code, a Coding
    /// or a `CodeableConcept`: an extension that says why there is none is no code of the set either. A Quantity without
    /// a unit is another rule's matter.
    fn without_code(&self, element: Element<'_>) -> Option<Issue> {
        let is_of_code = |child: Element<'_>| {
            matches!(
                child.name(),
                "coding" | "text" | "system" | "version" | "display" | "userSelected" | "extension" | "id"
            )
        };
        let says_something = element.children().any(|child| child.name() != "id");
        let required = self.strength == Strength::Required && self.role != Role::Conditional;
        (required && says_something && element.children().all(is_of_code)).then(|| {
            let message = format!("`{}` has no code", element.name());
            Issue::at(element, &NOT_IN_VALUE_SET, Severity::Error, message)
                .compared(format!("a code from {}", self.value_set), describe(element))
        })
    }

    fn not_member(&self, element: Element<'_>, terminology: &Terminology) -> Issue {
        let severity = if self.strength == Strength::Required { Severity::Error } else { Severity::Warning };
        let asked = codings(element)
            .iter()
            .find_map(|(system, code)| terminology.said(Some(&self.value_set), *system, code))
            .map(|answer| said(&answer))
            .unwrap_or_default();
        let message =
            format!("`{}` holds no code of {} {}{asked}", element.name(), self.role.words(), self.value_set);
        let expected = match terminology.listed(&self.value_set, 12) {
            Some(codes) => format!("one of: {}", codes.join(", ")),
            None => format!("a code from {}", self.value_set),
        };
        Issue::at(element, &NOT_IN_VALUE_SET, severity, message).compared(expected, describe(element))
    }

    fn not_checked(&self, element: Element<'_>, reason: &str) -> Issue {
        let decides = self.strength == Strength::Required && self.role != Role::Conditional;
        let severity = if decides { Severity::Undecided } else { Severity::NotChecked };
        let message =
            format!("`{}` could not be checked against {}: {reason}", element.name(), self.value_set);
        let mut issue = Issue::at(element, &NOT_CHECKED, severity, message);
        issue.actual = Some(describe(element));
        issue
    }
}

/// The codes of an element, each with its system where it has one.
pub(crate) fn codings(element: Element<'_>) -> SmallVec<[(Option<&str>, &str); 4]> {
    if let Some(code) = element.value() {
        return smallvec![(None, code)];
    }
    let mut found = SmallVec::new();
    let (mut system, mut code, mut nested) = (None, None, false);
    for child in element.children() {
        match child.name() {
            "coding" => {
                nested = true;
                if let Some(code) = child.text("code") {
                    found.push((Some(child.text("system").unwrap_or_default()), code));
                }
            }
            "system" => system = child.value(),
            "code" => code = child.value(),
            _ => {}
        }
    }
    if let Some(code) = code.filter(|_| !nested) {
        found.push((Some(system.unwrap_or_default()), code));
    }
    found
}
