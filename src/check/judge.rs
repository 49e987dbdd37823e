//! Judging: the checks of one group, in order, on one answer.

use super::{Answer, CheckResult, KeptAnswers, Outcome, Page};
use super::{
    any_entry, any_of, body, bundle, compare, conforms_to, content, every_entry, header, json_schema,
    known_elements, media_type, operation_outcome, path, presence, refused, resolves, search, status, within,
};
use crate::code::Code;
use crate::files::Folder;
use crate::http::FailureKind;
use crate::standard::{Expectation, OneOrMany};
use crate::validate::Validator;

/// There was no answer to judge.
pub const NO_ANSWER: Code = Code {
    name: "no-answer",
    title: "There was no answer to judge",
    what: "The endpoint answers the request within the time and size that the run allows.",
    why: "Without an answer nothing can be concluded: the requirement is inconclusive, neither passed nor failed.",
    example: "Connection refused; no answer within 30 s; a body larger than 6 MB.",
    specification: "https://hl7.org/fhir/STU3/http.html",
};

/// The server answers, and its answer cannot be read.
pub const UNREADABLE: Code = Code {
    name: "unreadable-answer",
    title: "The answer cannot be read",
    what: "The body of an answer is in the content encoding, and of the length, that its head says.",
    why: "A client cannot use what it cannot decode, however right it is. The server said so itself, so that it fails; a \
        connection that is refused, reset or too slow is inconclusive instead.",
    example: "Content-Encoding: gzip before a body that is not compressed, or whose end is missing; Content-Encoding: zstd, \
        which was not asked for; a body that is shorter than its Content-Length.",
    specification: "https://www.rfc-editor.org/rfc/rfc9110#name-content-encoding",
};

/// The recording that is judged again lacks the answer.
pub const NOT_RECORDED: Code = Code {
    name: "not-recorded",
    title: "The recording holds no answer",
    what: "A saved run is judged again, and the standard asks for something that the run did not ask.",
    why: "What was never asked can be neither passed nor failed: only a new run can tell.",
    example: "Version 2 of a standard searches by a parameter that version 1 did not know.",
    specification: "https://hl7.org/fhir/STU3/testing.html",
};

/// Something was not judged, because what it rests on did not hold.
pub const NOT_JUDGED: Code = Code {
    name: "not-judged",
    title: "Something was not judged",
    what: "A step's expectations are judged only where those that it rests on hold: the request was answered, earlier \
        steps showed the values that it needs, the condition of the scenario is true.",
    why: "A consequence of one failure is not held against the supplier a second time, and is not passed either.",
    example: "Where the search for a patient finds nobody, the read of that patient is not demonstrated.",
    specification: "https://hl7.org/fhir/STU3/testing.html",
};

/// Something is to be done or checked that Proofmark cannot do.
pub const NOT_SUPPORTED: Code = Code {
    name: "not-supported",
    title: "Something is not supported",
    what: "A scenario or a TestScript asks for something that Proofmark cannot do or check. It says what.",
    why: "What was not done can be neither passed nor failed, and is not passed over in silence.",
    example: "an XPath with functions; an operation that goes to a second destination",
    specification: "https://hl7.org/fhir/R4/testscript.html",
};

/// What checks may look at besides the answer.
#[derive(Debug, Clone, Copy)]
pub struct Judge<'j> {
    /// Validates resources, and holds the definitions.
    pub validator: &'j Validator,
    /// The parameters that the step sent, decoded.
    pub parameters: &'j [(String, String)],
    /// The standard's folder, for the files that checks name.
    pub folder: &'j Folder,
    /// The answers that earlier steps kept.
    pub kept: &'j KeptAnswers,
}

impl Judge<'_> {
    /// The results of all checks of one group. A pure function of the answer and the standard.
    ///
    /// Where the status is not as expected, the body is that of another answer than the one that the rest
    /// of the group speaks of, and is not judged.
    #[must_use]
    pub fn group(&self, expectation: &Expectation, answer: &Answer) -> Vec<CheckResult> {
        let results = self.checks(expectation, answer);
        let Some(deviation) = &expectation.known_deviation else { return results };
        let tell = |result: CheckResult| match result.outcome {
            Outcome::Fail => result.known(deviation),
            _ => result,
        };
        results.into_iter().map(tell).collect()
    }

    fn checks(&self, expectation: &Expectation, answer: &Answer) -> Vec<CheckResult> {
        let Some(page) = answer.first() else { return Vec::new() };
        let response = match &page.exchange.result {
            Ok(response) => response,
            Err(failure) if expectation.refused && refused::is_refusal(failure) => {
                return vec![refused::unanswered(failure)];
            }
            Err(failure) => {
                let (code, outcome, checked) = match failure.kind {
                    FailureKind::NotRecorded => {
                        (&NOT_RECORDED, Outcome::Inconclusive, "that the endpoint answers")
                    }
                    FailureKind::Unreadable => (&UNREADABLE, Outcome::Fail, "that the answer can be read"),
                    _ => (&NO_ANSWER, Outcome::Inconclusive, "that the endpoint answers"),
                };
                let mut result = CheckResult::new(code.name, outcome, checked);
                result.actual = Some(failure.message.clone());
                return vec![result];
            }
        };
        let mut results = Vec::new();
        results.extend(expectation.refused.then(|| refused::answered(response)));
        if let Some(expected) = &expectation.status {
            let result = status::check(expected.all(), &page.exchange, response);
            let failed = result.outcome == Outcome::Fail;
            results.push(result);
            if failed {
                return results;
            }
        }
        if let Some(expected) = &expectation.content_type {
            results.push(media_type::content_type(expected.all(), response));
        }
        if let Some(expected) = &expectation.charset {
            results.push(media_type::charset(expected, response));
        }
        results.extend(
            expectation
                .header
                .iter()
                .map(|(name, expected)| header::check(name, expected, &page.exchange, response)),
        );
        results.extend(expectation.body.map(|expected| presence::check(expected, response)));
        results.extend(expectation.within.as_ref().map(|budget| within::check(budget, answer)));
        results.extend(
            expectation.json_schema.as_ref().map(|source| json_schema::check(source, page, self.folder)),
        );
        let comparisons = expectation.compare.iter().flat_map(OneOrMany::all);
        results.extend(comparisons.map(|expected| compare::check(expected, page, self.validator.schemas())));
        results.extend(self.body(expectation, answer, page));
        if !expectation.any_of.is_empty() {
            let alternatives = expectation.any_of.iter().map(|group| self.checks(group, answer)).collect();
            results.push(any_of::check(alternatives));
        }
        results
    }

    fn body(&self, expectation: &Expectation, answer: &Answer, page: &Page) -> Vec<CheckResult> {
        let outcome_of_empty =
            expectation.operation_outcome.as_ref().is_some_and(|expected| expected.if_body)
                && page.response().is_none_or(|response| response.body.iter().all(u8::is_ascii_whitespace));
        if outcome_of_empty {
            return vec![operation_outcome::not_applicable()];
        }
        if !expectation.reads_resource() {
            return Vec::new();
        }
        let tree = match page.tree() {
            Ok(tree) => tree,
            Err(error) => return vec![body::malformed(page, error)],
        };
        let root = tree.root();
        let mut results = Vec::new();
        if let Some(expected) = &expectation.resource {
            let result = body::resource_type(expected, page, root);
            let failed = result.outcome == Outcome::Fail;
            results.push(result);
            if failed {
                return results;
            }
        }
        if let Some(expected) = &expectation.bundle {
            results.extend(bundle::check(expected, answer, root));
        }
        if !expectation.self_link.is_empty() {
            results.push(search::self_link(&expectation.self_link, page, self.parameters));
        }
        let judges_entries = expectation.bundle.is_some()
            || expectation.every_entry.is_some()
            || expectation.any_entry.is_some();
        if expectation.paging == Some(true) {
            results.push(search::paging(answer));
        } else if judges_entries && answer.paging_problem.is_some() {
            // What the pages hold that were not read is not known; whose fault it is, the paging check says.
            let mut unread = search::paging(answer);
            unread.outcome =
                if answer.was_answered() { Outcome::NotDemonstrated } else { Outcome::Inconclusive };
            results.push(unread);
        }
        if let Some(expected) = &expectation.operation_outcome {
            results.push(operation_outcome::check(expected, page, root));
        }
        for profile in expectation.conforms_to.iter().flat_map(OneOrMany::all) {
            results.push(conforms_to::body(profile, page, tree, self.validator));
        }
        for expected in expectation.fhirpath.iter().flat_map(OneOrMany::all) {
            results.push(path::check(expected, page, root, self.validator.schemas()));
        }
        for expected in expectation.contains.iter().flat_map(OneOrMany::all) {
            results.push(content::check(expected, page, root, self));
        }
        if expectation.only_known_elements {
            results.push(known_elements::check(page, root, self.validator));
        }
        for expected in expectation.every_entry.iter().flat_map(OneOrMany::all) {
            results.extend(every_entry::check(expected, answer, self));
        }
        for expected in expectation.any_entry.iter().flat_map(OneOrMany::all) {
            results.push(any_entry::check(expected, answer, self));
        }
        if let Some(expected) = expectation.resolves {
            results.push(resolves::check(expected, answer, page, root, self.validator.schemas()));
        }
        results
    }
}
