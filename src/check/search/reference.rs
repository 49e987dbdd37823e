//! Reference parameters (search.html#reference): an id, `Type/id`, or an address.

use super::held::Held;
use super::met::Met;
use super::surroundings::{Surroundings, entry_of, split_address, without_version};
use super::token;
use crate::fhir::Element;

/// Whether a value meets one value of a reference parameter. The modifier is a resource type, or `identifier`.
pub(super) fn meets(
    held: &Held<'_>,
    wanted: &str,
    modifier: Option<&str>,
    surroundings: Surroundings<'_>,
) -> Met {
    if modifier == Some("identifier") {
        return by_identifier(held, wanted, surroundings);
    }
    let Some(element) = held.element else { return Met::No };
    let Some(found) = held.value.as_deref().or_else(|| held.text("reference")) else {
        // Whom a logical reference means, only the server may know.
        return match element.child("identifier") {
            Some(_) => Met::unknown("it refers by an identifier, and whom that means is the server's to say"),
            None => Met::No,
        };
    };
    if held.is_a("canonical") || held.is_a("uri") {
        let url = found.split_once('|').map_or(found, |(url, _)| url);
        return Met::from(found == wanted || url == wanted);
    }
    if found == wanted || without_version(found) == wanted {
        return Met::Yes;
    }
    if without_version(wanted) != wanted {
        return Met::unknown("whether a reference to one version was meant, is the server's to say");
    }
    let typed = match modifier {
        Some(kind) if !wanted.contains('/') => format!("{kind}/{wanted}"),
        _ => wanted.to_owned(),
    };
    match split_address(without_version(found)) {
        Some(found) => same(element, found, &typed, surroundings),
        None => led_to(element, found, &typed, surroundings),
    }
}

/// Whether `base/Type/id` or `Type/id` is the one wanted.
fn same(
    element: Element<'_>,
    (base, kind, id): (Option<&str>, &str, &str),
    wanted: &str,
    surroundings: Surroundings<'_>,
) -> Met {
    let Some((wanted_base, wanted_kind, wanted_id)) = split_address(wanted) else {
        return Met::from(id == wanted);
    };
    if (kind, id) != (wanted_kind, wanted_id) {
        return Met::No;
    }
    let is_own = |base: Option<&str>| base.is_none_or(|base| surroundings.is_own(base, entry_of(element)));
    if base == wanted_base || (is_own(base) && is_own(wanted_base)) {
        return Met::Yes;
    }
    Met::unknown("one of both is on a server of another address, which may be the same")
}

/// Whether what a `urn:uuid:` or a contained resource is, is the one wanted.
fn led_to(element: Element<'_>, found: &str, wanted: &str, surroundings: Surroundings<'_>) -> Met {
    let mut targets = match found.strip_prefix('#') {
        Some(id) => element.contained(id).into_iter().collect(),
        None => surroundings.targets(element, found),
    };
    targets.retain(|target| target.text("id").is_some());
    if targets.is_empty() {
        return Met::unknown("what it refers to is not in the answer");
    }
    Met::any(targets.into_iter().map(|target| {
        let (kind, id) = (target.resource_type().unwrap_or_default(), target.text("id").unwrap_or_default());
        same(element, (None, kind, id), wanted, surroundings)
    }))
}

fn by_identifier(held: &Held<'_>, wanted: &str, surroundings: Surroundings<'_>) -> Met {
    let identifiers = held.children("identifier").map(|identifier| Held {
        element: Some(identifier),
        value: None,
        type_name: "Identifier".to_owned(),
    });
    let terminology = surroundings.schemas.terminology();
    Met::any(identifiers.map(|identifier| token::equals(&identifier, wanted, terminology)))
}
