//! The names of an element's children as one number, which mostly tells that there is no such child.

use crate::fhir::Element;

/// A set of names, as far as one bit a name tells them apart: what is not in it is certain, what is in it is not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Names(u128);

impl Names {
    /// One name of a definition.
    pub(super) fn one(name: &str) -> Self {
        Self(bit(name.bytes().fold(0, mixed)))
    }

    /// What definitions may call the children of an element: `valueQuantity` is that, or a `value`.
    pub(super) fn of_children(element: Element<'_>) -> Self {
        let mut bits = 0;
        for child in element.children() {
            let mut hash = 0;
            for letter in child.name().bytes() {
                if letter.is_ascii_uppercase() {
                    bits |= bit(hash);
                }
                hash = mixed(hash, letter);
            }
            bits |= bit(hash);
        }
        Self(bits)
    }

    /// All names of both.
    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the two certainly have no name in common.
    pub(super) fn is_apart_from(self, other: Self) -> bool {
        self.0 & other.0 == 0
    }

    /// Whether all of these are among the others.
    pub(super) fn is_within(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }
}

fn mixed(hash: u32, letter: u8) -> u32 {
    (hash.rotate_left(5) ^ u32::from(letter)).wrapping_mul(0x9E37_79B9)
}

fn bit(hash: u32) -> u128 {
    1 << (hash >> 25)
}

#[cfg(test)]
mod tests {
    use super::Names;
    use crate::fhir::parse_json;

    #[test]
    fn only_what_is_not_there_is_excluded() {
        let tree = parse_json(r#"{"min":1,"valueString":"x","id":"a"}"#).unwrap();
        let names = Names::of_children(tree.root());
        for present in ["min", "value", "valueString", "id"] {
            assert!(!Names::one(present).is_apart_from(names), "{present}");
        }
        assert!(Names::one("max").is_apart_from(names));
        assert!(Names::one("max").and(Names::one("minValue")).is_apart_from(names));
        assert!(!Names::one("max").and(Names::one("min")).is_apart_from(names));
    }
}
