//! `is()`, `as()` and `ofType()` as functions (section 6.3), and reflection (section 10.2).

use std::sync::Arc;

use super::Call;
use crate::fhirpath::evaluate::Outcome;
use crate::fhirpath::item::{Collection, Item};
use crate::fhirpath::operators::TypeOperator;

pub(super) fn is<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let specifier = call.specifier()?;
    TypeOperator::Is.apply(call.evaluator, call.input.clone(), specifier)
}

pub(super) fn as_<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let specifier = call.specifier()?;
    TypeOperator::As.apply(call.evaluator, call.input.clone(), specifier)
}

pub(super) fn of_type<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let (specifier, model) = (call.specifier()?, call.model());
    if !specifier.is_known(model) {
        return Err(call.invalid(&format!("names {specifier}, and there is no such type")));
    }
    Ok(call.input.iter().filter(|item| specifier.holds(item, model)).cloned().collect())
}

pub(super) fn type_<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    Ok(call.input.iter().map(|item| Item::Type(Arc::new(item.type_info()))).collect())
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn system_types_and_fhir_types_are_apart() {
        assert_results(&[
            ("1 is Integer", "true"),
            ("1 is System.Integer", "true"),
            ("1 is FHIR.integer", "false"),
            ("1.is(Decimal)", "false"),
            ("{} is Integer", ""),
            ("1 as Integer", "1"),
            ("1 as String", ""),
            ("(1 | 'a').ofType(String)", "a"),
            ("(1 | 'a') is String", "error: must be one item"),
            ("Patient is Patient", "true"),
            ("Patient is DomainResource", "true"),
            ("Patient is `Patient`", "true"),
            ("Patient.type().name", "Patient"),
            ("1.type().namespace", "System"),
            ("active is Boolean", "false"),
            ("deceased is boolean", "true"),
            ("deceased as dateTime", ""),
        ]);
    }
}
