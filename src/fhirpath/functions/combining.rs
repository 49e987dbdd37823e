//! Combining (section 5.4).

use super::Call;
use crate::fhirpath::evaluate::Outcome;
use crate::fhirpath::item::Collection;

pub(super) fn union<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let other = call.argument(0)?;
    call.evaluator.union(call.input.clone(), other)
}

/// Both collections with their duplicates.
pub(super) fn combine<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let other = call.argument(0)?;
    call.evaluator.spend(call.input.len() + other.len())?;
    Ok(call.input.iter().cloned().chain(other).collect())
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn combining() {
        assert_results(&[
            ("(1 | 2).union(2 | 3)", "1, 2, 3"),
            ("(1 | 2).combine(2 | 3)", "1, 2, 2, 3"),
            ("1.union({})", "1"),
        ]);
    }
}
