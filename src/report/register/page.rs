//! What the pages of the register are made of: templates, and the words that all of them share.

use minijinja::{Environment, Value, context};

use crate::register::State;
use crate::report::template;

/// The templates, by name.
const TEMPLATES: [(&str, &str); 7] = [
    ("site_head.html", include_str!("site_head.html")),
    ("listings.html", include_str!("listings.html")),
    ("index.html", include_str!("index.html")),
    ("product.html", include_str!("product.html")),
    ("frameworks.html", include_str!("frameworks.html")),
    ("keys.html", include_str!("keys.html")),
    ("feed.xml", include_str!("feed.xml")),
];

/// What the pages are rendered in.
///
/// # Errors
/// A defect of ours.
pub(super) fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = template::environment()?;
    for (name, template) in TEMPLATES {
        environment.add_template(name, template)?;
    }
    Ok(environment)
}

/// A page of a template.
///
/// # Errors
/// A defect of ours.
pub(super) fn render(
    environment: &Environment<'_>,
    name: &str,
    view: Value,
) -> Result<String, minijinja::Error> {
    let mut page = environment.get_template(name)?.render(view)?;
    page.push('\n');
    Ok(page)
}

/// A state in words, with the class of its colour and a sign beside it.
pub(super) fn state(state: State) -> Value {
    let (tone, symbol) = match state {
        State::Current => ("pass", "✓"),
        State::Suspended => ("open", "!"),
        State::Expired => ("none", "○"),
        State::Superseded => ("none", "→"),
        State::Withdrawn => ("fail", "✗"),
    };
    context! { words => state.to_string(), tone, symbol }
}
