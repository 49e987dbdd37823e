//! Conformance resources judged as instances: what the specification says of them beyond their invariants.
//!
//! `StructureMap`, `CompartmentDefinition` and `ImplementationGuide` have no rules of their own here.

mod capability_statement;
mod code_system;
mod concept_map;
mod concept_property;
mod ecl;
mod expression;
mod findings;
mod identifier;
mod judge;
mod search_parameter;
mod structure_definition;
mod value_set;
mod value_set_filter;

#[cfg(test)]
mod testing;

pub(super) use judge::{codes, judge};
