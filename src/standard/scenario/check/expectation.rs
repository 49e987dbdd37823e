//! One group of expectations: that each could fail, and could be checked at all.

use regex::Regex;

use super::{ScenarioCheck, escape};
use crate::standard::{
    BodyExpectation, Expectation, ExplainedPath, FileError, HeaderExpectation, OneOrMany, PathExpectation,
    SchemaSource, SearchMatch, Step, TimeBudget, variables,
};

impl ScenarioCheck<'_> {
    /// Reports what in a group of checks could never fail, or never be checked.
    pub(super) fn expectation(
        &self,
        step: &Step,
        group: &Expectation,
        at: &str,
        errors: &mut Vec<FileError>,
    ) {
        let bare = Expectation {
            verifies: Vec::new(),
            when: None,
            known_deviation: None,
            paging: group.paging.filter(|paging| *paging),
            ..group.clone()
        };
        let mut report = |pointer: String, message: &str| errors.push(self.document.error(&pointer, message));
        if bare == Expectation::default() {
            report(at.to_owned(), "this group expects nothing, so it can never fail");
        }
        let advisory = matches!(group.within, Some(TimeBudget::Advisory(_)));
        if advisory && (Expectation { within: None, ..bare.clone() }) == Expectation::default() {
            let message = "`within` only warns, so this group can never fail; say `within: { required: … }`";
            report(format!("{at}/within"), message);
        }
        if group.paging == Some(true) && step.pages.is_none() {
            report(format!("{at}/paging"), "`paging` needs `pages` on the step, or no page is followed");
        }
        if let Some(charset) = group.charset.as_ref().filter(|name| !name.eq_ignore_ascii_case("utf-8")) {
            let message = format!("`{charset}`: FHIR knows no other character set than utf-8");
            report(format!("{at}/charset"), &message);
        }
        let lists: [(&str, Option<usize>); 8] = [
            ("status", group.status.as_ref().map(|list| list.all().len())),
            ("contentType", group.content_type.as_ref().map(|list| list.all().len())),
            ("conformsTo", group.conforms_to.as_ref().map(|list| list.all().len())),
            ("fhirpath", group.fhirpath.as_ref().map(|list| list.all().len())),
            ("everyEntry", group.every_entry.as_ref().map(|list| list.all().len())),
            ("anyEntry", group.any_entry.as_ref().map(|list| list.all().len())),
            ("compare", group.compare.as_ref().map(|list| list.all().len())),
            ("contains", group.contains.as_ref().map(|list| list.all().len())),
        ];
        for (key, _) in lists.iter().filter(|(_, length)| *length == Some(0)) {
            report(format!("{at}/{key}"), "an empty list expects nothing");
        }
        if let Some(statuses) = &group.status
            && (100..600).all(|status| statuses.all().iter().any(|pattern| pattern.matches(status)))
        {
            report(format!("{at}/status"), "every status is one of these, so it can never fail");
        }
        if group.body == Some(BodyExpectation::Empty)
            && (group.reads_resource() || group.json_schema.is_some())
        {
            report(
                format!("{at}/body"),
                "an empty body holds nothing that the rest of this group could look at",
            );
        }
        if let Some(outcome) = &group.operation_outcome {
            for severity in &outcome.severity {
                if !matches!(severity.as_str(), "fatal" | "error" | "warning" | "information") {
                    let message = format!("`{severity}` is no severity: fatal, error, warning, information");
                    report(format!("{at}/operationOutcome/severity"), &message);
                }
            }
        }
        self.headers(step, group, at, errors);
        self.bundle(group, at, errors);
        self.paths(group.fhirpath.as_ref(), at, errors);
        self.entries(step, group, at, errors);
        self.schema(group, at, errors);
        self.comparisons(group, at, errors);
        self.alternatives(step, group, at, errors);
    }

    fn headers(&self, step: &Step, group: &Expectation, at: &str, errors: &mut Vec<FileError>) {
        for (name, expected) in &group.header {
            let at = format!("{at}/header/{}", escape(name));
            match expected {
                HeaderExpectation::Matches(pattern) => {
                    let pattern = variables::fill(pattern, |_| Some("x")).unwrap_or_default();
                    if let Err(error) = Regex::new(&pattern) {
                        let message = format!("not a valid regular expression: {error}");
                        errors.push(self.document.error(&at, message));
                    } else if pattern.is_empty() || pattern == ".*" {
                        let message = "every value matches this; say `present`";
                        errors.push(self.document.error(&at, message));
                    }
                }
                HeaderExpectation::Echoes(sent)
                    if !step
                        .headers
                        .iter()
                        .any(|(known, value)| value.is_some() && known.eq_ignore_ascii_case(sent)) =>
                {
                    let message = format!("the step sends no header `{sent}` that could be echoed");
                    errors.push(self.document.error(&at, message));
                }
                _ => {}
            }
        }
    }

    fn bundle(&self, group: &Expectation, at: &str, errors: &mut Vec<FileError>) {
        let Some(bundle) = &group.bundle else { return };
        let at = format!("{at}/bundle");
        if bundle.kind.is_none()
            && bundle.count.is_none()
            && bundle.included.is_none()
            && bundle.outcomes.is_none()
        {
            errors.push(self.document.error(&at, "this expects nothing of the Bundle, so it can never fail"));
        }
        let counts = [("count", bundle.count), ("included", bundle.included), ("outcomes", bundle.outcomes)];
        for (key, count) in counts.into_iter().filter_map(|(key, count)| Some((key, count?))) {
            let at = format!("{at}/{key}");
            // For `count`, `total` is checked too, whatever the bounds.
            if count.is_any() && key != "count" {
                errors.push(self.document.error(&at, "every number is within these bounds"));
            }
            if count.is_none() {
                errors.push(self.document.error(&at, "no number is within these bounds"));
            }
        }
    }

    fn paths(&self, paths: Option<&OneOrMany<PathExpectation>>, at: &str, errors: &mut Vec<FileError>) {
        for path in paths.iter().flat_map(|paths| paths.all()) {
            if let PathExpectation::Explained(ExplainedPath { says: None, equals: None, .. }) = path {
                let message = "say what is checked (`says`), or the value that it must have (`equals`)";
                errors.push(self.document.error(&format!("{at}/fhirpath"), message));
            }
        }
    }

    fn entries(&self, step: &Step, group: &Expectation, at: &str, errors: &mut Vec<FileError>) {
        let every = group.every_entry.iter().flat_map(OneOrMany::all).map(|entry| ("everyEntry", entry));
        let any = group.any_entry.iter().flat_map(OneOrMany::all).map(|entry| ("anyEntry", entry));
        for (key, entry) in every.chain(any) {
            let at = format!("{at}/{key}");
            // Of every entry it is checked that it holds a resource, whatever else is expected.
            if key == "anyEntry" && entry.is_empty() {
                let message = "this expects nothing of the entry; say `bundle: { count: { min: 1 } }`";
                errors.push(self.document.error(&at, message));
            }
            if entry.matches_search == Some(SearchMatch::All(false)) {
                errors.push(self.document.error(&format!("{at}/matchesSearch"), "this checks nothing"));
            }
            self.paths(entry.fhirpath.as_ref(), &at, errors);
            match &entry.matches_search {
                Some(SearchMatch::All(true)) if step.params.is_empty() => {
                    let message = "`matchesSearch` has nothing to check: the step sends no parameters";
                    errors.push(self.document.error(&format!("{at}/matchesSearch"), message));
                }
                Some(SearchMatch::Only(names)) => {
                    let sent: Vec<&str> =
                        step.params.keys().map(|name| name.split(':').next().unwrap_or(name)).collect();
                    for name in names.iter().filter(|name| !sent.contains(&name.as_str())) {
                        let message =
                            format!("the step sends no parameter `{name}`, so nothing would be checked");
                        errors.push(self.document.error(&format!("{at}/matchesSearch"), message));
                    }
                }
                _ => {}
            }
        }
    }

    fn comparisons(&self, group: &Expectation, at: &str, errors: &mut Vec<FileError>) {
        for comparison in group.compare.iter().flat_map(OneOrMany::all) {
            if comparison.operator.needs_value() != comparison.value.is_some() {
                let message = if comparison.value.is_some() {
                    format!("`{}` compares with nothing, so it has no `value`", comparison.operator)
                } else {
                    format!("`{}` needs a `value` to compare with", comparison.operator)
                };
                errors.push(self.document.error(&format!("{at}/compare"), message));
            }
        }
        for content in group.contains.iter().flat_map(OneOrMany::all) {
            let at = format!("{at}/contains");
            if content.resource.is_some() == content.answer.is_some() {
                let message = "it is the content of one of `resource` and `answer`";
                errors.push(self.document.error(&at, message));
            }
            if let Some(resource) = &content.resource {
                self.resource(resource, &at, &[], errors);
            }
        }
    }

    fn schema(&self, group: &Expectation, at: &str, errors: &mut Vec<FileError>) {
        let at = format!("{at}/jsonSchema");
        let schema = match &group.json_schema {
            None => return,
            Some(SchemaSource::Inline(schema)) => serde_json::Value::from(schema.clone()),
            Some(SchemaSource::File(file)) => {
                let read = self.folder.read(file).map_err(|error| error.to_string());
                match read.and_then(|bytes| serde_json::from_slice(&bytes).map_err(|error| error.to_string()))
                {
                    Ok(schema) => schema,
                    Err(error) => {
                        errors.push(self.document.error(&at, format!("the file {file}: {error}")));
                        return;
                    }
                }
            }
        };
        if let Err(error) = jsonschema::validator_for(&schema) {
            errors.push(self.document.error(&at, format!("not a JSON Schema that can be used: {error}")));
        }
        if matches!(&schema, serde_json::Value::Bool(true))
            || schema.as_object().is_some_and(serde_json::Map::is_empty)
        {
            errors.push(self.document.error(&at, "everything meets this schema, so it can never fail"));
        }
    }

    fn alternatives(&self, step: &Step, group: &Expectation, at: &str, errors: &mut Vec<FileError>) {
        if group.any_of.len() == 1 {
            let message = "one alternative is none; put what it expects into the group itself";
            errors.push(self.document.error(&format!("{at}/anyOf"), message));
        }
        for (index, alternative) in group.any_of.iter().enumerate() {
            let at = format!("{at}/anyOf/{index}");
            let speaks_for_itself = !alternative.verifies.is_empty()
                || alternative.when.is_some()
                || alternative.known_deviation.is_some();
            if speaks_for_itself || !alternative.any_of.is_empty() {
                let message =
                    "`verifies`, `when`, `knownDeviation` and `anyOf` belong to the group around it";
                errors.push(self.document.error(&at, message));
            }
            self.expectation(step, alternative, &at, errors);
        }
    }
}
