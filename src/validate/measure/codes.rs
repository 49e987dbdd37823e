//! The codes of all findings about Measures and their reports.

use crate::code::Code;

use super::{criteria, groups, populations, report, score};

/// All of them.
pub(in crate::validate) fn codes() -> [&'static Code; 9] {
    [
        &report::NOT_LOADED,
        &report::NOT_A_MEASURE,
        &groups::GROUP,
        &groups::STRATIFIER,
        &populations::POPULATION,
        &populations::COUNT,
        &score::CODE,
        &criteria::CODE,
        &criteria::NOT_CHECKED,
    ]
}
