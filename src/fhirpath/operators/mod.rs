//! Operators (FHIRPath 2.0.0, section 6), one family a file.

mod arithmetic;
pub(super) mod binding;
mod boolean;
mod comparison;
mod equality;
mod membership;
mod types;

use std::fmt::{self, Display, Formatter};

use super::ast::{Node, NodeKind};
use super::evaluate::{Evaluator, Outcome, Scope};
use super::item::{Collection, Item, optional};

pub(super) use arithmetic::Sign;
pub(super) use membership::distinct;
pub(super) use types::TypeOperator;

/// An operator between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BinaryOperator {
    Implies,
    Or,
    Xor,
    And,
    In,
    Contains,
    Equal,
    NotEqual,
    Equivalent,
    NotEquivalent,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Union,
    Add,
    Subtract,
    Concatenate,
    Multiply,
    Divide,
    IntegerDivide,
    Modulo,
}

use BinaryOperator as Op;

/// Symbol and binding strength (section 6.8); those of types and signs are in [`binding`].
const OPERATORS: [(BinaryOperator, &str, u8); 22] = [
    (Op::Implies, "implies", 0),
    (Op::Or, "or", 1),
    (Op::Xor, "xor", 1),
    (Op::And, "and", 2),
    (Op::In, "in", 3),
    (Op::Contains, "contains", 3),
    (Op::Equal, "=", 4),
    (Op::NotEqual, "!=", 4),
    (Op::Equivalent, "~", 4),
    (Op::NotEquivalent, "!~", 4),
    (Op::Less, "<", 5),
    (Op::LessOrEqual, "<=", 5),
    (Op::Greater, ">", 5),
    (Op::GreaterOrEqual, ">=", 5),
    (Op::Union, "|", 6),
    (Op::Add, "+", 8),
    (Op::Subtract, "-", 8),
    (Op::Concatenate, "&", 8),
    (Op::Multiply, "*", 9),
    (Op::Divide, "/", 9),
    (Op::IntegerDivide, "div", 9),
    (Op::Modulo, "mod", 9),
];

impl BinaryOperator {
    /// The operator of a symbol or keyword.
    pub(super) fn of(symbol: &str) -> Option<Self> {
        OPERATORS.iter().find(|row| row.1 == symbol).map(|row| row.0)
    }

    /// How tightly it binds.
    pub(super) fn binding(self) -> u8 {
        OPERATORS[self as usize].2
    }

    pub(super) fn apply<'t>(
        self,
        evaluator: &Evaluator<'_, 't>,
        left: &Node,
        right: &Node,
        scope: Scope<'_, 't>,
    ) -> Outcome<Collection<'t>> {
        if self.gives_truth() {
            return self.truth(evaluator, left, right, scope).map(optional);
        }
        let (left, right) = (evaluator.evaluate(left, scope)?, evaluator.evaluate(right, scope)?);
        match self {
            Op::Union => evaluator.union(left, right),
            _ => evaluator.arithmetic(self, &left, &right),
        }
    }

    /// Whether it answers yes, no or nothing.
    pub(super) fn gives_truth(self) -> bool {
        self.binding() <= Op::GreaterOrEqual.binding()
    }

    /// The answer of such an operator.
    pub(super) fn truth<'t>(
        self,
        evaluator: &Evaluator<'_, 't>,
        left: &Node,
        right: &Node,
        scope: Scope<'_, 't>,
    ) -> Outcome<Option<bool>> {
        if self.is_logic() {
            return self.logic(evaluator, left, right, scope);
        }
        let left = evaluator.evaluate(left, scope)?;
        // A literal is compared where it stands.
        if let NodeKind::Literal(literal) = &right.kind {
            evaluator.spend(1)?;
            return evaluator.relation(self, &left, std::slice::from_ref(literal));
        }
        evaluator.relation(self, &left, &evaluator.evaluate(right, scope)?)
    }
}

impl Display for BinaryOperator {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(OPERATORS[*self as usize].1)
    }
}

impl<'t> Evaluator<'_, 't> {
    /// Whether two collections stand in a relation.
    fn relation(
        &self,
        operator: BinaryOperator,
        left: &[Item<'t>],
        right: &[Item<'t>],
    ) -> Outcome<Option<bool>> {
        match operator {
            Op::In => self.contains(right, left, "the left operand of `in`"),
            Op::Contains => self.contains(left, right, "the right operand of `contains`"),
            Op::Equal => self.equal_collections(left, right),
            Op::NotEqual => Ok(self.equal_collections(left, right)?.map(|equal| !equal)),
            Op::Equivalent => self.equivalent_collections(left, right).map(Some),
            Op::NotEquivalent => Ok(Some(!self.equivalent_collections(left, right)?)),
            _ => self.compare_operands(operator, left, right),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::OPERATORS;

    #[test]
    fn the_table_stands_in_the_order_of_the_enum() {
        for (index, row) in OPERATORS.iter().enumerate() {
            assert_eq!(row.0 as usize, index, "{}", row.1);
        }
    }
}
