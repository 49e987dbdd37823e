//! String parameters (search.html#string).

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::escape::unescape;
use super::held::Held;
use super::met::Met;
use crate::fhir::Element;

/// Whether a value meets one value of a string parameter.
pub(super) fn meets(held: &Held<'_>, wanted: &str, modifier: Option<&str>) -> Met {
    let wanted = unescape(wanted);
    let parts = texts(held);
    let whole = fold(&wanted);
    match modifier {
        Some("exact") => Met::from(parts.iter().any(|part| *part == wanted)),
        Some("contains") => Met::from(parts.iter().any(|part| fold(part).contains(&whole))),
        Some(other) => Met::unknown(format!("the modifier :{other} is not evaluated for a string")),
        None => {
            let parts: Vec<String> = parts.into_iter().map(fold).collect();
            let begins = |word: &str| parts.iter().any(|part| begins_a_word(part, word));
            // "robin ashcombe" for a name is met by the parts together.
            Met::from(begins(&whole) || whole.split_whitespace().all(begins))
        }
    }
}

/// Servers match from the beginning of a text; those that match from that of a word are not wrong
/// ("begins with or is equal", applied to each part that the server keeps).
pub(super) fn begins_a_word(text: &str, wanted: &str) -> bool {
    text.starts_with(wanted)
        || text
            .match_indices(wanted)
            .any(|(at, _)| text[..at].ends_with(|letter: char| !letter.is_alphanumeric()))
}

/// The texts of a value: itself, or the parts of a name or an address.
pub(super) fn texts<'h>(held: &'h Held<'_>) -> Vec<&'h str> {
    const PARTS: [&str; 11] = [
        "text",
        "family",
        "given",
        "prefix",
        "suffix",
        "line",
        "city",
        "district",
        "state",
        "postalCode",
        "country",
    ];
    if let Some(value) = &held.value {
        return vec![value];
    }
    let children = held.element.into_iter().flat_map(Element::children);
    children.filter(|child| PARTS.contains(&child.name())).filter_map(Element::value).collect()
}

/// Letter case and accents aside (search.html#string).
pub(super) fn fold(text: &str) -> String {
    text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect()
}
