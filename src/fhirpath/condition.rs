//! Conditions: expressions of which only the truth is asked, evaluated without making collections.
//!
//! Rules are mostly logic over `exists()`, `empty()` and `not()`, so this is where most of their time goes.

use std::fmt::Arguments;

use super::ast::{Node, NodeKind};
use super::evaluate::{Evaluator, Outcome, Scope};
use super::functions::{Body, Test};

impl<'t> Evaluator<'_, 't> {
    /// The truth of an expression (section 4.5): of its only item, or none where it is empty. `what` names it
    /// in errors.
    pub(super) fn truth(
        &self,
        node: &Node,
        scope: Scope<'_, 't>,
        what: Arguments<'_>,
    ) -> Outcome<Option<bool>> {
        match self.condition(node, scope) {
            Some(answer) => answer,
            None => self.boolean(&self.evaluate(node, scope)?, what),
        }
    }

    /// The answer of a node that can only be true, false or empty; `None` of any other.
    pub(super) fn condition(&self, node: &Node, scope: Scope<'_, 't>) -> Option<Outcome<Option<bool>>> {
        let answer = match &node.kind {
            // That is kept as a collection.
            _ if node.is_shared => return None,
            NodeKind::Binary { operator, left, right } if operator.gives_truth() => {
                self.spend(1).and_then(|()| operator.truth(self, left, right, scope))
            }
            NodeKind::Call { input, function, arguments, .. } => {
                let Body::Truth(body) = function.body else { return None };
                let input = input.as_deref();
                self.spend(1)
                    .and_then(|()| body(&Test { evaluator: self, scope, function, arguments, input }))
            }
            _ => return None,
        };
        Some(answer.map_err(|fault| fault.or_at(node.offset)))
    }

    /// Whether an expression gives anything.
    pub(super) fn finds(&self, node: &Node, scope: Scope<'_, 't>) -> Outcome<bool> {
        let NodeKind::Member { input, name } = &node.kind else {
            return Ok(!self.evaluate(node, scope)?.is_empty());
        };
        let found = self.spend(1).and_then(|()| match input {
            None => Ok(scope.this.iter().any(|item| self.has_root_member(item, name))),
            Some(input) => Ok(self.evaluate(input, scope)?.iter().any(|item| self.has_member(item, name))),
        });
        found.map_err(|fault| fault.or_at(node.offset))
    }
}
