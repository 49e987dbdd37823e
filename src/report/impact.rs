//! What judging a run by another standard changes, for the terminal and as JSON.

use super::Style;
use super::terminal::layout::Page;
use crate::check::Outcome;
use crate::inert::one_line;
use crate::run::{Change, Impact};

/// The impact as text of at most 80 columns.
#[must_use]
pub fn text(impact: &Impact) -> String {
    let mut page = Page::new(Style::default());
    page.heading(&format!("What changes from {} to {}", impact.before, impact.after));
    let parts = [
        ("newly fails", &impact.newly_fails),
        ("newly passes", &impact.newly_passes),
        ("the recording cannot tell; only a new run can", &impact.cannot_tell),
        ("comes out otherwise", &impact.otherwise),
        ("is no longer asked for", &impact.gone),
    ];
    for (title, changes) in parts.into_iter().filter(|(_, changes)| !changes.is_empty()) {
        page.blank();
        page.indented(2, &format!("{} ({})", title, changes.len()));
        for change in changes {
            page.indented(4, &line(change));
        }
    }
    page.blank();
    page.indented(2, &format!("{} requirements came out as before", impact.unchanged));
    page.finish()
}

/// The impact as indented JSON with a final newline.
///
/// # Errors
/// A defect of ours.
pub fn json(impact: &Impact) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(impact)?;
    text.push('\n');
    Ok(text)
}

fn line(change: &Change) -> String {
    let words = |outcome: Option<Outcome>, none: &'static str| outcome.map_or(none, Outcome::words);
    format!(
        "{} ({} → {}): {}",
        one_line(&change.id),
        words(change.before, "not asked for"),
        words(change.after, "not asked for"),
        one_line(&change.text)
    )
}
