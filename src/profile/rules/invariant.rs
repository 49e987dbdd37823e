//! Expressions that must be true (ElementDefinition.constraint).

use std::sync::OnceLock;

use serde::{Serialize, Serializer};

use super::contained::Contained;
use crate::fhir::{Element, Position};
use crate::fhirpath::{Context, Expression, Item, NarrativeFlaw};
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
    /// Where it is the rule of contained resources, that rule.
    contained: Option<Contained>,
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
            contained: Contained::of(expression),
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
        let told = self.contained.and_then(|rule| rule.holds(element));
        let evaluate = || expression.evaluate_boolean(context, Item::element(element, type_name));
        match told.map_or_else(evaluate, |holds| Ok(Some(holds))) {
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
                let issue = Issue::at(element, &CODE, self.severity, message);
                Some(match narrative_flaw(expression, element) {
                    Some(flaw) => explained(issue, &flaw),
                    None => Issue { expected: Some(expression.to_string()), ..issue },
                })
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

/// What is wrong with a narrative, where the rule is that of narratives.
fn narrative_flaw(expression: &Expression, element: Element<'_>) -> Option<NarrativeFlaw> {
    let is_of_narratives = expression.source().eq_ignore_ascii_case("htmlChecks()");
    let markup = element.value().or_else(|| element.text("div")).filter(|_| is_of_narratives)?;
    NarrativeFlaw::of(markup)
}

/// The issue with the place of a flaw and what to do about it.
fn explained(mut issue: Issue, flaw: &NarrativeFlaw) -> Issue {
    let Position { line, column } = flaw.position;
    issue.message =
        format!("{}: {}, at line {line}, column {column} of the narrative", issue.message, flaw.what);
    issue.expected = Some(flaw.remedy.to_owned());
    issue
}

impl Serialize for Invariant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_json;
    use crate::fhirpath::NoModel;

    #[test]
    fn a_narrative_that_is_not_allowed_is_told_by_its_tag_and_place() {
        let found = |inner: &str| {
            let division = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">\n{inner}</div>");
            let text = serde_json::json!({ "resourceType": "Patient", "text": { "div": division } });
            let tree = parse_json(&text.to_string()).unwrap();
            let division = tree.root().child("text").and_then(|text| text.child("div")).unwrap();
            let rule = Invariant::compile("txt-1", "error", "htmlChecks()", true).unwrap();
            rule.check(division, Some("xhtml"), &Context::new(&NoModel))
        };
        assert!(found("<p>a</p>").is_none());
        let issue = found("<p>&nbsp;a <script>x</script></p>").unwrap();
        assert_eq!(
            issue.message,
            "the rule txt-1 does not hold: the element `script` is not allowed, at line 2, column 12 of the narrative"
        );
        assert!(issue.expected.unwrap().contains("take it out"));
        for (inner, what) in [
            ("<p onclick='x'>a</p>", "the attribute `onclick` is not allowed on `p`, at line 2, column 4 "),
            ("<a href='javascript:x'>a</a>", "the `href` of `a` is a script, at line 2, column 4 "),
            ("<p> </p>", "there is nothing to read, at line 1, column 1 "),
            ("<p>a", "it is not well-formed"),
        ] {
            let message = found(inner).unwrap().message;
            assert!(message.contains(what), "{message}");
        }
    }
}
