//! How binding a part of a CapabilityStatement is.

use crate::fhir::Element;
use crate::standard::Level;

/// The extension that says so, in STU3 and R4.
const EXPECTATION: &str = "http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation";

/// What the extension of an element says; `None` where it has none, or one that means nothing.
pub(super) fn expectation(element: Element<'_>) -> Option<Level> {
    match extension(element, EXPECTATION)?.text("valueCode")? {
        "SHALL" => Some(Level::Shall),
        "SHALL-NOT" => Some(Level::ShallNot),
        "SHOULD" => Some(Level::Should),
        "SHOULD-NOT" => Some(Level::ShouldNot),
        "MAY" => Some(Level::May),
        _ => None,
    }
}

/// The first extension of a URL.
pub(super) fn extension<'t>(element: Element<'t>, url: &str) -> Option<Element<'t>> {
    extensions(element, url).next()
}

/// All extensions of a URL.
pub(super) fn extensions<'t, 'u>(
    element: Element<'t>,
    url: &'u str,
) -> impl Iterator<Item = Element<'t>> + use<'t, 'u> {
    element.children().filter(move |child| child.name() == "extension" && child.text("url") == Some(url))
}
