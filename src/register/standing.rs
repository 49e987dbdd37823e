//! How a certificate stands in a register: a link of its verification.

use super::check::signature;
use super::event::{Event, EventKind, digest};
use super::{Register, State};
use crate::certificate::{Signer, State as LinkState, Trust};

/// How a certificate stands in a register on a day, `YYYY-MM-DD`, with what was found in words. `trust` is whom the
/// verifier trusts. A certificate that the register does not know is not checked by it.
#[must_use]
pub fn standing(
    register: &Register,
    certificate: &str,
    id: &str,
    trust: &Trust,
    day: &str,
) -> (LinkState, String) {
    if let Some(flaw) = register.flaws.first() {
        return (LinkState::Broken, format!("its history does not hold: {}: {}", flaw.file, flaw.what));
    }
    let signs = |key: &crate::certificate::TrustedKey| key.signs_as.contains(&Signer::Register);
    let mut unsigned =
        "; its events were not checked against a key, as the trust file names none that signs as register";
    if trust.keys().iter().any(signs) {
        unsigned = "";
        let events = &register.chain.events;
        if let Some(event) = events.iter().find(|recorded| recorded.event.signature.is_none()) {
            let file = Event::file(event.event.number);
            return (LinkState::Broken, format!("{file} of the register is not signed"));
        }
        if let Some(wrong) = events.iter().find_map(|recorded| signature(register, trust, recorded)) {
            return (LinkState::Broken, format!("{}: {}", wrong.place, wrong.what));
        }
    }
    let sha256 = digest(certificate.as_bytes());
    let by_file =
        register.entries.values().find(|entry| entry.certificates.iter().any(|one| one.sha256 == sha256));
    let by_id = || register.entries.values().find(|entry| entry.certificates.iter().any(|one| one.id == id));
    let Some(entry) = by_file.or_else(by_id) else {
        return (LinkState::NotChecked, "the register does not list this certificate".to_owned());
    };
    let entry = match register.entry_on(&entry.id, day) {
        Err(why) => return (LinkState::Broken, why),
        Ok(None) => return (LinkState::NotChecked, format!("the register did not list it yet on {day}")),
        Ok(Some(entry)) => entry,
    };
    let events: Vec<&Event> = register
        .chain
        .events
        .iter()
        .map(|recorded| &recorded.event)
        .filter(|event| entry.events.contains(&event.number))
        .collect();
    let state = entry.state(day);
    if state != State::Current {
        let mut what = format!("the register says that it is {state}");
        let recorded = entry.recorded() == state;
        if let Some(event) = events.iter().rfind(|event| recorded && event.kind != EventKind::Nonconformity) {
            what.push_str(&format!(" since {}", event.day()));
            what.extend(event.superseded_by.iter().map(|other| format!(", by {other}")));
            what.extend(event.reason.iter().map(|reason| format!(": {reason}")));
        }
        return (LinkState::Broken, what);
    }
    let known = entry.certificates.iter().any(|one| one.sha256 == sha256 || one.id == id);
    match entry.certificate() {
        Some(counts) if counts.id != id => {
            let what = format!(
                "the register renewed the entry {} with another certificate, {}",
                entry.id, counts.id
            );
            (if known { LinkState::Broken } else { LinkState::NotChecked }, what)
        }
        counts => {
            let other =
                if counts.is_some_and(|one| one.sha256 != sha256) { ", with other signatures" } else { "" };
            let found: Vec<String> = open_nonconformities(&events).map(nonconformity).collect();
            let current = format!("the register lists it as current{other}");
            if found.is_empty() {
                (LinkState::Holds, format!("{current}{unsigned}"))
            } else {
                let what =
                    format!("{current}, and records what was found since: {}{unsigned}", found.join("; "));
                (LinkState::Warns, what)
            }
        }
    }
}

/// The nonconformities that are open: those after the entry was last issued, renewed or reinstated.
fn open_nonconformities<'e>(events: &[&'e Event]) -> impl Iterator<Item = &'e Event> {
    let settles =
        |event: &&Event| matches!(event.kind, EventKind::Issued | EventKind::Renewed | EventKind::Reinstated);
    let settled = events.iter().rposition(settles).map_or(0, |last| last + 1);
    let since: Vec<&Event> = events.iter().skip(settled).copied().collect();
    since.into_iter().filter(|event| event.kind == EventKind::Nonconformity)
}

/// A nonconformity in words.
fn nonconformity(event: &Event) -> String {
    let mut what = format!("nonconformity of {}", event.day());
    if !event.requirements.is_empty() {
        what.push_str(&format!(" ({})", event.requirements.join(", ")));
    }
    what.extend(event.reason.iter().map(|reason| format!(": {reason}")));
    what
}
