//! Regular expressions (section 5.6.9), compiled once for each place of an expression.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

/// How large a compiled pattern may become; matching itself is linear.
const SIZE_LIMIT: usize = 1 << 20;

/// The pattern of one call. It is nearly always a literal, so the first one is kept for good.
#[derive(Debug, Clone, Default)]
pub(super) struct Pattern(OnceLock<(Box<str>, Regex)>);

impl Pattern {
    /// Whether `text` is the pattern that is kept, so that asking for it costs nothing.
    pub(super) fn keeps(&self, text: &str) -> bool {
        self.0.get().is_some_and(|(known, _)| **known == *text)
    }

    /// The compiled form of `text`: partial, case-sensitive, and a point also matches line ends.
    pub(super) fn of(&self, text: &str) -> Result<Regex, regex::Error> {
        if let Some((known, regex)) = self.0.get()
            && **known == *text
        {
            return Ok(regex.clone());
        }
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
