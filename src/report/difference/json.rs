//! The comparison itself, as JSON.

use crate::comparison::Comparison;

/// The comparison as JSON.
pub fn render(comparison: &Comparison) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(comparison)?;
    text.push('\n');
    Ok(text)
}
