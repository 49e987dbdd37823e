//! Profiles: records that claim one conform to it.

use indexmap::IndexMap;

use super::claims::resource;
use super::discovery::Find;
use super::making::{Making, Wish, is_option, is_unwanted};
use super::maturity::maturity;
use super::names::{last_part, quoted};
use super::wanted::{Part, Profile, Resource};
use crate::fhir::{Canonical, Element};
use crate::standard::{
    Aspect, Capture, EntryExpectation, Expectation, OneOrMany, RawRequest, StatusPattern, Step,
};

/// The requirements on records of a type by their profiles.
pub(super) fn of_resource(making: &mut Making<'_>, wanted: &Resource, option: Option<&str>) {
    for profile in &wanted.profiles {
        one(making, &wanted.kind, profile, option);
    }
}

fn one(making: &mut Making<'_>, kind: &str, part: &Part<Profile>, option: Option<&str>) {
    let Profile { url, of_all, is_to_be_claimed } = &part.what;
    let id = format!("{kind}.profile.{}", last_part(url));
    let definition = making.packages.find("StructureDefinition", url).and_then(|found| found.tree());
    let Some(definition) = definition else {
        making.not_covered.push(format!("{id}: {url} is not in the package and what it depends on"));
        return;
    };
    let own = maturity(definition.root());
    // That of all types is no profile: it says only what FHIR says.
    if definition.root().text("derivation") != Some("constraint") {
        return;
    }
    if is_unwanted(part.expectation) {
        making.not_covered.push(format!("{id}, which is not to be supported"));
        return;
    }
    let text = if *of_all {
        format!("Every record of type {kind} conforms to {url}.")
    } else {
        format!("The server supports {url}: records of type {kind} that claim it conform to it.")
    };
    let wish = Wish { id, area: kind, text, part, claim: vec![kind.to_owned()], maturity: Some(own), option };
    let Some(id) = making.require(wish) else { return };
    making.about(&[Aspect::Structure, Aspect::Bindings]);
    let is_it = format!(
        "$this = {} or $this.startsWith({})",
        quoted(url),
        quoted(&format!("{}|", Canonical::parse(url).url))
    );
    if *is_to_be_claimed && !is_option(part.expectation) {
        let path = format!("{}.supportedProfile.where({is_it}).exists()", resource(kind));
        making.claim(&id, part.expectation, &format!("the profile {url} of {kind}"), path);
    }
    if flags_elements(definition.root()) {
        let unversioned = Canonical::parse(url).url;
        let wish = Wish {
            id: format!("{kind}.mustSupport.{}", last_part(url)),
            area: kind,
            text: format!(
                "The records of type {kind} together show every element that {url} flags as must support."
            ),
            part,
            claim: vec![kind.to_owned()],
            maturity: Some(own),
            option,
        };
        making.show_must_support(wish, unversioned);
    }
    let meant = (!of_all).then(|| format!("meta.profile.where({is_it}).exists()"));
    records(making, &id, kind, url, meant);
}

/// Whether a profile flags any element as must support.
fn flags_elements(definition: Element<'_>) -> bool {
    let parts = definition.child("snapshot").or_else(|| definition.child("differential"));
    parts.is_some_and(|parts| {
        parts.children_named("element").any(|element| element.text("mustSupport") == Some("true"))
    })
}

/// The scenario that looks at the records of a type: a search that finds some which are meant, and what holds for each.
fn records(making: &mut Making<'_>, id: &str, kind: &str, url: &str, meant: Option<String>) {
    let chosen = meant.clone().unwrap_or_else(|| "true".to_owned());
    let find = Find { kind, values: vec![("query".to_owned(), format!("$this.where({chosen}).id"))] };
    let (uses, mut steps) = find.steps(making);
    // Kept is not the record but the search that finds it, so that all records found with it are looked at.
    for step in &mut steps {
        if !step.capture.contains_key("query") {
            continue;
        }
        let found = format!("entry.resource.ofType({kind}).where({chosen}).exists()");
        let (found, query) = match (&step.search, step.params.contains_key("patient")) {
            (Some(_), true) => (found, format!("'{kind}?patient=${{patientId}}&_count=50'")),
            (Some(_), false) => (found, format!("'{kind}?_count=50'")),
            (None, _) => (format!("where({chosen}).exists()"), format!("'{kind}?_id=' & id")),
        };
        step.capture =
            IndexMap::from([("query".to_owned(), Capture::Path(format!("iif({found}, {query})")))]);
    }
    let missing = match &meant {
        Some(_) => format!("Load a record of type {kind} whose meta.profile names {url}."),
        None => format!("Load a record of type {kind}."),
    };
    let sent = RawRequest { method: "GET".to_owned(), path: "${query}".to_owned(), body: None };
    steps.push(Step {
        name: Some(format!("Look at the records found: {kind}")),
        request: Some(sent),
        missing: Some(missing),
        expect: Some(OneOrMany::One(Expectation {
            status: Some(OneOrMany::One(StatusPattern::Exact(200))),
            resource: Some("Bundle".to_owned()),
            every_entry: Some(OneOrMany::One(EntryExpectation {
                resource: Some(kind.to_owned()).filter(|_| meant.is_none()),
                condition: meant,
                conforms_to: Some(OneOrMany::One(url.to_owned())),
                ..EntryExpectation::default()
            })),
            ..Expectation::default()
        })),
        ..Step::default()
    });
    let title = format!("Records conform to {}: {kind}", last_part(url));
    making.scenario(id, &format!("{kind}-profile-{}", last_part(url)), title, uses, steps);
}
