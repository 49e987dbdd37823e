//! Elements of a differential: that they are there in the base, and how many it allows.
//!
//! <https://hl7.org/fhir/R4/profiling.html#cardinality>

use super::definition::{Definition, Differential};
use super::path::Place;
use crate::profile::{Code, Issue, Severity};
use crate::validate::conformance::findings::Findings;

/// A differential speaks of an element that is not there.
pub(super) const PATH: Code = Code {
    name: "definition-element",
    title: "A profile speaks of an element that its type does not have",
    what: "Each path in a differential leads to an element of the type that is constrained. A choice of types is \
        written with [x], or with the name of one of its types.",
    why: "The constraint applies to nothing: who wrote it believes something to be checked that is not.",
    example: "wrong:  Observation.valueBla\nright:  Observation.value[x] or Observation.valueQuantity",
    specification: "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.path",
};

/// A differential allows what its base does not.
pub(super) const CARDINALITY: Code = Code {
    name: "definition-cardinality",
    title: "A profile allows more, or fewer, than its base",
    what: "The least number that a differential gives is not below the base's, and the most is not above it; only a \
        slice may have a lower least number than the whole list.",
    why: "What follows the profile must follow its base as well.",
    example: "wrong:  Observation.status 0..1\nright:  Observation.status 1..1, as in Observation itself",
    specification: "https://hl7.org/fhir/R4/profiling.html#cardinality",
};

/// Whether the element is there, so that more can be said of it.
pub(super) fn check(
    definition: &Definition<'_>,
    differential: &Differential<'_>,
    place: &Place<'_>,
    findings: &mut Findings<'_>,
) -> bool {
    if let Place::Missing(why) = place {
        let at = differential.element.child("path").unwrap_or(differential.element);
        findings.error(at, &PATH, why.clone());
        return false;
    }
    if differential.path.contains('.')
        && let Some(base) = definition.base_element(findings.set, differential.path)
    {
        let (least, most) = (base.cardinality.min, base.cardinality.at_most());
        if let Some(at) = differential.element.child("min")
            && let Some(own) = at.value().and_then(|text| text.parse::<u32>().ok())
            && own < least
            && !differential.is_slice
        {
            let message = format!("{} is there at least {least} times in the base", differential.path);
            let issue = Issue::at(at, &CARDINALITY, Severity::Error, message);
            findings.add(issue.compared(format!("at least {least}"), own.to_string()));
        }
        if let (Some(at), Some(most)) = (differential.element.child("max"), most)
            && let Some(text) = at.value()
            && text.parse::<u32>().map_or(text == "*", |own| own > most)
        {
            let message = format!("{} is there at most {most} times in the base", differential.path);
            let issue = Issue::at(at, &CARDINALITY, Severity::Error, message);
            findings.add(issue.compared(format!("at most {most}"), text));
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::profile;

    #[test]
    fn elements_are_there_in_the_type() {
        assert!(profile(r#"{"path":"Observation.valueQuantity.code","min":1}"#).is_empty());
        assert!(profile(r#"{"path":"Observation.value[x]","min":1}"#).is_empty());
        for path in ["Observation.valueBla", "Observation.value", "Observation.code.codings"] {
            let found = profile(&format!(r#"{{"path":"{path}","min":1}}"#));
            assert_eq!(found, ["error definition-element path"], "{path}");
        }
    }

    #[test]
    fn no_more_and_no_fewer_than_the_base() {
        let judged = |path: &str, rest: &str| profile(&format!(r#"{{"path":"Observation.{path}",{rest}}}"#));
        assert!(judged("status", r#""min":1,"max":"1""#).is_empty());
        assert!(judged("category", r#""min":2,"max":"*""#).is_empty());
        assert!(judged("component.code.coding", r#""min":2"#).is_empty());
        assert_eq!(judged("status", r#""min":0"#), ["error definition-cardinality min"]);
        assert!(judged("status", r#""sliceName":"a","min":0"#).is_empty(), "a slice");
        assert_eq!(judged("subject", r#""max":"*""#), ["error definition-cardinality max"]);
        assert_eq!(judged("component.code.text", r#""max":"2""#), ["error definition-cardinality max"]);
    }
}
