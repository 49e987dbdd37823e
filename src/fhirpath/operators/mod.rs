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
use super::item::{Collection, Item, one, optional};

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
        if self.is_logic() {
            return self.truth(evaluator, left, right, scope).map(optional);
        }
        let first = evaluator.evaluate(left, scope)?;
        if let (Op::Equal | Op::NotEqual, NodeKind::Literal(literal)) = (self, &right.kind) {
            evaluator.spend(1)?;
            let equal = evaluator.equal_collections(&first, std::slice::from_ref(literal))?;
            return Ok(optional(equal.map(|equal| equal == (self == Op::Equal))));
        }
        let second = evaluator.evaluate(right, scope)?;
        evaluator.apply(self, first, second)
    }
}

impl Display for BinaryOperator {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(OPERATORS[*self as usize].1)
    }
}

impl<'t> Evaluator<'_, 't> {
    /// An operator that needs both of its operands.
    pub(super) fn apply(
        &self,
        operator: BinaryOperator,
        left: Collection<'t>,
        right: Collection<'t>,
    ) -> Outcome<Collection<'t>> {
        let truth = |value: Option<bool>| Ok(optional(value.map(Item::Boolean)));
        match operator {
            Op::In => truth(self.contains(&right, &left, "the left operand of `in`")?),
            Op::Contains => truth(self.contains(&left, &right, "the right operand of `contains`")?),
            Op::Equal => truth(self.equal_collections(&left, &right)?),
            Op::NotEqual => truth(self.equal_collections(&left, &right)?.map(|equal| !equal)),
            Op::Equivalent => Ok(one(self.equivalent_collections(&left, &right)?)),
            Op::NotEquivalent => Ok(one(!self.equivalent_collections(&left, &right)?)),
            Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => {
                truth(self.compare_operands(operator, &left, &right)?)
            }
            Op::Union => self.union(left, right),
            _ => self.arithmetic(operator, &left, &right),
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
