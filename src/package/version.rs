//! Versions of packages and definitions, in order.
//!
//! FHIR packages follow Semantic Versioning by convention only: `4.0.0-ballot`, `2.1` and `20230101` are
//! all in use. Every text is a version here, and any two have an order.

use std::cmp::Ordering;

/// A version as it was written. Ordered as Semantic Versioning 2.0.0 section 11 says, as far as the text
/// allows: the numbers count, a label makes it earlier, build metadata does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Version<'a>(pub &'a str);

impl<'a> Version<'a> {
    /// Its parts before any label: `4`, `0`, `1`.
    pub(super) fn parts(self) -> impl Iterator<Item = &'a str> {
        self.core().split('.')
    }

    /// Its label: `ballot` of `4.0.0-ballot`.
    #[must_use]
    pub fn label(self) -> Option<&'a str> {
        self.without_build().split_once('-').map(|(_, label)| label)
    }

    fn core(self) -> &'a str {
        self.without_build().split('-').next().unwrap_or_default()
    }

    fn without_build(self) -> &'a str {
        self.0.split('+').next().unwrap_or_default()
    }
}

impl Ord for Version<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let cores = parts(self.core(), other.core(), "0");
        let labels = match (self.label(), other.label()) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(own), Some(others)) => parts(own, others, ""),
        };
        // Those of one rank (1.0 and 1.0.0) still have an order, so that it is the same at every run.
        cores.then(labels).then_with(|| self.0.cmp(other.0))
    }
}

impl PartialOrd for Version<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares part by part; `absent` stands for those that the shorter one lacks.
fn parts(left: &str, right: &str, absent: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let (one, other) = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (one, other) => (one.unwrap_or(absent), other.unwrap_or(absent)),
        };
        let order = part(one, other);
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Numbers by value, however long; words by letters; nothing before numbers before words.
fn part(left: &str, right: &str) -> Ordering {
    let rank = |part: &str| match part {
        "" => 0,
        number if number.bytes().all(|byte| byte.is_ascii_digit()) => 1,
        _ => 2,
    };
    let digits = |part: &str| part.trim_start_matches('0').len();
    let by_kind = rank(left).cmp(&rank(right));
    by_kind.then_with(|| match rank(left) {
        1 => digits(left)
            .cmp(&digits(right))
            .then_with(|| left.trim_start_matches('0').cmp(right.trim_start_matches('0'))),
        _ => left.cmp(right),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn versions_in_use_are_in_order() {
        let sorted = [
            "0.0.9",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0",
            "1.9.0",
            "1.10.0",
            "2.1",
            "4.0.0-ballot",
            "4.0.0",
            "4.0.1",
            "20230101",
            "99999999999999999999999999.0",
        ];
        let mut shuffled: Vec<Version<'_>> = sorted.iter().rev().map(|text| Version(text)).collect();
        shuffled.sort();
        assert_eq!(shuffled.iter().map(|version| version.0).collect::<Vec<_>>(), sorted);
    }

    #[test]
    fn a_label_is_told_from_build_metadata() {
        assert_eq!(Version("4.0.0-ballot").label(), Some("ballot"));
        assert_eq!(Version("4.0.0+build-7").label(), None);
    }

    proptest! {
        #[test]
        fn any_texts_have_one_order(left in ".{0,12}", middle in "[0-9a.+-]{0,8}", right in "[0-9.x-]{0,8}") {
            let [left, middle, right] = [Version(&left), Version(&middle), Version(&right)];
            prop_assert_eq!(left.cmp(&right), right.cmp(&left).reverse());
            prop_assert_eq!(left.cmp(&right) == Ordering::Equal, left == right);
            if left <= middle && middle <= right {
                prop_assert!(left <= right);
            }
        }
    }
}
