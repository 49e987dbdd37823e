//! Whether a resource meets one parameter that was sent.

use super::definition::{self, Definition, Kind};
use super::escape::split;
use super::held::Held;
use super::met::Met;
use super::parameter::Parameter;
use super::surroundings::Surroundings;
use super::{chain, composite, date, number, quantity, reference, string, token, uri, words};
use crate::fhir::Element;
use crate::fhirpath::Item;

/// Whether a resource meets a parameter, and what it has for it.
pub(super) struct Judged<'t> {
    pub(super) met: Met,
    /// In words that a supplier understands; `none` where it has nothing.
    pub(super) held: String,
    /// Where that is.
    pub(super) place: Option<Element<'t>>,
}

impl Judged<'_> {
    fn unknown(why: impl Into<String>) -> Self {
        Self { met: Met::unknown(why.into()), held: "not looked for".to_owned(), place: None }
    }
}

/// Judges one parameter on one resource.
pub(super) fn meets<'t>(
    resource: Element<'t>,
    parameter: &str,
    wanted: &str,
    surroundings: Surroundings<'t>,
) -> Judged<'t> {
    let parameter = Parameter::parse(parameter);
    if parameter.name == "_has" {
        return Judged::unknown("which records refer to it, the answer does not say");
    }
    let type_name = resource.resource_type().unwrap_or_default();
    let definition = match definition::find(surroundings.schemas, type_name, parameter.name) {
        Ok(definition) => definition,
        Err(why) => return Judged::unknown(why),
    };
    let all = match Held::all(&definition.expression, surroundings.schemas, Item::element(resource, None)) {
        Ok(all) => all,
        Err(why) => return Judged::unknown(why),
    };
    let met = match parameter.chained {
        Some(rest) if definition.kind == Kind::Reference => Met::any(
            all.iter().map(|held| chain::follow(held, parameter.modifier, rest, wanted, surroundings)),
        ),
        Some(_) => Met::unknown("only a reference can be followed"),
        None => all_values(&all, &parameter, wanted, &definition, surroundings),
    };
    let is_hidden = all.is_empty() && met == Met::No && asks_for_target_type(&definition);
    let met = if is_hidden && refers_without_type(resource) {
        Met::unknown("a reference does not say the type of what it refers to")
    } else {
        met
    };
    Judged { met, held: words::of(&all, &definition), place: all.iter().find_map(|held| held.element) }
}

/// Whether any value meets any of those wanted, which commas separate; turned round for `:not`.
fn all_values(
    all: &[Held<'_>],
    parameter: &Parameter<'_>,
    wanted: &str,
    definition: &Definition<'_>,
    surroundings: Surroundings<'_>,
) -> Met {
    if parameter.modifier == Some("missing") {
        // What an expression makes is always there; whether it stands for something missing is not said.
        let is_made = all.iter().any(|held| held.element.is_none());
        return match wanted {
            _ if is_made => Met::unknown("whether it is missing, its expression does not tell"),
            "true" => Met::from(all.is_empty()),
            "false" => Met::from(!all.is_empty()),
            _ => Met::unknown(format!("`{wanted}` is neither true nor false")),
        };
    }
    let met = Met::any(split(wanted, ',').into_iter().flat_map(|wanted| {
        all.iter().map(move |held| value(held, wanted, parameter.modifier, definition, surroundings))
    }));
    match parameter.modifier {
        Some("not" | "not-in") if definition.kind == Kind::Token => met.opposite(),
        _ => met,
    }
}

/// Whether one value meets one of those wanted.
pub(super) fn value(
    held: &Held<'_>,
    wanted: &str,
    modifier: Option<&str>,
    definition: &Definition<'_>,
    surroundings: Surroundings<'_>,
) -> Met {
    let plain = |met: &dyn Fn() -> Met| match modifier {
        None => met(),
        Some(modifier) => Met::unknown(format!("the modifier :{modifier} is not evaluated here")),
    };
    match definition.kind {
        Kind::String if definition.by_sound => match string::meets(held, wanted, modifier) {
            Met::No => Met::unknown("what sounds alike, is the server's to say"),
            met => met,
        },
        Kind::String => string::meets(held, wanted, modifier),
        Kind::Token => token::meets(held, wanted, modifier, surroundings.schemas.terminology()),
        Kind::Uri => uri::meets(held, wanted, modifier),
        Kind::Reference => reference::meets(held, wanted, modifier, surroundings),
        Kind::Date => plain(&|| date::meets(held, wanted)),
        Kind::Number => plain(&|| number::meets(held, wanted)),
        Kind::Quantity => plain(&|| quantity::meets(held, wanted)),
        Kind::Composite => plain(&|| composite::meets(held, wanted, definition, surroundings)),
    }
}

/// Whether the parameter takes references to one type only: R4 writes `where(resolve() is Patient)`.
fn asks_for_target_type(definition: &Definition<'_>) -> bool {
    definition.expression.source().contains("resolve()")
}

/// Whether a resource has a reference that names no type, such as a `urn:uuid:`.
fn refers_without_type(resource: Element<'_>) -> bool {
    let references = resource.descendants().filter(|element| element.is_called("reference"));
    references.filter_map(Element::value).any(|reference| reference.starts_with("urn:"))
}
