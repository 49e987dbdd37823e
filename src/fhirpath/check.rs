//! Checks an expression against the definitions before it runs (FHIRPath 2.0.0, section 11): a path
//! that no instance can have, a type that does not exist, an order that is not defined.
//!
//! Where a type cannot be told (`children()`, `resolve()`, a resource in a bundle) nothing is refused.

use super::ast::{Arguments, Node, NodeKind};
use super::model::{Declared, Model};
use super::operators::{BinaryOperator, TypeOperator};
use super::types::{ABSTRACT_TYPES, TypeSpecifier, is_a};

/// What is wrong, and the byte offset of the node that is.
pub(super) struct Flaw {
    pub(super) offset: u32,
    pub(super) message: String,
}

/// The types that a node's items may have; `None` where they cannot be told.
type Types<'m> = Option<Vec<&'m str>>;

/// Functions whose arguments are evaluated on each item of the input.
const ON_ITEMS: [&str; 8] = ["where", "exists", "all", "select", "trace", "aggregate", "sort", "iif"];

/// Functions whose items are those of the input.
const KEEPS_ITEMS: [&str; 14] = [
    "where",
    "first",
    "last",
    "tail",
    "skip",
    "take",
    "single",
    "distinct",
    "trace",
    "exclude",
    "intersect",
    "sort",
    "slice",
    "checkModifiers",
];

/// Functions that ask for an order.
const NEEDS_ORDER: [&str; 5] = ["first", "last", "tail", "skip", "take"];

pub(super) fn check<'m>(root: &'m Node, model: &'m dyn Model, focus: Option<&'m str>) -> Result<(), Flaw> {
    Checker { model }.infer(root, &focus.map(|focus| vec![focus])).map(drop)
}

struct Checker<'m> {
    model: &'m dyn Model,
}

impl<'m> Checker<'m> {
    fn infer(&self, node: &'m Node, this: &Types<'m>) -> Result<Types<'m>, Flaw> {
        match &node.kind {
            NodeKind::This => Ok(this.clone()),
            NodeKind::Empty
            | NodeKind::Literal(_)
            | NodeKind::Variable(_)
            | NodeKind::Index
            | NodeKind::Total => Ok(None),
            NodeKind::Member { input: None, name } => self.root(node, this, name),
            NodeKind::Member { input: Some(input), name } => {
                let types = self.infer(input, this)?;
                self.child(node, &types, name)
            }
            NodeKind::Call { .. } => self.call(node, this),
            NodeKind::Indexer { input, index } => {
                refuse_unordered(node, input, "an index")?;
                self.infer(index, this)?;
                self.infer(input, this)
            }
            NodeKind::Sign { operand, .. } => self.infer(operand, this).map(|_| None),
            NodeKind::Binary { operator, left, right } => {
                let (left, right) = (self.infer(left, this)?, self.infer(right, this)?);
                Ok(if *operator == BinaryOperator::Union { merged(left, right) } else { None })
            }
            NodeKind::Type { operator, operand, specifier } => {
                self.infer(operand, this)?;
                let types = self.named(node, specifier)?;
                Ok(types.filter(|_| *operator == TypeOperator::As))
            }
        }
    }

    /// A name at the start of a path: a type that the focus has, or a child of it.
    fn root(&self, node: &Node, this: &Types<'m>, name: &'m str) -> Result<Types<'m>, Flaw> {
        let is_type = name.starts_with(|first: char| first.is_ascii_uppercase()) && self.model.is_type(name);
        let Some(types) = this else { return Ok(is_type.then(|| vec![name])) };
        if !is_type {
            return self.child(node, this, name);
        }
        if types.iter().any(|own| is_a(self.model, own, name) || is_a(self.model, name, own)) {
            return Ok(this.clone());
        }
        Err(flaw(node, format!("the path begins with {name}, but it is evaluated on {}", types.join(" or "))))
    }

    fn child(&self, node: &Node, types: &Types<'m>, name: &str) -> Result<Types<'m>, Flaw> {
        let Some(types) = types else { return Ok(None) };
        let mut found = Vec::new();
        let mut hint = String::new();
        for parent in types {
            match self.model.declared(parent, name) {
                Declared::Types(declared) => found.extend(declared),
                Declared::Unknown => return Ok(None),
                // what derives from an abstract type may have more
                Declared::Absent if is_abstract(parent) => return Ok(None),
                Declared::Absent => {
                    if let Some(choice) = self.model.child(parent, name) {
                        hint = format!("; its name is `{}` whatever its type is", choice.name);
                    }
                }
            }
        }
        if found.is_empty() && !types.is_empty() {
            return Err(flaw(node, format!("{} has no element `{name}`{hint}", types.join(" or "))));
        }
        Ok(Some(found))
    }

    fn call(&self, node: &'m Node, this: &Types<'m>) -> Result<Types<'m>, Flaw> {
        let NodeKind::Call { input, function, arguments, .. } = &node.kind else { return Ok(None) };
        if let (Some(input), true) = (input, NEEDS_ORDER.contains(&function.name)) {
            refuse_unordered(node, input, &format!("{}()", function.name))?;
        }
        let input = match input {
            Some(input) => self.infer(input, this)?,
            None => this.clone(),
        };
        let inner = match function.name {
            // each round works on the results of the one before, whatever they are
            "repeat" => &None,
            name if ON_ITEMS.contains(&name) => &input,
            _ => this,
        };
        let arguments = match arguments {
            Arguments::Type(specifier) => {
                let types = self.named(node, specifier)?;
                return Ok(types.filter(|_| function.name != "is"));
            }
            Arguments::Expressions(arguments) => arguments,
        };
        let mut results = Vec::new();
        for argument in arguments {
            results.push(self.infer(argument, inner)?);
        }
        let mut results = results.into_iter();
        Ok(match function.name {
            name if KEEPS_ITEMS.contains(&name) => input,
            "select" => results.next().flatten(),
            "iif" => results.skip(1).reduce(merged).flatten(),
            "union" | "combine" => merged(input, results.next().flatten()),
            "extension" => Some(vec!["Extension"]),
            _ => None,
        })
    }

    /// The type that is asked for, which must be one.
    fn named(&self, node: &Node, specifier: &'m TypeSpecifier) -> Result<Types<'m>, Flaw> {
        if !specifier.is_known(self.model) {
            return Err(flaw(node, format!("there is no type {specifier}")));
        }
        Ok(self.model.is_type(&specifier.name).then(|| vec![specifier.name.as_str()]))
    }
}

fn flaw(node: &Node, message: String) -> Flaw {
    Flaw { offset: node.offset, message }
}

/// The types of both; not known if one is not.
fn merged<'m>(one: Types<'m>, other: Types<'m>) -> Types<'m> {
    let (mut one, other) = (one?, other?);
    one.extend(other);
    Some(one)
}

/// Types that only others derived from them are found under.
fn is_abstract(type_name: &str) -> bool {
    ABSTRACT_TYPES.contains(&type_name) || type_name.starts_with("System.")
}

/// The order of `children()` and `descendants()` is undefined (section 5.8).
fn refuse_unordered(node: &Node, input: &Node, what: &str) -> Result<(), Flaw> {
    match &input.kind {
        NodeKind::Call { function, .. } if matches!(function.name, "children" | "descendants") => {
            Err(flaw(node, format!("{what} needs an order, and that of {}() is undefined", function.name)))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhirpath::{ChildType, ChildTypes, Expression};

    /// Two types are enough to see every rule.
    struct Names;

    struct Deceased;

    impl ChildTypes for Deceased {
        fn child(&self, literal_name: &str) -> Option<ChildType<'_>> {
            let known = literal_name == "deceasedBoolean";
            known.then_some(ChildType { name: "deceased", type_name: "boolean" })
        }
    }

    impl Model for Names {
        fn children(&self, parent_type: &str) -> Option<&dyn ChildTypes> {
            (parent_type == "Patient").then_some(&Deceased)
        }

        fn is_subtype(&self, type_name: &str, ancestor: &str) -> bool {
            type_name == "Patient" && ancestor == "Resource"
        }

        fn is_type(&self, name: &str) -> bool {
            ["Patient", "HumanName", "Resource", "Observation", "string"].contains(&name)
        }

        fn declared(&self, parent_type: &str, name: &str) -> Declared<'_> {
            match (parent_type, name) {
                ("Patient", "name") => Declared::Types(vec!["HumanName"]),
                ("Patient", "deceased") => Declared::Types(vec!["boolean", "dateTime"]),
                ("Patient", "contained") => Declared::Types(vec!["Resource"]),
                ("HumanName", "given") => Declared::Types(vec!["string"]),
                ("Patient" | "HumanName" | "Resource", _) => Declared::Absent,
                _ => Declared::Unknown,
            }
        }
    }

    #[test]
    fn sound_paths_pass() {
        for source in [
            "Patient.name.given",
            "Resource.name.given",
            "name.where(given = 'x').first().given",
            "name.select(given | $this.given)",
            "contained.anything.goes",
            "contained.where($this is Patient).name",
            "(contained[0] as Patient).name.given",
            "deceased.whatever",
            "descendants().given",
            "repeat(given).name",
            "iif(name.exists(), name, name.where(given.exists())).given",
            "name.given.select(%resource.nothing)",
            "contained.resolve().name",
        ] {
            let expression = Expression::parse(source).unwrap();
            assert_eq!(expression.check(&Names, Some("Patient")), Ok(()), "{source}");
        }
    }

    #[test]
    fn flaws_are_refused_where_they_stand() {
        for (source, column, part) in [
            ("Patient.name.given1", 14, "HumanName has no element `given1`"),
            ("name.where(givn = 'x')", 12, "HumanName has no element `givn`"),
            ("(name | name.where(given.exists())).x", 37, "has no element `x`"),
            ("deceasedBoolean", 1, "its name is `deceased`"),
            ("Observation.value", 1, "evaluated on Patient"),
            ("name.ofType(HumanNome)", 6, "no type HumanNome"),
            ("(contained[0] as Patient).nome", 27, "Patient has no element"),
            ("children().skip(1)", 12, "that of children() is undefined"),
            ("descendants()[0]", 14, "that of descendants() is undefined"),
        ] {
            let expression = Expression::parse(source).unwrap();
            let error = expression.check(&Names, Some("Patient")).unwrap_err();
            assert!(error.message.contains(part), "{source}: {error}");
            assert_eq!(error.position.column, column, "{source}: {error}");
        }
    }
}
