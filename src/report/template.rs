//! How pages are made: one style, one template a page.
//!
//! The template escapes every value, and the formatter makes visible what could hide or reorder text, so that no place
//! of a page can be forgotten.

use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, escape_formatter, syntax::SyntaxConfig};

use crate::inert::visible;

const STYLE: &str = include_str!("html/style.css");
/// What the head of every page says of it, whether its style is in it or beside it.
const META: &str = include_str!("html/meta.html");
/// The head of a page that is complete in one file, up to and with its style.
const HEAD: &str = include_str!("html/head.html");

/// The style of every page, which a template puts into its head.
pub(super) fn style() -> Value {
    Value::from_safe_string(STYLE.to_owned())
}

/// The same as the text of a file, for sites of many pages.
pub(super) fn style_sheet() -> &'static str {
    STYLE
}

/// A moment as people write it, to the minute; what is no moment stays as it is.
pub(super) fn in_words(moment: &str) -> String {
    moment
        .parse::<jiff::Timestamp>()
        .map_or_else(|_| moment.to_owned(), |moment| moment.strftime("%-d %B %Y, %H:%M UTC").to_string())
}

/// The page that a template makes of a view.
pub(super) fn render(name: &str, template: &str, view: Value) -> Result<String, minijinja::Error> {
    let mut html = environment()?.render_named_str(name, template, view)?;
    html.push('\n');
    Ok(html)
}

/// What templates are rendered in: many pages of one template need it once.
pub(super) fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.set_formatter(|output, state, value| match value.as_str() {
        Some(text) if !value.is_safe() => escape_formatter(output, state, &Value::from(visible(text))),
        _ => escape_formatter(output, state, value),
    });
    environment.add_template("meta.html", META)?;
    environment.add_template("head.html", HEAD)?;
    Ok(environment)
}
