//! Which rules a conformance resource is judged by.

use super::findings::{self, Findings};
use super::{
    capability_statement, code_system, concept_map, concept_property, expression, identifier,
    search_parameter, structure_definition, value_set, value_set_filter,
};
use crate::fhir::Element;
use crate::profile::{Code, Issue, SchemaSet};

/// The findings in a resource, wherever it stands; none for one that is no conformance resource.
pub(in crate::validate) fn judge(resource: Element<'_>, set: &SchemaSet) -> Vec<Issue> {
    let rules: fn(Element<'_>, &mut Findings<'_>) = match resource.resource_type() {
        Some("StructureDefinition") => structure_definition::judge,
        Some("SearchParameter") => search_parameter::judge,
        Some("CapabilityStatement") => capability_statement::judge,
        Some("ValueSet") => value_set::judge,
        Some("CodeSystem") => code_system::judge,
        Some("ConceptMap") => concept_map::judge,
        _ => return Vec::new(),
    };
    let mut findings = Findings::new(set);
    identifier::judge(resource, &mut findings);
    rules(resource, &mut findings);
    findings.into_issues()
}

/// The codes of all these rules.
pub(in crate::validate) fn codes() -> Vec<&'static Code> {
    let mut codes = vec![
        &findings::NOT_LOADED,
        &findings::WRONG_KIND,
        &identifier::CODE,
        &expression::CODE,
        &search_parameter::DERIVATION,
        &capability_statement::SEARCH_PARAMETER,
        &capability_statement::PROFILE,
        &value_set::SYSTEM,
        &value_set::CODE,
        &value_set::CIRCLE,
        &value_set_filter::CODE,
        &code_system::CONTENT,
        &code_system::DUPLICATE,
        &code_system::WHOLE_VALUE_SET,
        &concept_property::CODE,
        &concept_map::CODE,
    ];
    codes.extend(structure_definition::CODES);
    codes
}
