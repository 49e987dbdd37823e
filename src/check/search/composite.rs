//! Composite parameters (search.html#composite): `code$value`, both of one and the same part of the resource.

use super::definition::{self, Definition};
use super::escape::split;
use super::held::Held;
use super::meets;
use super::met::Met;
use super::surroundings::Surroundings;

/// Whether a part of a resource meets one value of a composite parameter.
pub(super) fn meets(
    held: &Held<'_>,
    wanted: &str,
    definition: &Definition<'_>,
    surroundings: Surroundings<'_>,
) -> Met {
    let parts = split(wanted, '$');
    if parts.len() != definition.components.len() {
        let count = definition.components.len();
        return Met::unknown(format!("`{wanted}` has not the {count} parts that the parameter has"));
    }
    let components = definition.components.iter().zip(parts);
    Met::all(components.map(|(component, wanted)| {
        let part = definition::at(surroundings.schemas, component.definition);
        let found = held.item().map(|item| Held::all(&component.expression, surroundings.schemas, item));
        match (part, found) {
            (Ok(part), Some(Ok(found))) => {
                Met::any(found.iter().map(|held| meets::value(held, wanted, None, &part, surroundings)))
            }
            (Err(why), _) | (_, Some(Err(why))) => Met::unknown(why),
            (_, None) => Met::No,
        }
    }))
}
