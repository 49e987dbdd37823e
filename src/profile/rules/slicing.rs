//! Slices: which values belong to which, how many there may be, and in which order
//! (ElementDefinition.slicing).
//!
//! <https://hl7.org/fhir/STU3/profiling.html#slicing>

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity, SliceRules, Slicing};

/// A value belongs to no slice of a closed list.
pub const CLOSED: Code = Code {
    name: "slice-closed",
    title: "A value is none of those that the profile lists",
    what: "Where a profile closes a list, every value is one of the kinds that it names.",
    why: "The profile promises readers that nothing else comes.",
    example: "A list closed to one SNOMED CT coding.\n  wrong:  a second coding of another system",
    specification: "https://hl7.org/fhir/STU3/profiling.html#slicing",
};

/// Values stand in another order than the profile gives.
pub const ORDER: Code = Code {
    name: "slice-order",
    title: "Values stand in another order than the profile gives",
    what: "Where a profile orders its list, the values come in that order; where it is open at the end, values \
        that it does not name come last.",
    why: "Some readers take the first value. Most servers do not order, so this is a warning where the list is \
        merely open at the end.",
    example: "Care Connect's identifiers are open at the end: the NHS number before local numbers.",
    specification: "https://hl7.org/fhir/STU3/profiling.html#slicing",
};

/// Which slice a value belongs to cannot be told.
pub const NOT_CHECKED: Code = Code {
    name: "profile-defect",
    title: "The profile itself is at fault, and part of it was not checked",
    what: "A profile names how to tell the kinds of a list apart. Where it gives no value to go by, the kinds \
        cannot be told apart, and their rules were not applied.",
    why: "The defect is the publisher's. It is not held against the supplier.",
    example: "Care Connect AllergyIntolerance tells codings apart by system but gives no system for its SNOMED CT \
        slice.",
    specification: "https://hl7.org/fhir/STU3/profiling.html#discriminator",
};

/// Checks that no value of a closed list is left over; `slices` holds, for each value, the number of its slice, and
/// `unsure` tells whether one that is of none may be of one all the same.
#[must_use]
pub fn check_closed<'t>(
    slicing: &Slicing,
    values: &[Element<'t>],
    slices: &[Option<usize>],
    unsure: impl Fn(Element<'t>) -> bool,
) -> Vec<Issue> {
    if slicing.rules != SliceRules::Closed {
        return Vec::new();
    }
    let left = values.iter().zip(slices).filter(|(_, slice)| slice.is_none());
    let issue = |(value, _): (&Element<'t>, _)| {
        let (severity, is) =
            if unsure(*value) { (Severity::Undecided, "may be none") } else { (Severity::Error, "is none") };
        let message = format!("`{}` {is} of the kinds that the profile lists", value.name());
        Issue::at(*value, &CLOSED, severity, message).compared(names(slicing), super::super::describe(*value))
    };
    left.map(issue).collect()
}

fn names(slicing: &Slicing) -> String {
    slicing.slices.iter().map(|slice| slice.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// Checks the order of values; `slices` holds, for each value, the number of its slice.
#[must_use]
pub fn check_order(slicing: &Slicing, values: &[Element<'_>], slices: &[Option<usize>]) -> Vec<Issue> {
    let mut issues = Vec::new();
    if slicing.ordered {
        let mut last = 0;
        for (value, slice) in values.iter().zip(slices) {
            let Some(slice) = *slice else { continue };
            if slice < last {
                let message = format!("`{}` stands after a kind that should come later", value.name());
                issues.push(
                    Issue::at(*value, &ORDER, Severity::Error, message)
                        .compared(names(slicing), slicing.slices[slice].name.clone()),
                );
            }
            last = last.max(slice);
        }
    }
    if slicing.rules == SliceRules::OpenAtEnd
        && let Some(last_sliced) = slices.iter().rposition(Option::is_some)
    {
        for (value, _) in values.iter().zip(slices).take(last_sliced).filter(|(_, slice)| slice.is_none()) {
            let message = format!(
                "`{}` is of no kind that the profile lists and should come after those that are",
                value.name()
            );
            issues.push(Issue::at(*value, &ORDER, Severity::Warning, message));
        }
    }
    issues
}
