//! JSON read to be changed, and written in another layout. Decimals keep their digits: `1.50` is not `1.5`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize as _};
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Map, Value};

/// Stands at the front of a text that is a decimal; no text of a resource begins with it.
const DECIMAL: char = '\u{e000}';

/// How JSON is laid out.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JsonLayout {
    /// What a level is indented by; all is on one line, if not given.
    pub indent: Option<String>,
    /// The order of the members.
    pub keys: Option<Keys>,
    /// Whether letters beyond ASCII are written as `\u00e9`.
    #[serde(default)]
    pub escape: bool,
}

/// An order of members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Keys {
    /// By name.
    Sorted,
    /// The other way round than they were.
    Reversed,
}

/// The value of a JSON text; none, if it is no JSON.
pub(super) fn read(text: &str) -> Option<Value> {
    serde_json::from_str(&shielded(text)).ok()
}

/// The text of a value on one line.
pub(super) fn write(value: &Value) -> String {
    unshielded(&value.to_string())
}

/// A JSON text in another layout; as it is, if it is no JSON.
pub(super) fn laid_out(text: &str, layout: &JsonLayout) -> String {
    let Some(mut value) = read(text) else { return text.to_owned() };
    if let Some(keys) = layout.keys {
        order(&mut value, keys);
    }
    let mut written = match &layout.indent {
        None => write(&value),
        Some(indent) => {
            let formatter = PrettyFormatter::with_indent(indent.as_bytes());
            let mut bytes = Vec::new();
            match value.serialize(&mut Serializer::with_formatter(&mut bytes, formatter)) {
                Ok(()) => unshielded(&String::from_utf8_lossy(&bytes)),
                Err(_) => write(&value),
            }
        }
    };
    if layout.escape {
        written = escaped(&written);
    }
    written
}

fn order(value: &mut Value, keys: Keys) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| order(item, keys)),
        Value::Object(members) => {
            let mut all: Vec<(String, Value)> = std::mem::take(members).into_iter().collect();
            match keys {
                Keys::Sorted => all.sort_by(|one, other| one.0.cmp(&other.0)),
                Keys::Reversed => all.reverse(),
            }
            for (_, member) in &mut all {
                order(member, keys);
            }
            *members = Map::from_iter(all);
        }
        _ => {}
    }
}

/// The text with each number that is not whole made a marked text.
fn shielded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let (mut within, mut escaped) = (false, false);
    while let Some(letter) = rest.chars().next() {
        if !within && (letter == '-' || letter.is_ascii_digit()) {
            let end = rest.find(|letter: char| !matches!(letter, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'));
            let (number, after) = rest.split_at(end.unwrap_or(rest.len()));
            if number.contains(['.', 'e', 'E']) {
                out.extend(['"', DECIMAL]);
                out.push_str(number);
                out.push('"');
            } else {
                out.push_str(number);
            }
            rest = after;
            continue;
        }
        within ^= letter == '"' && !escaped;
        escaped = within && letter == '\\' && !escaped;
        out.push(letter);
        rest = &rest[letter.len_utf8()..];
    }
    out
}

fn unshielded(text: &str) -> String {
    let mark = format!("\"{DECIMAL}");
    let mut parts = text.split(mark.as_str());
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('"') {
            Some((number, after)) => out.extend([number, after]),
            None => out.push_str(part),
        }
    }
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            out.push(letter);
        } else {
            let mut units = [0; 2];
            out.extend(letter.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"b":1.50,"a":["x\"1.5",-2e3,7,true],"é":"ö"}"#;

    #[test]
    fn what_is_read_is_written_to_the_letter() {
        assert_eq!(write(&read(TEXT).unwrap()), TEXT);
        assert!(read("{").is_none());
    }

    #[test]
    fn layouts_change_the_text_and_not_what_it_says() {
        let layout = |indent: Option<&str>, keys, escape| JsonLayout {
            indent: indent.map(str::to_owned),
            keys,
            escape,
        };
        assert_eq!(
            laid_out(TEXT, &layout(None, Some(Keys::Sorted), true)),
            r#"{"a":["x\"1.5",-2e3,7,true],"b":1.50,"\u00e9":"\u00f6"}"#
        );
        assert!(laid_out(TEXT, &layout(Some("\t"), None, false)).starts_with("{\n\t\"b\": 1.50,"));
        assert!(laid_out(TEXT, &layout(None, Some(Keys::Reversed), false)).starts_with("{\"é\""));
        assert_eq!(laid_out("nonsense", &JsonLayout::default()), "nonsense");
    }
}
