//! The pages that show more than one product: the index and its continuations, the frameworks, the keys.

use minijinja::{Environment, Value, context};

use super::page;
use crate::register::{Event, Footing, Framework, Inconsistency, Register, Row, State, page_of};
use crate::report::standing::{verdict_symbol, verdict_tone};

/// How many listings a page holds.
const PER_PAGE: usize = 50;
/// How many products a framework's table shows on the page; all are in what `register check` prints.
const PER_FRAMEWORK: usize = 200;

/// The index, and the pages that go on from it, so that everything can be reached without a script: file and text.
///
/// # Errors
/// A defect of ours.
pub(super) fn index(
    register: &Register,
    rows: &[Row<'_>],
    day: &str,
    environment: &Environment<'_>,
) -> Result<Vec<(String, String)>, minijinja::Error> {
    let name = |number: usize| {
        if number == 0 { "index.html".to_owned() } else { format!("list-{:04}.html", number + 1) }
    };
    let pages = rows.len().div_ceil(PER_PAGE).max(1);
    let count = |state: State| register.entries.values().filter(|entry| entry.state(day) == state).count();
    let states: Vec<Value> =
        State::ALL.map(|state| context! { state => page::state(state), count => count(state) }).to_vec();
    let mut made = Vec::with_capacity(pages);
    for number in 0..pages {
        let first = number * PER_PAGE;
        let shown = rows.get(first..).unwrap_or_default();
        let listings: Vec<Value> = shown.iter().take(PER_PAGE).map(|row| listing(register, row)).collect();
        let view = context! {
            root => "",
            register => &register.settings.title,
            publisher => &register.settings.publisher,
            title => if number == 0 { register.settings.title.clone() } else { format!("{}, page {}", register.settings.title, number + 1) },
            day,
            states => &states,
            entries => register.entries.len(),
            total => rows.len(),
            from => first + usize::from(!listings.is_empty()),
            to => first + listings.len(),
            listings,
            number => number + 1,
            pages,
            before => (number > 0).then(|| name(number - 1)),
            after => (number + 1 < pages).then(|| name(number + 1)),
            last => name(pages - 1),
        };
        made.push((name(number), page::render(environment, "index.html", view)?));
    }
    Ok(made)
}

/// The page of the frameworks: where they do not demand alike, and where each product stands.
///
/// # Errors
/// A defect of ours.
pub(super) fn frameworks(
    register: &Register,
    found: &[(&Framework, Vec<Footing>)],
    inconsistencies: &[Inconsistency],
    day: &str,
    environment: &Environment<'_>,
) -> Result<String, minijinja::Error> {
    let frameworks: Vec<Value> = found
        .iter()
        .map(|(framework, footings)| {
            let products: Vec<Value> = footings.iter().take(PER_FRAMEWORK).map(footing).collect();
            let demands: Vec<Value> = framework
                .demands
                .iter()
                .map(|demand| {
                    context! {
                        standard => &demand.standard,
                        versions => demand.versions.join(" or "),
                        role => demand.role.to_string(),
                        level => demand.level.to_string(),
                        maturity => demand.maturity.to_string(),
                        assurance => demand.assurance.to_string(),
                        waivers => demand.waivers.to_string(),
                    }
                })
                .collect();
            context! {
                id => &framework.id,
                title => &framework.title,
                publisher => &framework.publisher,
                demands,
                met => footings.iter().filter(|footing| footing.is_met()).count(),
                total => footings.len(),
                left_out => footings.len().saturating_sub(PER_FRAMEWORK),
                products,
            }
        })
        .collect();
    let inconsistencies: Vec<Value> = inconsistencies
        .iter()
        .map(|one| {
            let demanded: Vec<Value> =
                one.demanded.iter().map(|(what, by)| context! { what, by => by.join(", ") }).collect();
            context! { standard => &one.standard, role => one.role.to_string(), what => one.what, demanded, excludes => &one.excludes }
        })
        .collect();
    let view = context! {
        root => "",
        register => &register.settings.title,
        publisher => &register.settings.publisher,
        title => format!("Frameworks: {}", register.settings.title),
        day,
        frameworks,
        inconsistencies,
    };
    page::render(environment, "frameworks.html", view)
}

/// The page of the keys that count.
///
/// # Errors
/// A defect of ours.
pub(super) fn keys(register: &Register, environment: &Environment<'_>) -> Result<String, minijinja::Error> {
    let keys: Vec<Value> = register
        .trust
        .keys()
        .iter()
        .map(|key| {
            let signs_as: Vec<String> = key.signs_as.iter().map(ToString::to_string).collect();
            context! {
                name => &key.name,
                signs_as => signs_as.join(", "),
                from => &key.from,
                until => &key.until,
                revoked => key.revoked.as_ref().map(|revoked| format!("{}: {}", revoked.on, revoked.reason)),
                id => key.key.id(),
                pem => key.key.to_pem(),
            }
        })
        .collect();
    let view = context! {
        root => "",
        register => &register.settings.title,
        publisher => &register.settings.publisher,
        title => format!("Keys: {}", register.settings.title),
        keys,
    };
    page::render(environment, "keys.html", view)
}

/// A product under a framework.
pub(super) fn footing(footing: &Footing) -> Value {
    let product =
        crate::register::Product { supplier: footing.supplier.clone(), name: footing.product.clone() };
    let demands: Vec<Value> = footing
        .demands
        .iter()
        .map(|reach| {
            context! { standard => &reach.standard, listed => &reach.listed, met => reach.lacks.is_empty(), lacks => reach.lacks.clone() }
        })
        .collect();
    context! { product => &footing.product, supplier => &footing.supplier, page => page_of(&product), met => footing.is_met(), demands }
}

/// An event in words. `keeper` is who keeps the register, whose name need not be said each time.
pub(super) fn event(event: &Event, keeper: &str) -> Value {
    context! {
        number => &event.number,
        at => &event.at,
        day => event.day(),
        kind => event.kind.to_string(),
        by => (event.by != keeper).then(|| event.by.clone()),
        reason => &event.reason,
        requirements => event.requirements.join(", "),
        certificate => event.certificate.as_ref().map(|one| one.id.clone()),
        assurance => event.certificate.as_ref().map(|one| one.assurance.to_string()),
        consent => &event.consent,
        superseded_by => &event.superseded_by,
        signed => event.signature.is_some(),
        file => Event::file(event.number),
    }
}

fn listing(register: &Register, row: &Row<'_>) -> Value {
    let (entry, standard) = (row.entry, row.standard);
    let settings: Vec<&str> =
        entry.care_settings.iter().map(|key| register.settings.care_setting(key)).collect();
    context! {
        product => &entry.product.name,
        supplier => &entry.product.supplier,
        version => &entry.version,
        page => page_of(&entry.product),
        standard => format!("{}@{}", standard.id, standard.version),
        role => standard.role.to_string(),
        settings => settings.join(", "),
        maturity => standard.maturity.status.to_string(),
        verdict => standard.verdict.to_string(),
        symbol => verdict_symbol(standard.verdict),
        tone => verdict_tone(standard.verdict),
        assurance => row.assurance.map(|one| one.to_string()).unwrap_or_default(),
        state => page::state(row.state),
        until => entry.until(),
    }
}
