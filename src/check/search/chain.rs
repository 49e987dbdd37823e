//! Chained parameters (search.html#chaining): judged where the record that is led to is in the answer.

use super::held::Held;
use super::meets::meets;
use super::met::Met;
use super::surroundings::Surroundings;

/// How many references a chain may follow.
const LONGEST: usize = 8;

/// Whether what a reference leads to meets the rest of a chain.
pub(super) fn follow(
    held: &Held<'_>,
    kind: Option<&str>,
    rest: &str,
    value: &str,
    surroundings: Surroundings<'_>,
) -> Met {
    let Some(element) = held.element else { return Met::No };
    if rest.split('.').count() > LONGEST {
        return Met::unknown("the chain is too long to follow");
    }
    let address = held.value.as_deref().or_else(|| element.text("reference"));
    let targets = match address {
        Some(address) => match address.strip_prefix('#') {
            Some(id) => element.contained(id).into_iter().collect(),
            None => surroundings.targets(element, address),
        },
        None => Vec::new(),
    };
    if targets.is_empty() {
        return Met::unknown("the record that the chain leads to is not in the answer");
    }
    Met::any(targets.into_iter().map(|target| {
        if kind.is_some_and(|kind| target.resource_type() != Some(kind)) {
            return Met::No;
        }
        meets(target, rest, value, surroundings).met
    }))
}
