//! The least and the greatest value (ElementDefinition.minValue[x] and maxValue[x]).

use serde::{Serialize, Serializer};

use crate::fhir::Element;
use crate::fhirpath::{CalendarUnit, Context, Expression, Item};
use crate::profile::definition::Fragment;
use crate::profile::text::describe;
use crate::profile::{Code, Issue, Severity};

/// A value is less or greater than allowed.
pub const CODE: Code = Code {
    name: "value-out-of-range",
    title: "A value is less than the least, or greater than the greatest, that is allowed",
    what: "The value lies between those that the profile gives. Quantities are compared in their units. A duration \
        as the limit of a date is counted from now.",
    why: "The profile rules out values that cannot be, or that its readers do not handle.",
    example: "maxValueDecimal 999 for the value of a quantity.\nwrong:  \"value\": 1000",
    specification: "https://hl7.org/fhir/STU3/elementdefinition-definitions.html#ElementDefinition.minValue_x_",
};

/// A value could not be compared with its limit.
pub const NOT_CHECKED: Code = Code {
    name: "value-range-not-checked",
    title: "A value could not be compared with the least or greatest that is allowed",
    what: "The value and the limit are of kinds, or in units, that have no common order.",
    why: "What was not checked is never counted as right: without it the resource cannot be called valid.",
    example: "A limit of 10 mg for a quantity in mL.",
    specification: "https://hl7.org/fhir/STU3/elementdefinition-definitions.html#ElementDefinition.minValue_x_",
};

/// One limit.
#[derive(Debug)]
pub struct Limit {
    is_least: bool,
    value: Fragment,
    /// The comparison; `Err` where the limit is one that nothing can be compared with.
    expression: Result<Expression, String>,
    /// The comparison of a moment with a duration from now.
    from_now: Option<Expression>,
}

impl Limit {
    pub(crate) fn least(value: Fragment) -> Self {
        Self::compile(true, value)
    }

    pub(crate) fn greatest(value: Fragment) -> Self {
        Self::compile(false, value)
    }

    fn compile(is_least: bool, value: Fragment) -> Self {
        let (operator, direction) = if is_least { (">=", "-") } else { ("<=", "+") };
        let element = value.element();
        let literal = literal(element);
        let parse = |text: String| Expression::parse(&text).map_err(|error| error.to_string());
        let expression = match &literal {
            Some(literal) => parse(format!("$this {operator} {literal}")),
            None => Err(format!("{} is no limit that a value can be compared with", describe(element))),
        };
        let from_now = duration(element)
            .and_then(|duration| parse(format!("$this {operator} now() {direction} {duration}")).ok());
        Self { is_least, value, expression, from_now }
    }

    /// Checks one element. What is less precise than the limit and may be within it is not held against it.
    #[must_use]
    pub fn check<'t>(
        &self,
        element: Element<'t>,
        type_name: Option<&'t str>,
        context: &Context<'t>,
    ) -> Option<Issue> {
        let is_moment = matches!(type_name, Some("date" | "dateTime" | "instant"));
        let expression = match &self.from_now {
            Some(from_now) if is_moment => Ok(from_now),
            _ => self.expression.as_ref().map_err(Clone::clone),
        };
        let answer = expression.and_then(|expression| {
            let focus = Item::element(element, type_name);
            expression.evaluate_boolean(context, focus).map_err(|error| error.to_string())
        });
        match answer {
            Ok(Some(true)) => None,
            Ok(Some(false)) => {
                let (word, kind) = if self.is_least { ("less", "least") } else { ("greater", "greatest") };
                let message = format!("`{}` is {word} than the {kind} value that is allowed", element.name());
                Some(
                    Issue::at(element, &CODE, Severity::Error, message)
                        .compared(self.text(), describe(element)),
                )
            }
            Ok(None) if is_moment || (element.value().is_none() && element.text("value").is_none()) => None,
            Ok(None) => Some(self.not_checked(element, "they have no common unit")),
            Err(why) => Some(self.not_checked(element, &why)),
        }
    }

    fn not_checked(&self, element: Element<'_>, why: &str) -> Issue {
        let message = format!("`{}` could not be compared with its limit: {why}", element.name());
        let issue = Issue::at(element, &NOT_CHECKED, Severity::Undecided, message);
        issue.compared(self.text(), describe(element))
    }

    fn text(&self) -> String {
        let word = if self.is_least { "at least" } else { "at most" };
        format!("{word} {}", describe(self.value.element()))
    }
}

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

/// A limit as FHIRPath writes it.
fn literal(limit: Element<'_>) -> Option<String> {
    if let Some(number) = limit.text("value") {
        return Some(match limit.text("code").or_else(|| limit.text("unit")) {
            Some(unit) => format!("({number} {})", quoted(unit)),
            None => number.to_owned(),
        });
    }
    let value = limit.value()?;
    let name = limit.name();
    Some(match () {
        () if name.ends_with("DateTime") && !value.contains('T') => format!("@{value}T"),
        () if name.ends_with("Time") && !name.ends_with("DateTime") => format!("@T{value}"),
        () if name.ends_with("Date") || name.ends_with("DateTime") || name.ends_with("Instant") => {
            format!("@{value}")
        }
        () if value.parse::<f64>().is_ok() => value.to_owned(),
        () => quoted(value),
    })
}

/// A duration as FHIRPath writes it: `10 years`.
fn duration(limit: Element<'_>) -> Option<String> {
    let unit = limit.text("code").and_then(CalendarUnit::of_ucum)?;
    let number = limit.text("value").filter(|number| number.parse::<f64>().is_ok())?;
    Some(format!("{number} {unit}"))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
