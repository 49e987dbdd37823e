//! `memberOf`, `subsumes` and `subsumedBy`. What the terminology cannot say is unavailable, never
//! false.

use super::Call;
use crate::fhir::Element;
use crate::fhirpath::evaluate::Outcome;
use crate::fhirpath::item::{Collection, Item, one};
use crate::fhirpath::model::Terminology;
use crate::fhirpath::singleton::single;

fn terminology<'t>(call: &Call<'_, 't>) -> Outcome<&'t dyn Terminology> {
    call.evaluator.context.terminology.ok_or_else(|| call.unavailable("a terminology"))
}

pub(super) fn member_of<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let Some(value_set) = call.string(0)? else { return Ok(Collection::new()) };
    let Some(concept) = call.input_item()?.and_then(Item::as_element) else { return Ok(Collection::new()) };
    let answer = terminology(call)?.member_of(concept, &value_set);
    answer.map(one).ok_or_else(|| call.unavailable(&format!("the value set {value_set}")))
}

pub(super) fn subsumes<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    compare(call, |terminology, input, argument| terminology.subsumes(input, argument))
}

pub(super) fn subsumed_by<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    compare(call, |terminology, input, argument| terminology.subsumes(argument, input))
}

fn compare<'t>(
    call: &Call<'_, 't>,
    answer: impl FnOnce(&dyn Terminology, Element<'t>, Element<'t>) -> Option<bool>,
) -> Outcome<Collection<'t>> {
    let argument = call.argument(0)?;
    let argument = single(&argument, "the argument")?.and_then(Item::as_element);
    let input = call.input_item()?.and_then(Item::as_element);
    let (Some(input), Some(argument)) = (input, argument) else { return Ok(Collection::new()) };
    let answer = answer(terminology(call)?, input, argument);
    answer.map(one).ok_or_else(|| call.unavailable("the code system of both codes"))
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn without_a_terminology_nothing_is_known() {
        assert_results(&[
            (
                "gender.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')",
                "unavailable: a terminology",
            ),
            ("maritalStatus.subsumes(maritalStatus)", "unavailable: a terminology"),
            ("photo.memberOf('http://example.org')", ""),
        ]);
    }
}
