//! Where references within a text lead, for invariants that follow them.
//!
//! <https://hl7.org/fhir/STU3/bundle.html#references>

use crate::fhir::Element;

/// The target among the entries of the Bundles around. What lies outside the text is not fetched, and by
/// FHIRPath's rule for `resolve()` is then left out of the answer.
pub(super) fn resolve<'t>(reference: &str, from: Element<'t>) -> Option<Element<'t>> {
    let mut around = Some(from);
    while let Some(element) = around {
        if element.resource_type() == Some("Bundle")
            && let Some(found) = in_bundle(element, reference)
        {
            return Some(found);
        }
        around = element.parent();
    }
    None
}

fn in_bundle<'t>(bundle: Element<'t>, reference: &str) -> Option<Element<'t>> {
    let entries = || bundle.children().filter(|child| child.name() == "entry");
    let by_address = entries().find(|entry| entry.text("fullUrl") == Some(reference));
    let (kind, id) = reference.rsplit_once('/').unwrap_or(("", reference));
    let relative = !reference.contains(':') && !kind.contains('/');
    by_address.and_then(|entry| entry.child("resource")).or_else(|| {
        let mut resources = entries().filter_map(|entry| entry.child("resource"));
        resources.find(|resource| {
            relative && resource.resource_type() == Some(kind) && resource.text("id") == Some(id)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_json;

    #[test]
    fn entries_are_found_by_address_and_by_type_and_id() {
        let bundle = parse_json(
            r#"{"resourceType":"Bundle","entry":[
                {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Device","id":"d"}},
                {"resource":{"resourceType":"Patient","id":"p"}}]}"#,
        )
        .unwrap();
        let from = bundle.root().child("entry").unwrap();
        let id = |reference: &str| resolve(reference, from).and_then(|found| found.text("id"));
        assert_eq!(id("urn:uuid:1"), Some("d"));
        assert_eq!(id("Patient/p"), Some("p"));
        assert_eq!(id("Patient/q"), None);
        assert_eq!(id("http://elsewhere/Patient/p"), None);
    }
}
