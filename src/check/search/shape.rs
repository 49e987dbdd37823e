//! The parameters that shape a result: what goes with the matches, how many on a page, in which order, how much of
//! each.

use super::super::judge::Judge;
use super::super::{Answer, CheckResult};
use super::parameter::Parameter;
use super::{include, page_size, sort, subset, total};
use crate::standard::SearchMatch;

/// The parameters that are judged here.
const JUDGED: [&str; 7] = ["_include", "_revinclude", "_count", "_sort", "_summary", "_elements", "_total"];

/// Those that say how the answer is written, which other checks look at.
const WRITTEN: [&str; 5] = ["_format", "_pretty", "_contained", "_containedType", "_offset"];

/// Whether a parameter shapes a result, and does not choose its records.
pub(super) fn shapes(name: &str) -> bool {
    JUDGED.contains(&name) || WRITTEN.contains(&name)
}

/// Checks the result against those of the parameters that were sent, as far as they are wanted.
#[must_use]
pub fn shape(wanted: &SearchMatch, answer: &Answer, judge: &Judge<'_>) -> Vec<CheckResult> {
    let sent = |name: &str| -> Vec<&str> {
        let of_name = judge.parameters.iter().filter(|(sent, _)| Parameter::name_of(sent) == name);
        of_name.map(|(_, value)| value.as_str()).collect()
    };
    let mut results = Vec::new();
    for name in JUDGED.into_iter().filter(|name| wanted.includes(name)) {
        let values = sent(name);
        let Some(last) = values.last() else { continue };
        match name {
            "_count" => results.push(page_size::check(last, answer)),
            "_sort" => results.push(sort::check(&values.join(","), answer, judge)),
            "_summary" => results.extend(subset::summary(last, answer, judge)),
            "_elements" => results.push(subset::elements(&values.join(","), answer, judge)),
            "_total" => results.extend(total::check(last, answer)),
            _ => {}
        }
    }
    let includes = ["_include", "_revinclude"].into_iter().any(|name| wanted.includes(name));
    results.extend(includes.then(|| include::check(answer, judge)).flatten());
    results
}

/// Whether only the number of matches was asked for, so that there is no entry to judge.
#[must_use]
pub fn only_counts(judge: &Judge<'_>) -> bool {
    let asks = |(name, value): &(String, String)| {
        matches!((Parameter::name_of(name), value.as_str()), ("_summary", "count") | ("_count", "0"))
    };
    judge.parameters.iter().any(asks)
}
