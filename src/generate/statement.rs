//! A CapabilityStatement of kind `requirements`, read.
//!
//! <https://hl7.org/fhir/R4/capabilitystatement.html>, <https://hl7.org/fhir/STU3/capabilitystatement.html>

use super::expectation::{expectation, extensions};
use super::maturity::lifecycle;
use super::names::{is_plain, is_type};
use super::wanted::{Parameter, Part, Profile, Resource, Wanted};
use crate::fhir::Element;
use crate::package::PackageSet;
use crate::standard::Clause;

/// The extension that lists parameters which are sent together.
const COMBINATION: &str =
    "http://hl7.org/fhir/StructureDefinition/capabilitystatement-search-parameter-combination";

/// Whether a CapabilityStatement says what is required of servers.
pub(super) fn is_of_requirements(statement: Element<'_>) -> bool {
    statement.text("kind") == Some("requirements") && servers(statement).next().is_some()
}

fn servers(statement: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    statement.children().filter(|child| child.name() == "rest" && child.text("mode") == Some("server"))
}

/// Reads what a CapabilityStatement wants of a server.
pub(super) fn wanted(statement: Element<'_>, packages: &PackageSet) -> Wanted {
    let mut reader = Reader { packages, url: statement.text("url"), page: page(statement), left: Vec::new() };
    let mut wanted = Wanted {
        lifecycle: lifecycle(statement),
        publisher: statement.text("publisher").map(str::to_owned),
        title: statement.text("title").or_else(|| statement.text("name")).map(str::to_owned),
        formats: reader.values(statement, "format"),
        interactions: Vec::new(),
        operations: Vec::new(),
        resources: Vec::new(),
        not_covered: Vec::new(),
    };
    for rest in servers(statement) {
        wanted.interactions.extend(reader.named(rest, "interaction", "code"));
        wanted.operations.extend(reader.named(rest, "operation", "name"));
        wanted.resources.extend(rest.children_named("resource").filter_map(|part| reader.resource(part)));
        reader.leave_out(rest, "the whole system", &["security", "searchParam", "compartment"]);
    }
    reader.profiles_of_all(statement, &mut wanted.resources);
    reader.leave_out(statement, "the statement", &["patchFormat", "imports", "messaging", "document"]);
    for rest in statement.children_named("rest").filter(|rest| rest.text("mode") != Some("server")) {
        let mode = rest.text("mode").unwrap_or("not stated");
        reader.left.push(format!("what is wanted of a system of mode {mode}"));
    }
    wanted.not_covered = reader.left;
    wanted
}

/// What the statement is called, for those who look it up.
fn page(statement: Element<'_>) -> String {
    let name = statement.text("title").or_else(|| statement.text("name"));
    format!("CapabilityStatement {}", name.or_else(|| statement.text("id")).unwrap_or("without a name"))
}

struct Reader<'r> {
    packages: &'r PackageSet,
    url: Option<&'r str>,
    page: String,
    left: Vec<String>,
}

impl Reader<'_> {
    fn part<T>(&self, what: T, element: Element<'_>) -> Part<T> {
        let clause = Clause {
            page: self.page.clone(),
            section: Some(element.path()),
            url: self.url.map(str::to_owned),
        };
        Part { what, expectation: expectation(element), clause }
    }

    /// The values of a repeating element, each with its expectation. What cannot be put into a scenario is named.
    fn values(&mut self, parent: Element<'_>, name: &str) -> Vec<Part<String>> {
        let mut parts = Vec::new();
        for element in parent.children_named(name) {
            // STU3 has references to profiles where R4 has their URLs.
            let Some(value) = element.value().or_else(|| element.text("reference")) else { continue };
            parts.extend(self.plain(value, element));
        }
        parts
    }

    /// The names or codes of repeating parts.
    fn named(&mut self, parent: Element<'_>, name: &str, key: &str) -> Vec<Part<String>> {
        let mut parts = Vec::new();
        for element in parent.children_named(name) {
            let Some(value) = element.text(key) else { continue };
            parts.extend(self.plain(value.strip_prefix('$').unwrap_or(value), element));
        }
        parts
    }

    fn plain(&mut self, value: &str, element: Element<'_>) -> Option<Part<String>> {
        if is_plain(value) {
            return Some(self.part(value.to_owned(), element));
        }
        self.left.push(format!("{}, which cannot be put into a request", element.path()));
        None
    }

    fn resource(&mut self, element: Element<'_>) -> Option<Part<Resource>> {
        let kind = element.text("type").filter(|kind| is_type(kind));
        let Some(kind) = kind else {
            self.left.push(format!("{}, which names no resource type", element.path()));
            return None;
        };
        let parameters = element
            .children_named("searchParam")
            .filter_map(|parameter| {
                let name = self.plain(parameter.text("name")?, parameter)?;
                let definition = parameter.child("definition").and_then(|definition| {
                    definition.value().or_else(|| definition.text("reference")).map(str::to_owned)
                });
                let what = Parameter { name: name.what, definition, maturity: None };
                Some(Part { what, expectation: name.expectation, clause: name.clause })
            })
            .collect();
        let is_claimed_by_url = element.child("supportedProfile").is_some();
        let profile = |of_all: bool| {
            move |part: Part<String>| {
                let what = Profile { url: part.what, of_all, is_to_be_claimed: !of_all && is_claimed_by_url };
                Part { what, expectation: part.expectation, clause: part.clause }
            }
        };
        let of_all = self.values(element, "profile").into_iter().map(profile(true));
        let profiles = of_all.chain(self.values(element, "supportedProfile").into_iter().map(profile(false)));
        let resource = Resource {
            profiles: profiles.collect(),
            kind: kind.to_owned(),
            interactions: self.named(element, "interaction", "code"),
            parameters,
            combinations: self.combinations(element),
            includes: self.values(element, "searchInclude"),
            reverse_includes: self.values(element, "searchRevInclude"),
            operations: self.named(element, "operation", "name"),
        };
        let unread = [
            "versioning",
            "readHistory",
            "updateCreate",
            "conditionalCreate",
            "conditionalRead",
            "conditionalUpdate",
            "conditionalDelete",
            "referencePolicy",
        ];
        self.leave_out(element, kind, &unread);
        Some(self.part(resource, element))
    }

    fn combinations(&mut self, element: Element<'_>) -> Vec<Part<Vec<String>>> {
        let mut found = Vec::new();
        for combination in extensions(element, COMBINATION) {
            let names = |key: &str| -> Vec<String> {
                extensions(combination, key)
                    .filter_map(|part| part.text("valueString"))
                    .map(str::to_owned)
                    .collect()
            };
            let (required, optional) = (names("required"), names("optional"));
            if required.len() + optional.len() < 2
                || !required.iter().chain(&optional).all(|name| is_plain(name))
            {
                self.left.push(format!("{}, which names no two parameters", combination.path()));
                continue;
            }
            // Each optional one with those that are required; one alone is no combination.
            if required.len() > 1 {
                found.push(self.part(required.clone(), combination));
            }
            for one in optional.iter().filter(|_| !required.is_empty()) {
                found.push(self.part([required.clone(), vec![one.clone()]].concat(), combination));
            }
            if required.is_empty() {
                self.left.push(format!("{}, of which no parameter is required", combination.path()));
            }
        }
        found
    }

    /// STU3 lists the profiles that are supported once for all types.
    fn profiles_of_all(&mut self, statement: Element<'_>, resources: &mut [Part<Resource>]) {
        for part in self.values(statement, "profile") {
            let definition = self.packages.find("StructureDefinition", &part.what);
            let kind = definition.and_then(|found| found.tree()?.root().text("type").map(str::to_owned));
            let resource = resources.iter_mut().find(|resource| Some(&resource.what.kind) == kind.as_ref());
            match resource {
                Some(resource) => {
                    let what = Profile { url: part.what, of_all: false, is_to_be_claimed: false };
                    resource.what.profiles.push(Part {
                        what,
                        expectation: part.expectation,
                        clause: part.clause,
                    });
                }
                None => self.left.push(format!("the profile {}: it is of no type listed", part.what)),
            }
        }
    }

    /// Names what is there and no scenario is made of.
    fn leave_out(&mut self, parent: Element<'_>, of: &str, names: &[&str]) {
        for name in names {
            let mut values: Vec<&str> = parent.children_named(name).filter_map(Element::value).collect();
            if parent.child(name).is_none() {
                continue;
            }
            values.retain(|value| is_plain(value));
            let values = if values.is_empty() { String::new() } else { format!(" ({})", values.join(", ")) };
            self.left.push(format!("{name} of {of}{values}"));
        }
    }
}
