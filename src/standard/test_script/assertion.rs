//! Asserts: expectations on the answer to an operation, or on its request.

use super::path::to_fhirpath;
use super::translator::{Translator, called, media_type, plain, unknown};
use crate::fhir::Element;
use crate::fhirpath::Expression;
use crate::standard::{
    Capture, Comparison, Content, Expectation, ExplainedPath, OneOrMany, Operator, PathExpectation, Step,
    Subject, variables,
};

/// The elements that say what is asserted; an assert has one of them.
const KINDS: [&str; 12] = [
    "response",
    "responseCode",
    "contentType",
    "headerField",
    "resource",
    "minimumId",
    "navigationLinks",
    "requestMethod",
    "requestURL",
    "validateProfileId",
    "expression",
    "path",
];

/// The elements that say more of it.
const OTHERS: [&str; 8] = [
    "direction",
    "operator",
    "value",
    "sourceId",
    "warningOnly",
    "compareToSourceId",
    "compareToSourceExpression",
    "compareToSourcePath",
];

/// How an assert compares.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// Its value with another.
    By(Operator),
    /// Its expression is true.
    Eval,
}

/// What an assert looks at.
enum Source {
    /// A kept answer, by name, and whether its request is meant.
    Answer(String, bool),
    /// A fixture that the script brings, by id.
    Fixture(String),
}

impl Translator {
    /// The steps of an assert: what it expects, and before it what it compares with of an earlier answer.
    ///
    /// # Errors
    /// What of it is not supported.
    pub(super) fn assertion(&mut self, assertion: Element<'_>) -> Result<Vec<Step>, String> {
        let known: Vec<&str> = KINDS.into_iter().chain(OTHERS).collect();
        if let Some(name) = unknown(assertion, &known) {
            return Err(format!("the element `{name}` of an assert"));
        }
        let last = self.last.clone().ok_or("an assert before any operation")?;
        let source = self.source(assertion, &last)?;
        let mut kinds: Vec<&str> = KINDS.into_iter().filter(|kind| assertion.child(kind).is_some()).collect();
        if assertion.text("navigationLinks") == Some("false") {
            kinds.retain(|kind| *kind != "navigationLinks");
        }
        let compares = assertion.text("compareToSourceId");
        let kind = match kinds.as_slice() {
            [kind] => *kind,
            [] if compares.is_some() => "expression",
            [] => return Err("an assert that asserts nothing".to_owned()),
            several => return Err(format!("an assert of several things: {}", several.join(", "))),
        };
        let how = how(assertion)?;
        let says = called(assertion);
        let mut steps = Vec::new();
        let expectation = match kind {
            "expression" | "path" => self.of_path(assertion, how, &source, &last, &mut steps)?,
            "minimumId" => self.content(assertion.text(kind).unwrap_or_default(), &source)?,
            "validateProfileId" => {
                let id = assertion.text(kind).unwrap_or_default();
                let profile = self.profiles.get(id).ok_or_else(|| format!("there is no profile `{id}`"))?;
                let profile = profile.as_ref().map_err(Clone::clone)?.clone();
                of_response(&source, kind)?;
                Expectation { conforms_to: Some(OneOrMany::One(profile)), ..Expectation::default() }
            }
            "navigationLinks" => {
                of_response(&source, kind)?;
                navigation_links()
            }
            _ => self.of_exchange(assertion, kind, how, &source, says.clone())?,
        };
        let answer = match source {
            Source::Answer(name, _) => name,
            Source::Fixture(_) => last,
        };
        steps.push(Step {
            name: Some(says.unwrap_or_else(|| format!("assert {kind}"))),
            answer: Some(answer),
            expect: Some(OneOrMany::One(expectation)),
            ..Step::default()
        });
        Ok(steps)
    }

    fn source(&self, assertion: Element<'_>, last: &str) -> Result<Source, String> {
        let of_request = assertion.text("direction") == Some("request");
        let Some(id) = assertion.text("sourceId") else {
            return Ok(Source::Answer(last.to_owned(), of_request));
        };
        if self.kept.contains(id) {
            return Ok(Source::Answer(id.to_owned(), of_request));
        }
        if let Some(name) = self.requests.get(id) {
            return Ok(Source::Answer(name.clone(), true));
        }
        match self.fixture(id)? {
            Some(_) => Ok(Source::Fixture(id.to_owned())),
            None => Err(format!("the source `{id}`, which is no fixture and no earlier answer")),
        }
    }

    /// An assert on what a path finds.
    fn of_path(
        &mut self,
        assertion: Element<'_>,
        how: Option<How>,
        source: &Source,
        last: &str,
        steps: &mut Vec<Step>,
    ) -> Result<Expectation, String> {
        let own = self.path(assertion, "expression", "path")?;
        let other = self.path(assertion, "compareToSourceExpression", "compareToSourcePath")?;
        let path = own.or_else(|| other.clone()).ok_or("a compareToSourceId without a path to compare by")?;
        let value = match (assertion.text("value"), assertion.text("compareToSourceId")) {
            (Some(value), _) => Some(self.checked(value)?),
            (None, Some(id)) => {
                Some(self.compared_with(id, other.as_deref().unwrap_or(&path), last, steps)?)
            }
            (None, None) => None,
        };
        let says = called(assertion);
        let how = how.unwrap_or(if value.is_some() { How::By(Operator::Equals) } else { How::Eval });
        let subject = match source {
            Source::Answer(_, false) => Subject::Fhirpath(path.clone()),
            Source::Answer(_, true) => Subject::RequestFhirpath(path.clone()),
            Source::Fixture(id) => {
                if path.contains("${") {
                    return Err(format!("a variable within an expression on the fixture `{id}`"));
                }
                let found = self.fixture(id)?.map(|fixture| fixture.value(&path)).transpose()?.flatten();
                Subject::Value(self.checked(&found.unwrap_or_default())?)
            }
        };
        let operator = match how {
            How::By(operator) => operator,
            How::Eval if value.is_none() => {
                if let Subject::Fhirpath(path) = subject {
                    let says = says.unwrap_or_else(|| format!("that `{}`", plain(&path)));
                    let explained = ExplainedPath { says: Some(says), path, equals: None, hint: None };
                    let paths = OneOrMany::One(PathExpectation::Explained(explained));
                    return Ok(Expectation { fhirpath: Some(paths), ..Expectation::default() });
                }
                return compared(subject, Operator::Equals, Some("true".to_owned()), says);
            }
            How::Eval => Operator::Equals,
        };
        compared(subject, operator, value, says)
    }

    /// A FHIRPath that an assert names, as such or as an XPath.
    fn path(&self, assertion: Element<'_>, expression: &str, path: &str) -> Result<Option<String>, String> {
        let found = match (assertion.text(expression), assertion.text(path)) {
            (Some(_), Some(_)) => return Err(format!("an assert with {expression} and {path}")),
            (Some(expression), None) => expression.to_owned(),
            (None, Some(path)) => to_fhirpath(path)?,
            (None, None) => return Ok(None),
        };
        self.variables.check(&found)?;
        let filled = variables::fill(&found, |_| Some("x")).unwrap_or_else(|_| found.clone());
        Expression::parse(&filled).map_err(|error| format!("`{found}` is not valid FHIRPath: {error}"))?;
        Ok(Some(found))
    }

    /// The value that a path finds in another fixture or answer.
    fn compared_with(
        &mut self,
        id: &str,
        path: &str,
        last: &str,
        steps: &mut Vec<Step>,
    ) -> Result<String, String> {
        if let Some(fixture) = self.fixture(id)? {
            if path.contains("${") {
                return Err(format!("a variable within an expression on the fixture `{id}`"));
            }
            let found = fixture.value(path)?;
            let found = found.ok_or_else(|| format!("`{path}` finds nothing in the fixture `{id}`"))?;
            return self.checked(&found);
        }
        if !self.kept.contains(id) && id != last {
            return Err(format!("the source `{id}`, which is no fixture and no earlier answer"));
        }
        let name = self.name("compared");
        steps.push(Step {
            name: Some(format!("What `{}` finds in {id}", plain(path))),
            answer: Some(id.to_owned()),
            capture: [(name.clone(), Capture::Path(path.to_owned()))].into_iter().collect(),
            ..Step::default()
        });
        Ok(format!("${{{name}}}"))
    }

    /// An assert that the answer has the content of a fixture or of an earlier answer.
    fn content(&self, id: &str, source: &Source) -> Result<Expectation, String> {
        of_response(source, "minimumId")?;
        let content = match self.fixture(id)? {
            Some(fixture) if fixture.tree.is_some() => {
                Content { resource: Some(self.checked(&fixture.content())?.into()), answer: None }
            }
            Some(_) => return Err(format!("the fixture `{id}` is no FHIR resource")),
            None if self.kept.contains(id) => Content { resource: None, answer: Some(id.to_owned()) },
            None => return Err(format!("the minimum `{id}`, which is no fixture and no earlier answer")),
        };
        Ok(Expectation { contains: Some(OneOrMany::One(content)), ..Expectation::default() })
    }

    /// An assert on something else of the exchange than what a path finds.
    fn of_exchange(
        &self,
        assertion: Element<'_>,
        kind: &str,
        how: Option<How>,
        source: &Source,
        says: Option<String>,
    ) -> Result<Expectation, String> {
        let How::By(operator) = how.unwrap_or(How::By(Operator::Equals)) else {
            return Err(format!("the operator eval with {kind}"));
        };
        let Source::Answer(_, of_request) = source else {
            return Err(format!("{kind} of a fixture"));
        };
        let written = self.checked(assertion.text(kind).unwrap_or_default())?;
        let (subject, value) = match kind {
            "response" => (Subject::Status, Some(statuses(&written)?)),
            "responseCode" => (Subject::Status, Some(written)),
            "resource" => (Subject::Resource, Some(written)),
            "requestMethod" => (Subject::Method, Some(written.to_ascii_uppercase())),
            "requestURL" => (Subject::Url, Some(written)),
            "headerField" => {
                let value = assertion.text("value").map(|value| self.checked(value)).transpose()?;
                let is_of_request = *of_request;
                let subject = if is_of_request { Subject::RequestHeader } else { Subject::Header };
                (subject(written), value)
            }
            _ => return content_type(&written, operator, *of_request, says),
        };
        let is_of_both = matches!(kind, "headerField" | "requestMethod" | "requestURL");
        if *of_request && !is_of_both {
            return Err(format!("{kind} of a request"));
        }
        compared(subject, operator, value.filter(|_| operator.needs_value()), says)
    }
}

/// The operator that is written, if one is.
fn how(assertion: Element<'_>) -> Result<Option<How>, String> {
    let Some(written) = assertion.text("operator") else { return Ok(None) };
    if written == "eval" {
        return Ok(Some(How::Eval));
    }
    let known = Operator::ALL.into_iter().find(|operator| operator.to_string() == written);
    known.map(How::By).map(Some).ok_or_else(|| format!("the operator `{written}`"))
}

fn of_response(source: &Source, kind: &str) -> Result<(), String> {
    match source {
        Source::Answer(_, false) => Ok(()),
        Source::Answer(_, true) => Err(format!("{kind} of a request")),
        Source::Fixture(_) => Err(format!("{kind} of a fixture")),
    }
}

fn compared(
    of: Subject,
    operator: Operator,
    value: Option<String>,
    says: Option<String>,
) -> Result<Expectation, String> {
    if operator.needs_value() && value.is_none() {
        return Err(format!("the operator {operator} without a value"));
    }
    let value = value.filter(|_| operator.needs_value());
    let comparison = Comparison { says, of, operator, value };
    Ok(Expectation { compare: Some(OneOrMany::One(comparison)), ..Expectation::default() })
}

/// An assert on the media type. The short names stand for those of FHIR, and let the general ones pass with a
/// warning.
fn content_type(
    written: &str,
    operator: Operator,
    of_request: bool,
    says: Option<String>,
) -> Result<Expectation, String> {
    if of_request {
        let operator = if operator == Operator::Equals { Operator::Contains } else { operator };
        let subject = Subject::RequestHeader("Content-Type".to_owned());
        return compared(subject, operator, Some(written.to_owned()), says);
    }
    if operator != Operator::Equals {
        let value = match operator {
            Operator::Contains | Operator::NotContains => written.to_owned(),
            _ => media_type(written)?,
        };
        return compared(Subject::ContentType, operator, Some(value), says);
    }
    let right = media_type(written)?;
    let essence = right.split(';').next().unwrap_or(&right).trim().to_ascii_lowercase();
    let mut names = vec![essence];
    if matches!(written, "json" | "xml") {
        names.extend([format!("application/{written}+fhir"), format!("application/{written}")]);
    }
    Ok(Expectation { content_type: Some(OneOrMany::Many(names)), ..Expectation::default() })
}

/// The numbers of statuses that are given by name.
fn statuses(names: &str) -> Result<String, String> {
    let numbers: Result<Vec<&str>, String> = names
        .split(',')
        .map(|name| {
            Ok(match name.trim() {
                "okay" => "200",
                "created" => "201",
                "noContent" => "204",
                "notModified" => "304",
                "bad" => "400",
                "forbidden" => "403",
                "notFound" => "404",
                "methodNotAllowed" => "405",
                "conflict" => "409",
                "gone" => "410",
                "preconditionFailed" => "412",
                "unprocessable" => "422",
                other => return Err(format!("the response `{other}`")),
            })
        })
        .collect();
    Ok(numbers?.join(","))
}

/// That a Bundle has the links by which one pages through it.
fn navigation_links() -> Expectation {
    let path = |relation: &str| {
        PathExpectation::Explained(ExplainedPath {
            says: Some(format!("that the Bundle has a link `{relation}`")),
            path: format!("Bundle.link.where(relation = '{relation}').url.exists()"),
            equals: None,
            hint: None,
        })
    };
    let paths = OneOrMany::Many(["first", "last", "next"].map(path).into());
    Expectation { fhirpath: Some(paths), ..Expectation::default() }
}
