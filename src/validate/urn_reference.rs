//! References within a Bundle by a URN: they lead to an entry of the Bundle, or nowhere.
//!
//! <https://hl7.org/fhir/R4/bundle.html#references>

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

use super::resolve::resolve;

/// A reference by a URN leads to no entry of the Bundle.
pub(super) const CODE: Code = Code {
    name: "reference-urn",
    title: "A reference by a URN leads to no entry of the Bundle",
    what: "A urn:uuid or urn:oid is no address that could be looked up: within a Bundle, a reference by one is the fullUrl of \
        an entry. One that is not has no meaning that FHIR defines, and is warned of.",
    why: "Nobody can find what it points to, and a server that stores the Bundle cannot replace it by an address.",
    example: "wrong:  \"reference\": \"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0\" where no entry has that fullUrl",
    specification: "https://hl7.org/fhir/R4/bundle.html#references",
};

/// Checks one Reference.
pub(super) fn check(element: Element<'_>) -> Option<Issue> {
    let place = element.child("reference")?;
    let reference =
        place.value().filter(|text| text.starts_with("urn:uuid:") || text.starts_with("urn:oid:"))?;
    let is_in_bundle = std::iter::successors(element.parent(), |inner| inner.parent())
        .any(|around| around.resource_type() == Some("Bundle"));
    (is_in_bundle && resolve(reference, element).is_none()).then(|| {
        let message = format!("`{reference}` is no entry of the Bundle, and cannot be found elsewhere");
        Issue::at(place, &CODE, Severity::Warning, message)
            .compared("the fullUrl of an entry of the Bundle", reference)
    })
}

#[cfg(test)]
mod tests {
    use crate::fhir::parse_json;

    fn found(kind: &str, reference: &str) -> Option<String> {
        let tree = parse_json(&format!(
            r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{{"fullUrl":"urn:uuid:1","resource":
                {{"resourceType":"Patient","link":[{{"other":{{"reference":"{reference}"}}}}]}}}}]}}"#
        ))
        .unwrap();
        let other = tree.root().descendants().find(|element| element.name() == "other").unwrap();
        super::check(other).map(|issue| issue.path)
    }

    #[test]
    fn a_urn_is_that_of_an_entry() {
        let place = Some("Bundle.entry[0].resource.link[0].other.reference".to_owned());
        for kind in ["transaction", "batch", "message", "document", "collection"] {
            assert_eq!(found(kind, "urn:uuid:1"), None);
            assert_eq!(found(kind, "urn:uuid:2"), place);
            assert_eq!(found(kind, "urn:oid:1.2"), place);
            assert_eq!(found(kind, "https://example.org/Patient/1"), None, "it may be elsewhere");
        }
    }

    #[test]
    fn outside_a_bundle_nobody_knows() {
        let tree =
            parse_json(r#"{"resourceType":"Patient","managingOrganization":{"reference":"urn:uuid:2"}}"#)
                .unwrap();
        assert!(super::check(tree.root().child("managingOrganization").unwrap()).is_none());
    }
}
