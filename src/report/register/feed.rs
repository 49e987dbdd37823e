//! The newest events as an Atom feed (RFC 4287), for those who want to hear when something changes.

use minijinja::{Environment, Value, context};

use super::pages::event;
use crate::register::{Register, page_of};

/// How many events it holds; the whole history is in `register.json`.
const MOST: usize = 100;

/// The feed.
///
/// # Errors
/// A defect of ours.
pub(super) fn render(register: &Register, environment: &Environment<'_>) -> Result<String, minijinja::Error> {
    let settings = &register.settings;
    let entries: Vec<Value> = register
        .chain
        .events
        .iter()
        .rev()
        .take(MOST)
        .map(|recorded| {
            let entry = register.entries.get(&recorded.event.entry);
            let product = entry.map(|entry| {
                format!("{} {} by {}", entry.product.name, entry.version, entry.product.supplier)
            });
            context! {
                event => event(&recorded.event, &settings.publisher),
                sha256 => &recorded.sha256,
                product => product.unwrap_or_else(|| recorded.event.entry.clone()),
                page => entry.map(|entry| page_of(&entry.product)),
            }
        })
        .collect();
    let template = environment.get_template("feed.xml")?;
    template.render(context! {
        title => &settings.title,
        publisher => &settings.publisher,
        url => settings.url.clone().unwrap_or_default(),
        // A register without events has changed when nothing had happened yet.
        updated => register.chain.last().map_or("1970-01-01T00:00:00Z", |last| last.event.at.as_str()),
        entries,
    })
}
