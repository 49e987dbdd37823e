//! StructureDefinition: profiles, extensions and types, judged against what they build on.
//!
//! Whether a snapshot is what the differential makes of its base is not compared, nor are `StructureMaps` and
//! mappings followed.

mod base;
mod constraint;
mod definition;
mod differential;
mod extension;
mod obligation;
mod path;
mod slicing;
mod types;
mod value;

pub(super) use definition::judge;

use crate::profile::Code;

/// The codes of these rules.
pub(super) const CODES: [&Code; 9] = [
    &base::CODE,
    &differential::PATH,
    &differential::CARDINALITY,
    &types::CODE,
    &types::PROFILE,
    &value::CODE,
    &slicing::CODE,
    &extension::CODE,
    &obligation::CODE,
];
