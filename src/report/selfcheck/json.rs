//! The selfcheck itself, as JSON.

use crate::selfcheck::SelfCheck;

/// The selfcheck as JSON.
pub fn render(found: &SelfCheck) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(found)?;
    text.push('\n');
    Ok(text)
}
