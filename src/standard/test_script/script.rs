//! One script: its scenario, and a requirement for each of its tests.

use std::collections::{BTreeMap, BTreeSet};

use super::capability::Capability;
use super::fixture;
use super::translator::{Translator, not_supported};
use super::variable::Variables;
use crate::fhir::Element;
use crate::files::Folder;
use crate::standard::{
    Clause, Condition, FileError, Level, Maturity, Method, OneOrMany, Requirement, Role, Scenario, Step,
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
pub(super) struct Work<'w> {
    pub(super) heading: &'w Heading<'w>,
    clause: Clause,
    findings: Vec<FileError>,
    pub(super) requirements: Vec<Requirement>,
    pub(super) translator: Translator,
}

impl Work<'_> {
    pub(super) fn find(&mut self, element: Element<'_>, reason: &str) {
        self.findings.push(FileError {
            file: self.heading.file.to_owned(),
            position: Some(element.position()),
            message: format!("not supported: {reason}"),
            hint: None,
        });
    }

    /// Adds a requirement and returns its id.
    pub(super) fn requirement(
        &mut self,
        name: &str,
        level: Level,
        text: &str,
        section: Option<&str>,
    ) -> String {
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
            aspects: Vec::new(),
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

    /// The requirement of warnings: they are worth knowing and decide nothing.
    pub(super) fn advice(&mut self, name: &str, text: &str) -> String {
        let id = format!("{}/{name}-warnings", self.heading.key);
        if self.requirements.iter().any(|requirement| requirement.id == id) {
            return id;
        }
        self.requirement(&format!("{name}-warnings"), Level::Should, text, None)
    }
}

pub(super) fn scenario(id: String, title: String, verifies: Vec<String>, steps: Vec<Step>) -> Scenario {
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
