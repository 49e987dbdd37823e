//! Which versions of a package are meant: `4.0.1`, `4.0.x`, `latest`, `current`.
//!
//! The FHIR package specification has exact versions and wildcards, and none of npm's other ranges.

use super::Version;

/// What somebody wrote where a version is expected.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Range {
    /// One version. Where there is none of that very name and it has fewer than three numbers, those that
    /// begin so: `4.0` then means `4.0.x`.
    Exact(String),
    /// All that begin with these numbers, `4.0.x`; all there are, if it is empty.
    Wildcard(Vec<String>),
    /// The newest release.
    Latest,
    /// A build that never was published: `current`, `current$branch`, `dev`. Only a cache holds such.
    Build(String),
}

impl Range {
    /// Reads what stands after `#`, or as the value of a dependency.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() || text == "latest" {
            return Ok(Self::Latest);
        }
        if text == "dev" || text == "current" || text.starts_with("current$") {
            check_characters(text)?;
            return Ok(Self::Build(text.to_owned()));
        }
        let parts: Vec<&str> = text.split('.').collect();
        let fixed = parts.iter().take_while(|part| !is_wildcard(part)).count();
        if fixed == parts.len() {
            check_characters(text)?;
            return Ok(Self::Exact(text.to_owned()));
        }
        if !parts[fixed..].iter().all(|part| is_wildcard(part)) {
            return Err(format!("`{text}` has a number after a wildcard"));
        }
        if !parts[..fixed]
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        {
            return Err(format!("`{text}` is not a version with a wildcard, such as 4.0.x"));
        }
        Ok(Self::Wildcard(parts[..fixed].iter().map(|part| (*part).to_owned()).collect()))
    }

    /// The best of the versions at hand: the highest that matches. One with a label (a pre-release) is
    /// taken only where it is asked for by its name.
    #[must_use]
    pub fn best<'v>(&self, versions: impl IntoIterator<Item = &'v str>) -> Option<&'v str> {
        let mut versions: Vec<Version<'v>> = versions.into_iter().map(Version).collect();
        versions.sort();
        let highest = |matches: &dyn Fn(Version<'v>) -> bool| {
            let released = |version: &&Version<'v>| version.label().is_none();
            versions.iter().filter(released).rfind(|version| matches(**version)).map(|version| version.0)
        };
        match self {
            Self::Exact(text) => {
                let exact = versions.iter().find(|version| version.0.eq_ignore_ascii_case(text));
                let parts: Vec<&str> = text.split('.').collect();
                let short = parts.len() < 3 && Version(text).label().is_none();
                exact
                    .map(|version| version.0)
                    .or_else(|| short.then(|| highest(&|version| begins(version, &parts)))?)
            }
            Self::Wildcard(fixed) => highest(&|version| begins(version, fixed)),
            Self::Latest => highest(&|version| !is_build(version.0)),
            Self::Build(text) => versions.iter().find(|version| version.0 == text).map(|version| version.0),
        }
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exact(text) | Self::Build(text) => formatter.write_str(text),
            Self::Wildcard(fixed) => {
                for number in fixed {
                    write!(formatter, "{number}.")?;
                }
                formatter.write_str("x")
            }
            Self::Latest => formatter.write_str("latest"),
        }
    }
}

fn is_wildcard(part: &str) -> bool {
    matches!(part, "x" | "X" | "*")
}

fn is_build(version: &str) -> bool {
    !version.starts_with(|character: char| character.is_ascii_digit())
}

fn begins<Part: AsRef<str>>(version: Version<'_>, fixed: &[Part]) -> bool {
    let mut parts = version.parts();
    !is_build(version.0) && fixed.iter().all(|number| parts.next() == Some(number.as_ref()))
}

/// A version becomes a part of a path, so few characters are allowed in it.
pub(super) fn check_characters(version: &str) -> Result<(), String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_+$".contains(&byte);
    if version.is_empty()
        || version.len() > 100
        || !version.bytes().all(allowed)
        || version.contains("..")
        || version.ends_with('.')
    {
        return Err(format!(
            "`{}` is not a version of a package; expected for instance 4.0.1, 4.0.x or latest",
            version.escape_debug()
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const AT_HAND: [&str; 8] =
        ["4.0.0-ballot", "4.0.0", "4.0.1", "4.0.10", "4.1.0", "5.0.0-snapshot1", "current", "3.0"];

    #[track_caller]
    fn best(range: &str) -> Option<&'static str> {
        Range::parse(range).unwrap().best(AT_HAND)
    }

    #[test]
    fn the_highest_release_that_matches_is_best() {
        assert_eq!(best("4.0.1"), Some("4.0.1"));
        assert_eq!(best("4.0.x"), Some("4.0.10"));
        for any in ["4.x", "4.*", "4.X.x", "x", "*", "latest", ""] {
            assert_eq!(best(any), Some("4.1.0"), "{any}");
        }
        assert_eq!(best("5.0.x"), None);
        assert_eq!(best("5.0.0-snapshot1"), Some("5.0.0-snapshot1"));
        assert_eq!(best("4.0"), Some("4.0.10"));
        assert_eq!(best("3.0"), Some("3.0"));
        assert_eq!(best("current"), Some("current"));
        assert_eq!(best("current$fix"), None);
    }

    #[test]
    fn what_is_no_version_says_so() {
        for text in ["^4.0.0", "~4.0", ">=4", "../../x", "4/0", "4.x.1", "a.x", "current$../x", "4.0.1\u{1b}"]
        {
            assert!(Range::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics_and_the_best_is_one_of_those_at_hand(
            range in "[0-9x*.$a-c-]{0,9}",
            versions in proptest::collection::vec(".{0,9}", 0..6),
        ) {
            if let Ok(range) = Range::parse(&range) {
                if let Some(best) = range.best(versions.iter().map(String::as_str)) {
                    prop_assert!(versions.iter().any(|version| version == best));
                }
                prop_assert_eq!(Range::parse(&range.to_string()), Ok(range));
            }
        }
    }
}
