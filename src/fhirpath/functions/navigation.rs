//! Tree navigation (section 5.8). Contained resources and entries of bundles are below; the markup
//! of a narrative is not.

use super::Call;
use crate::fhirpath::evaluate::Outcome;
use crate::fhirpath::item::Collection;

pub(super) fn children<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let mut found = Collection::new();
    for item in &call.input {
        call.evaluator.children(item, &mut found)?;
    }
    Ok(found)
}

pub(super) fn descendants<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let mut found = Collection::new();
    for item in &call.input {
        call.evaluator.descendants(item, &mut found)?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn below() {
        assert_results(&[
            ("maritalStatus.children().count()", "2"),
            ("maritalStatus.descendants().code", "M"),
            ("contained.descendants().exists()", "true"),
            ("descendants().where(type().name = 'Patient').exists()", "false"),
        ]);
    }
}
