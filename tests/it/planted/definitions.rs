//! The elements of types as their published definitions have them, read apart from the validator under test.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use proofmark::fhir::Element;
use proofmark::validate::SchemaSet;

/// One element of a type.
#[derive(Debug)]
pub(super) struct Definition {
    /// Its name, without `[x]`.
    pub(super) name: String,
    pub(super) choice: bool,
    pub(super) min: u32,
    pub(super) repeats: bool,
    /// The names of its types; for an element with parts of its own, its path.
    pub(super) types: Vec<String>,
    /// For references, the types that they may point to.
    pub(super) targets: Vec<String>,
    /// Whether its codes are bound to a value set as required.
    pub(super) required_binding: bool,
}

/// The elements of all types.
pub(super) struct Definitions<'s> {
    schemas: &'s SchemaSet,
    children: RefCell<HashMap<String, Rc<Vec<Rc<Definition>>>>>,
}

impl<'s> Definitions<'s> {
    pub(super) fn new(schemas: &'s SchemaSet) -> Self {
        Self { schemas, children: RefCell::default() }
    }

    /// Whether a profile or extension is there.
    pub(super) fn has(&self, url: &str) -> bool {
        self.schemas.packages().find("StructureDefinition", url).is_some()
    }

    /// The elements directly below a type, or below an element with parts of its own.
    pub(super) fn children(&self, parent: &str) -> Rc<Vec<Rc<Definition>>> {
        if let Some(known) = self.children.borrow().get(parent) {
            return Rc::clone(known);
        }
        let made = Rc::new(self.read(parent));
        self.children.borrow_mut().insert(parent.to_owned(), Rc::clone(&made));
        made
    }

    fn read(&self, parent: &str) -> Vec<Rc<Definition>> {
        let type_name = parent.split('.').next().unwrap_or(parent);
        let Some(tree) = self.schemas.type_definition(type_name).and_then(|found| found.tree()) else {
            return Vec::new();
        };
        let snapshot = tree.root().child("snapshot");
        let elements: Vec<Element<'_>> =
            snapshot.into_iter().flat_map(|snapshot| snapshot.children_named("element")).collect();
        let path = |element: Element<'_>| element.text("path").unwrap_or_default().to_owned();
        let paths: Vec<String> = elements.iter().map(|element| path(*element)).collect();
        let mut found = Vec::new();
        for (element, path) in elements.iter().zip(&paths) {
            let Some(name) = path.strip_prefix(parent).and_then(|rest| rest.strip_prefix('.')) else {
                continue;
            };
            if name.contains('.') {
                continue;
            }
            let inside = format!("{path}.");
            let has_parts = paths.iter().any(|other| other.starts_with(&inside));
            found.push(Rc::new(Definition::read(*element, name, has_parts.then_some(path))));
        }
        found
    }
}

impl Definition {
    fn read(element: Element<'_>, name: &str, own_parts: Option<&String>) -> Self {
        let types: Vec<String> = match (own_parts, element.text("contentReference")) {
            (Some(path), _) => vec![path.clone()],
            (None, Some(reference)) => vec![reference.trim_start_matches('#').to_owned()],
            (None, None) => {
                let mut codes: Vec<String> = element
                    .children_named("type")
                    .filter_map(|found| found.text("code"))
                    .map(str::to_owned)
                    .collect();
                codes.dedup();
                codes
            }
        };
        let targets = element
            .children_named("type")
            .flat_map(|found| found.children_named("targetProfile"))
            .filter_map(|target| target.value()?.rsplit('/').next())
            .map(str::to_owned)
            .collect();
        Self {
            name: name.trim_end_matches("[x]").to_owned(),
            choice: name.ends_with("[x]"),
            min: element.text("min").and_then(|min| min.parse().ok()).unwrap_or(0),
            repeats: element.text("max") == Some("*"),
            types,
            targets,
            required_binding: element.child("binding").and_then(|found| found.text("strength"))
                == Some("required"),
        }
    }

    /// The type that an instance's name tells, if the name is this element's.
    pub(super) fn type_of(&self, name: &str) -> Option<&str> {
        if !self.choice {
            return self.types.first().map(String::as_str).filter(|_| self.name == name);
        }
        let suffix = name.strip_prefix(self.name.as_str())?;
        self.types.iter().map(String::as_str).find(|code| capital(code) == suffix)
    }
}

/// `Quantity` of `Quantity`, `DateTime` of `dateTime`.
pub(super) fn capital(code: &str) -> String {
    let mut letters = code.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
