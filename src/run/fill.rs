//! Filling `${name}` into a step.

use serde_json::Value;

use crate::standard::{Step, variables};

/// The step with all values filled in.
///
/// Within FHIRPath a value stands between quotes that its author wrote, so quotes and backslashes in it
/// are escaped: a family name of O'Hanrahan is a text, not the end of one.
///
/// # Errors
/// The first name that has no value.
pub(super) fn fill<'v>(step: &Step, value: &impl Fn(&str) -> Option<&'v str>) -> Result<Step, String> {
    let written = serde_json::to_value(step).map_err(|error| error.to_string())?;
    let filled = walk(written, false, value)?;
    serde_json::from_value(filled).map_err(|error| error.to_string())
}

fn walk<'v>(part: Value, in_path: bool, value: &impl Fn(&str) -> Option<&'v str>) -> Result<Value, String> {
    Ok(match part {
        Value::String(text) if !text.contains("${") => Value::String(text),
        Value::String(text) if in_path => {
            let mut escaped: Vec<String> = Vec::new();
            for name in variables::names(&text) {
                let found = value(name).ok_or_else(|| name.to_owned())?;
                escaped.push(found.replace('\\', "\\\\").replace('\'', "\\'"));
            }
            let next = std::cell::Cell::new(0);
            Value::String(variables::fill(&text, |_| {
                let index = next.replace(next.get() + 1);
                escaped.get(index).map(String::as_str)
            })?)
        }
        Value::String(text) => Value::String(variables::fill(&text, value)?),
        Value::Array(items) => {
            Value::Array(items.into_iter().map(|item| walk(item, in_path, value)).collect::<Result<_, _>>()?)
        }
        Value::Object(map) => {
            let filled = map.into_iter().map(|(key, item)| {
                let in_path = in_path || matches!(key.as_str(), "fhirpath" | "capture");
                Ok((key, walk(item, in_path, value)?))
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
        let filled = fill(&step, &|_| Some("O'Hara\\")).unwrap();
        let text = serde_json::to_string(&filled).unwrap();
        assert!(text.contains(r#""family":"O'Hara\\""#), "{text}");
        assert!(text.contains(r"name.family = 'O\\'Hara\\\\'"), "{text}");
        assert_eq!(fill(&step, &|_| None).unwrap_err(), "f");
    }
}
