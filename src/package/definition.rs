//! One conformance resource of a package.

use std::sync::{Arc, OnceLock};

use super::compact::CompactArchive;
use crate::fhir::{Element, Tree, parse};

/// A conformance resource that can be found by its canonical URL; read when it is first used.
#[derive(Debug)]
pub struct Definition {
    /// Its resource type: `StructureDefinition`, `ValueSet` …
    pub resource_type: String,
    /// Its canonical URL.
    pub url: String,
    /// Its version.
    pub version: Option<String>,
    /// For a search parameter: its code and the resource types that it searches.
    pub search: Option<(String, Vec<String>)>,
    /// The file that holds it, with its package.
    pub file: String,
    pub(super) content: Content,
}

/// Where the resource itself is.
#[derive(Debug)]
pub(super) enum Content {
    Read(Arc<Tree>),
    Compact { archive: Arc<CompactArchive>, name: String, read: OnceLock<Option<Arc<Tree>>> },
}

impl Definition {
    /// The resource; `None` if a built-in definition is damaged.
    #[must_use]
    pub fn tree(&self) -> Option<&Arc<Tree>> {
        match &self.content {
            Content::Read(tree) => Some(tree),
            Content::Compact { archive, name, read } => {
                read.get_or_init(|| Some(Arc::new(parse(&archive.entry(name)?).ok()?))).as_ref()
            }
        }
    }

    /// A definition from a resource, if it is a conformance resource with a canonical URL.
    pub(super) fn of(tree: Tree, file: String) -> Option<Self> {
        let root = tree.root();
        let resource_type = root.resource_type()?.to_owned();
        let url = root.text("url")?.trim().to_owned();
        let version = root.text("version").map(str::to_owned);
        let search = (resource_type == "SearchParameter").then(|| {
            let bases = root.children_named("base").filter_map(Element::value).map(str::to_owned).collect();
            (root.text("code").unwrap_or_default().to_owned(), bases)
        });
        Some(Self { resource_type, url, version, search, file, content: Content::Read(Arc::new(tree)) })
    }
}
