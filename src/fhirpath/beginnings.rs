//! How the names of an element's children begin: what tells, mostly without a search, that there is no such child.

use crate::fhir::Element;

/// How many letters count.
const LETTERS: usize = 3;
/// How often the children of one element are searched before their names are gathered.
const SEARCHES: u32 = 2;

/// The names of the children of one element, gathered once its children were searched a few times. Rules on an
/// `ElementDefinition` alone ask for some fifty children, most of which are not there.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Beginnings<'t> {
    element: Option<Element<'t>>,
    searches: u32,
    /// A bit for each beginning; several beginnings can share one.
    bits: u64,
}

impl<'t> Beginnings<'t> {
    /// Counts one search among the children of an element.
    pub(super) fn after_search(mut self, element: Element<'t>) -> Self {
        if self.element != Some(element) {
            return Self { element: Some(element), searches: 1, bits: 0 };
        }
        self.searches = self.searches.saturating_add(1);
        if self.searches == SEARCHES {
            self.bits =
                element.children().filter_map(|child| bit(child.name())).fold(0, |bits, bit| bits | bit);
        }
        self
    }

    /// Whether there is certainly no child whose name begins so.
    pub(super) fn exclude(self, name: &str) -> bool {
        self.searches >= SEARCHES && bit(name).is_some_and(|bit| self.bits & bit == 0)
    }
}

fn bit(name: &str) -> Option<u64> {
    let letters = name.as_bytes().get(..LETTERS)?;
    let mixed = letters.iter().fold(0_u32, |mixed, letter| mixed.wrapping_mul(37) + u32::from(*letter));
    Some(1 << (mixed % 64))
}

#[cfg(test)]
mod tests {
    use super::Beginnings;
    use crate::fhir::parse_json;

    #[test]
    fn only_what_is_not_there_is_excluded() {
        let tree = parse_json(r#"{"min":1,"valueString":"x","id":"a"}"#).unwrap();
        let beginnings = Beginnings::default().after_search(tree.root());
        assert!(!beginnings.exclude("max"), "nothing is gathered for one search");
        let beginnings = beginnings.after_search(tree.root());
        assert!(beginnings.exclude("max"));
        for present in ["min", "value", "valueString", "id", "v"] {
            assert!(!beginnings.exclude(present), "{present}");
        }
    }
}
