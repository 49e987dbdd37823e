//! Three-valued logic (section 6.5).

use super::BinaryOperator;
use crate::fhirpath::ast::Node;
use crate::fhirpath::evaluate::{Evaluator, Outcome, Scope};

impl BinaryOperator {
    /// Whether it is one of `and`, `or`, `xor` and `implies`.
    pub(super) fn is_logic(self) -> bool {
        matches!(self, Self::And | Self::Or | Self::Xor | Self::Implies)
    }

    /// The answer of such an operator. The right side is evaluated only where the left leaves the answer
    /// open, so that `a.exists() and a.single() = 1` guards itself.
    pub(super) fn logic<'t>(
        self,
        evaluator: &Evaluator<'_, 't>,
        left: &Node,
        right: &Node,
        scope: Scope<'_, 't>,
    ) -> Outcome<Option<bool>> {
        let left = evaluator.truth(left, scope, format_args!("the left operand of `{self}`"))?;
        match (self, left) {
            (Self::And, Some(false)) => return Ok(Some(false)),
            (Self::Or, Some(true)) | (Self::Implies, Some(false)) => return Ok(Some(true)),
            _ => {}
        }
        let right = evaluator.truth(right, scope, format_args!("the right operand of `{self}`"))?;
        Ok(match self {
            Self::And => and(left, right),
            Self::Or => or(left, right),
            Self::Xor => left.zip(right).map(|(left, right)| left != right),
            _ => or(left.map(|left| !left), right),
        })
    }
}

fn and(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn or(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    and(left.map(|left| !left), right.map(|right| !right)).map(|neither| !neither)
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn truth_tables() {
        assert_results(&[
            ("true and {}", ""),
            ("false and {}", "false"),
            ("{} and false", "false"),
            ("{} or true", "true"),
            ("{} or false", ""),
            ("true xor {}", ""),
            ("true xor false", "true"),
            ("false implies {}", "true"),
            ("{} implies true", "true"),
            ("{} implies false", ""),
            ("true implies {}", ""),
            ("'a' and 'b'", "true"),
        ]);
    }
}
