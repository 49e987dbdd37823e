//! Properties of concepts: how a CodeSystem declares them and how its concepts give them.
//!
//! <https://hl7.org/fhir/R4/codesystem.html#properties>

use std::collections::{HashMap, HashSet};

use super::findings::Findings;
use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// A property is declared or given in a wrong way.
pub(super) const CODE: Code = Code {
    name: "code-system-property",
    title: "A property of concepts is declared or used in a wrong way",
    what: "Each property is declared once by its code and once by its URI, a property with the URI of one that \
        FHIR defines has the code and type of that, and concepts give values of the type declared.",
    why: "Value sets pick concepts by their properties: one that means two things picks the wrong concepts.",
    example: "wrong:  a property declared as boolean, and \"valueString\": \"yes\" in a concept\n\
        right:  \"valueBoolean\": true",
    specification: "https://hl7.org/fhir/R4/codesystem.html#properties",
};

/// Where FHIR's own properties have their URIs.
const KNOWN: &str = "http://hl7.org/fhir/concept-properties#";

/// The type of a property's values (concept-property-type).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PropertyType {
    Code,
    Coding,
    String,
    Integer,
    Boolean,
    DateTime,
    Decimal,
}

impl PropertyType {
    fn of_code(code: &str) -> Option<Self> {
        Some(match code {
            "code" => Self::Code,
            "Coding" => Self::Coding,
            "string" => Self::String,
            "integer" => Self::Integer,
            "boolean" => Self::Boolean,
            "dateTime" => Self::DateTime,
            "decimal" => Self::Decimal,
            _ => return None,
        })
    }

    fn code(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Coding => "Coding",
            Self::String => "string",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::DateTime => "dateTime",
            Self::Decimal => "decimal",
        }
    }
}

/// The type of a property that FHIR defines for all code systems. The code of the concept itself counts too.
pub(super) fn well_known(property: &str) -> Option<PropertyType> {
    Some(match property {
        "concept" | "code" | "parent" | "child" | "partOf" | "synonym" => PropertyType::Code,
        "status" | "comment" => PropertyType::String,
        "inactive" | "notSelectable" => PropertyType::Boolean,
        "deprecated" | "effectiveDate" | "deprecationDate" | "retirementDate" => PropertyType::DateTime,
        "itemWeight" => PropertyType::Decimal,
        _ => return None,
    })
}

/// The type that a CodeSystem declares for a property.
pub(super) fn declared(system: Element<'_>, property: &str) -> Option<PropertyType> {
    let mut declared = system.children_named("property");
    let found = declared.find(|declared| declared.text("code") == Some(property))?;
    PropertyType::of_code(found.text("type")?)
}

pub(super) fn judge(resource: Element<'_>, findings: &mut Findings<'_>) {
    let mut declared: HashMap<&str, PropertyType> = HashMap::new();
    let (mut codes, mut uris) = (HashSet::new(), HashSet::new());
    for property in resource.children_named("property") {
        let Some(code) = property.text("code") else { continue };
        let type_of = property.text("type").and_then(PropertyType::of_code);
        if !codes.insert(code) {
            findings.error(property, &CODE, format!("the property `{code}` is declared twice"));
        } else if let Some(type_of) = type_of {
            declared.insert(code, type_of);
        }
        if let Some(uri) = property.text("uri")
            && !uris.insert(uri)
        {
            findings.error(property, &CODE, format!("a property with the URI {uri} is declared twice"));
        }
        declaration(property, code, type_of, findings);
    }
    let concepts = resource.descendants().filter(|element| element.name() == "concept");
    for given in concepts.flat_map(Element::children).filter(|child| child.name() == "property") {
        value(given, &declared, findings);
    }
}

/// A property with one of FHIR's own URIs, or with one of its codes.
fn declaration(
    property: Element<'_>,
    code: &str,
    type_of: Option<PropertyType>,
    findings: &mut Findings<'_>,
) {
    let by_uri = property.text("uri").and_then(|uri| uri.strip_prefix(KNOWN));
    let (meant, severity) = match by_uri {
        Some(name) => (name, Severity::Error),
        None if property.text("uri").is_none() => (code, Severity::Warning),
        None => return,
    };
    let Some(known) = well_known(meant).filter(|_| !matches!(meant, "concept" | "code")) else { return };
    if by_uri.is_some() && meant != code {
        let message = format!("the URI is that of the property `{meant}`, and the code is another");
        findings.add(Issue::at(property, &CODE, Severity::Error, message).compared(meant, code));
    }
    // FHIR's status is a code or a string, and item weights are written as either number.
    let loose = matches!(meant, "status" | "itemWeight");
    if let Some(type_of) = type_of
        && type_of != known
        && !loose
    {
        let message = format!("`{meant}` is a property that FHIR defines, and of another type");
        findings.add(Issue::at(property, &CODE, severity, message).compared(known.code(), type_of.code()));
    }
}

fn value(given: Element<'_>, declared: &HashMap<&str, PropertyType>, findings: &mut Findings<'_>) {
    let Some(code) = given.text("code") else { return };
    let Some(value) = given.children().find(|child| child.name().starts_with("value")) else { return };
    match declared.get(code) {
        None if well_known(code).is_none() => {
            findings.warning(
                given,
                &CODE,
                format!("the property `{code}` is not declared by the code system"),
            );
        }
        None => {}
        Some(declared) => {
            let found = value.name().trim_start_matches("value");
            if !declared.code().eq_ignore_ascii_case(found) {
                let message = format!("the value of the property `{code}` is of another type than declared");
                findings
                    .add(Issue::at(value, &CODE, Severity::Error, message).compared(declared.code(), found));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::alone;

    fn system(properties: &str, given: &str) -> Vec<String> {
        alone(&format!(
            r#"{{"resourceType":"CodeSystem","content":"complete","property":[{properties}],
                "concept":[{{"code":"a","property":[{given}]}}]}}"#
        ))
    }

    #[test]
    fn properties_are_declared_once_and_as_fhir_defines_them() {
        let known = "http://hl7.org/fhir/concept-properties";
        for (properties, expected) in [
            (format!(r#"{{"code":"notSelectable","uri":"{known}#notSelectable","type":"boolean"}}"#), None),
            (
                format!(r#"{{"code":"notSelectable","uri":"{known}#notSelectable","type":"code"}}"#),
                Some("error [0]"),
            ),
            (
                format!(r#"{{"code":"hidden","uri":"{known}#notSelectable","type":"boolean"}}"#),
                Some("error [0]"),
            ),
            (r#"{"code":"synonym","type":"decimal"}"#.to_owned(), Some("warning [0]")),
            (r#"{"code":"hue","type":"code"},{"code":"hue","type":"string"}"#.to_owned(), Some("error [1]")),
        ] {
            let found = system(&properties, r#"{"code":"parent","valueCode":"a"}"#);
            let expected: Vec<String> = expected
                .iter()
                .map(|expected| expected.replace(' ', " code-system-property CodeSystem.property"))
                .collect();
            assert_eq!(found, expected, "{properties}");
        }
    }

    #[test]
    fn values_are_of_the_type_declared() {
        let given = |given: &str| system(r#"{"code":"warm","type":"boolean"}"#, given);
        assert!(given(r#"{"code":"warm","valueBoolean":true}"#).is_empty());
        assert_eq!(
            given(r#"{"code":"warm","valueString":"yes"}"#),
            ["error code-system-property CodeSystem.concept[0].property[0].valueString"]
        );
        assert_eq!(
            given(r#"{"code":"hue","valueString":"yes"}"#),
            ["warning code-system-property CodeSystem.concept[0].property[0]"]
        );
    }
}
