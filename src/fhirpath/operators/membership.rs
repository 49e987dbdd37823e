//! `|`, `in` and `contains` (sections 6.4), and the sets that functions make.

use crate::fhirpath::evaluate::{Evaluator, Outcome};
use crate::fhirpath::item::{Collection, Item};
use crate::fhirpath::singleton::single;

/// Where the item stands in a collection, by `=`.
pub(in crate::fhirpath) fn position(
    evaluator: &Evaluator<'_, '_>,
    items: &[Item<'_>],
    wanted: &Item<'_>,
) -> Outcome<Option<usize>> {
    evaluator.spend(items.len())?;
    Ok(items.iter().position(|item| evaluator.equal_items(item, wanted) == Some(true)))
}

/// The collection without its duplicates, in the order of their first appearance.
pub(in crate::fhirpath) fn distinct<'t>(
    evaluator: &Evaluator<'_, 't>,
    items: impl IntoIterator<Item = Item<'t>>,
) -> Outcome<Collection<'t>> {
    let mut found = Collection::new();
    for item in items {
        if position(evaluator, &found, &item)?.is_none() {
            found.push(item);
        }
    }
    Ok(found)
}

impl<'t> Evaluator<'_, 't> {
    /// Both collections without duplicates.
    pub(in crate::fhirpath) fn union(
        &self,
        left: Collection<'t>,
        right: Collection<'t>,
    ) -> Outcome<Collection<'t>> {
        distinct(self, left.into_iter().chain(right))
    }

    /// Whether the only item of `wanted` is among `items`.
    pub(super) fn contains(
        &self,
        items: &Collection<'t>,
        wanted: &Collection<'t>,
        what: &str,
    ) -> Outcome<Option<bool>> {
        let Some(wanted) = single(wanted, what)? else { return Ok(None) };
        position(self, items, wanted).map(|found| Some(found.is_some()))
    }
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn membership_and_union() {
        assert_results(&[
            ("2 in (1 | 2)", "true"),
            ("2 in {}", "false"),
            ("{} in (1 | 2)", ""),
            ("(1 | 2) contains 3", "false"),
            ("(1 | 2 | 2 | 1.0).count()", "2"),
            ("(1 | 2) in (1 | 2)", "error: must be one item"),
        ]);
    }
}
