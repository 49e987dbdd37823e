//! The narrative, which is XHTML and not FHIR: kept as it is written.

use roxmltree::Node;

use super::start_tag::StartTag;
use super::{XHTML, document};

/// Whether an element is a narrative.
pub(super) fn is_narrative(node: Node<'_, '_>) -> bool {
    node.tag_name().name() == "div" && node.tag_name().namespace() == Some(XHTML)
}

/// Whether a text can stand in an XML document as a narrative, as it is.
pub(super) fn is_narrative_text(text: &str) -> bool {
    text.starts_with('<')
        && document::read(text).is_ok_and(|document| {
            let root = document.root_element();
            is_narrative(root) && root.range() == (0..text.len())
        })
}

/// The namespaces that a narrative in an XML document is given by the elements around it, as declarations for
/// its own tag: without them it would mean something else where it stands alone.
pub(super) fn inherited_namespaces(node: Node<'_, '_>, written: &str) -> String {
    let mut declared: Vec<&[u8]> = Vec::new();
    StartTag::read(written.as_bytes(), |name| declared.push(name));
    let missing = node.namespaces().filter(|namespace| match namespace.name() {
        None => !declared.contains(&b"xmlns".as_slice()),
        Some("xml") => false,
        Some(prefix) => {
            written.contains(&format!("{prefix}:"))
                && !declared.contains(&format!("xmlns:{prefix}").as_bytes())
        }
    });
    let declarations = missing.map(|namespace| {
        let prefix = namespace.name().map(|prefix| format!(":{prefix}")).unwrap_or_default();
        let uri = namespace.uri().replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        format!(" xmlns{prefix}=\"{uri}\"")
    });
    declarations.collect()
}
