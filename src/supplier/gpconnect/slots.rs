//! The search for free slots: `GET [base]/Slot`.

use std::collections::BTreeSet;

use super::GpConnect;
use super::find::searchset;
use super::problem::{bad_request, invalid_parameter};
use super::settings::Kept;
use super::urls::{ORGANISATION_CODE, ORGANISATION_TYPE};
use crate::supplier::answer::Answer;
use crate::supplier::problem::Problem;
use crate::supplier::request::Request;
use crate::supplier::search::Range;
use crate::supplier::store::{Store, Stored};

/// The longest range that is searched, in nanoseconds: fourteen days.
const LONGEST: i128 = 14 * 24 * 60 * 60 * 1_000_000_000;

/// What a client looks for.
struct Wanted<'r> {
    /// From the first moment of the one to the last of the other.
    range: Range,
    kinds: Vec<&'r str>,
    codes: Vec<&'r str>,
    with_practitioners: bool,
    with_locations: bool,
}

/// The free slots that a client may book, their schedules, and what it asks for besides.
pub(super) fn search(provider: &GpConnect, store: &Store, request: &Request) -> Result<Answer, Problem> {
    let wanted = Wanted::read(request)?;
    let mut found: Vec<&Stored> = store.of_type("Slot").filter(|slot| wanted.finds(provider, slot)).collect();
    found.sort_by_key(|slot| {
        let root = slot.tree.root();
        (schedule_of(slot).map(|(_, id)| id), root.text("start"))
    });
    request.liberties.twist(&mut found);
    let mut included = Included { store, seen: BTreeSet::new(), resources: Vec::new() };
    for slot in &found {
        let Some(schedule) = schedule_of(slot).and_then(|reference| included.add(reference)) else {
            continue;
        };
        for actor in schedule.tree.root().children_named("actor") {
            let Some((kind, id)) = actor.text("reference").and_then(|text| text.split_once('/')) else {
                continue;
            };
            match kind {
                "Practitioner" if wanted.with_practitioners => drop(included.add((kind, id))),
                "Location" => {
                    if wanted.with_locations {
                        included.add((kind, id));
                    }
                    // Whose the location is comes with it whether or not it is asked for.
                    let location = store.get(kind, id);
                    let manager = location.and_then(|one| one.tree.root().child("managingOrganization"));
                    let manager = manager.and_then(|one| one.text("reference")?.split_once('/'));
                    manager.and_then(|reference| included.add(reference));
                }
                _ => {}
            }
        }
    }
    Ok(searchset(&found, &included.resources))
}

/// What comes with the slots, each once.
struct Included<'s> {
    store: &'s Store,
    seen: BTreeSet<(&'s str, &'s str)>,
    resources: Vec<&'s Stored>,
}

impl<'s> Included<'s> {
    fn add(&mut self, (kind, id): (&str, &str)) -> Option<&'s Stored> {
        let stored = self.store.get(kind, id)?;
        if self.seen.insert((&stored.kind, &stored.id)) {
            self.resources.push(stored);
        }
        Some(stored)
    }
}

fn schedule_of(slot: &Stored) -> Option<(&str, &str)> {
    slot.tree.root().child("schedule")?.text("reference")?.split_once('/')
}

impl<'r> Wanted<'r> {
    fn read(request: &'r Request) -> Result<Self, Problem> {
        let start = moment(once(request, "start")?, "start", "ge")?;
        let end = moment(once(request, "end")?, "end", "le")?;
        let status = once(request, "status")?;
        if status != "free" {
            return Err(invalid_parameter(format!("status is `{status}`; only free slots are searched for")));
        }
        if !values(request, "_include").any(|value| value == "Slot:schedule") {
            return Err(bad_request("the parameter `_include=Slot:schedule` is missing"));
        }
        if end.start < start.start {
            return Err(invalid_parameter("the range ends before it begins"));
        }
        if end.start - start.start > LONGEST {
            return Err(invalid_parameter("the range is longer than fourteen days"));
        }
        let filters = |system: &str| {
            let pairs = values(request, "searchFilter").filter_map(|value| value.split_once('|'));
            pairs.filter(|(found, _)| *found == system).map(|(_, value)| value).collect()
        };
        let brings = |what: &str| values(request, "_include:recurse").any(|value| value == what);
        Ok(Self {
            range: Range { start: start.start, end: end.end },
            kinds: filters(ORGANISATION_TYPE),
            codes: filters(ORGANISATION_CODE),
            with_practitioners: brings("Schedule:actor:Practitioner"),
            with_locations: brings("Schedule:actor:Location"),
        })
    }

    fn finds(&self, provider: &GpConnect, slot: &Stored) -> bool {
        let root = slot.tree.root();
        let span = (root.text("start").and_then(Range::parse)).zip(root.text("end").and_then(Range::parse));
        let lies_within = span
            .is_some_and(|(start, end)| self.range.contains(Range { start: start.start, end: end.start }));
        root.text("status") == Some("free")
            && lies_within
            && provider.kept(&slot.id).is_none_or(|kept| self.may_have(kept))
    }

    /// Whether a slot that is kept is kept for who asks.
    fn may_have(&self, kept: &Kept) -> bool {
        let is_among = |restriction: &Option<String>, given: &[&str]| {
            restriction.as_deref().is_none_or(|wanted| given.contains(&wanted))
        };
        is_among(&kept.kind, &self.kinds) && is_among(&kept.code, &self.codes)
    }
}

fn values<'r>(request: &'r Request, name: &str) -> impl Iterator<Item = &'r str> {
    request.parameters.iter().filter(move |one| one.name == name).map(|one| one.value.as_str())
}

/// The value of a parameter that must be there once.
fn once<'r>(request: &'r Request, name: &str) -> Result<&'r str, Problem> {
    let mut given = values(request, name);
    match (given.next(), given.next()) {
        (Some(value), None) => Ok(value),
        _ => Err(bad_request(format!("a search for slots needs the parameter `{name}`, once"))),
    }
}

/// What a parameter of date says: with its prefix, a whole date or a time with the offset of the United Kingdom.
fn moment(value: &str, name: &str, prefix: &str) -> Result<Range, Problem> {
    let wrong = || {
        let form = format!("{prefix}yyyy-mm-dd or {prefix}yyyy-mm-ddThh:mm:ss+hh:mm");
        invalid_parameter(format!("`{value}` is not what {name} must be: {form}"))
    };
    let text = value.strip_prefix(prefix).ok_or_else(wrong)?;
    let is_local = text.len() == 25 && (text.ends_with("+00:00") || text.ends_with("+01:00"));
    if text.len() != 10 && !is_local {
        return Err(wrong());
    }
    Range::parse(text).ok_or_else(wrong)
}
