//! Parts of a standard that a system may offer, each with the verdict for it.

use super::standing::{verdict_symbol, verdict_tone};
use crate::run::CapabilityResult;

/// The sign of its verdict.
pub(super) fn symbol(capability: &CapabilityResult) -> &'static str {
    capability.verdict.map_or("–", verdict_symbol)
}

/// The class of its verdict's colour on pages.
pub(super) fn tone(capability: &CapabilityResult) -> &'static str {
    capability.verdict.map_or("quiet", verdict_tone)
}

/// Its verdict in words.
pub(super) fn verdict(capability: &CapabilityResult) -> String {
    capability.verdict.map_or_else(|| "not claimed".to_owned(), |verdict| verdict.to_string())
}

/// How many of its mandatory requirements came out how; nothing where it is not claimed.
pub(super) fn counts(capability: &CapabilityResult) -> Option<String> {
    capability.verdict?;
    let counts = capability.counts;
    let parts = [
        (counts.mandatory_passed, "passed"),
        (counts.mandatory_failed, "failed"),
        (counts.mandatory_open, "open"),
        (counts.mandatory_waived, "waived"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    Some(format!("of {} mandatory, {}", counts.mandatory, parts.join(", ")))
}
