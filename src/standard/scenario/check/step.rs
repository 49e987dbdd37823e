//! One step: that it makes one request, and says of it what can be sent.

use regex::Regex;

use super::{ScenarioCheck, check_condition, collect_paths, escape};
use crate::fhirpath::Expression;
use crate::standard::loaded::suggest;
use crate::standard::scenario::ACTIONS;
use crate::standard::{
    Action, Authentication, Body, Capture, FileError, OneOrMany, RequestMethod, Step, variables,
};

impl ScenarioCheck<'_> {
    pub(super) fn step(&self, step: &Step, pointer: &str, known: &[String], errors: &mut Vec<FileError>) {
        if let Some(name) = &step.shared {
            let message = format!("there is no list `{name}` in shared.yaml that could stand here");
            errors.push(self.document.error(&format!("{pointer}/use"), message));
            return;
        }
        let actions = step.actions();
        if let [(key, action)] = actions.as_slice() {
            self.modifiers(step, key, *action, pointer, errors);
        } else {
            let message = format!("a step has one of {}; this one has {}", ACTIONS.join(", "), actions.len());
            errors.push(self.document.error(pointer, message));
        }
        if let Some(name) = step
            .interaction
            .as_ref()
            .filter(|name| !name.contains("${") && !self.manifest.interactions.contains_key(*name))
        {
            let known: Vec<String> = self.manifest.interactions.keys().cloned().collect();
            let message = format!("there is no interaction `{name}` in standard.yaml");
            let error = self.document.error(&format!("{pointer}/interaction"), message);
            errors.push(suggest(error, name, &known));
        }
        self.verified(&step.verifies, &format!("{pointer}/verifies"), errors);
        for (at, name) in step.requires.iter().enumerate().filter(|(_, name)| !known.contains(name)) {
            let message = format!("no earlier step captures `{name}`");
            let error = self.document.error(&format!("{pointer}/requires/{at}"), message);
            errors.push(suggest(error, name, known));
        }
        if let Some(part) = self.document.value().pointer(pointer) {
            self.names(part, pointer, known, errors);
        }
        check_condition(step.when.as_ref(), self.document, pointer, errors);
        self.authentication(step.auth.as_ref(), pointer, errors);
        self.expressions(pointer, errors);
        self.bodies(step, pointer, known, errors);
        self.captures(step, pointer, errors);
        for (group, expectation) in step.expectations().iter().enumerate() {
            let at = match &step.expect {
                Some(OneOrMany::Many(_)) => format!("{pointer}/expect/{group}"),
                _ => format!("{pointer}/expect"),
            };
            if let Some(name) = &expectation.shared {
                let message = format!("there is no list `{name}` in shared.yaml that could stand here");
                errors.push(self.document.error(&format!("{at}/use"), message));
            }
            self.verified(&expectation.verifies, &format!("{at}/verifies"), errors);
            check_condition(expectation.when.as_ref(), self.document, &at, errors);
            self.expectation(step, expectation, &at, errors);
        }
        if step.optional && step.expectations().len() < 2 && step.capture.is_empty() {
            let message = "an optional step can never fail: its first group only says whether the option is \
                offered. Say in a second group what must hold where it is, or capture something";
            errors.push(self.document.error(&format!("{pointer}/optional"), message));
        }
    }

    /// Reports credentials that are not told clearly.
    pub(super) fn authentication(
        &self,
        auth: Option<&Authentication>,
        pointer: &str,
        errors: &mut Vec<FileError>,
    ) {
        if let Some(Authentication::Made(made)) = auth
            && !made.is_clear()
        {
            let message = "`auth` says one of `presents`, `claims` and `header`, or names an `identity` or `certificate` alone";
            errors.push(self.document.error(&format!("{pointer}/auth"), message));
        }
    }

    /// Reports a group in `teardown` that would decide nothing.
    pub(super) fn undecided(&self, step: &Step, pointer: &str, errors: &mut Vec<FileError>) {
        if step.expectations().iter().any(|group| group.verifies.is_empty()) {
            let message = "what is expected in `teardown` decides nothing without `verifies`";
            errors.push(self.document.error(&format!("{pointer}/expect"), message));
        }
    }

    /// Reports keys that the request of the step has no use for, or that it lacks.
    fn modifiers(
        &self,
        step: &Step,
        key: &str,
        action: Action<'_>,
        pointer: &str,
        errors: &mut Vec<FileError>,
    ) {
        let mut report = |at: &str, message: String| {
            errors.push(self.document.error(&format!("{pointer}/{at}"), message));
        };
        let mut only = |at: &str, is_there: bool, allowed: bool, of: &str| {
            if is_there && !allowed {
                report(at, format!("`{at}` is of {of} only; this step is a `{key}`"));
            }
        };
        let changes = matches!(action, Action::Update(_) | Action::Patch(_) | Action::Delete(_));
        let sends = matches!(
            action,
            Action::Create(_) | Action::Update(_) | Action::Patch(_) | Action::Operation(_) | Action::Raw(_)
        );
        let asks = matches!(action, Action::Search(_) | Action::Operation(_));
        let is_operation = matches!(action, Action::Operation(_));
        only("method", step.method.is_some(), asks, "`search` and `operation`");
        only("parameters", step.parameters.is_some(), is_operation, "`operation`");
        only("ifMatch", step.if_match.is_some(), changes, "`update`, `patch` and `delete`");
        only("ifNoneExist", !step.if_none_exist.is_empty(), matches!(action, Action::Create(_)), "`create`");
        let asks_nothing = matches!(action, Action::Answer(_) | Action::NotSupported(_));
        only("interaction", step.interaction.is_some(), !asks_nothing, "steps with a request");
        only("keep", step.keep.is_some(), !asks_nothing, "steps with a request");
        only("pages", step.pages.is_some(), !asks_nothing, "steps with a request");
        only("body", step.body.is_some(), sends, "`create`, `update`, `patch`, `operation` and `request`");
        match action {
            Action::Create(_) | Action::Update(_) | Action::Patch(_) if step.body.is_none() => {
                report(key, format!("`{key}` needs a `body`"));
            }
            Action::Read(path) if key == "vread" && !path.contains("/_history/") => {
                report(key, "expected TYPE/ID/_history/VERSION".to_owned());
            }
            Action::Operation(path) if !path.contains('$') => {
                report(
                    key,
                    format!("`{path}` names no operation; expected for instance Patient/$everything"),
                );
            }
            Action::Operation(_) if step.parameters.is_some() && step.body.is_some() => {
                report("parameters", "an operation is given `parameters` or a `body`, not both".to_owned());
            }
            Action::Operation(_)
                if step.method == Some(RequestMethod::Get)
                    && (step.parameters.is_some() || step.body.is_some()) =>
            {
                report("method", "with GET, an operation is given `params`".to_owned());
            }
            Action::Raw(raw) if raw.body.is_some() && step.body.is_some() => {
                report("body", "the body is given twice, here and under `request`".to_owned());
            }
            _ => {}
        }
    }

    /// Reports answers that no earlier step keeps.
    pub(super) fn kept(&self, step: &Step, pointer: &str, kept: &[String], errors: &mut Vec<FileError>) {
        let of_body = step.bodies().filter_map(|body| match body {
            Body::Made(made) => made.answer.as_ref(),
            Body::Text(_) => None,
        });
        let contents =
            step.expectations().iter().flat_map(|group| group.contains.iter().flat_map(OneOrMany::all));
        let of_contents = contents.filter_map(|content| content.answer.as_ref());
        for name in step.answer.iter().chain(of_body).chain(of_contents).filter(|name| !kept.contains(name)) {
            let error = self.document.error(pointer, format!("no earlier step keeps an answer `{name}`"));
            errors.push(suggest(error, name, kept));
        }
    }

    fn captures(&self, step: &Step, pointer: &str, errors: &mut Vec<FileError>) {
        for (name, capture) in &step.capture {
            let Capture::From(from) = capture else { continue };
            let at = format!("{pointer}/capture/{}", escape(name));
            if from.header.is_some() == from.status {
                let message = "a capture is a FHIRPath, or a mapping with one of `header` and `status: true`";
                errors.push(self.document.error(&at, message));
            }
            if from.matches.is_some() && from.header.is_none() {
                errors.push(self.document.error(&at, "`matches` needs a `header` to look in"));
            }
            if let Some(pattern) = &from.matches
                && let Err(error) = Regex::new(&variables::fill(pattern, |_| Some("x")).unwrap_or_default())
            {
                let message = format!("not a valid regular expression: {error}");
                errors.push(self.document.error(&at, message));
            }
        }
    }

    /// Reports every FHIRPath of a step that is not valid. A `${name}` within stands for any text.
    fn expressions(&self, pointer: &str, errors: &mut Vec<FileError>) {
        let Some(step) = self.document.value().pointer(pointer) else { return };
        let mut found: Vec<(String, String)> = Vec::new();
        collect_paths(step, pointer, &mut found);
        for (at, path) in found {
            let filled = variables::fill(&path, |_| Some("x")).unwrap_or_else(|_| path.clone());
            if let Err(error) = Expression::parse(&filled) {
                errors.push(self.document.error(&at, format!("not valid FHIRPath: {error}")));
            }
            if path.trim() == "true" {
                errors.push(self.document.error(&at, "this is always true, so it can never fail"));
            }
        }
    }
}
