//! `resolve()` (FHIR R4, section 2.9.1.4), and what a reference tells without it.

use super::Call;
use crate::fhir::Element;
use crate::fhirpath::ast::{Node, NodeKind};
use crate::fhirpath::evaluate::{Evaluator, Outcome, Scope};
use crate::fhirpath::item::{Collection, Item};
use crate::fhirpath::singleton::single;
use crate::fhirpath::types::TypeSpecifier;

/// What references, uris and canonicals point to; what is not found is left out.
pub(super) fn resolve<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let mut found = Collection::new();
    for item in &call.input {
        let Some(element) = item.as_element() else { continue };
        let Some(reference) = element.value().or_else(|| element.text("reference")) else { continue };
        let target = match reference.strip_prefix('#') {
            Some(id) => element.contained(id),
            None => match call.evaluator.context.resolver {
                Some(resolver) => resolver.resolve(reference, element),
                None => return Err(call.unavailable("a resolver to follow references")),
            },
        };
        found.extend(target.map(|target| Item::element(target, None)));
    }
    Ok(found)
}

/// The answer to `resolve() is Type` where there is nothing to resolve with, but the reference
/// itself names the type: search parameters ask no more than that.
pub(in crate::fhirpath) fn refers_to<'t>(
    evaluator: &Evaluator<'_, 't>,
    operand: &Node,
    specifier: &TypeSpecifier,
    scope: Scope<'_, 't>,
) -> Outcome<Option<bool>> {
    let NodeKind::Call { input, function, .. } = &operand.kind else { return Ok(None) };
    if function.name != "resolve" || evaluator.context.resolver.is_some() {
        return Ok(None);
    }
    let input = match input {
        Some(input) => evaluator.evaluate(input, scope)?,
        None => scope.this.iter().cloned().collect(),
    };
    let reference = single(&input, "the input of resolve()")?.and_then(Item::as_element);
    Ok(reference.and_then(named_type).map(|name| specifier.names(name, evaluator.model())))
}

/// The type that a reference names: `Patient` in `Patient/1` or `http://example.org/Patient/1`.
fn named_type(reference: Element<'_>) -> Option<&str> {
    if let Some(explicit) = reference.text("type") {
        return Some(explicit);
    }
    let reference = reference.value().or_else(|| reference.text("reference"))?;
    let unversioned = reference.split_once("/_history/").map_or(reference, |(head, _)| head);
    let (head, _) = unversioned.rsplit_once('/')?;
    let name = head.rsplit('/').next()?;
    let is_name = name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn references() {
        assert_results(&[
            ("generalPractitioner.where(reference = '#gp').resolve().name.family", "Careful"),
            ("generalPractitioner.where(reference = '#none').resolve()", ""),
            ("contained.resolve()", ""),
            ("managingOrganization.resolve()", "unavailable: needs a resolver"),
            ("managingOrganization.resolve() is Organization", "true"),
            ("managingOrganization.where(resolve() is Patient).exists()", "false"),
            ("managingOrganization.resolve().active", "unavailable: needs a resolver"),
            ("photo.resolve() is Patient", ""),
        ]);
    }
}
