//! The rules of the base definitions, compiled, on each element of a resource that they are on.
//!
//! The benchmark of FHIRPath uses this file too.

use std::collections::HashMap;
use std::sync::Arc;

use proofmark::fhir::{Element, Tree};
use proofmark::fhirpath::{Expression, Model as _};
use proofmark::validate::SchemaSet;

/// A rule with an element that it is on.
pub(crate) struct Case<'t> {
    pub(crate) key: Arc<str>,
    pub(crate) expression: Arc<Expression>,
    pub(crate) element: Element<'t>,
    pub(crate) type_name: &'t str,
}

/// The rules on one element of a definition, with their keys.
type Compiled = Vec<(Arc<str>, Arc<Expression>)>;

/// The rules of the elements of definitions, by path; compiled when they are first needed.
pub(crate) struct Rules<'s> {
    schemas: &'s SchemaSet,
    by_path: HashMap<String, Compiled>,
}

impl<'s> Rules<'s> {
    pub(crate) fn new(schemas: &'s SchemaSet) -> Self {
        Self { schemas, by_path: HashMap::new() }
    }

    /// All rules on all elements of a resource, in the order of the source.
    pub(crate) fn on<'t>(&mut self, tree: &'t Tree) -> Vec<Case<'t>>
    where
        's: 't,
    {
        let mut cases = Vec::new();
        if let Some(type_name) = tree.root().resource_type() {
            self.collect(tree.root(), type_name, None, &mut cases);
        }
        cases
    }

    fn collect<'t>(
        &mut self,
        element: Element<'t>,
        type_name: &'t str,
        path: Option<String>,
        cases: &mut Vec<Case<'t>>,
    ) where
        's: 't,
    {
        let own = Some(type_name.to_owned()).filter(|own| path.as_ref() != Some(own));
        for path in path.into_iter().chain(own) {
            cases.extend(self.of(&path).iter().map(|(key, expression)| Case {
                key: Arc::clone(key),
                expression: Arc::clone(expression),
                element,
                type_name,
            }));
        }
        for child in element.children() {
            if let Some(resource) = child.resource_type() {
                self.collect(child, resource, None, cases);
            } else if let Some(found) = self.schemas.child(type_name, child.name()) {
                let path = format!("{type_name}.{}", found.name);
                self.collect(child, found.type_name, Some(path), cases);
            }
        }
    }

    /// The rules that a definition has on one of its elements; those that do not compile are left out.
    fn of(&mut self, path: &str) -> &Compiled {
        if !self.by_path.contains_key(path) {
            let rules = constraints(self.schemas, path)
                .filter_map(|(key, text)| Some((key.into(), Arc::new(Expression::parse(text).ok()?))))
                .collect();
            self.by_path.insert(path.to_owned(), rules);
        }
        &self.by_path[path]
    }
}

fn constraints<'s>(schemas: &'s SchemaSet, path: &str) -> impl Iterator<Item = (&'s str, &'s str)> {
    let name = path.split('.').next().unwrap_or_default();
    let definition = schemas.type_definition(name).and_then(|found| found.tree());
    let snapshot = definition.and_then(|tree| tree.root().child("snapshot"));
    let element = snapshot
        .into_iter()
        .flat_map(Element::children)
        .find(|element| element.text("path").is_some_and(|found| found.trim_end_matches("[x]") == path));
    let rules = element.into_iter().flat_map(|element| element.children_named("constraint"));
    rules.filter_map(|rule| Some((rule.text("key")?, rule.text("expression")?)))
}
