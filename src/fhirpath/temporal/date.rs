//! A date that may stop at the year or the month.

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};

use super::{compare_components, digits, two_digits};

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Date {
    /// From 1 to 9999.
    pub year: u16,
    /// From 1 to 12.
    pub month: Option<u8>,
    /// From 1 to 31; only with a month.
    pub day: Option<u8>,
}

impl Date {
    /// Reads a date that exists in the calendar.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, rest) = digits(text, 4)?;
        let mut date = Self { year, month: None, day: None };
        if year == 0 {
            return None;
        }
        if rest.is_empty() {
            return Some(date);
        }
        let (month, rest) = two_digits(rest.strip_prefix('-')?, 12)?;
        if month == 0 {
            return None;
        }
        date.month = Some(month);
        if rest.is_empty() {
            return Some(date);
        }
        let (day, rest) = two_digits(rest.strip_prefix('-')?, 31)?;
        date.day = Some(day);
        let exists = day > 0 && day <= days_in_month(year, month) && rest.is_empty();
        exists.then_some(date)
    }

    pub(super) fn components(self) -> [Option<u64>; 3] {
        [Some(self.year.into()), self.month.map(Into::into), self.day.map(Into::into)]
    }

    /// The order, or `None` where the precisions leave it open.
    #[must_use]
    pub fn compare(self, other: Self) -> Option<Ordering> {
        compare_components(self.components(), other.components())
    }
}

pub(super) fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Display for Date {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}", self.year)?;
        for part in [self.month, self.day].into_iter().flatten() {
            write!(formatter, "-{part:02}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dates_that_exist() {
        for text in ["2015", "2015-02", "2016-02-29", "0001-01-01", "2000-02-29"] {
            assert_eq!(Date::parse(text).unwrap().to_string(), text);
        }
        for text in
            ["", "15", "0000", "2015-13", "2015-00", "2015-02-29", "1900-02-29", "2015-2", "2015-02-01x"]
        {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn precision_decides_only_what_it_can() {
        let order = |one: &str, other: &str| Date::parse(one).unwrap().compare(Date::parse(other).unwrap());
        assert_eq!(order("2015", "2016-05"), Some(Ordering::Less));
        assert_eq!(order("2016", "2016-05"), None);
        assert_eq!(order("2016-05", "2016-05"), Some(Ordering::Equal));
    }
}
