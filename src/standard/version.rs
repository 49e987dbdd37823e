//! The order of versions.

/// What versions are ordered by: their numbers, then whether they are released, then what precedes the release.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct VersionKey {
    numbers: Vec<Part>,
    released: bool,
    before_release: Vec<Part>,
}

/// One part between dots: its number and what follows that. A part without a number comes after those with one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    is_word: bool,
    number: u64,
    rest: String,
}

impl Part {
    fn of(text: &str) -> Self {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = text.split_at(digits);
        Self { is_word: number.is_empty(), number: number.parse().unwrap_or(u64::MAX), rest: rest.to_owned() }
    }
}

/// Orders versions by their numbers, as [Semantic Versioning](https://semver.org) does: 1.10.0 comes after 1.9.0, and
/// 1.0.0-beta before 1.0.0. What is built of the same (`+…`) is the same.
#[must_use]
pub fn version_key(version: &str) -> VersionKey {
    let version = version.split('+').next().unwrap_or_default();
    let (numbers, before_release) = version.split_once('-').unzip();
    let parts = |text: &str| text.split(['.', '-']).map(Part::of).collect();
    VersionKey {
        numbers: parts(numbers.unwrap_or(version)),
        released: before_release.is_none(),
        before_release: before_release.map(parts).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_come_in_the_order_of_their_release() {
        let ordered = [
            "1.0.0-1",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.1",
            "1.9.0",
            "1.9.0a",
            "1.10.0",
            "2",
            "2.0",
            "2026-01",
            "2026-11",
        ];
        for pair in ordered.windows(2) {
            assert!(version_key(pair[0]) < version_key(pair[1]), "{pair:?}");
        }
        assert_eq!(version_key("1.0.0+a"), version_key("1.0.0+b"));
    }
}
