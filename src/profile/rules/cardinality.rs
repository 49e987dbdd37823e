//! How many times an element may and must be there (ElementDefinition.min and max).

use serde::Serialize;

use crate::fhir::Element;
use crate::profile::definition::Max;
use crate::profile::{Code, Issue, Severity};

/// An element, or a slice of one, is there too few times.
pub const TOO_FEW: Code = Code {
    name: "element-missing",
    title: "A mandatory element is missing",
    what: "Each element that the profile makes mandatory, or each slice of one, is there often enough.",
    why: "Whoever reads the record relies on it: a Patient without a family name cannot be shown or matched.",
    example: "Care Connect demands one name with use `official`.\n\
        wrong:  \"name\": [{ \"use\": \"usual\", \"family\": \"Ashcombe\" }]\n\
        right:  \"name\": [{ \"use\": \"official\", \"family\": \"Ashcombe\" }]",
    specification: "https://hl7.org/fhir/STU3/elementdefinition.html#min",
};

/// An element, or a slice of one, is there too many times, or is not allowed at all.
pub const TOO_MANY: Code = Code {
    name: "element-too-many",
    title: "An element is there too many times, or is not allowed",
    what: "No element, and no slice of one, is there more often than the profile allows.",
    why: "A reader that expects one value takes the first, or none: which one is meant is anybody's guess.",
    example: "Care Connect allows one NHS number for a Patient, and forbids `communication`.\n\
        wrong:  two identifiers with the system https://fhir.nhs.uk/Id/nhs-number\n\
        right:  one such identifier; languages in the extension for NHS communication",
    specification: "https://hl7.org/fhir/STU3/elementdefinition.html#max",
};

/// The least and the most times.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Cardinality {
    pub(crate) min: u32,
    pub(crate) max: Max,
}

impl Cardinality {
    /// The fewest times.
    #[must_use]
    pub fn at_least(&self) -> u32 {
        self.min
    }

    /// The most times; `None` for any number.
    #[must_use]
    pub fn at_most(&self) -> Option<u32> {
        match self.max {
            Max::AtMost(most) => Some(most),
            Max::Any => None,
        }
    }

    /// Checks how many there are. `what` names the element or slice; `parent` is the element that they
    /// belong to.
    #[must_use]
    pub fn check(&self, what: &str, values: &[Element<'_>], parent: Element<'_>) -> Option<Issue> {
        let count = values.len();
        let expected = format!("{}..{}", self.min, self.max);
        if count < self.min as usize {
            let message = if self.min == 1 {
                format!("{what} is missing")
            } else {
                format!("{what} is there {} too few times", self.min as usize - count)
            };
            let mut issue =
                Issue::at(parent, &TOO_FEW, Severity::Error, message).compared(expected, count.to_string());
            if count == 0 {
                issue.actual = Some("none".to_owned());
            }
            return Some(issue);
        }
        if self.max.allows(count) {
            return None;
        }
        let message = match self.max {
            Max::AtMost(0) => format!("{what} is not allowed here"),
            max => format!("{what} is there {count} times, but may be there {max} at most"),
        };
        let first_surplus = match self.max {
            Max::AtMost(max) => values.get(max as usize).copied(),
            Max::Any => None,
        };
        let place = first_surplus.unwrap_or(parent);
        Some(Issue::at(place, &TOO_MANY, Severity::Error, message).compared(expected, count.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_json;

    fn codes(min: u32, max: Max, count: usize) -> Option<&'static str> {
        let tree = parse_json("{\"resourceType\":\"Patient\"}").unwrap();
        let values = vec![tree.root(); count];
        Cardinality { min, max }.check("name", &values, tree.root()).map(|issue| issue.code)
    }

    #[test]
    fn both_ends_count() {
        assert_eq!(codes(1, Max::Any, 0), Some("element-missing"));
        assert_eq!(codes(1, Max::Any, 1), None);
        assert_eq!(codes(0, Max::AtMost(1), 1), None);
        assert_eq!(codes(0, Max::AtMost(1), 2), Some("element-too-many"));
        assert_eq!(codes(0, Max::AtMost(0), 1), Some("element-too-many"));
    }
}
