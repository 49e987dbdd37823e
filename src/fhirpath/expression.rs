//! An expression, parsed once and evaluated many times.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use super::absence::Absence;
use super::ast::{Node, NodeKind};
use super::check;
use super::context::Context;
use super::error::{EvaluationError, Fault, SyntaxError};
use super::evaluate::Evaluator;
use super::item::Item;
use super::model::Model;
use super::operators::BinaryOperator;
use super::parser;
use crate::fhir::{Element, Position};

/// A FHIRPath expression. It displays as it was written, and clones cheaply.
#[derive(Debug, Clone)]
pub struct Expression {
    source: Arc<str>,
    root: Arc<Node>,
    /// Where it need not be evaluated to tell that it is not false.
    satisfied: Absence,
}

impl Expression {
    /// Parses an expression; unknown functions and wrong numbers of arguments are errors here.
    pub fn parse(source: &str) -> Result<Self, SyntaxError> {
        Ok(Self::new(source.into(), parser::parse(source)?))
    }

    fn new(source: Arc<str>, root: Node) -> Self {
        Self { source, satisfied: Absence::that_satisfies(&root), root: Arc::new(root) }
    }

    /// The expression as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The expression in one normal form, which parses back to the same: blanks, comments and
    /// needless parentheses gone, operators grouped.
    #[must_use]
    pub fn normal_form(&self) -> String {
        self.root.to_string()
    }

    /// Checks the expression against the definitions, for a focus of type `focus` where that is
    /// known: `Patient.name.given1` is an error here, before it runs.
    pub fn check(&self, model: &dyn Model, focus: Option<&str>) -> Result<(), SyntaxError> {
        check::check(&self.root, model, focus).map_err(|flaw| SyntaxError {
            position: Position::of(&self.source, flaw.offset as usize),
            message: flaw.message,
        })
    }

    /// What the expression joins with `|`, each an expression of its own; itself where it joins nothing. Errors
    /// in them say where they stand in the whole.
    #[must_use]
    pub fn alternatives(&self) -> Vec<Self> {
        let is_union =
            |node: &Node| matches!(node.kind, NodeKind::Binary { operator: BinaryOperator::Union, .. });
        if !is_union(&self.root) {
            return vec![self.clone()];
        }
        let part = |root: &Node| Self::new(Arc::clone(&self.source), root.clone());
        let mut parts = Vec::new();
        let mut node: &Node = &self.root;
        while let NodeKind::Binary { operator: BinaryOperator::Union, left, right } = &node.kind {
            parts.push(part(right));
            node = left;
        }
        parts.push(part(node));
        parts.reverse();
        parts
    }

    /// Evaluates the expression on one item, or on none: `1 + 1` needs no resource.
    pub fn evaluate<'t>(
        &self,
        context: &Context<'t>,
        focus: impl Into<Option<Item<'t>>>,
    ) -> Result<Vec<Item<'t>>, EvaluationError> {
        let found = Evaluator::new(context, focus.into()).run(&self.root);
        found.map(smallvec::SmallVec::into_vec).map_err(|fault| fault.locate(&self.source))
    }

    /// Whether the children that an element lacks tell that the expression is not false for it. Most rules
    /// speak of what is not there, and need not be evaluated.
    #[must_use]
    pub fn is_satisfied_by_absence<'t>(&self, context: &Context<'t>, focus: Element<'t>) -> bool {
        !self.satisfied.is_nowhere() && self.satisfied.holds(context.names(focus))
    }

    /// Evaluates an invariant or criterion. Empty gives `None`; a single item that is no Boolean is
    /// true (section 4.5). Several Booleans hold where any does: STU3's ele-1 joins its alternatives
    /// with `|` and means *or*.
    pub fn evaluate_boolean<'t>(
        &self,
        context: &Context<'t>,
        focus: Item<'t>,
    ) -> Result<Option<bool>, EvaluationError> {
        let evaluator = Evaluator::new(context, Some(focus));
        let answer = evaluator.condition(&self.root, evaluator.outermost()).unwrap_or_else(|| {
            let found = evaluator.run(&self.root)?;
            if found.len() > 1 && found.iter().all(|item| matches!(item, Item::Boolean(_))) {
                return Ok(Some(found.contains(&Item::Boolean(true))));
            }
            evaluator.boolean(&found, "the value of a condition")
        });
        answer.map_err(|fault: Fault| fault.locate(&self.source))
    }

    /// Whether an empty answer comes of two values that are there and cannot be put in order: a date and a time
    /// of that day, or quantities of unlike units (section 6.2). Looks through and, or, xor and implies.
    #[must_use]
    pub fn compares_unlike<'t>(&self, context: &Context<'t>, focus: Item<'t>) -> bool {
        compares_unlike(&Evaluator::new(context, Some(focus)), &self.root)
    }
}

fn compares_unlike(evaluator: &Evaluator<'_, '_>, node: &Node) -> bool {
    use super::operators::BinaryOperator as Op;
    let NodeKind::Binary { operator, left, right } = &node.kind else { return false };
    let is_there = |node| evaluator.run(node).is_ok_and(|found| !found.is_empty());
    match operator {
        Op::And | Op::Or | Op::Xor | Op::Implies => {
            compares_unlike(evaluator, left) || compares_unlike(evaluator, right)
        }
        Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => {
            is_there(left) && is_there(right) && !is_there(node)
        }
        _ => false,
    }
}

impl Display for Expression {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.source)
    }
}

impl PartialEq for Expression {
    /// The same expression, however it is written.
    fn eq(&self, other: &Self) -> bool {
        self.root == other.root
    }
}
