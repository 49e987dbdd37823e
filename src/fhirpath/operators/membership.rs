//! `|`, `in` and `contains` (sections 6.4), and the sets that functions make.

use crate::fhirpath::evaluate::{Evaluator, Outcome};
use crate::fhirpath::item::{Collection, Item};
use crate::fhirpath::seen::Seen;
use crate::fhirpath::singleton::single;

/// The collection without its duplicates, in the order of their first appearance.
pub(in crate::fhirpath) fn distinct<'t>(
    evaluator: &Evaluator<'_, 't>,
    items: impl IntoIterator<Item = Item<'t>>,
) -> Outcome<Collection<'t>> {
    let mut seen = Seen::default();
    let mut found = Collection::new();
    for item in items {
        if seen.insert(evaluator, &item)? {
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
        items: &[Item<'t>],
        wanted: &[Item<'t>],
        what: &str,
    ) -> Outcome<Option<bool>> {
        let Some(wanted) = single(wanted, what)? else { return Ok(None) };
        self.spend(items.len())?;
        Ok(Some(items.iter().any(|item| self.equal_items(item, wanted) == Some(true))))
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
