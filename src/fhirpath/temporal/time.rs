//! A time of day that may stop at the hour or the minute.

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};

use super::{compare_components, two_digits};

/// `hh`, `hh:mm`, `hh:mm:ss` or `hh:mm:ss.fff`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Time {
    /// From 0 to 23.
    pub hour: u8,
    /// From 0 to 59.
    pub minute: Option<u8>,
    /// From 0 to 59 (60 for a leap second); only with minutes.
    pub second: Option<u8>,
    /// The fraction of the second in nanoseconds.
    pub nanosecond: u32,
    /// How many digits the fraction was written with.
    pub fraction_digits: u8,
}

pub(super) const NANOSECONDS: u64 = 1_000_000_000;

impl Time {
    /// Reads a time without an offset. Digits beyond nanoseconds are refused.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (hour, rest) = two_digits(text, 23)?;
        let mut time = Self { hour, minute: None, second: None, nanosecond: 0, fraction_digits: 0 };
        if rest.is_empty() {
            return Some(time);
        }
        let (minute, rest) = two_digits(rest.strip_prefix(':')?, 59)?;
        time.minute = Some(minute);
        if rest.is_empty() {
            return Some(time);
        }
        let (second, rest) = two_digits(rest.strip_prefix(':')?, 60)?;
        time.second = Some(second);
        if rest.is_empty() {
            return Some(time);
        }
        let fraction = rest.strip_prefix('.')?;
        let plain = (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
        if !plain {
            return None;
        }
        time.fraction_digits = u8::try_from(fraction.len()).ok()?;
        time.nanosecond = format!("{fraction:0<9}").parse().ok()?;
        Some(time)
    }

    /// Hour, minute, and second with its fraction, which count as one (section 6.2).
    pub(super) fn components(self) -> [Option<u64>; 3] {
        let seconds = self.second.map(|second| u64::from(second) * NANOSECONDS + u64::from(self.nanosecond));
        [Some(self.hour.into()), self.minute.map(Into::into), seconds]
    }

    /// The order, or `None` where the precisions leave it open.
    #[must_use]
    pub fn compare(self, other: Self) -> Option<Ordering> {
        compare_components(self.components(), other.components())
    }
}

impl Display for Time {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02}", self.hour)?;
        for part in [self.minute, self.second].into_iter().flatten() {
            write!(formatter, ":{part:02}")?;
        }
        if self.fraction_digits == 0 {
            return Ok(());
        }
        let fraction = format!("{:09}", self.nanosecond);
        write!(formatter, ".{}", &fraction[..usize::from(self.fraction_digits.min(9))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precision_is_kept() {
        for text in ["14", "14:30", "14:30:05", "14:30:05.1", "14:30:05.100", "23:59:60"] {
            assert_eq!(Time::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "24", "14:", "14:60", "14:30:61", "14:30:05.", "14:30Z", "1:30"] {
            assert_eq!(Time::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_fraction_of_nothing_is_no_difference() {
        let order = |one: &str, other: &str| Time::parse(one).unwrap().compare(Time::parse(other).unwrap());
        assert_eq!(order("10:30:00", "10:30:00.0"), Some(Ordering::Equal));
        assert_eq!(order("10:30", "10:30:00"), None);
        assert_eq!(order("10:30", "10:31:00"), Some(Ordering::Less));
    }
}
