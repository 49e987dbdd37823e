//! Searches: whether each entry meets the parameters that were sent, the self link, and paging.
//!
//! <https://hl7.org/fhir/STU3/search.html>

mod date;
mod links;
mod matches;
mod reference;
mod string;
mod token;

pub use links::{PAGING, SELF_LINK, paging, self_link};
pub use matches::{MATCHES, matches};

/// Whether one value meets one parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Met {
    Yes,
    No,
    /// The parameter is of a form that is not evaluated.
    Unknown,
}

impl From<bool> for Met {
    fn from(met: bool) -> Self {
        if met { Self::Yes } else { Self::No }
    }
}

/// Splits at a separator that is not escaped by a backslash, and takes the escapes out
/// (search.html#escaping).
fn split_escaped(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let part = parts.len() - 1;
        if letter == '\\' {
            // A separator of another level keeps its escape for that level.
            match letters.next() {
                Some(escaped) if escaped == separator => parts[part].push(escaped),
                Some(other) => parts[part].extend(['\\', other]),
                None => parts[part].push('\\'),
            }
        } else if letter == separator {
            parts.push(String::new());
        } else {
            parts[part].push(letter);
        }
    }
    parts
}

#[cfg(test)]
mod tests;
