//! The page of a product: its entries with what they rest on, and its history.

use std::cmp::Reverse;

use minijinja::{Environment, Value, context};

use super::page;
use super::pages::{event, footing};
use crate::register::{CertificateReference, Entry, Footing, Framework, Listed, Register, page_of};
use crate::report::standing::{verdict_symbol, verdict_tone};
use crate::standard::version_key;

/// The page. `footings` are where the product stands under each framework that it has a listing for.
///
/// # Errors
/// A defect of ours.
pub(super) fn render(
    register: &Register,
    listed: &Listed<'_>,
    footings: &[(&Framework, &Footing)],
    day: &str,
    environment: &Environment<'_>,
) -> Result<String, minijinja::Error> {
    // What counts comes first, and the newest version of it.
    let mut ordered = listed.entries.clone();
    ordered.sort_by_cached_key(|found| (found.state(day), Reverse(version_key(&found.version))));
    let entries: Vec<Value> = ordered.into_iter().map(|found| entry(register, found, day)).collect();
    let frameworks: Vec<Value> = footings
        .iter()
        .map(|(framework, found)| context! { title => &framework.title, footing => footing(found) })
        .collect();
    let product = listed.product;
    let view = context! {
        root => "../",
        register => &register.settings.title,
        publisher => &register.settings.publisher,
        title => format!("{} by {}: {}", product.name, product.supplier, register.settings.title),
        product => &product.name,
        supplier => &product.supplier,
        day,
        entries,
        frameworks,
    };
    page::render(environment, "product.html", view)
}

fn entry(register: &Register, entry: &Entry, day: &str) -> Value {
    let predicate = &entry.predicate;
    let run = &predicate.run;
    let standards: Vec<Value> = run
        .standards
        .iter()
        .map(|standard| {
            context! {
                title => &standard.title,
                name => format!("{}@{}", standard.id, standard.version),
                role => standard.role.to_string(),
                maturity => &standard.maturity.label,
                verdict => standard.verdict.to_string(),
                symbol => verdict_symbol(standard.verdict),
                tone => verdict_tone(standard.verdict),
                sentence => &standard.sentence,
                sha256 => &standard.sha256,
            }
        })
        .collect();
    let not_tested: Vec<Value> = run
        .not_tested
        .iter()
        .map(|one| context! { requirement => &one.requirement, reason => &one.reason })
        .collect();
    let waivers: Vec<Value> = run
        .waivers
        .iter()
        .map(|one| {
            context! { requirement => &one.requirement, reason => &one.reason, approver => &one.approver, expires => &one.expires }
        })
        .collect();
    let declared: Vec<Value> = predicate
        .declared
        .iter()
        .map(|one| context! { requirement => &one.requirement, met => &one.met, answer => &one.answer })
        .collect();
    let first = usize::try_from(register.chain.events.first().map_or(1, |one| one.event.number)).unwrap_or(1);
    let events: Vec<Value> = entry
        .events
        .iter()
        .filter_map(|number| register.chain.events.get(usize::try_from(*number).ok()?.checked_sub(first)?))
        .map(|recorded| event(&recorded.event, &register.settings.publisher))
        .collect();
    let settings: Vec<&str> =
        entry.care_settings.iter().map(|key| register.settings.care_setting(key)).collect();
    context! {
        id => &entry.id,
        version => &entry.version,
        state => page::state(entry.state(day)),
        assurance => entry.certificate().map(|one| one.assurance.to_string()),
        file => entry.certificate().map(CertificateReference::file),
        sha256 => entry.certificate().map(|one| one.sha256.clone()),
        certificate => &predicate.id,
        from => &predicate.validity.from,
        until => entry.until(),
        settings => settings.join(", "),
        environment => &run.supplier.environment,
        tested => run.started.get(..10).unwrap_or(&run.started),
        issued => predicate.issued.get(..10).unwrap_or(&predicate.issued),
        scheme => predicate.decision.as_ref().map(|decision| decision.scheme.clone()),
        judged_by => &run.judged_by,
        policy => &run.policy,
        selection => &run.selection,
        consent => &entry.consent,
        superseded_by => entry.superseded_by.as_ref().and_then(|id| successor(register, id)),
        standards,
        not_tested,
        waivers,
        declared,
        awaiting => predicate.awaiting.join(", "),
        not_claimed => run.not_claimed.clone(),
        events,
    }
}

/// The entry that took the place of another.
fn successor(register: &Register, id: &str) -> Option<Value> {
    let entry = register.entries.get(id)?;
    let name = format!("{} {} by {}", entry.product.name, entry.version, entry.product.supplier);
    Some(context! { id, name, page => page_of(&entry.product) })
}
