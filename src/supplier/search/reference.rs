//! References: by id, by type and id, or by absolute URL.

use super::Context;
use crate::fhir::Element;
use crate::supplier::problem::Problem;

/// What a reference should point at.
pub(super) enum Pointer {
    /// A resource of this server, of any type that the parameter allows unless one is given.
    Local { kind: Option<String>, id: String },
    /// A resource elsewhere.
    Absolute(String),
}

impl Pointer {
    pub(super) fn parse(context: Context<'_>, text: &str) -> Result<Self, Problem> {
        if let Some((kind, id)) = local(context, text) {
            return Ok(Self::Local { kind: Some(kind.to_owned()), id: id.to_owned() });
        }
        if is_absolute(text) {
            return Ok(Self::Absolute(text.to_owned()));
        }
        if text.contains('/') {
            return Err(Problem::value(format!("`{text}` is no reference: write an id, Type/id or a URL")));
        }
        Ok(Self::Local { kind: None, id: text.to_owned() })
    }

    pub(super) fn matches(&self, context: Context<'_>, element: Element<'_>) -> bool {
        match self {
            Self::Absolute(url) => element.text("reference") == Some(url),
            Self::Local { kind, id } => target(context, element).is_some_and(|(found_kind, found_id)| {
                found_id == id && kind.as_deref().is_none_or(|kind| kind == found_kind)
            }),
        }
    }
}

/// The type and id of this server's resource that a `Reference` points at, if it points at one.
pub(super) fn target<'t>(context: Context<'_>, reference: Element<'t>) -> Option<(&'t str, &'t str)> {
    local(context, reference.text("reference")?)
}

fn local<'t>(context: Context<'_>, text: &'t str) -> Option<(&'t str, &'t str)> {
    let relative = text.strip_prefix(context.base).and_then(|rest| rest.strip_prefix('/')).unwrap_or(text);
    if is_absolute(relative) {
        return None;
    }
    let (kind, rest) = relative.split_once('/')?;
    let id = rest.split_once("/_history/").map_or(rest, |(id, _)| id);
    (!kind.is_empty() && !id.is_empty() && !id.contains('/')).then_some((kind, id))
}

fn is_absolute(text: &str) -> bool {
    text.contains("://") || text.starts_with("urn:")
}
