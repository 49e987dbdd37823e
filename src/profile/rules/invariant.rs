//! Expressions that must be true (ElementDefinition.constraint).

use std::sync::OnceLock;

use serde::{Serialize, Serializer};

use crate::fhir::Element;
use crate::fhirpath::{Context, Expression, Item};
use crate::profile::{Code, Issue, Severity, errata};

/// An invariant is not true.
pub const CODE: Code = Code {
    name: "invariant",
    title: "A rule of the definition does not hold",
    what: "The definition gives rules between elements as FHIRPath expressions; each is true. A rule that compares a date with a \
        time of the same day, or quantities of unlike units, cannot be told to hold and is not met.",
    why: "They say what single elements cannot: that a period ends after it begins, that a contact has a name or \
        a number.",
    example: "per-1: a Period's start is not after its end.\n\
        wrong:  \"period\": { \"start\": \"2019-05-02\", \"end\": \"2019-05-01\" }",
    specification: "https://hl7.org/fhir/STU3/conformance-rules.html#constraints",
};

/// An invariant could not be evaluated.
pub const NOT_CHECKED: Code = Code {
    name: "invariant-not-checked",
    title: "A rule of the definition could not be evaluated",
    what: "The expression needs something that is not at hand, or is not valid FHIRPath.",
    why: "What was not checked is never counted as right: without it the resource cannot be called valid.",
    example: "An expression that asks a terminology service, with none configured.",
    specification: "https://hl7.org/fhir/STU3/conformance-rules.html#constraints",
};

/// The rule that every element has a value or children. The parser says so of every empty element, at its
/// place and in plainer words (`empty-element`).
const ELEMENT_HAS_CONTENT: &str = "ele-1";

/// R4's rules of best practice, whose mark the built-in base definitions leave out: each key with the beginning
/// of its expression.
const BEST_PRACTICE: [(&str, &str); 2] =
    [("dom-6", "text.`div`.exists()"), ("con-3", "clinicalStatus.exists() or verificationStatus")];

fn is_best_practice(key: &str, expression: &str) -> bool {
    BEST_PRACTICE.iter().any(|(known, start)| *known == key && expression.starts_with(start))
}

/// One rule.
#[derive(Debug)]
pub struct Invariant {
    key: String,
    severity: Severity,
    expression: Result<Expression, String>,
    /// Whether it speaks of one type, so that what that type has not is the rule's mistake.
    one_type: bool,
    /// Whether it is good advice rather than a demand.
    best_practice: bool,
    /// What the definitions say against it, told when it is first evaluated.
    flaw: OnceLock<Option<String>>,
}

impl Invariant {
    /// Compiles a constraint; `None` for what needs no evaluation.
    pub(crate) fn compile(key: &str, severity: &str, expression: &str, one_type: bool) -> Option<Self> {
        if key == ELEMENT_HAS_CONTENT {
            return None;
        }
        Some(Self {
            key: key.to_owned(),
            severity: if severity == "warning" { Severity::Warning } else { Severity::Error },
            expression: Expression::parse(errata::corrected(expression)).map_err(|error| error.to_string()),
            one_type: one_type && !errata::is_loose(expression),
            best_practice: is_best_practice(key, expression),
            flaw: OnceLock::new(),
        })
    }

    /// The same rule, as one of best practice if it is marked as such.
    pub(crate) fn marked(mut self, best_practice: bool) -> Self {
        self.best_practice |= best_practice;
        self
    }

    /// Whether it is good advice rather than a demand (elementdefinition-bestpractice).
    #[must_use]
    pub fn is_best_practice(&self) -> bool {
        self.best_practice
    }

    /// What tells it from other rules: definitions use the same key for different rules.
    pub(crate) fn identity(&self) -> (&str, &str) {
        (&self.key, self.expression.as_ref().map_or_else(String::as_str, Expression::source))
    }

    /// What it weighs that the rule could not be checked.
    fn undecided(&self) -> Severity {
        if self.severity == Severity::Error { Severity::Undecided } else { Severity::NotChecked }
    }

    /// Whether it holds for want of what it speaks of, which needs no evaluation.
    #[must_use]
    pub fn holds_by_absence<'t>(
        &self,
        element: Element<'t>,
        type_name: Option<&'t str>,
        context: &Context<'t>,
    ) -> bool {
        self.expression.as_ref().is_ok_and(|expression| {
            expression.is_satisfied_by_absence(context, element)
                && self.flaw(expression, type_name, context).is_none()
        })
    }

    /// What the definitions say against it.
    fn flaw(&self, expression: &Expression, type_name: Option<&str>, context: &Context<'_>) -> Option<&str> {
        let find = || {
            let type_name = type_name.filter(|_| self.one_type)?;
            expression.check(context.model, Some(type_name)).err().map(|error| error.to_string())
        };
        self.flaw.get_or_init(find).as_deref()
    }

    /// Evaluates it on one element.
    #[must_use]
    pub fn check<'t>(
        &self,
        element: Element<'t>,
        type_name: Option<&'t str>,
        context: &Context<'t>,
    ) -> Option<Issue> {
        let expression = match &self.expression {
            Ok(expression) => expression,
            Err(error) => {
                let message = format!("the rule {} is not valid FHIRPath: {error}", self.key);
                return Some(Issue::at(element, &NOT_CHECKED, self.undecided(), message));
            }
        };
        if let Some(flaw) = self.flaw(expression, type_name, context) {
            let message = format!("the rule {} is wrong in itself: {flaw}", self.key);
            let mut issue = Issue::at(element, &NOT_CHECKED, self.undecided(), message);
            issue.expected = Some(expression.to_string());
            return Some(issue);
        }
        match expression.evaluate_boolean(context, Item::element(element, type_name)) {
            // An empty result satisfies an invariant: the elements that it speaks of are not there.
            Ok(Some(true)) => None,
            Ok(None) if !expression.compares_unlike(context, Item::element(element, type_name)) => None,
            Ok(None) => {
                let message = format!(
                    "the rule {} is not met: it compares values that cannot be put in order, as a date and a time of that day",
                    self.key
                );
                let mut issue = Issue::at(element, &CODE, self.severity, message);
                issue.expected = Some(expression.to_string());
                Some(issue)
            }
            Ok(Some(false)) => {
                let message = format!("the rule {} does not hold", self.key);
                let mut issue = Issue::at(element, &CODE, self.severity, message);
                issue.expected = Some(expression.to_string());
                Some(issue)
            }
            Err(error) => {
                let message = format!("the rule {} could not be evaluated: {error}", self.key);
                let mut issue = Issue::at(element, &NOT_CHECKED, self.undecided(), message);
                issue.expected = Some(expression.to_string());
                Some(issue)
            }
        }
    }
}

impl Serialize for Invariant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.key)
    }
}
