//! Three-valued logic (section 6.5).

use super::BinaryOperator;
use crate::fhirpath::evaluate::{Evaluator, Outcome};
use crate::fhirpath::item::Collection;

/// `and`, `or`, `xor` and `implies`. The right side is evaluated only where the left leaves the
/// answer open, so that `a.exists() and a.single() = 1` guards itself.
pub(super) fn apply<'t>(
    operator: BinaryOperator,
    evaluator: &Evaluator<'_, 't>,
    left: &Collection<'t>,
    right: impl FnOnce() -> Outcome<Collection<'t>>,
) -> Outcome<Option<bool>> {
    let left = evaluator.boolean(left, format_args!("the left operand of `{operator}`"))?;
    match (operator, left) {
        (BinaryOperator::And, Some(false)) => return Ok(Some(false)),
        (BinaryOperator::Or, Some(true)) | (BinaryOperator::Implies, Some(false)) => return Ok(Some(true)),
        _ => {}
    }
    let right = evaluator.boolean(&right()?, format_args!("the right operand of `{operator}`"))?;
    Ok(match operator {
        BinaryOperator::And => and(left, right),
        BinaryOperator::Or => or(left, right),
        BinaryOperator::Xor => left.zip(right).map(|(left, right)| left != right),
        _ => or(left.map(|left| !left), right),
    })
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
