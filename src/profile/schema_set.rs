//! The schemas of a run: compiled once, when they are first used.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use elsa::sync::FrozenMap;

use super::Schema;
use super::definition::{StructureDefinition, TypeReference};
use super::model::TypeElements;
use super::published::name_choices_alike;
use super::snapshot::{Node, Types, merge, tree_of};
use crate::fhir::Canonical;
use crate::package::{Definition, PackageSet};
use crate::terminology::{Service, Terminology};

/// Where HL7 publishes the base types.
const BASE: &str = "http://hl7.org/fhir/StructureDefinition/";
/// How many profiles may build on each other.
const MAX_DEPTH: usize = 24;

/// A profile that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// It is in none of the packages.
    #[error("the profile {0} is not in the loaded packages")]
    NotLoaded(String),
    /// It is there, but is broken.
    #[error("{file}: the profile {url} cannot be used: {message}")]
    Broken {
        /// Its canonical.
        url: String,
        /// The file that holds it, with its package.
        file: String,
        /// What is wrong with it.
        message: String,
    },
}

/// What became of a profile when it was compiled.
type Compiled = Result<Arc<Schema>, SchemaError>;

/// All schemas of a set of packages.
#[derive(Debug)]
pub struct SchemaSet {
    packages: Arc<PackageSet>,
    terminology: Terminology,
    schemas: FrozenMap<String, Box<Compiled>>,
    /// The schemas of base types by their names.
    types: FrozenMap<String, Box<Option<Arc<Schema>>>>,
    snapshots: Mutex<HashMap<String, Arc<Node>>>,
    pub(super) elements: FrozenMap<String, Box<TypeElements>>,
}

impl SchemaSet {
    /// The schemas of these packages.
    #[must_use]
    pub fn new(packages: Arc<PackageSet>) -> Self {
        Self {
            terminology: Terminology::new(Arc::clone(&packages)),
            packages,
            schemas: FrozenMap::new(),
            types: FrozenMap::new(),
            snapshots: Mutex::default(),
            elements: FrozenMap::new(),
        }
    }

    /// The same, with a service that is asked about codes which the packages do not tell.
    #[must_use]
    pub fn asking(self, service: Box<dyn Service>) -> Self {
        Self { terminology: self.terminology.asking(service), ..self }
    }

    /// The packages that they are made from.
    #[must_use]
    pub fn packages(&self) -> &PackageSet {
        &self.packages
    }

    /// The terminology of these packages.
    #[must_use]
    pub fn terminology(&self) -> &Terminology {
        &self.terminology
    }

    /// The schema of a profile or type, by its canonical.
    pub fn schema(&self, canonical: &str) -> Result<&Schema, SchemaError> {
        self.shared_schema(canonical).as_deref().map_err(Clone::clone)
    }

    /// The schema of a base type, by its name.
    #[must_use]
    pub fn type_schema(&self, name: &str) -> Option<&Schema> {
        if let Some(known) = self.types.get(name) {
            return known.as_deref();
        }
        let found = self.shared_schema(&format!("{BASE}{name}")).clone().ok();
        self.types.insert(name.to_owned(), Box::new(found)).as_deref()
    }

    /// The schema of a base type, for those that outlive this set's borrow.
    pub(super) fn shared_type_schema(&self, name: &str) -> Option<Arc<Schema>> {
        self.shared_schema(&format!("{BASE}{name}")).clone().ok()
    }

    /// The schema of a profile or type, for those that outlive this set's borrow.
    pub(super) fn shared_schema(&self, canonical: &str) -> &Compiled {
        match self.schemas.get(canonical) {
            Some(known) => known,
            None => self.schemas.insert(canonical.to_owned(), Box::new(self.compile(canonical))),
        }
    }

    /// The definition of a base type, by its name.
    #[must_use]
    pub fn type_definition(&self, name: &str) -> Option<&Definition> {
        self.packages.find("StructureDefinition", &format!("{BASE}{name}"))
    }

    /// Whether there is a base type of that name.
    #[must_use]
    pub fn is_type(&self, name: &str) -> bool {
        // Those that are in use are told at once.
        self.types.get(name).is_some_and(Option::is_some) || self.type_definition(name).is_some()
    }

    /// The name in the URL of a base type. HL7 publishes its profiles beside its types; these are told by their
    /// capital letter.
    fn type_in_url(&self, canonical: &str) -> Option<String> {
        let name = Canonical::parse(canonical).url.strip_prefix(BASE)?.to_owned();
        (name.starts_with(|letter: char| letter.is_ascii_uppercase()) && self.is_type(&name)).then_some(name)
    }

    /// Whether a URL is that of a base type, rather than of a profile.
    pub(super) fn is_type_url(&self, canonical: &str) -> bool {
        self.type_in_url(canonical).is_some()
    }

    /// The type that a profile constrains, if the profile is known.
    #[must_use]
    pub fn type_of_profile(&self, canonical: &str) -> Option<String> {
        if let Some(name) = self.type_in_url(canonical) {
            return Some(name);
        }
        let definition = self.packages.find("StructureDefinition", canonical)?;
        definition.tree()?.root().text("type").map(str::to_owned)
    }

    fn compile(&self, canonical: &str) -> Result<Arc<Schema>, SchemaError> {
        let definition = self.definition(canonical)?;
        let mut types = TypeChildren { set: self, depth: 0 };
        let root = self.snapshot(canonical, &definition, 0)?;
        Ok(Arc::new(Schema::compile(&definition, &root, self, &mut types)))
    }

    /// A definition with its whole tree.
    pub(super) fn tree(&self, canonical: &str) -> Result<(StructureDefinition, Arc<Node>), SchemaError> {
        let definition = self.definition(canonical)?;
        let root = self.snapshot(canonical, &definition, 0)?;
        Ok((definition, root))
    }

    /// The elements of a type, or of the one profile on it that is named and loaded.
    pub(super) fn elements_of_type(&self, reference: &TypeReference) -> Result<Vec<Node>, String> {
        TypeChildren { set: self, depth: 0 }.children(reference)
    }

    /// The outermost element of a base type and the name of the type that it specializes.
    pub(super) fn type_root(&self, name: &str) -> Option<(Arc<Node>, Option<String>)> {
        let canonical = format!("{BASE}{name}");
        let base =
            self.packages.find("StructureDefinition", &canonical)?.tree()?.root().text("baseDefinition");
        let base = base.and_then(|base| base.strip_prefix(BASE)).map(str::to_owned);
        if let Some(known) = self.snapshots.lock().unwrap_or_else(PoisonError::into_inner).get(&canonical) {
            return Some((Arc::clone(known), base));
        }
        Some((self.tree(&canonical).ok()?.1, base))
    }

    pub(super) fn definition(&self, canonical: &str) -> Result<StructureDefinition, SchemaError> {
        let found = self
            .packages
            .find("StructureDefinition", canonical)
            .ok_or_else(|| SchemaError::NotLoaded(canonical.to_owned()))?;
        let tree = found.read().map_err(|problem| self.broken(canonical, &problem.message))?;
        StructureDefinition::read(tree).ok_or_else(|| self.broken(canonical, "it has no url, type or name"))
    }

    /// The whole tree of a definition. A profile's is made from its differential over its base, so that
    /// packages with and without snapshots are judged alike. The snapshot that it is published with is for where there
    /// is no differential, or no base.
    fn snapshot(
        &self,
        canonical: &str,
        definition: &StructureDefinition,
        depth: usize,
    ) -> Result<Arc<Node>, SchemaError> {
        if let Some(known) = self.snapshots.lock().unwrap_or_else(PoisonError::into_inner).get(canonical) {
            return Ok(Arc::clone(known));
        }
        if depth > MAX_DEPTH {
            return Err(self.broken(
                canonical,
                &format!("more than {MAX_DEPTH} definitions build on each other, or in a circle"),
            ));
        }
        let made = match definition.base.as_deref().filter(|_| definition.is_constraint) {
            Some(base) => match self.definition(base) {
                Ok(base_definition) => {
                    let base_tree = self.snapshot(base, &base_definition, depth + 1)?;
                    let mut types = TypeChildren { set: self, depth: depth + 1 };
                    let changes = match definition.differential.as_slice() {
                        [] => &definition.snapshot,
                        differential => differential,
                    };
                    merge(Node::clone(&base_tree), changes, &mut types)
                }
                Err(SchemaError::NotLoaded(_)) if !definition.snapshot.is_empty() => {
                    tree_of(&name_choices_alike(definition.snapshot.clone()))
                }
                Err(error) => return Err(self.broken(canonical, &error.to_string())),
            },
            None => tree_of(&definition.snapshot),
        };
        let made = Arc::new(made.map_err(|message| self.broken(canonical, &message))?);
        let mut snapshots = self.snapshots.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(snapshots.entry(canonical.to_owned()).or_insert(made)))
    }

    fn broken(&self, canonical: &str, message: &str) -> SchemaError {
        let file = self.packages.find("StructureDefinition", canonical).map_or("", |found| &found.file);
        SchemaError::Broken { url: canonical.to_owned(), file: file.to_owned(), message: message.to_owned() }
    }
}

/// The URL of a type's profile, and the id of the element of it that is meant, if not all of it is.
pub(super) fn profile_and_part(profile: &str) -> (&str, Option<&str>) {
    profile.split_once('#').map_or((profile, None), |(url, id)| (url, Some(id)))
}

/// Gives snapshots the children of types and of profiles on types.
struct TypeChildren<'s> {
    set: &'s SchemaSet,
    depth: usize,
}

impl Types for TypeChildren<'_> {
    fn children(&mut self, reference: &TypeReference) -> Result<Vec<Node>, String> {
        let code = reference.code.as_deref().ok_or("a primitive value has no elements")?;
        let of_type = format!("{BASE}{code}");
        let (profile, part) = match reference.profiles.as_slice() {
            [only] => profile_and_part(only),
            _ => (of_type.as_str(), None),
        };
        let known = self.set.packages.find("StructureDefinition", profile).is_some();
        let (profile, part) = if known { (profile, part) } else { (of_type.as_str(), None) };
        let definition = self.set.definition(profile).map_err(|error| error.to_string())?;
        let tree =
            self.set.snapshot(profile, &definition, self.depth + 1).map_err(|error| error.to_string())?;
        let element = match part {
            Some(id) => tree.with_id(id).ok_or_else(|| format!("{profile} has no element {id}"))?,
            None => &tree,
        };
        Ok(element.children.clone())
    }

    fn type_of_profile(&self, profile: &str) -> Option<String> {
        self.set.type_of_profile(profile)
    }
}

#[cfg(test)]
mod tests;
