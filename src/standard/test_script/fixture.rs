//! The fixtures of a script: resources that it sends and compares with.

use std::path::Path;

use indexmap::IndexMap;

use crate::fhir::{Element, Format, Tree, parse, write_json, write_xml};
use crate::fhirpath::{Context, Expression, Item, NoModel};
use crate::files::Folder;

/// A fixture that the script brings.
pub(super) struct Fixture {
    /// Its text, JSON or XML, or whatever else its file holds.
    pub(super) text: String,
    /// The resource, unless it is none.
    pub(super) tree: Option<Tree>,
    /// Whether the script itself contains it, so that its id is none of a record.
    is_contained: bool,
    /// Whether it is made before the tests.
    pub(super) autocreate: bool,
    /// Whether it is deleted after them.
    pub(super) autodelete: bool,
}

/// The fixtures of a script by id, in order; in place of one that cannot be had, why.
pub(super) type Fixtures = IndexMap<String, Result<Fixture, String>>;

impl Fixture {
    /// Its resource type.
    pub(super) fn kind(&self) -> Option<&str> {
        self.tree.as_ref()?.root().resource_type()
    }

    /// Its id.
    pub(super) fn id(&self) -> Option<&str> {
        self.tree.as_ref()?.root().text("id")
    }

    /// Its text without the id by which the script refers to it.
    pub(super) fn content(&self) -> String {
        let (Some(id), Some(kind), true) = (self.id(), self.kind(), self.is_contained) else {
            return self.text.clone();
        };
        let beginning = format!("{{\"resourceType\":\"{kind}\",");
        match self.text.strip_prefix(&beginning) {
            Some(rest) => {
                let rest = rest.strip_prefix(&format!("\"id\":\"{id}\",")).unwrap_or(rest);
                format!("{beginning}{rest}")
            }
            // In XML it is the first element.
            None => self.text.replacen(&format!("<id value=\"{id}\"/>"), "", 1),
        }
    }

    /// The first value that a FHIRPath finds in it.
    ///
    /// # Errors
    /// The expression cannot be used.
    pub(super) fn value(&self, path: &str) -> Result<Option<String>, String> {
        let tree = self.tree.as_ref().ok_or("the fixture is no FHIR resource")?;
        let expression = Expression::parse(path).map_err(|error| format!("not valid FHIRPath: {error}"))?;
        let found = expression
            .evaluate(&Context::new(&NoModel), Item::element(tree.root(), None))
            .map_err(|error| format!("`{path}` cannot be evaluated: {error}"))?;
        Ok(found.into_iter().next().map(|item| item.to_string()))
    }
}

/// Reads all fixtures of a script; `folder` is that of its file.
pub(super) fn read(root: Element<'_>, folder: &Folder) -> Fixtures {
    let mut fixtures = Fixtures::new();
    for element in root.children_named("fixture") {
        let Some(id) = element.text("id") else { continue };
        let reference = element.child("resource").and_then(|resource| resource.text("reference"));
        let flag = |name: &str| element.text(name) == Some("true");
        let fixture = match reference {
            Some(reference) => resolve(reference, root, folder).map(|text| Fixture {
                tree: parse(text.as_bytes()).ok().filter(|tree| tree.root().resource_type().is_some()),
                text,
                is_contained: reference.starts_with('#'),
                autocreate: flag("autocreate"),
                autodelete: flag("autodelete"),
            }),
            None => Err(format!("the fixture `{id}` has no resource")),
        };
        fixtures.insert(id.to_owned(), fixture);
    }
    fixtures
}

/// The text of what a script refers to: a contained resource, or a file of its folder.
///
/// # Errors
/// Why there is none.
pub(super) fn resolve(reference: &str, root: Element<'_>, folder: &Folder) -> Result<String, String> {
    if let Some(id) = reference.strip_prefix('#') {
        return contained(id, root);
    }
    if reference.contains(':') {
        return Err(format!("`{reference}` is not in the folder of the script, and nothing is fetched"));
    }
    let name = reference.trim_start_matches("./");
    let flat = name.replace('/', "-");
    let names = [name.to_owned(), format!("{name}.json"), format!("{name}.xml")];
    let flat = [format!("{flat}.json"), format!("{flat}.xml")];
    for name in names.iter().chain(&flat).filter(|name| stays_within(name, folder)) {
        if let Ok(bytes) = folder.read(name) {
            let text = String::from_utf8(bytes.into_owned())
                .map_err(|_| format!("the file {} is not UTF-8", folder.display(name)))?;
            return Ok(text.trim_start_matches('\u{feff}').to_owned());
        }
    }
    Err(format!("there is no file `{name}` in the folder of the script"))
}

/// Whether a file is within a folder when links are followed.
fn stays_within(name: &str, folder: &Folder) -> bool {
    let Folder::Disk(folder) = folder else { return true };
    let path = |path: &Path| path.canonicalize().ok();
    match (path(folder), path(&folder.join(name))) {
        (Some(folder), Some(file)) => file.starts_with(folder) && file.is_file(),
        _ => false,
    }
}

fn contained(id: &str, root: Element<'_>) -> Result<String, String> {
    let has_id = |element: Element<'_>| element.text("id") == Some(id);
    // In JSON an entry of `contained` is the resource, in XML it stands within.
    let all = root.children_named("contained").flat_map(|element| {
        let inner = element.children().filter(|child| child.resource_type().is_some());
        std::iter::once(element).chain(inner)
    });
    let found = all
        .filter(|element| element.resource_type().is_some())
        .find(|element| has_id(*element))
        .ok_or_else(|| format!("the script contains no resource `#{id}`"))?;
    match root.tree().format() {
        Format::Json => Ok(write_json(found, &())),
        Format::Xml => write_xml(found, &()).map_err(|error| error.to_string()),
    }
}
