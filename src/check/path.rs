//! FHIRPath expressions that are true of a resource.

use super::{CheckResult, Outcome, Page};
use crate::code::Code;
use crate::fhir::Element;
use crate::fhirpath::{Expression, Item};
use crate::standard::{ExplainedPath, PathExpectation};
use crate::validate::{Knowledge, SchemaSet, shorten};

/// The page of this check.
pub const CODE: Code = Code {
    name: "fhirpath",
    title: "A statement about the body is true",
    what: "A FHIRPath expression that the scenario gives is true of the body. The scenario says in words what it means.",
    why: "It is how a standard states what no other check can.",
    example: "identifier.where(system = 'https://fhir.nhs.uk/Id/nhs-number').count() <= 1",
    specification: "http://hl7.org/fhirpath/",
};

/// Checks one expression on one resource.
#[must_use]
pub fn check(
    expected: &PathExpectation,
    page: &Page,
    resource: Element<'_>,
    schemas: &SchemaSet,
) -> CheckResult {
    let (checked, hint, equals) = match expected {
        PathExpectation::Expression(path) => (format!("that `{path}`"), None, None),
        PathExpectation::Explained(ExplainedPath { says, path, equals, hint }) => {
            let words = || format!("that `{path}` is {}", equals.as_deref().unwrap_or("true"));
            (says.clone().unwrap_or_else(words), hint.clone(), equals.as_deref())
        }
    };
    let wanted = match equals {
        Some(value) => format!("{} = {value}", expected.path()),
        None => expected.path().to_owned(),
    };
    let result = |outcome, actual: String| {
        let result = CheckResult::new(CODE.name, outcome, checked.clone()).compared(&wanted, actual);
        match &hint {
            Some(hint) if outcome == Outcome::Fail => result.hint(hint),
            _ => result,
        }
    };
    let knowledge = Knowledge::new(schemas);
    let mut context = knowledge.context();
    context.now = now(page);
    if let Some(value) = equals {
        let found =
            Expression::parse(expected.path()).map_err(|error| error.to_string()).and_then(|expression| {
                let items = expression
                    .evaluate(&context, Item::element(resource, None))
                    .map_err(|error| error.to_string())?;
                Ok(items.iter().map(ToString::to_string).collect::<Vec<_>>())
            });
        return match found {
            Ok(found) if found.len() == 1 && found[0] == value => result(Outcome::Pass, value.to_owned()),
            Ok(found) if found.is_empty() => {
                result(Outcome::Fail, "nothing: the elements that it speaks of are not there".to_owned())
            }
            Ok(found) => result(Outcome::Fail, shorten(&found.join(", "))),
            Err(error) => result(Outcome::Inconclusive, format!("could not be evaluated: {error}")),
        };
    }
    let answer =
        Expression::parse(expected.path()).map_err(|error| error.to_string()).and_then(|expression| {
            expression
                .evaluate_boolean(&context, Item::element(resource, None))
                .map_err(|error| error.to_string())
        });
    match answer {
        Ok(Some(true)) => result(Outcome::Pass, "true".to_owned()),
        Ok(Some(false)) => result(Outcome::Fail, "false".to_owned()),
        Ok(None) => result(Outcome::Fail, "nothing: the elements that it speaks of are not there".to_owned()),
        Err(error) => result(Outcome::Inconclusive, format!("could not be evaluated: {error}")),
    }
}

/// `now()` is when the request was sent, so that judging again gives the same answer.
fn now(page: &Page) -> jiff::Timestamp {
    page.exchange.started.parse().unwrap_or_default()
}
