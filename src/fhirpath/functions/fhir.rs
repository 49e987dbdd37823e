//! What FHIR adds (FHIR R4, section 2.9.1.4), apart from terminology and narrative.

use super::Call;
use crate::fhirpath::evaluate::Outcome;
use crate::fhirpath::item::{Collection, Item, one, optional};

/// `extension(url)`: short for `extension.where(url = …)`.
pub(super) fn extension<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let Some(url) = call.string(0)? else { return Ok(Collection::new()) };
    let mut found = Collection::new();
    for item in &call.input {
        call.evaluator.member(item, "extension", &mut found)?;
    }
    found.retain(|item| item.as_element().and_then(|element| element.text("url")) == Some(&url));
    Ok(found)
}

/// `hasExtension(url)`: short for `extension(url).exists()`.
pub(super) fn has_extension<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    Ok(one(!extension(call)?.is_empty()))
}

/// Whether the input is one primitive with a value, and not only with extensions.
pub(super) fn has_value<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    Ok(one(match call.input.as_slice() {
        [Item::Element { element, .. }] => element.value().is_some(),
        [_] => true,
        _ => false,
    }))
}

pub(super) fn get_value<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    Ok(match call.input.as_slice() {
        [item @ Item::Element { element, .. }] if element.value().is_some() => {
            optional(item.to_system(call.model()))
        }
        [item] if item.as_element().is_none() => one(item.clone()),
        _ => Collection::new(),
    })
}

pub(super) fn element_definition<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let profiles = call.evaluator.context.profiles;
    let profiles = profiles.ok_or_else(|| call.unavailable("profiles to look up definitions"))?;
    let definitions = call.input.iter().filter_map(Item::as_element);
    Ok(definitions
        .filter_map(|element| profiles.element_definition(element))
        .map(|definition| Item::element(definition, Some("ElementDefinition")))
        .collect())
}

/// The elements of the input that are in a slice of a profile.
pub(super) fn slice<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let (Some(profile), Some(name)) = (call.string(0)?, call.string(1)?) else {
        return Ok(Collection::new());
    };
    let profiles = call.evaluator.context.profiles;
    let profiles = profiles.ok_or_else(|| call.unavailable("profiles to look up slices"))?;
    let mut found = Collection::new();
    for item in &call.input {
        let Some(element) = item.as_element() else { continue };
        let in_slice = profiles
            .in_slice(element, &profile, &name)
            .ok_or_else(|| call.unavailable(&format!("slice {name} of profile {profile}")))?;
        if in_slice {
            found.push(item.clone());
        }
    }
    Ok(found)
}

/// The input, or an error where it has a modifier extension that is not among the arguments.
pub(super) fn check_modifiers<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let mut understood = Vec::new();
    for index in 0..call.expressions().len() {
        understood.extend(call.string(index)?);
    }
    for element in call.input.iter().filter_map(Item::as_element) {
        for extension in element.children_named("modifierExtension") {
            let url = extension.text("url").unwrap_or("without a url");
            if !understood.iter().any(|known| **known == *url) {
                return Err(
                    call.invalid(&format!("found the modifier extension {url}, which is not understood"))
                );
            }
        }
    }
    Ok(call.input.clone())
}

pub(super) fn conforms_to<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let Some(profile) = call.string(0)? else { return Ok(Collection::new()) };
    let Some(element) = call.input_item()?.and_then(Item::as_element) else { return Ok(Collection::new()) };
    let profiles = call.evaluator.context.profiles;
    let answer = profiles.and_then(|profiles| profiles.conforms_to(element, &profile));
    let answer = answer.ok_or_else(|| call.unavailable(&format!("the profile {profile}")))?;
    Ok(one(answer))
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn fhir_functions() {
        assert_results(&[
            ("birthDate.extension('http://example.org/time').value", "1974-12-25T14:35:45-05:00"),
            ("birthDate.extension('http://example.org/other')", ""),
            ("birthDate.hasExtension('http://example.org/time')", "true"),
            ("birthDate.hasValue()", "true"),
            ("name.hasValue()", "false"),
            ("birthDate.getValue()", "1974-12-25"),
            ("conformsTo('http://example.org/profile')", "unavailable: needs the profile"),
            ("elementDefinition()", "unavailable: needs profiles"),
            ("name.slice('http://example.org/profile', 'official')", "unavailable: needs profiles"),
            ("name.checkModifiers().count()", "2"),
        ]);
    }
}
