//! Regular expressions (section 5.6.9), compiled once for each place of an expression.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

/// How large a compiled pattern may become; matching itself is linear.
const SIZE_LIMIT: usize = 1 << 20;

/// The pattern of one call. It is nearly always a literal, so the first one is kept for good.
#[derive(Debug, Clone, Default)]
pub(super) struct Pattern(OnceLock<(Box<str>, Regex)>);

impl Pattern {
    /// The compiled form of `text`, if that is the pattern that is kept.
    ///
    /// It is lent and not cloned: a clone would begin with empty caches.
    pub(super) fn kept(&self, text: &str) -> Option<&Regex> {
        self.0.get().filter(|(known, _)| **known == *text).map(|(_, regex)| regex)
    }

    /// Compiles `text`, and keeps it if it is the first: partial, case-sensitive, and a point also matches line ends.
    pub(super) fn compile(&self, text: &str) -> Result<Regex, regex::Error> {
        let regex = RegexBuilder::new(text).dot_matches_new_line(true).size_limit(SIZE_LIMIT).build()?;
        self.0.get_or_init(|| (text.into(), regex.clone()));
        Ok(regex)
    }
}

impl PartialEq for Pattern {
    /// What was compiled so far makes no difference.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
