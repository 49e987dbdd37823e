//! ANSI styles, for those who ask for them.

/// Bold.
pub(in crate::report) const BOLD: &str = "1";
/// Faint.
pub(in crate::report) const FAINT: &str = "2";
/// Red.
pub(in crate::report) const RED: &str = "31";
/// Green.
pub(in crate::report) const GREEN: &str = "32";
/// Yellow.
pub(in crate::report) const YELLOW: &str = "33";
/// Magenta.
pub(in crate::report) const MAGENTA: &str = "35";
/// Cyan.
pub(in crate::report) const CYAN: &str = "36";

/// How text is dressed. The report reads the same without colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Whether to use ANSI styles.
    pub color: bool,
}

impl Style {
    /// The text in these inks.
    pub(in crate::report) fn paint(self, inks: &[&str], text: &str) -> String {
        if self.color && !inks.is_empty() && !text.is_empty() {
            format!("\u{1b}[{}m{text}\u{1b}[0m", inks.join(";"))
        } else {
            text.to_owned()
        }
    }
}
