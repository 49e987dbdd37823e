//! A value that must contain what is given (ElementDefinition.pattern[x]).

use serde::Serialize;

use crate::fhir::Element;
use crate::profile::definition::Fragment;
use crate::profile::text::describe;
use crate::profile::{Code, Issue, Severity};

/// A value lacks what the pattern holds.
pub const CODE: Code = Code {
    name: "pattern-value",
    title: "A value lacks what the profile's pattern holds",
    what: "The element holds at least the parts that the profile gives; more is allowed.",
    why: "Patterns mark which concept is meant, whatever else is said about it.",
    example: "A pattern of one coding.\n\
        wrong:  \"coding\": [{ \"system\": \"http://loinc.org\", \"code\": \"29463-7\" }]\n\
        right:  the same with the coding of the pattern beside it",
    specification: "https://hl7.org/fhir/STU3/elementdefinition.html#pattern",
};

/// What must be there.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Pattern(pub(crate) Fragment);

impl Pattern {
    /// Checks one element.
    #[must_use]
    pub fn check(&self, element: Element<'_>) -> Option<Issue> {
        if self.matches(element) {
            return None;
        }
        let issue = Issue::at(
            element,
            &CODE,
            Severity::Error,
            format!("`{}` does not hold what the pattern demands", element.name()),
        );
        Some(issue.compared(describe(self.0.element()), describe(element)))
    }

    /// Whether an element holds at least this.
    #[must_use]
    pub fn matches(&self, element: Element<'_>) -> bool {
        contains(element, self.0.element())
    }
}

/// Every part of the pattern is somewhere among the element's parts of the same name.
fn contains(element: Element<'_>, pattern: Element<'_>) -> bool {
    (pattern.value().is_none() || pattern.value() == element.value())
        && pattern
            .children()
            .all(|part| element.children_named(part.name()).any(|candidate| contains(candidate, part)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_json;

    #[test]
    fn more_is_allowed_less_is_not() {
        let pattern = parse_json(r#"{"coding":[{"system":"s","code":"c"}]}"#).unwrap();
        let more =
            parse_json(r#"{"text":"t","coding":[{"code":"x"},{"system":"s","code":"c","display":"d"}]}"#)
                .unwrap();
        let less = parse_json(r#"{"coding":[{"system":"s"},{"code":"c"}]}"#).unwrap();
        assert!(contains(more.root(), pattern.root()));
        assert!(!contains(less.root(), pattern.root()));
    }
}
