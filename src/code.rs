//! Stable codes of findings and checks, each with its page for `proofmark explain`.

/// A code and its page. The headings are the same for all.
#[derive(Debug)]
pub struct Code {
    /// The code.
    pub name: &'static str,
    /// In a few words.
    pub title: &'static str,
    /// What is checked.
    pub what: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// An example of what is wrong, and of what is right.
    pub example: &'static str,
    /// The specification's section.
    pub specification: &'static str,
}
