//! The earliest and latest moments that a partial date or time can mean.

use super::date::days_in_month;
use super::{Date, DateTime, Offset, Time};

/// Which end of the interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::fhirpath) enum Bound {
    Low,
    High,
}

impl Bound {
    fn pick<T>(self, low: T, high: T) -> T {
        match self {
            Self::Low => low,
            Self::High => high,
        }
    }
}

impl Date {
    /// How many digits it is written with: 4, 6 or 8.
    pub(in crate::fhirpath) fn precision(self) -> i32 {
        4 + 2 * i32::from(self.month.is_some()) + 2 * i32::from(self.day.is_some())
    }

    /// The bound written with as many digits, or `None` where no date has that many.
    pub(in crate::fhirpath) fn bound(self, bound: Bound, precision: i32) -> Option<Self> {
        let month = self.month.unwrap_or(bound.pick(1, 12));
        let day = self.day.unwrap_or(bound.pick(1, days_in_month(self.year, month)));
        match precision {
            4 => Some(Self { month: None, day: None, ..self }),
            6 => Some(Self { month: Some(month), day: None, ..self }),
            8 => Some(Self { month: Some(month), day: Some(day), ..self }),
            _ => None,
        }
    }
}

impl Time {
    /// How many digits it is written with: 2, 4, 6 or 9.
    pub(in crate::fhirpath) fn precision(self) -> i32 {
        match (self.minute, self.second) {
            (None, _) => 2,
            (_, None) => 4,
            _ if self.fraction_digits == 0 => 6,
            _ => 9,
        }
    }

    /// The bound written with as many digits, or `None` where no time has that many.
    pub(in crate::fhirpath) fn bound(self, bound: Bound, precision: i32) -> Option<Self> {
        let minute = Some(self.minute.unwrap_or(bound.pick(0, 59)));
        let second = Some(self.second.unwrap_or(bound.pick(0, 59)));
        let whole = Self { hour: self.hour, minute, second, nanosecond: 0, fraction_digits: 0 };
        let known = self.fraction_digits > 0;
        let nanosecond = if known { self.nanosecond } else { bound.pick(0, 999_000_000) };
        match precision {
            2 => Some(Self { minute: None, second: None, ..whole }),
            4 => Some(Self { second: None, ..whole }),
            6 => Some(whole),
            9 => Some(Self { nanosecond, fraction_digits: 3, ..whole }),
            _ => None,
        }
    }
}

impl DateTime {
    /// How many digits it is written with: 4, 6, 8, 10, 12, 14 or 17.
    pub(in crate::fhirpath) fn precision(self) -> i32 {
        self.date.precision() + self.time.map_or(0, Time::precision)
    }

    /// The bound written with as many digits; where the offset is unknown, a time takes that of the
    /// place where the day begins first or ends last.
    pub(in crate::fhirpath) fn bound(self, bound: Bound, precision: i32) -> Option<Self> {
        if precision <= 8 {
            return self.date.bound(bound, precision).map(Self::from);
        }
        let date = self.date.bound(bound, 8)?;
        let edge =
            Time { hour: bound.pick(0, 23), minute: None, second: None, nanosecond: 0, fraction_digits: 0 };
        let time = self.time.unwrap_or(edge).bound(bound, precision - 8)?;
        let offset = self.offset.unwrap_or(Offset::Minutes(bound.pick(14 * 60, -12 * 60)));
        Some(Self { date, time: Some(time), offset: Some(offset) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_fill_what_is_missing() {
        for (text, bound, precision, expected) in [
            ("2016-02", Bound::High, 8, "2016-02-29"),
            ("2016", Bound::Low, 6, "2016-01"),
            ("2016-05-04", Bound::Low, 4, "2016"),
            ("2016-05-04", Bound::High, 17, "2016-05-04T23:59:59.999-12:00"),
            ("2016-05-04T10:30Z", Bound::Low, 17, "2016-05-04T10:30:00.000Z"),
            ("2016-05-04T10", Bound::High, 12, "2016-05-04T10:59-12:00"),
        ] {
            let found = DateTime::parse(text).unwrap().bound(bound, precision).unwrap();
            assert_eq!(found.to_string(), expected);
        }
        assert_eq!(DateTime::parse("2016").unwrap().bound(Bound::Low, 7), None);
    }
}
