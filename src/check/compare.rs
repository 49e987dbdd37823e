//! Values of an exchange, compared by an operator.

use rust_decimal::Decimal;

use super::{CheckResult, Outcome, Page, body};
use crate::code::Code;
use crate::fhir::{Tree, parse};
use crate::fhirpath::{Expression, Item};
use crate::standard::{Comparison, Operator, Subject};
use crate::validate::{Knowledge, SchemaSet, shorten};

/// The page of this check.
pub const CODE: Code = Code {
    name: "compare",
    title: "A value compares with another as expected",
    what: "A value of the answer or of its request is as an operator says: equal to another, one of a list, greater, \
        there at all. Of several values one is enough; none may be what is forbidden.",
    why: "It is how a FHIR TestScript states what it asserts, and how a scenario compares with what came before.",
    example: "that the status is none of 500,501; that Bundle.total is greater than 0",
    specification: "https://hl7.org/fhir/R4/valueset-assert-operator-codes.html",
};

/// Checks one comparison.
#[must_use]
pub fn check(expected: &Comparison, page: &Page, schemas: &SchemaSet) -> CheckResult {
    let Comparison { says, of, operator, value } = expected;
    let wanted = match value {
        Some(value) => format!("{} {}", operator.words(), shorten(value)),
        None => operator.words().to_owned(),
    };
    let checked = says.clone().unwrap_or_else(|| format!("that {} is {wanted}", of.words()));
    let found = match values(of, page, schemas) {
        Ok(found) => found,
        Err(Unread::Malformed(result)) => return CheckResult { checked, ..*result },
        Err(Unread::Other(reason)) => {
            let mut result = CheckResult::new(CODE.name, Outcome::Inconclusive, checked);
            result.actual = Some(reason);
            return result;
        }
    };
    let (outcome, actual) = judged(*operator, &found, value.as_deref().unwrap_or_default());
    CheckResult::new(CODE.name, outcome, checked).compared(format!("{} {wanted}", of.words()), actual)
}

/// What comes of the values that were found, and what was found in words.
fn judged(operator: Operator, found: &[String], value: &str) -> (Outcome, String) {
    let outcome_if = |holds: bool| if holds { Outcome::Pass } else { Outcome::Fail };
    let actual = if found.is_empty() { "nothing".to_owned() } else { shorten(&found.join(", ")) };
    let outcome = match operator {
        Operator::Empty => outcome_if(found.is_empty()),
        Operator::NotEmpty => outcome_if(!found.is_empty()),
        // That something else is there cannot be seen where nothing is.
        _ if found.is_empty() && operator.negated().is_some() => Outcome::NotDemonstrated,
        _ => {
            let (plain, wanted) = operator.negated().map_or((operator, true), |plain| (plain, false));
            let held: Option<Vec<bool>> = found.iter().map(|one| holds(plain, one, value)).collect();
            match held {
                None => {
                    let reason = format!("{actual}: cannot be put in order with {}", shorten(value));
                    return (Outcome::Inconclusive, reason);
                }
                Some(held) => outcome_if(held.contains(&true) == wanted),
            }
        }
    };
    (outcome, actual)
}

/// Whether one value is as a positive operator says; `None` where the two have no order.
fn holds(operator: Operator, found: &str, value: &str) -> Option<bool> {
    Some(match operator {
        Operator::In => value.split(',').any(|one| is_same(found, one.trim())),
        Operator::Contains => found.contains(value),
        Operator::GreaterThan => is_greater(found, value)?,
        Operator::LessThan => is_greater(value, found)?,
        _ => is_same(found, value),
    })
}

fn is_same(found: &str, value: &str) -> bool {
    found == value || number(found).is_some_and(|found| number(value) == Some(found))
}

fn number(text: &str) -> Option<Decimal> {
    text.trim().parse().ok()
}

/// Whether one number is greater, or one date later, than another.
fn is_greater(left: &str, right: &str) -> Option<bool> {
    if let (Some(left), Some(right)) = (number(left), number(right)) {
        return Some(left > right);
    }
    let is_moment = |text: &str| {
        text.len() >= 4 && text.bytes().all(|byte| byte.is_ascii_digit() || b"-:.+TZ".contains(&byte))
    };
    if !is_moment(left) || !is_moment(right) {
        return None;
    }
    let expression = Expression::parse(&format!("@{left} > @{right}")).ok()?;
    let context = crate::fhirpath::Context::new(&crate::fhirpath::NoModel);
    expression.evaluate_boolean(&context, Item::Boolean(true)).ok()?
}

/// Why there is no value to compare.
enum Unread {
    /// The answer has a body that is no resource.
    Malformed(Box<CheckResult>),
    /// Anything else.
    Other(String),
}

/// The values that a subject has in an exchange; blank ones are none.
fn values(of: &Subject, page: &Page, schemas: &SchemaSet) -> Result<Vec<String>, Unread> {
    let request = &page.exchange.request;
    let response = page.response();
    let header = |name: &str| response.and_then(|response| response.headers.get(name)).map(str::to_owned);
    let found = match of {
        Subject::Status => response.map(|response| response.status.to_string()).into_iter().collect(),
        Subject::ContentType => header("content-type")
            .and_then(|value| value.split(';').next().map(|essence| essence.trim().to_ascii_lowercase()))
            .into_iter()
            .collect(),
        Subject::Header(name) => header(name).into_iter().collect(),
        Subject::RequestHeader(name) => request.headers.get(name).map(str::to_owned).into_iter().collect(),
        Subject::Method => vec![request.method.clone()],
        Subject::Url => {
            let whole = request.url.to_string();
            let path = request.url[url::Position::BeforePath..].to_owned();
            vec![whole, path]
        }
        Subject::Value(text) => vec![text.clone()],
        Subject::Resource => {
            let Some(tree) = body_of(page)? else { return Ok(Vec::new()) };
            tree.root().resource_type().map(str::to_owned).into_iter().collect()
        }
        Subject::Fhirpath(path) => {
            let Some(tree) = body_of(page)? else { return Ok(Vec::new()) };
            evaluated(path, tree, page, schemas)?
        }
        Subject::RequestFhirpath(path) => {
            let bytes = request.body.as_deref().unwrap_or_default();
            if bytes.iter().all(u8::is_ascii_whitespace) {
                return Ok(Vec::new());
            }
            let tree =
                parse(bytes).map_err(|error| Unread::Other(format!("the request's body is {error}")))?;
            evaluated(path, &tree, page, schemas)?
        }
    };
    Ok(found.into_iter().filter(|value| !value.trim().is_empty()).collect())
}

/// The body as a tree; `None` where there is no body.
fn body_of(page: &Page) -> Result<Option<&Tree>, Unread> {
    if page.response().is_none_or(|response| response.body.iter().all(u8::is_ascii_whitespace)) {
        return Ok(None);
    }
    page.tree().map(Some).map_err(|error| Unread::Malformed(Box::new(body::malformed(page, error))))
}

fn evaluated(path: &str, tree: &Tree, page: &Page, schemas: &SchemaSet) -> Result<Vec<String>, Unread> {
    let unread = |error: String| Unread::Other(format!("could not be evaluated: {error}"));
    let expression = Expression::parse(path).map_err(|error| unread(error.to_string()))?;
    let knowledge = Knowledge::new(schemas);
    let mut context = knowledge.context();
    // The moment of the request, so that judging again gives the same answer.
    context.now = page.exchange.started.parse().unwrap_or_default();
    let items = expression
        .evaluate(&context, Item::element(tree.root(), None))
        .map_err(|error| unread(error.to_string()))?;
    // An element without a value of its own is there all the same.
    Ok(items.iter().map(|item| written(item)).collect())
}

fn written(item: &Item<'_>) -> String {
    match item.as_element() {
        Some(element) if element.value().is_none() => element.path(),
        _ => item.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(operator: Operator, found: &[&str], value: &str) -> Outcome {
        let found: Vec<String> = found.iter().map(|one| (*one).to_owned()).collect();
        judged(operator, &found, value).0
    }

    #[test]
    fn each_operator_holds_and_fails() {
        use Operator::{
            Contains, Empty, Equals, GreaterThan, In, LessThan, NotContains, NotEmpty, NotEquals, NotIn,
        };
        for (operator, found, value, holds) in [
            (Equals, &["a", "b"][..], "b", true),
            (Equals, &["1.0"], "1", true),
            (Equals, &["a"], "b", false),
            (NotEquals, &["a"], "b", true),
            (NotEquals, &["a", "b"], "b", false),
            (In, &["201"], "200, 201", true),
            (In, &["20"], "200,201", false),
            (NotIn, &["404"], "200,201", true),
            (NotIn, &["200"], "200,201", false),
            (GreaterThan, &["10"], "9", true),
            (GreaterThan, &["9"], "9", false),
            (LessThan, &["9.5"], "10", true),
            (LessThan, &["2020-01-02"], "2020-01-01", false),
            (GreaterThan, &["2020-01-02"], "2020-01-01", true),
            (Empty, &[], "", true),
            (Empty, &["a"], "", false),
            (NotEmpty, &["a"], "", true),
            (NotEmpty, &[], "", false),
            (Contains, &["xml;q=1"], "xml", true),
            (Contains, &["json"], "xml", false),
            (NotContains, &["json"], "xml", true),
            (NotContains, &["json", "xml"], "xml", false),
            (Equals, &[], "a", false),
        ] {
            let expected = if holds { Outcome::Pass } else { Outcome::Fail };
            assert_eq!(outcome(operator, found, value), expected, "{operator} {found:?} {value}");
        }
    }

    #[test]
    fn what_shows_nothing_does_not_pass() {
        for operator in [Operator::NotEquals, Operator::NotIn, Operator::NotContains] {
            assert_eq!(outcome(operator, &[], "a"), Outcome::NotDemonstrated, "{operator}");
        }
        assert_eq!(outcome(Operator::GreaterThan, &["many"], "3"), Outcome::Inconclusive);
    }
}
