//! `${name}`: the places in a scenario that are filled in when it runs.

/// The names that a text refers to, in order.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// The text with every `${name}` replaced.
///
/// # Errors
/// The first name for which there is no value.
pub fn fill<'v>(text: &str, value: impl Fn(&str) -> Option<&'v str>) -> Result<String, String> {
    fill_with(text, |name| value(name).map(str::to_owned))
}

/// The text with every `${name}` replaced by a value made for the place.
///
/// # Errors
/// The first name for which there is no value.
pub fn fill_with(text: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else { break };
        let name = &rest[start + 2..start + length];
        filled.push_str(&rest[..start]);
        filled.push_str(&value(name).ok_or_else(|| name.to_owned())?);
        rest = &rest[start + length + 1..];
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Whether `${name}` is filled in within a file: in JSON, XML and plain text it is.
#[must_use]
pub fn is_filled(file: &str) -> bool {
    Escaping::of(file).is_some()
}

/// How a value is made safe for the place that it is put into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escaping {
    /// It is put in as it is.
    None,
    /// Within the quotes of a JSON text.
    Json,
    /// Within the text or an attribute of XML.
    Xml,
    /// Within the quotes of a FHIRPath text.
    FhirPath,
    /// Within a regular expression, where it stands for itself.
    Pattern,
}

impl Escaping {
    /// What a file asks for by its name; `None` where nothing is filled in.
    #[must_use]
    pub fn of(file: &str) -> Option<Self> {
        let extension = std::path::Path::new(file).extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "json" => Some(Self::Json),
            "xml" => Some(Self::Xml),
            "txt" => Some(Self::None),
            _ => None,
        }
    }

    /// The value, made safe.
    #[must_use]
    pub fn apply(self, value: &str) -> String {
        match self {
            Self::None => value.to_owned(),
            Self::Json => {
                let quoted = serde_json::Value::from(value).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
            Self::Xml => value
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;")
                .replace('\'', "&apos;"),
            Self::FhirPath => value.replace('\\', "\\\\").replace('\'', "\\'"),
            Self::Pattern => regex::escape(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_filled_in() {
        let text = "a ${x} ${patient-a.nhsNumber}|$${";
        assert_eq!(names(text).collect::<Vec<_>>(), ["x", "patient-a.nhsNumber"]);
        let filled = fill(text, |name| Some(if name == "x" { "1" } else { "${x}" }));
        assert_eq!(filled.as_deref(), Ok("a 1 ${x}|$${"), "values are not filled in again");
        assert_eq!(fill("${y}", |_| None), Err("y".to_owned()));
    }

    #[test]
    fn a_value_cannot_end_the_text_around_it() {
        let value = "a\"b'c\\d<e&.";
        assert_eq!(Escaping::of("data/x.json").unwrap().apply(value), r#"a\"b'c\\d<e&."#);
        assert_eq!(Escaping::of("x.XML").unwrap().apply(value), r"a&quot;b&apos;c\d&lt;e&amp;.");
        assert_eq!(Escaping::FhirPath.apply(value), r#"a"b\'c\\d<e&."#);
        assert!(!is_filled("x.bin") && is_filled("x.txt"));
    }
}
