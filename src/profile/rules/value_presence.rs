//! Whether a primitive must have a value, or what may stand in its place (ElementDefinition.mustHaveValue and
//! valueAlternatives, which releases before R5 write as extensions).

use serde::Serialize;

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// An element has no value.
pub const CODE: Code = Code {
    name: "value-missing",
    title: "An element has no value, only extensions",
    what: "Where the profile asks for a value, the element has one; where it names extensions that may stand in its \
        place, one of them is there.",
    why: "An element with nothing but an extension counts as being there, and still says nothing to most readers.",
    example: "wrong:  \"_active\": { \"extension\": [{ … }] }\nright:  \"active\": true",
    specification: "https://hl7.org/fhir/R5/elementdefinition-definitions.html#ElementDefinition.mustHaveValue",
};

/// What must be there.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ValuePresence {
    /// The extensions that may stand in place of the value.
    pub(crate) alternatives: Vec<String>,
}

impl ValuePresence {
    /// Checks one element.
    #[must_use]
    pub fn check(&self, element: Element<'_>) -> Option<Issue> {
        let is_alternative = |extension: Element<'_>| {
            extension.text("url").is_some_and(|url| self.alternatives.iter().any(|known| known == url))
        };
        if element.value().is_some() || element.children_named("extension").any(is_alternative) {
            return None;
        }
        let message = format!("`{}` has no value", element.name());
        let expected = match self.alternatives.as_slice() {
            [] => "a value".to_owned(),
            several => format!("a value, or the extension {}", several.join(" or ")),
        };
        Some(Issue::at(element, &CODE, Severity::Error, message).compared(expected, "extensions alone"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_json;

    #[test]
    fn a_named_extension_may_stand_for_the_value() {
        let tree = parse_json(
            r#"{"resourceType":"Patient","active":true,"_gender":{"extension":[{"url":"http://x/a","valueCode":"m"}]}}"#,
        )
        .unwrap();
        let code = |name: &str, alternatives: &[&str]| {
            let alternatives = alternatives.iter().map(|url| (*url).to_owned()).collect();
            ValuePresence { alternatives }.check(tree.root().child(name).unwrap()).map(|issue| issue.code)
        };
        assert_eq!(code("active", &[]), None);
        assert_eq!(code("gender", &[]), Some("value-missing"));
        assert_eq!(code("gender", &["http://x/b"]), Some("value-missing"));
        assert_eq!(code("gender", &["http://x/b", "http://x/a"]), None);
    }
}
