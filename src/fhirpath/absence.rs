//! What an expression is certain to give where its focus lacks some children, found out once, when it is parsed.
//!
//! Most rules speak of what is mostly not there: `contentReference.empty() or type.empty()` holds wherever there is
//! no `contentReference`, and needs no evaluation to tell.

use smallvec::SmallVec;

use super::ast::{Node, NodeKind};
use super::names::Names;
use super::operators::BinaryOperator as Op;

/// How many alternatives are kept; rules that are worth it have one or two.
const MOST: usize = 8;

/// Names of which all must be missing, and alternatives to them: where one of these sets is missing as a whole,
/// something is certain.
#[derive(Debug, Clone, Default)]
pub(super) struct Absence(SmallVec<[Names; 1]>);

/// Where an expression is certain to be true, false or empty.
#[derive(Default)]
struct Certain {
    truth: Absence,
    falsehood: Absence,
    emptiness: Absence,
}

impl Absence {
    /// Where an expression is certain not to be false: true, or empty for want of what it speaks of.
    pub(super) fn that_satisfies(root: &Node) -> Self {
        let certain = certain(root);
        certain.truth.or(certain.emptiness)
    }

    /// Whether an element with these children is such a place.
    pub(super) fn holds(&self, children: Names) -> bool {
        self.0.iter().any(|names| names.is_apart_from(children))
    }

    /// Whether there is no such place.
    pub(super) fn is_nowhere(&self) -> bool {
        self.0.is_empty()
    }

    fn of(name: &str) -> Self {
        Self(SmallVec::from_elem(Names::one(name), 1))
    }

    fn or(mut self, other: Self) -> Self {
        for names in other.0 {
            // What asks for more to be missing adds nothing.
            if !self.0.iter().any(|known| known.is_within(names)) && self.0.len() < MOST {
                self.0.push(names);
            }
        }
        self
    }

    fn and(&self, other: &Self) -> Self {
        let pairs = self.0.iter().flat_map(|left| other.0.iter().map(|right| left.and(*right)));
        pairs.fold(Self::default(), |all, names| all.or(Self(SmallVec::from_elem(names, 1))))
    }
}

fn certain(node: &Node) -> Certain {
    match &node.kind {
        NodeKind::Member { input: None, name } if !names_a_type(name) => {
            Certain { emptiness: Absence::of(name), ..Certain::default() }
        }
        NodeKind::Member { input: Some(input), .. } | NodeKind::Indexer { input, .. } => {
            Certain { emptiness: certain(input).emptiness, ..Certain::default() }
        }
        NodeKind::Call { input: Some(input), function, .. } => of_call(function.name, certain(input)),
        NodeKind::Binary { operator, left, right } => of_operator(*operator, certain(left), certain(right)),
        _ => Certain::default(),
    }
}

/// At the start of a path, `Patient` is the focus itself where that is one.
fn names_a_type(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
}

fn of_call(function: &str, input: Certain) -> Certain {
    let nothing = input.emptiness;
    match function {
        "exists" => Certain { falsehood: nothing, ..Certain::default() },
        "empty" | "all" | "isDistinct" => Certain { truth: nothing, ..Certain::default() },
        "not" => Certain { truth: input.falsehood, falsehood: input.truth, emptiness: nothing },
        "where" | "select" | "ofType" | "as" | "first" | "last" | "tail" | "distinct" | "toInteger"
        | "matches" | "startsWith" | "endsWith" | "contains" | "substring" | "length" | "resolve" => {
            Certain { emptiness: nothing, ..Certain::default() }
        }
        _ => Certain::default(),
    }
}

fn of_operator(operator: Op, left: Certain, right: Certain) -> Certain {
    match operator {
        Op::And => Certain {
            truth: left.truth.and(&right.truth),
            falsehood: left.falsehood.or(right.falsehood),
            emptiness: left.emptiness.and(&right.emptiness),
        },
        Op::Or => Certain {
            truth: left.truth.or(right.truth),
            falsehood: left.falsehood.and(&right.falsehood),
            emptiness: left.emptiness.and(&right.emptiness),
        },
        Op::Implies => Certain {
            truth: left.falsehood.or(right.truth),
            falsehood: left.truth.and(&right.falsehood),
            emptiness: Absence::default(),
        },
        Op::Union => Certain { emptiness: left.emptiness.and(&right.emptiness), ..Certain::default() },
        Op::Equal | Op::NotEqual | Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => {
            Certain { emptiness: left.emptiness.or(right.emptiness), ..Certain::default() }
        }
        _ => Certain::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::Absence;
    use crate::fhir::parse_json;
    use crate::fhirpath::names::Names;
    use crate::fhirpath::parser::parse;
    use crate::fhirpath::{Context, Expression, Item};

    #[track_caller]
    fn is_told(expression: &str, resource: &str) -> bool {
        let tree = parse_json(resource).unwrap();
        let told =
            Absence::that_satisfies(&parse(expression).unwrap()).holds(Names::of_children(tree.root()));
        let answer = Expression::parse(expression)
            .unwrap()
            .evaluate_boolean(&Context::default(), Item::element(tree.root(), None))
            .unwrap();
        assert!(!told || answer != Some(false), "{expression} is false for {resource}");
        told
    }

    #[test]
    fn what_speaks_of_what_is_not_there_need_not_be_evaluated() {
        for expression in [
            "contact.empty()",
            "contact.name.family.exists().not()",
            "contact.exists() implies name.exists()",
            "name.empty() or (contact.empty() and photo.empty())",
            "contact.name.matches('x')",
            "contact.where(name = 'x').all(gender.exists())",
            "contact[0].gender = 'x'",
            "(contact | photo).empty()",
            "name.exists() and contact.exists() implies name.empty()",
            "contact.gender < 'x' and photo.title > 'x'",
        ] {
            assert!(is_told(expression, r#"{"resourceType":"X","name":"n"}"#), "{expression}");
        }
    }

    #[test]
    fn what_is_there_or_is_not_certain_is_evaluated() {
        for (expression, resource) in [
            ("name.empty()", r#"{"resourceType":"X","name":"n"}"#),
            ("value.empty()", r#"{"resourceType":"X","valueString":"n"}"#),
            ("photo.exists()", r#"{"resourceType":"X","name":"n"}"#),
            ("photo.empty().not()", r#"{"resourceType":"X","name":"n"}"#),
            ("photo.empty() and name.exists()", r#"{"resourceType":"X","name":"n"}"#),
            ("photo.empty() implies name.empty()", r#"{"resourceType":"X","name":"n"}"#),
            ("photo.count() > 0", r#"{"resourceType":"X","name":"n"}"#),
            ("%resource.photo.exists()", r#"{"resourceType":"X","name":"n"}"#),
            ("X.empty()", r#"{"resourceType":"X","name":"n"}"#),
            ("photo.empty() xor contact.empty()", r#"{"resourceType":"X","name":"n"}"#),
        ] {
            assert!(!is_told(expression, resource), "{expression}");
        }
    }
}
