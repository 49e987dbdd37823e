//! Values in words, for messages.

use crate::fhir::Element;

/// How long a value may be before it is shortened.
const MAX_LENGTH: usize = 120;

/// An element's value, or its children as `name value`, shortened.
#[must_use]
pub fn describe(element: Element<'_>) -> String {
    let mut text = String::new();
    write(element, &mut text, 4 * MAX_LENGTH);
    shorten(&text)
}

/// An element's value or children, however long.
pub(super) fn whole(element: Element<'_>) -> String {
    let mut text = String::new();
    write(element, &mut text, usize::MAX);
    text
}

/// A text of at most some hundred characters.
#[must_use]
pub fn shorten(text: &str) -> String {
    if text.chars().count() <= MAX_LENGTH {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(MAX_LENGTH).collect();
    short.push('…');
    short
}

fn write(element: Element<'_>, text: &mut String, enough: usize) {
    if let Some(value) = element.value() {
        text.push('"');
        text.push_str(value);
        text.push('"');
        return;
    }
    text.push('{');
    for (index, child) in element.children().enumerate() {
        if text.len() > enough {
            break;
        }
        if index > 0 {
            text.push_str(", ");
        }
        text.push_str(child.name());
        text.push(' ');
        write(child, text, enough);
    }
    text.push('}');
}
