//! The rules of a compiled profile, one file each: what it holds, how it checks, what it says.
//!
//! Value rules see one element; group rules see all the values at a path.

pub mod aggregation;
pub mod attachment;
pub mod binding;
pub mod cardinality;
pub mod coding;
mod contained;
pub mod data_type;
pub mod extension;
pub mod fixed;
pub mod invariant;
pub mod markup;
pub mod max_length;
pub mod min_length;
pub mod narrative;
pub mod narrative_link;
mod nhs;
pub mod pattern;
pub mod primitive;
pub mod quantity;
pub mod reference;
pub mod regex;
pub mod slicing;
pub mod structure;
pub mod types;
pub mod value_presence;
pub mod value_range;

use serde::Serialize;

use super::Code;
pub use aggregation::Aggregation;
pub use binding::Binding;
pub use cardinality::Cardinality;
pub use data_type::DataType;
pub use extension::ExtensionUsage;
pub use fixed::Fixed;
pub use invariant::Invariant;
pub use max_length::MaxLength;
pub use min_length::MinLength;
pub use narrative::NarrativeLanguage;
pub use pattern::Pattern;
pub use reference::ReferenceTargets;
pub use regex::Regex;
pub use value_presence::ValuePresence;
pub use value_range::Limit;

/// A rule that sees one element. Kept in the order of their cost.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ValueRule {
    /// A value that is exactly given.
    Fixed(Fixed),
    /// A value that contains what is given.
    Pattern(Pattern),
    /// The languages of a narrative.
    NarrativeLanguage(NarrativeLanguage),
    /// A longest length.
    MaxLength(MaxLength),
    /// A least length.
    MinLength(MinLength),
    /// A form of the text.
    Regex(Regex),
    /// That there is a value.
    ValuePresence(ValuePresence),
    /// A least or greatest value.
    Limit(Limit),
    /// Codes from a value set.
    Binding(Binding),
    /// What holds for every value of a type.
    DataType(DataType),
    /// The types that a reference may point to.
    Reference(ReferenceTargets),
    /// Where the targets of references are.
    Aggregation(Aggregation),
    /// An expression that must be true.
    Invariant(Invariant),
}

/// The codes of all rules.
#[must_use]
pub fn codes() -> Vec<&'static Code> {
    let mut codes = vec![
        &aggregation::CODE,
        &aggregation::NOT_CHECKED,
        &attachment::CODE,
        &binding::NOT_IN_VALUE_SET,
        &binding::NOT_CHECKED,
        &coding::UNKNOWN_CODE,
        &coding::WRONG_DISPLAY,
        &coding::NO_SYSTEM,
        &coding::WRONG_SYSTEM,
        &coding::UNUSABLE_CODE,
        &coding::OTHER_VERSION,
        &quantity::ANNOTATION,
        &cardinality::TOO_FEW,
        &cardinality::TOO_MANY,
        &extension::CONTEXT,
        &extension::MODIFIER,
        &extension::RELEASE,
        &extension::UNKNOWN_PART,
        &fixed::CODE,
        &invariant::CODE,
        &invariant::NOT_CHECKED,
        &markup::CODE,
        &max_length::CODE,
        &min_length::CODE,
        &narrative::ENTITY,
        &narrative::LANGUAGE,
        &narrative_link::CODE,
        &pattern::CODE,
        &primitive::FORMAT,
        &primitive::JSON_TYPE,
        &reference::CODE,
        &reference::NOT_CHECKED,
        &regex::CODE,
        &slicing::CLOSED,
        &slicing::ORDER,
        &slicing::NOT_CHECKED,
        &types::NOT_ALLOWED,
        &value_presence::CODE,
        &value_range::CODE,
        &value_range::NOT_CHECKED,
    ];
    codes.extend(nhs::CODES);
    codes.extend(structure::CODES);
    codes
}
