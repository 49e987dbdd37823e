//! Filling `${name}` into a step.

use serde_json::Value;

use crate::standard::{
    Step,
    variables::{self, Escaping},
};

/// The step with all values filled in.
///
/// Within FHIRPath and regular expressions a value is a text, not a part of the expression: a family name
/// of O'Hanrahan does not end the quotes that its author wrote, and a dot stands for itself.
///
/// # Errors
/// The first name that has no value.
pub(super) fn fill(step: &Step, value: &impl Fn(&str) -> Option<String>) -> Result<Step, String> {
    let written = serde_json::to_value(step).map_err(|error| error.to_string())?;
    let filled = walk(written, Place::Language(Escaping::None), value)?;
    serde_json::from_value(filled).map_err(|error| error.to_string())
}

/// What the text below a key is, where the key itself stands in `place`.
fn below(place: Place, key: &str) -> Place {
    match (place, key) {
        // What is sent, and a schema, are not of this language, whatever they call their parts.
        (Place::Foreign, "resource") => Place::Resource,
        (Place::Foreign | Place::Resource, _)
        | (
            _,
            "body" | "parameters" | "batch" | "transaction" | "jsonSchema" | "params" | "headers"
            | "contains",
        ) => Place::Foreign,
        // Of an explained expression, only the expression itself is FHIRPath.
        (_, "says" | "hint" | "equals") => Place::Language(Escaping::None),
        (_, "fhirpath" | "requestFhirpath" | "where" | "capture") => Place::Language(Escaping::FhirPath),
        (_, "matches") => Place::Language(Escaping::Pattern),
        _ => place,
    }
}

/// Where a text stands, which says how values within it are escaped.
#[derive(Clone, Copy)]
enum Place {
    /// In what the language describes.
    Language(Escaping),
    /// In a structure that is not of the language.
    Foreign,
    /// The same, where a resource stands: perhaps its text.
    Resource,
}

impl Place {
    /// How a value is made safe that is put into a text at this place.
    fn escaping(self, text: &str) -> Escaping {
        match self {
            Self::Language(escaping) => escaping,
            Self::Resource if text.trim_start().starts_with('{') => Escaping::Json,
            Self::Resource if text.trim_start().starts_with('<') => Escaping::Xml,
            Self::Foreign | Self::Resource => Escaping::None,
        }
    }
}

fn walk(part: Value, place: Place, value: &impl Fn(&str) -> Option<String>) -> Result<Value, String> {
    Ok(match part {
        Value::String(text) if !text.contains("${") => Value::String(text),
        Value::String(text) => {
            let escaping = place.escaping(&text);
            Value::String(variables::fill_with(&text, |name| Some(escaping.apply(&value(name)?)))?)
        }
        Value::Array(items) => {
            Value::Array(items.into_iter().map(|item| walk(item, place, value)).collect::<Result<_, _>>()?)
        }
        Value::Object(map) => {
            let filled = map.into_iter().map(|(key, item)| {
                let below = below(place, &key);
                Ok((key, walk(item, below, value)?))
            });
            Value::Object(filled.collect::<Result<_, String>>()?)
        }
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_in_fhirpath_cannot_end_its_quotes() {
        let step: Step = serde_json::from_str(
            r#"{"search":"Patient","params":{"family":"${f}"},"expect":{"fhirpath":"name.family = '${f}'"}}"#,
        )
        .unwrap();
        let filled = fill(&step, &|_| Some("O'Hara\\".into())).unwrap();
        let text = serde_json::to_string(&filled).unwrap();
        assert!(text.contains(r#""family":"O'Hara\\""#), "{text}");
        assert!(text.contains(r"name.family = 'O\\'Hara\\\\'"), "{text}");
        assert_eq!(fill(&step, &|_| None).unwrap_err(), "f");
    }

    #[test]
    fn words_about_an_expression_are_not_escaped() {
        let step: Step = serde_json::from_str(
            r#"{"search":"Patient","expect":{"fhirpath":{"says":"that it is ${f}","path":"name.family = '${f}'"}}}"#,
        )
        .unwrap();
        let text = serde_json::to_string(&fill(&step, &|_| Some("O'Hara".into())).unwrap()).unwrap();
        assert!(text.contains(r#""says":"that it is O'Hara""#), "{text}");
        assert!(text.contains(r"name.family = 'O\\'Hara'"), "{text}");
    }
}
