//! How a reference is to be made: to a contained resource, within the Bundle, to elsewhere, to one version
//! (ElementDefinition.type.aggregation and versioning).

use serde::Serialize;

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// A reference is made in another way than the profile wants.
pub const CODE: Code = Code {
    name: "reference-aggregation",
    title: "A reference is not to where the profile wants its target",
    what: "A profile may say where the targets of a reference are: contained in the resource, in the same Bundle, or \
        elsewhere; and whether the reference names one version of its target.",
    why: "A reader that was promised the target in the same Bundle does not ask a server for it.",
    example: "Where the profile allows `contained` only:\n\
        wrong:  \"reference\": \"Practitioner/1\"\nright:  \"reference\": \"#author\"",
    specification: "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.aggregation",
};

/// Whether a target is in the Bundle cannot be told, because the Bundle is not here.
pub const NOT_CHECKED: Code = Code {
    name: "reference-aggregation-not-checked",
    title: "Whether the target of a reference is in its Bundle was not checked",
    what: "The profile wants the target in the Bundle that the resource is in, and the resource was given without one.",
    why: "It is listed so that nobody takes it for checked; it does not decide.",
    example: "Validate the whole Bundle.",
    specification: "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.aggregation",
};

/// What a profile says of the way in which references are made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Aggregation {
    /// Of `contained`, `referenced` and `bundled` those allowed; none says nothing. What is bundled is referenced too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) modes: Vec<String>,
    /// `independent` of versions or `specific` to one; anything else says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) versioning: Option<String>,
}

impl Aggregation {
    pub(crate) fn is_open(&self) -> bool {
        self.modes.is_empty() && self.versioning.is_none()
    }

    /// Checks one Reference; `resolve` finds its target in the same text.
    #[must_use]
    pub fn check<'t>(
        &self,
        element: Element<'t>,
        resolve: impl Fn(&str) -> Option<Element<'t>>,
    ) -> Option<Issue> {
        let reference = element.text("reference")?;
        let error = |message: String, expected: String| {
            Some(Issue::at(element, &CODE, Severity::Error, message).compared(expected, reference))
        };
        let name = element.name();
        let is_contained = reference.starts_with('#');
        let is_specific = reference.contains("/_history/");
        match self.versioning.as_deref() {
            Some("specific") if !is_specific && !is_contained => {
                return error(
                    format!("`{name}` does not name a version of its target"),
                    "…/_history/…".to_owned(),
                );
            }
            Some("independent") if is_specific => {
                let expected = "a reference without /_history/".to_owned();
                return error(format!("`{name}` names a version of its target"), expected);
            }
            _ => {}
        }
        let allows = |mode: &str| self.modes.iter().any(|known| known == mode);
        let holds = match is_contained {
            _ if self.modes.is_empty() => true,
            true => allows("contained"),
            false => allows("referenced") || allows("bundled") && resolve(reference).is_some(),
        };
        if holds {
            return None;
        }
        if !is_contained && allows("bundled") && !is_in_bundle(element) {
            let message = format!(
                "whether the target of `{name}` is in the same Bundle was not checked: there is none"
            );
            return Some(Issue::at(element, &NOT_CHECKED, Severity::NotChecked, message));
        }
        error(format!("the target of `{name}` is not where the profile wants it"), self.modes.join(" or "))
    }
}

fn is_in_bundle(element: Element<'_>) -> bool {
    std::iter::successors(Some(element), |inner| inner.parent())
        .any(|around| around.resource_type() == Some("Bundle"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_json;

    fn found(
        modes: &[&str],
        versioning: Option<&str>,
        reference: &str,
        bundle: bool,
    ) -> Option<&'static str> {
        let encounter = format!(r#"{{"resourceType":"Encounter","subject":{{"reference":"{reference}"}}}}"#);
        let bundled = format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{encounter}}}]}}"#);
        let tree = parse_json(if bundle { &bundled } else { &encounter }).unwrap();
        let root = tree.root();
        let resource = if bundle { root.child("entry").unwrap().child("resource").unwrap() } else { root };
        let aggregation = Aggregation {
            modes: modes.iter().map(|mode| (*mode).to_owned()).collect(),
            versioning: versioning.map(str::to_owned),
        };
        let resolve = |reference: &str| (reference == "Patient/here").then_some(resource);
        aggregation.check(resource.child("subject").unwrap(), resolve).map(|issue| issue.code)
    }

    #[test]
    fn a_target_is_where_the_profile_wants_it() {
        let wrong = Some("reference-aggregation");
        assert_eq!(found(&["contained"], None, "#a", false), None);
        assert_eq!(found(&["contained"], None, "Patient/1", false), wrong);
        assert_eq!(found(&["referenced"], None, "#a", false), wrong);
        assert_eq!(found(&["referenced"], None, "Patient/here", true), None);
        assert_eq!(found(&["bundled"], None, "Patient/here", true), None);
        assert_eq!(found(&["bundled"], None, "Patient/there", true), wrong);
        assert_eq!(found(&["bundled"], None, "#a", true), wrong);
        assert_eq!(found(&["bundled", "contained"], None, "#a", true), None);
        let not_told = Some("reference-aggregation-not-checked");
        assert_eq!(found(&["bundled"], None, "Patient/there", false), not_told);
    }

    #[test]
    fn a_version_is_named_as_the_profile_wants() {
        let wrong = Some("reference-aggregation");
        let (plain, version) = ("Patient/1", "Patient/1/_history/2");
        for (versioning, reference, expected) in [
            ("specific", plain, wrong),
            ("specific", version, None),
            ("specific", "#a", None),
            ("independent", plain, None),
            ("independent", version, wrong),
            ("either", plain, None),
            ("either", version, None),
        ] {
            assert_eq!(found(&[], Some(versioning), reference, false), expected, "{versioning} {reference}");
        }
    }
}
