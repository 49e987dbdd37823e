//! One script: its scenario, and a requirement for each of its tests.

use std::collections::{BTreeMap, BTreeSet};

use super::capability::{self, Capability};
use super::fixture::{self, Fixture};
use super::translator::{Done, Translator, not_supported, plain};
use super::variable::Variables;
use crate::fhir::Element;
use crate::files::Folder;
use crate::standard::{
    Body, Capture, CaptureFrom, Clause, Condition, Expectation, ExplainedPath, FileError, Level, MadeBody,
    Maturity, Method, OneOrMany, PathExpectation, Requirement, Role, Scenario, StatusPattern, Step,
};

/// A script, translated.
pub(super) struct Script {
    pub(super) scenarios: Vec<Scenario>,
    pub(super) requirements: Vec<Requirement>,
    /// What of it is not supported, each at its place.
    pub(super) findings: Vec<FileError>,
    /// The texts of its fixtures, which count for the digest.
    pub(super) texts: Vec<String>,
}

/// What a script is called, and where it is from.
pub(super) struct Heading<'h> {
    /// Its key, unlike that of any other script.
    pub(super) key: &'h str,
    /// Its title.
    pub(super) title: &'h str,
    /// Its file, as the user named it.
    pub(super) file: &'h str,
    /// How finished it is.
    pub(super) maturity: Maturity,
}

/// The elements of a script that stand for something to do; others are not known.
const KNOWN: [&str; 31] = [
    "meta",
    "implicitRules",
    "language",
    "text",
    "contained",
    "url",
    "identifier",
    "version",
    "name",
    "title",
    "status",
    "experimental",
    "date",
    "publisher",
    "contact",
    "useContext",
    "jurisdiction",
    "purpose",
    "copyright",
    "origin",
    "destination",
    "metadata",
    "fixture",
    "profile",
    "variable",
    "setup",
    "test",
    "teardown",
    "description",
    "id",
    "extension",
];

/// Translates a script; `folder` is that of its file.
pub(super) fn translate(root: Element<'_>, folder: &Folder, heading: &Heading<'_>) -> Script {
    let fixtures = fixture::read(root, folder);
    let texts = fixtures.values().flatten().map(|fixture| fixture.text.clone()).collect();
    let responses: Vec<&str> = root
        .descendants()
        .filter(|element| element.name() == "responseId")
        .filter_map(Element::value)
        .collect();
    let variables = Variables::read(root, &fixtures, &responses);
    let mut work = Work {
        heading,
        clause: clause(root, heading),
        findings: Vec::new(),
        requirements: Vec::new(),
        translator: Translator {
            variables,
            profiles: profiles(root),
            has_several_destinations: root.children_named("destination").count() > 1,
            kept: BTreeSet::new(),
            requests: BTreeMap::new(),
            last: None,
            made: 0,
            fixtures,
        },
    };
    for element in root.children().filter(|element| !KNOWN.contains(&element.name())) {
        work.find(element, &format!("the element `{}` of a script", element.name()));
    }
    let capabilities: Vec<Capability> = root
        .children_named("metadata")
        .flat_map(|metadata| metadata.children_named("capability"))
        .map(|element| work.capability(element, root, folder))
        .collect();
    let mut scenarios: Vec<Scenario> = Vec::new();
    scenarios.extend(work.claims(&capabilities));
    scenarios.push(work.scenario(root, &capabilities));
    let Work { findings, requirements, .. } = work;
    Script { scenarios, requirements, findings, texts }
}

/// What is being made of a script.
struct Work<'w> {
    heading: &'w Heading<'w>,
    clause: Clause,
    findings: Vec<FileError>,
    requirements: Vec<Requirement>,
    translator: Translator,
}

impl Work<'_> {
    fn find(&mut self, element: Element<'_>, reason: &str) {
        self.findings.push(FileError {
            file: self.heading.file.to_owned(),
            position: Some(element.position()),
            message: format!("not supported: {reason}"),
            hint: None,
        });
    }

    /// Adds a requirement and returns its id.
    fn requirement(&mut self, name: &str, level: Level, text: &str, section: Option<&str>) -> String {
        let id = format!("{}/{}", self.heading.key, name);
        let taken = |id: &str| self.requirements.iter().any(|requirement| requirement.id == id);
        let mut unique = id.clone();
        let mut number = 2;
        while taken(&unique) {
            unique = format!("{id}-{number}");
            number += 1;
        }
        self.requirements.push(Requirement {
            id: unique.clone(),
            level,
            implied: false,
            role: Role::Server,
            area: self.heading.key.to_owned(),
            text: text.to_owned(),
            clause: Clause { section: section.map(str::to_owned), ..self.clause.clone() },
            maturity: self.heading.maturity,
            when: None,
            must_support: None,
            verified_by: Method::Automated,
            question: None,
            note: None,
            replaces: Vec::new(),
        });
        unique
    }

    fn capability(&mut self, element: Element<'_>, root: Element<'_>, folder: &Folder) -> Capability {
        let capability = capability::read(element, root, folder);
        if let Err(reason) = &capability.claims {
            self.find(element, &format!("a capability that cannot be told: {reason}"));
        }
        capability
    }

    /// The scenario that tests what the server claims, if the script has capabilities.
    fn claims(&mut self, capabilities: &[Capability]) -> Option<Scenario> {
        let mut steps: Vec<Step> = vec![Step {
            name: Some("Read the CapabilityStatement".to_owned()),
            capabilities: Some(true),
            keep: Some("statement".to_owned()),
            ..Step::default()
        }];
        let mut verifies = Vec::new();
        for (number, capability) in capabilities.iter().enumerate() {
            // What is only required is where the tests apply; that it is claimed is not itself tested.
            let level = if capability.validated { Level::Shall } else { Level::May };
            let text = format!("The server claims: {}", capability.words);
            let id = self.requirement(&format!("capability-{}", number + 1), level, &text, None);
            if let (Some(url), Some(last)) = (&capability.link, self.requirements.last_mut()) {
                last.clause.url = Some(url.clone());
            }
            verifies.push(id.clone());
            let step = match &capability.claims {
                Err(reason) => not_supported(Some(capability.words.clone()), reason),
                Ok(claims) => Step {
                    name: Some(capability.words.clone()),
                    answer: Some("statement".to_owned()),
                    expect: Some(OneOrMany::One(Expectation {
                        resource: Some("CapabilityStatement".to_owned()),
                        fhirpath: Some(OneOrMany::Many(
                            claims
                                .iter()
                                .map(|claimed| {
                                    PathExpectation::Explained(ExplainedPath {
                                        says: Some(format!("that {} is claimed", claimed.condition)),
                                        path: claimed.path.clone(),
                                        equals: None,
                                        hint: None,
                                    })
                                })
                                .collect(),
                        )),
                        ..Expectation::default()
                    })),
                    ..Step::default()
                },
            };
            steps.push(Step { verifies: vec![id], ..step });
        }
        if verifies.is_empty() {
            return None;
        }
        let title = format!("{}: what the server claims", self.heading.title);
        Some(scenario(format!("{}-capabilities", self.heading.key), title, verifies, steps))
    }

    /// The scenario of setup, tests and teardown.
    fn scenario(&mut self, root: Element<'_>, capabilities: &[Capability]) -> Scenario {
        let prepared = self.prepared();
        let setup = prepared.and_then(|steps| self.setup(root, steps));
        let mut verifies = Vec::new();
        let mut steps = Vec::new();
        let (setup, broken) = match setup {
            Ok(setup) => (setup, None),
            Err(reason) => (Vec::new(), Some(reason)),
        };
        for (number, test) in root.children_named("test").enumerate() {
            verifies.extend(self.test(number, test, broken.as_deref(), &mut steps));
        }
        if verifies.is_empty() {
            self.find(root, "a script without tests");
            let text = format!("{} tests something.", self.heading.title);
            let id = self.requirement("tests", Level::Shall, &text, None);
            steps.push(Step { verifies: vec![id.clone()], ..not_supported(None, "a script without tests") });
            verifies.push(id);
        }
        let mut made = scenario(self.heading.key.to_owned(), self.heading.title.to_owned(), verifies, steps);
        if broken.is_none() {
            made.teardown = self.teardown(root);
        }
        made.setup = setup;
        made.variables = self.translator.variables.texts();
        let required = capabilities.iter().filter(|capability| capability.required);
        let claims: Vec<String> = required
            .flat_map(|capability| capability.claims.iter().flatten())
            .map(|claimed| claimed.condition.clone())
            .collect();
        if !claims.is_empty() {
            made.when = Some(Condition { capability: OneOrMany::Many(claims), ..Condition::default() });
        }
        made
    }

    /// The steps that make the fixtures that are made without being asked for.
    fn prepared(&mut self) -> Result<Vec<Step>, String> {
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

    fn setup(&mut self, root: Element<'_>, mut steps: Vec<Step>) -> Result<Vec<Step>, String> {
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

    /// The requirement of warnings: they are worth knowing and decide nothing.
    fn advice(&mut self, name: &str, text: &str) -> String {
        let id = format!("{}/{name}-warnings", self.heading.key);
        if self.requirements.iter().any(|requirement| requirement.id == id) {
            return id;
        }
        self.requirement(&format!("{name}-warnings"), Level::Should, text, None)
    }

    /// Adds the steps of a test, and returns the ids of its requirements.
    fn test(
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
    fn teardown(&mut self, root: Element<'_>) -> Vec<Step> {
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

fn scenario(id: String, title: String, verifies: Vec<String>, steps: Vec<Step>) -> Scenario {
    Scenario { scenario: id, title, verifies, steps, ..Scenario::default() }
}

/// Where the specification speaks of what a script tests.
fn clause(root: Element<'_>, heading: &Heading<'_>) -> Clause {
    let link = root.child("metadata").and_then(|metadata| metadata.child("link"));
    let url = link.and_then(|link| link.text("url")).or_else(|| root.text("url"));
    Clause { page: heading.title.to_owned(), section: None, url: url.map(str::to_owned) }
}

/// The profiles of a script: canonical URLs by id.
fn profiles(root: Element<'_>) -> BTreeMap<String, Result<String, String>> {
    let named = root.children_named("profile").filter_map(|element| {
        let id = element.text("id")?;
        let url = element.text("reference").or_else(|| element.value());
        let profile = match url {
            Some(url) if url.contains(':') => Ok(url.to_owned()),
            Some(other) => Err(format!("the profile `{other}`, which is no canonical URL")),
            None => Err(format!("the profile `{id}`, which refers to nothing")),
        };
        Some((id.to_owned(), profile))
    });
    named.collect()
}
