//! Checks: each a pure function from a recorded exchange to a result. One file a kind.

mod answer;
pub mod any_entry;
pub mod any_of;
pub mod body;
pub mod bundle;
pub mod compare;
pub mod conforms_to;
pub mod content;
pub mod every_entry;
pub mod header;
pub mod json_schema;
mod judge;
mod kept;
pub mod known_elements;
pub mod media_type;
mod must_support;
pub mod operation_outcome;
mod outcome;
pub mod path;
pub mod presence;
pub mod refused;
pub mod resolves;
mod result;
pub mod search;
pub mod status;
pub mod within;

pub use answer::{Answer, Page};
pub use judge::{Judge, NO_ANSWER, NOT_JUDGED, NOT_RECORDED, NOT_SUPPORTED, UNREADABLE};
pub use kept::{KeptAnswer, KeptAnswers};
pub use must_support::{MustSupportResult, Populated};
pub use outcome::Outcome;
pub use result::{CheckResult, Finding, Weight};

use crate::code::Code;

/// The codes of all checks.
#[must_use]
pub fn codes() -> Vec<&'static Code> {
    vec![
        &NO_ANSWER,
        &UNREADABLE,
        &NOT_JUDGED,
        &NOT_RECORDED,
        &NOT_SUPPORTED,
        &status::CODE,
        &refused::CODE,
        &media_type::CONTENT_TYPE,
        &media_type::CHARSET,
        &header::CODE,
        &presence::CODE,
        &within::CODE,
        &json_schema::CODE,
        &body::MALFORMED,
        &body::RESOURCE_TYPE,
        &bundle::TYPE,
        &bundle::COUNT,
        &search::SELF_LINK,
        &search::PAGING,
        &search::MATCHES,
        &search::INCLUDE,
        &search::COUNT,
        &search::SORT,
        &search::SUBSET,
        &search::TOTAL,
        &every_entry::CODE,
        &any_entry::CODE,
        &conforms_to::CODE,
        &known_elements::CODE,
        &resolves::CODE,
        &any_of::CODE,
        &compare::CODE,
        &content::CODE,
        &operation_outcome::CODE,
        &path::CODE,
    ]
}
