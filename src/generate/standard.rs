//! From a package to a standard in memory.

use sha2::{Digest as _, Sha256};

use super::making::{Making, Wish, is_option, is_unwanted};
use super::names::prefix;
use super::wanted::{Part, Resource, Wanted};
use super::{Error, claims, conformance, includes, interactions, profiles, searches, statement};
use crate::files::Folder;
use crate::package::{Definition, Package, PackageSet};
use crate::standard::{Additions, Clause, Manifest, Role, Standard};

/// How many requirements one package may give.
const MAX_REQUIREMENTS: usize = 5000;

/// What a standard is made of.
#[derive(Debug, Clone, Copy)]
pub struct Source<'s> {
    /// The package.
    pub package: &'s Package,
    /// It with all that it depends on.
    pub packages: &'s PackageSet,
    /// The canonical URL of the CapabilityStatement; the only one of the package, unless given.
    pub statement: Option<&'s str>,
}

/// The standard that a package states by itself.
///
/// # Errors
/// It has more than one CapabilityStatement and none is chosen, or nothing to be made into requirements.
pub fn standard(source: Source<'_>) -> Result<Standard, Error> {
    let Source { package, packages, .. } = source;
    let (wanted, clause) = wanted(source)?;
    let made = made(&wanted, &clause, package, packages, &prefix(&package.name))?;
    let release = packages.release();
    let mut not_covered = made.not_covered.clone();
    not_covered
        .insert(0, "what the specification says in words and not in its CapabilityStatement".to_owned());
    let Making { areas, data, requirements, scenarios, .. } = made;
    let (_, fhir_version) = release.core_package().split_once('#').unwrap_or_default();
    let manifest = Manifest {
        id: package.name.clone(),
        title: wanted.title.unwrap_or_else(|| package.label()),
        version: if package.version.is_empty() { "unversioned".to_owned() } else { package.version.clone() },
        publisher: wanted.publisher.unwrap_or_else(|| "not stated".to_owned()),
        fhir_version: fhir_version.to_owned(),
        lifecycle: wanted.lifecycle,
        parent: None,
        roles: vec![Role::Server],
        packages: Vec::new(),
        generate: None,
        capabilities: indexmap::IndexMap::new(),
        areas,
        not_covered,
        unheld_code_systems: Vec::new(),
        variables: indexmap::IndexMap::new(),
        endpoints: indexmap::IndexMap::new(),
        request_headers: indexmap::IndexMap::new(),
        interactions: indexmap::IndexMap::new(),
        token: serde_json::Map::new(),
        data,
        maps: indexmap::IndexMap::new(),
    };
    let digest = digest(&(&manifest, &requirements, &scenarios));
    // It refers to no files, so that no folder is ever read.
    let folder = Folder::Disk(std::path::PathBuf::new());
    Ok(Standard { manifest, requirements, scenarios, release, digest, folder })
}

/// What a standard that is authored gains by the CapabilityStatement that its `generate` names.
///
/// # Errors
/// There is no such CapabilityStatement, or it says nothing of servers.
pub fn additions(standard: &Standard, source: Source<'_>) -> Result<Additions, Error> {
    let (wanted, clause) = wanted(source)?;
    let prefix = prefix(&standard.manifest.id);
    let Making { areas, data, requirements, scenarios, not_covered, .. } =
        made(&wanted, &clause, source.package, source.packages, &prefix)?;
    let digest = digest(&(&standard.digest, &requirements, &scenarios));
    Ok(Additions { requirements, scenarios, areas, data, not_covered, digest })
}

/// What the package wants of a server, and where it says so.
fn wanted(source: Source<'_>) -> Result<(Wanted, Clause), Error> {
    let Source { package, packages, statement } = source;
    let own: Vec<&Definition> = package
        .definitions
        .iter()
        .filter(|definition| definition.resource_type == "CapabilityStatement")
        .filter(|definition| definition.tree().is_some_and(|tree| statement::is_of_requirements(tree.root())))
        .collect();
    let urls = || own.iter().map(|definition| definition.url.clone()).collect::<Vec<_>>();
    let chosen = match (statement, own.as_slice()) {
        (Some(url), _) => {
            let found = own.iter().find(|definition| definition.url == url).copied();
            let found = found.or_else(|| packages.find("CapabilityStatement", url));
            Some(found.ok_or_else(|| Error::NoSuchStatement {
                package: package.label(),
                url: url.to_owned(),
                known: urls(),
            })?)
        }
        (None, []) => None,
        (None, [one]) => Some(*one),
        (None, _) => return Err(Error::Several { package: package.label(), urls: urls() }),
    };
    let Some(definition) = chosen else {
        let wanted = profiles::wanted(package).ok_or_else(|| Error::Nothing { package: package.label() })?;
        let page = format!("the profiles of {}", package.label());
        return Ok((wanted, Clause { page, section: None, url: None }));
    };
    let unusable = |reason: String| Error::Unusable { url: definition.url.clone(), reason };
    let tree = definition.read().map_err(|problem| unusable(problem.to_string()))?;
    if !statement::is_of_requirements(tree.root()) {
        return Err(unusable("it is not of kind `requirements`, or says nothing of servers".to_owned()));
    }
    let wanted = statement::wanted(tree.root(), packages);
    let page = format!("CapabilityStatement {}", wanted.title.as_deref().unwrap_or(&definition.url));
    Ok((wanted, Clause { page, section: None, url: Some(definition.url.clone()) }))
}

/// All requirements and scenarios.
fn made<'m>(
    wanted: &Wanted,
    clause: &Clause,
    package: &Package,
    packages: &'m PackageSet,
    prefix: &str,
) -> Result<Making<'m>, Error> {
    let mut making = Making::new(packages, prefix.to_owned(), wanted.lifecycle.status);
    let has_patient = |resource: &&Part<Resource>| {
        resource.what.kind != "Patient"
            && resource.what.parameters.iter().any(|parameter| parameter.what.name == "patient")
    };
    making.of_patients =
        wanted.resources.iter().filter(has_patient).map(|resource| resource.what.kind.clone()).collect();
    claims::of_server(&mut making, wanted, clause);
    for part in &wanted.resources {
        resource(&mut making, part);
        if making.requirements.len() > MAX_REQUIREMENTS {
            return Err(Error::TooMuch { package: package.label(), limit: MAX_REQUIREMENTS });
        }
    }
    claims::scenario(&mut making);
    making.not_covered.splice(0..0, wanted.not_covered.iter().cloned());
    Ok(making)
}

/// The requirements on one resource type.
fn resource(making: &mut Making<'_>, part: &Part<Resource>) {
    let wanted = &part.what;
    let kind = wanted.kind.as_str();
    making.areas.entry(kind.to_owned()).or_insert_with(|| kind.to_owned());
    if !is_option(part.expectation) {
        let verb = if is_unwanted(part.expectation) { "does not support" } else { "supports" };
        let wish = Wish {
            id: kind.to_owned(),
            area: kind,
            text: format!("The server {verb} the resource type {kind}."),
            part,
            claim: Vec::new(),
            maturity: None,
            option: None,
        };
        if let Some(id) = making.require(wish) {
            let path = format!("{}.exists()", claims::resource(kind));
            making.claim(&id, part.expectation, &format!("the resource type {kind}"), path);
        }
    }
    if is_unwanted(part.expectation) {
        return;
    }
    // What is said of a type binds those that offer it; all have to where it is a SHALL.
    let is_mandatory = part.expectation.is_some_and(crate::standard::Level::is_mandatory);
    let option = (!is_mandatory).then_some(kind);
    interactions::of_resource(making, wanted, option);
    searches::of_resource(making, wanted, option);
    includes::of_resource(making, wanted, option);
    conformance::of_resource(making, wanted, option);
}

/// One digest over all that was made.
fn digest(made: &impl serde::Serialize) -> String {
    let text = serde_json::to_vec(made).unwrap_or_default();
    hex::encode(Sha256::digest(text))
}
