//! Date, `DateTime` and Time with the precision that they were written in (FHIRPath 2.0.0, section 4.1).

mod arithmetic;
mod boundary;
mod date;
mod date_time;
mod time;

use std::cmp::Ordering;

pub use date::Date;
pub use date_time::{DateTime, Offset};
pub use time::Time;

pub(super) use boundary::Bound;

/// Compares component by component, greatest first. Where one side stops before a difference shows,
/// the answer is unknown (section 6.2).
fn compare_components<const N: usize>(one: [Option<u64>; N], other: [Option<u64>; N]) -> Option<Ordering> {
    for pair in one.into_iter().zip(other) {
        match pair {
            (Some(one), Some(other)) if one == other => {}
            (Some(one), Some(other)) => return Some(one.cmp(&other)),
            (None, None) => return Some(Ordering::Equal),
            _ => return None,
        }
    }
    Some(Ordering::Equal)
}

/// Exactly `width` ASCII digits at the start of `text`, and what follows them.
fn digits(text: &str, width: usize) -> Option<(u16, &str)> {
    let number = text.get(..width)?;
    let all_digits = number.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| number.parse().ok())?.map(|value| (value, &text[width..]))
}

/// Two digits not above `maximum`, and what follows them.
fn two_digits(text: &str, maximum: u8) -> Option<(u8, &str)> {
    let (value, rest) = digits(text, 2)?;
    let value = u8::try_from(value).ok()?;
    (value <= maximum).then_some((value, rest))
}
