//! Bids for programs.

use super::Bids;

/// The bids as JSON.
///
/// # Errors
/// A defect of ours.
pub fn render(bids: &Bids) -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(bids)?;
    text.push('\n');
    Ok(text)
}
