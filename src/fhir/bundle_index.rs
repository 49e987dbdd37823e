//! The entries of Bundles by address and by identity, so that following a reference is no search.

use std::collections::HashMap;

use smallvec::SmallVec;

use super::tree::Kind;
use super::{Element, Tree};

/// The entries of one Bundle, by the number of the entry's element.
#[derive(Debug, Clone, Default)]
pub(super) struct BundleIndex {
    /// By fullUrl.
    by_url: HashMap<Box<str>, Entries>,
    /// By `Type/id` of the resource.
    by_identity: HashMap<Box<str>, Entries>,
}

/// The numbers of some entries: mostly one.
type Entries = SmallVec<[u32; 2]>;

/// The indexes of all Bundles of a tree, by the number of the Bundle's element.
pub(super) type BundleIndexes = HashMap<u32, BundleIndex>;

impl Tree {
    /// The entries of a Bundle whose fullUrl is this.
    pub fn entries_at<'t>(&'t self, bundle: Element<'t>, url: &str) -> impl Iterator<Item = Element<'t>> {
        self.elements(self.index_of(bundle).and_then(|index| index.by_url.get(url)))
    }

    /// The entries of a Bundle whose resource has this type and id, as `Type/id`.
    pub fn entries_of<'t>(
        &'t self,
        bundle: Element<'t>,
        identity: &str,
    ) -> impl Iterator<Item = Element<'t>> {
        self.elements(self.index_of(bundle).and_then(|index| index.by_identity.get(identity)))
    }

    fn elements<'t>(&'t self, found: Option<&'t Entries>) -> impl Iterator<Item = Element<'t>> {
        found.into_iter().flatten().map(|id| Element { tree: self, id: *id })
    }

    fn index_of(&self, bundle: Element<'_>) -> Option<&BundleIndex> {
        self.bundles.get_or_init(|| self.index_bundles()).get(&bundle.id)
    }

    fn index_bundles(&self) -> BundleIndexes {
        let resources = self.nodes.iter().zip(0_u32..).filter(|(node, _)| node.kind == Kind::Resource);
        let bundles = resources.map(|(_, id)| Element { tree: self, id });
        bundles
            .filter(|resource| resource.resource_type() == Some("Bundle"))
            .map(|bundle| (bundle.id, BundleIndex::of(bundle)))
            .collect()
    }
}

impl BundleIndex {
    fn of(bundle: Element<'_>) -> Self {
        let mut made = Self::default();
        for entry in bundle.children_named("entry") {
            if let Some(url) = entry.text("fullUrl") {
                made.by_url.entry(url.into()).or_default().push(entry.id);
            }
            if let Some(resource) = entry.child("resource")
                && let (Some(name), Some(id)) = (resource.resource_type(), resource.text("id"))
            {
                made.by_identity.entry(format!("{name}/{id}").into()).or_default().push(entry.id);
            }
        }
        made
    }
}

#[cfg(test)]
mod tests {
    use crate::fhir::parse_json;

    #[test]
    fn each_bundle_has_entries_of_its_own() {
        let tree = parse_json(
            r#"{"resourceType":"Bundle","entry":[
                {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Device","id":"d"}},
                {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Bundle","entry":[
                    {"resource":{"resourceType":"Device","id":"d"}}]}}]}"#,
        )
        .unwrap();
        let outer = tree.root();
        let inner = outer.children_named("entry").nth(1).unwrap().child("resource").unwrap();
        let paths = |found: &mut dyn Iterator<Item = crate::fhir::Element<'_>>| -> Vec<String> {
            found.map(crate::fhir::Element::path).collect()
        };
        assert_eq!(paths(&mut tree.entries_at(outer, "urn:uuid:1")), ["Bundle.entry[0]", "Bundle.entry[1]"]);
        assert_eq!(paths(&mut tree.entries_of(outer, "Device/d")), ["Bundle.entry[0]"]);
        assert_eq!(paths(&mut tree.entries_of(inner, "Device/d")), ["Bundle.entry[1].resource.entry[0]"]);
        assert_eq!(tree.entries_at(inner, "urn:uuid:1").count(), 0);
    }
}
