//! Canonical references: `url|version`.

/// A canonical URL with its optional version, as in `http://example.org/x|1.0.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Canonical<'a> {
    /// The URL, without surrounding white space (published definitions hold stray blanks).
    pub url: &'a str,
    /// The version after the bar, if one is given.
    pub version: Option<&'a str>,
}

impl<'a> Canonical<'a> {
    /// Splits a canonical reference at its last bar.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        let text = text.trim();
        match text.rsplit_once('|') {
            Some((url, version)) => Self { url: url.trim(), version: Some(version.trim()) },
            None => Self { url: text, version: None },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_version_and_trims() {
        assert_eq!(Canonical::parse("http://a/b|1.0 ").version, Some("1.0"));
        assert_eq!(Canonical::parse("http://a/b ").url, "http://a/b");
    }
}
