//! One conformance resource of a package.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use super::Problem;
use super::compact::CompactArchive;
use crate::fhir::{Element, Tree, parse};
use crate::files::Folder;

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
    Stored { place: Place, read: OnceLock<Result<Arc<Tree>, Problem>> },
}

/// Where a resource is kept until it is asked for.
#[derive(Debug)]
pub(super) enum Place {
    Compact { archive: Arc<CompactArchive>, name: String },
    File { folder: Folder, name: String },
    Memory(Cow<'static, [u8]>),
}

impl Content {
    pub(super) fn stored(place: Place) -> Self {
        Self::Stored { place, read: OnceLock::new() }
    }
}

impl Definition {
    /// The resource.
    ///
    /// # Errors
    /// Its file cannot be read, is not well-formed, or holds another definition than the package's index
    /// says.
    pub fn read(&self) -> Result<&Arc<Tree>, &Problem> {
        match &self.content {
            Content::Read(tree) => Ok(tree),
            Content::Stored { place, read } => read.get_or_init(|| self.load(place)).as_ref(),
        }
    }

    /// The resource; `None` if it cannot be read.
    #[must_use]
    pub fn tree(&self) -> Option<&Arc<Tree>> {
        self.read().ok()
    }

    fn load(&self, place: &Place) -> Result<Arc<Tree>, Problem> {
        let problem = |message: String| Problem { file: self.file.clone(), position: None, message };
        let bytes: Cow<'_, [u8]> = match place {
            Place::Compact { archive, name } => {
                archive.entry(name).ok_or_else(|| problem("cannot be unpacked".to_owned()))?.into()
            }
            Place::File { folder, name } => {
                folder.read(name).map_err(|error| problem(format!("cannot be read: {error}")))?
            }
            Place::Memory(bytes) => bytes.as_ref().into(),
        };
        let tree = parse(&bytes).map_err(|error| Problem::malformed(self.file.clone(), &error))?;
        if let Place::File { .. } = place {
            let root = tree.root();
            let found = (root.resource_type(), root.text("url").map(str::trim), root.text("version"));
            if found != (Some(&self.resource_type), Some(&self.url), self.version.as_deref()) {
                return Err(problem(format!(
                    "the package's .index.json says {} {}, and the file holds another",
                    self.resource_type, self.url
                )));
            }
        }
        Ok(Arc::new(tree))
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
