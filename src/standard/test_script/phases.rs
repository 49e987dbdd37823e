//! The phases of a script: what makes ready, each test, what clears away.

use super::fixture::Fixture;
use super::script::Work;
use super::translator::{Done, Translator, not_supported, plain};
use crate::fhir::Element;
use crate::standard::{
    Body, Capture, CaptureFrom, Expectation, Level, MadeBody, OneOrMany, StatusPattern, Step,
};

impl Work<'_> {
    /// The steps that make the fixtures that are made without being asked for.
    pub(super) fn prepared(&mut self) -> Result<Vec<Step>, String> {
        let translator = &mut self.translator;
        let mut steps = Vec::new();
        let mut kept = Vec::new();
        for (id, fixture) in &translator.fixtures {
            // One that cannot be had is told where it is used; one that should be made is used by all.
            let Ok(fixture) = fixture else { continue };
            if fixture.autocreate {
                translator.variables.check(&fixture.text)?;
                steps.push(created(id, fixture)?);
                kept.push(id.clone());
            }
        }
        // An operation may take the record that was made for its target.
        translator.kept.extend(kept);
        Ok(steps)
    }

    pub(super) fn setup(&mut self, root: Element<'_>, mut steps: Vec<Step>) -> Result<Vec<Step>, String> {
        let mut missing = self.translator.fixtures.values().filter_map(|fixture| fixture.as_ref().err());
        if let (Some(reason), true) =
            (missing.next().cloned(), declares_autocreate_of_missing(root, &self.translator))
        {
            self.find(root, &reason);
            return Err(reason);
        }
        for action in root.children_named("setup").flat_map(|setup| setup.children_named("action")) {
            match self.translator.action(action) {
                Done::Operation(made) | Done::Assertion(made, false) => steps.extend(made),
                Done::Assertion(made, true) => {
                    let id = self.advice("setup", "What its setup only warns of.");
                    steps.extend(made.into_iter().map(|step| advising(step, &id)));
                }
                Done::NoAssertion(reason, warns) => {
                    self.find(action, &reason);
                    let mut step = not_supported(None, &reason);
                    if warns {
                        step.verifies = vec![self.advice("setup", "What its setup only warns of.")];
                    }
                    steps.push(step);
                }
                Done::NoOperation(reason) => {
                    self.find(action, &reason);
                    return Err(reason);
                }
            }
        }
        Ok(steps)
    }

    /// Adds the steps of a test, and returns the ids of its requirements.
    pub(super) fn test(
        &mut self,
        number: usize,
        test: Element<'_>,
        broken: Option<&str>,
        steps: &mut Vec<Step>,
    ) -> Vec<String> {
        let name = test.text("name").map_or_else(|| format!("Test {}", number + 1), plain);
        let words = test.text("description").map_or_else(|| name.clone(), plain);
        let id = self.requirement(&super::whole::key(&name), Level::Shall, &words, Some(&name));
        let place = self.requirements.len() - 1;
        let mut verifies = vec![id.clone()];
        let own = |step: Step| Step {
            verifies: vec![id.clone()],
            name: Some(in_test(&name, step.name.as_deref())),
            ..step
        };
        if let Some(reason) = broken {
            steps.push(own(not_supported(None, &format!("its setup: {reason}"))));
            return verifies;
        }
        let actions: Vec<Element<'_>> = test.children_named("action").collect();
        let done: Vec<Done> = actions.iter().map(|action| self.translator.action(*action)).collect();
        let only_warns = !done.iter().any(|done| {
            matches!(done, Done::Assertion(_, false) | Done::NoAssertion(_, false) | Done::NoOperation(_))
        });
        let mut asserts = false;
        for (action, done) in actions.into_iter().zip(done) {
            match done {
                Done::Operation(made) => steps.extend(made.into_iter().map(own)),
                Done::Assertion(made, warns) => {
                    asserts = true;
                    let advice = (warns && !only_warns).then(|| self.warnings(&id, &name, &mut verifies));
                    let advice = if warns { advice.or_else(|| Some(id.clone())) } else { None };
                    steps.extend(made.into_iter().map(own).map(|step| match &advice {
                        Some(advice) => advising(step, advice),
                        None => step,
                    }));
                }
                Done::NoAssertion(reason, warns) => {
                    asserts = true;
                    self.find(action, &reason);
                    let mut step = own(not_supported(None, &reason));
                    if warns && !only_warns {
                        step.verifies = vec![self.warnings(&id, &name, &mut verifies)];
                    }
                    steps.push(step);
                }
                Done::NoOperation(reason) => {
                    asserts = true;
                    self.find(action, &reason);
                    steps.push(own(not_supported(
                        None,
                        &format!("{reason}; what follows in the test is not done"),
                    )));
                    break;
                }
            }
        }
        if !asserts {
            self.find(test, "a test that asserts nothing, so that it cannot pass");
            steps.push(own(not_supported(None, "the test asserts nothing")));
        } else if only_warns && let Some(requirement) = self.requirements.get_mut(place) {
            requirement.level = Level::Should;
        }
        verifies
    }

    /// The requirement of the warnings of a test.
    fn warnings(&mut self, test: &str, name: &str, verifies: &mut Vec<String>) -> String {
        let short = test.rsplit('/').next().unwrap_or(test);
        let id = self.advice(short, &format!("What the test «{name}» only warns of."));
        if !verifies.contains(&id) {
            verifies.push(id.clone());
        }
        id
    }

    /// The steps that clear away: those of the script, then the fixtures that go without being asked for.
    pub(super) fn teardown(&mut self, root: Element<'_>) -> Vec<Step> {
        let mut steps = Vec::new();
        for action in root.children_named("teardown").flat_map(|teardown| teardown.children_named("action")) {
            match self.translator.action(action) {
                Done::Operation(made) => steps.extend(made),
                Done::NoOperation(reason) | Done::NoAssertion(reason, _) => {
                    self.find(action, &reason);
                    steps.push(not_supported(None, &reason));
                }
                Done::Assertion(..) => {
                    self.find(action, "an assert in teardown");
                    steps.push(not_supported(None, "an assert in teardown"));
                }
            }
        }
        for (id, fixture) in &self.translator.fixtures {
            let Ok(fixture) = fixture else { continue };
            let (Some(kind), true) = (fixture.kind(), fixture.autodelete) else { continue };
            let path = match fixture.id() {
                Some(own) => format!("{kind}/{own}"),
                None if fixture.autocreate => format!("{kind}/${{{id} id}}"),
                None => {
                    steps.push(not_supported(None, &format!("deleting the fixture `{id}`, which has no id")));
                    continue;
                }
            };
            steps.push(Step {
                name: Some(format!("Delete the fixture {id}")),
                delete: Some(path),
                ..Step::default()
            });
        }
        steps
    }
}

/// A step that makes a fixture: at its id if it has one, and else wherever the server puts it.
fn created(id: &str, fixture: &Fixture) -> Result<Step, String> {
    let kind =
        fixture.kind().ok_or_else(|| format!("making the fixture `{id}`, which is no FHIR resource"))?;
    let resource = Some(fixture.text.clone().into());
    let body = Some(Body::Made(Box::new(MadeBody { resource, ..MadeBody::default() })));
    let step = Step {
        name: Some(format!("Make the fixture {id}")),
        body,
        keep: Some(id.to_owned()),
        expect: Some(OneOrMany::One(Expectation {
            status: Some(OneOrMany::Many(vec![StatusPattern::Exact(201), StatusPattern::Exact(200)])),
            ..Expectation::default()
        })),
        ..Step::default()
    };
    if let Some(own) = fixture.id() {
        return Ok(Step { update: Some(format!("{kind}/{own}")), ..step });
    }
    let location = CaptureFrom {
        header: Some("Location".to_owned()),
        matches: Some(format!("{kind}/([^/?]+)")),
        status: false,
    };
    let capture = [(format!("{id} id"), Capture::From(location))].into_iter().collect();
    Ok(Step { create: Some(kind.to_owned()), capture, ..step })
}

/// Whether a fixture that should be made before the tests cannot be had.
fn declares_autocreate_of_missing(root: Element<'_>, translator: &Translator) -> bool {
    root.children_named("fixture").any(|element| {
        let id = element.text("id").unwrap_or_default();
        element.text("autocreate") == Some("true") && translator.fixture(id).is_err()
    })
}

/// The step with its expectations counting for a requirement of their own.
fn advising(step: Step, id: &str) -> Step {
    let expect = step.expect.as_ref().map(|groups| {
        let own = |group: &Expectation| Expectation { verifies: vec![id.to_owned()], ..group.clone() };
        OneOrMany::Many(groups.all().iter().map(own).collect())
    });
    Step { expect, ..step }
}

fn in_test(test: &str, step: Option<&str>) -> String {
    match step {
        Some(step) => format!("{test}: {step}"),
        None => test.to_owned(),
    }
}
