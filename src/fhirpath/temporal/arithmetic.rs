//! Adding time-valued quantities to dates and times (FHIRPath 2.0.0, section 6.7).

use jiff::Span;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::date_time::civil_of;
use super::time::NANOSECONDS;
use super::{Date, DateTime, Time};
use crate::fhirpath::quantity::CalendarUnit;

const MIDNIGHT: Time = Time { hour: 0, minute: None, second: None, nanosecond: 0, fraction_digits: 0 };

/// What to add, in the unit of one of the components; `nanosecond` counts for seconds and below.
#[derive(Debug, Clone, Copy)]
enum Amount {
    Months(i64),
    Days(i64),
    Nanoseconds(i64),
}

/// Whole units above the second, exact below (section 6.7.1: the decimal portion is ignored for
/// precisions above seconds). `None` where the number is too large to be meant.
fn amount(value: Decimal, unit: CalendarUnit) -> Option<Amount> {
    let whole = value.trunc().to_i64()?;
    let nanoseconds = |per: u64| (value * Decimal::from(per)).trunc().to_i64();
    Some(match unit {
        CalendarUnit::Year => Amount::Months(whole.checked_mul(12)?),
        CalendarUnit::Month => Amount::Months(whole),
        CalendarUnit::Week => Amount::Days(whole.checked_mul(7)?),
        CalendarUnit::Day => Amount::Days(whole),
        CalendarUnit::Hour => {
            Amount::Nanoseconds(whole.checked_mul(i64::try_from(NANOSECONDS * 3600).ok()?)?)
        }
        CalendarUnit::Minute => {
            Amount::Nanoseconds(whole.checked_mul(i64::try_from(NANOSECONDS * 60).ok()?)?)
        }
        CalendarUnit::Second => Amount::Nanoseconds(nanoseconds(NANOSECONDS)?),
        CalendarUnit::Millisecond => Amount::Nanoseconds(nanoseconds(1_000_000)?),
    })
}

impl Date {
    /// The date moved by the amount, in its own precision; `None` where the calendar ends.
    pub(in crate::fhirpath) fn plus(self, value: Decimal, unit: CalendarUnit) -> Option<Self> {
        DateTime::from(self).plus(value, unit).map(|moved| moved.date)
    }
}

impl DateTime {
    /// The moment moved by the amount, in its own precision; `None` where the calendar ends.
    pub(in crate::fhirpath) fn plus(self, value: Decimal, unit: CalendarUnit) -> Option<Self> {
        let amount = self.in_own_precision(amount(value, unit)?);
        let span = match amount {
            Amount::Months(months) => Span::new().try_months(months).ok()?,
            Amount::Days(days) => Span::new().try_days(days).ok()?,
            Amount::Nanoseconds(nanoseconds) => Span::new().try_nanoseconds(nanoseconds).ok()?,
        };
        let moved = civil_of(self.date, self.time.unwrap_or(MIDNIGHT))?.checked_add(span).ok()?;
        let date = Date {
            year: u16::try_from(moved.year()).ok().filter(|year| *year > 0)?,
            month: self.date.month.and(u8::try_from(moved.month()).ok()),
            day: self.date.day.and(u8::try_from(moved.day()).ok()),
        };
        let time = self.time.map(|time| {
            let nanosecond = u32::try_from(moved.subsec_nanosecond()).unwrap_or(0);
            Time {
                hour: u8::try_from(moved.hour()).unwrap_or(0),
                minute: time.minute.and(u8::try_from(moved.minute()).ok()),
                second: time.second.and(u8::try_from(moved.second()).ok()),
                nanosecond,
                fraction_digits: fraction_digits(nanosecond, time.fraction_digits),
            }
        });
        Some(Self { date, time, offset: self.offset })
    }

    /// Converts an amount that is finer than the moment's precision to that precision, dropping what
    /// is left over: a year is 365 days, a month 30, a day 24 hours.
    fn in_own_precision(self, amount: Amount) -> Amount {
        const SECOND: i64 = 1_000_000_000;
        const DAY: i64 = 86_400 * SECOND;
        let days = match amount {
            Amount::Months(months) => {
                let unit = if self.date.month.is_some() { 1 } else { 12 };
                return Amount::Months(months / unit * unit);
            }
            Amount::Days(days) => days,
            Amount::Nanoseconds(nanoseconds) => {
                let unit = match self.time {
                    Some(Time { second: Some(_), .. }) => 1,
                    Some(Time { minute: Some(_), .. }) => 60 * SECOND,
                    Some(_) => 3600 * SECOND,
                    None => DAY,
                };
                if self.time.is_some() {
                    return Amount::Nanoseconds(nanoseconds / unit * unit);
                }
                nanoseconds / DAY
            }
        };
        match (self.date.month, self.date.day) {
            (Some(_), Some(_)) => Amount::Days(days),
            (Some(_), None) => Amount::Months(days / 30),
            _ => Amount::Months(days / 365 * 12),
        }
    }
}

impl Time {
    /// The time moved by the amount, around the clock; `None` for units longer than hours.
    pub(in crate::fhirpath) fn plus(self, value: Decimal, unit: CalendarUnit) -> Option<Self> {
        let Amount::Nanoseconds(_) = amount(value, unit)? else { return None };
        let any_day = Date { year: 2000, month: Some(1), day: Some(1) };
        DateTime { date: any_day, time: Some(self), offset: None }.plus(value, unit)?.time
    }
}

/// As many digits as were written, or as the fraction now needs: none, milliseconds, or all.
fn fraction_digits(nanosecond: u32, written: u8) -> u8 {
    let needed = match nanosecond {
        0 => 0,
        _ if nanosecond.is_multiple_of(1_000_000) => 3,
        _ => 9,
    };
    written.max(needed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use CalendarUnit::{Day, Hour, Millisecond, Minute, Month, Second, Week, Year};

    fn plus(text: &str, value: &str, unit: CalendarUnit) -> String {
        let value = value.parse().unwrap();
        DateTime::parse(text).unwrap().plus(value, unit).map_or_else(String::new, |moved| moved.to_string())
    }

    #[test]
    fn adds_in_the_precision_of_the_date() {
        for (text, value, unit, expected) in [
            ("2016-02-29", "1", Year, "2017-02-28"),
            ("2014", "24", Month, "2016"),
            ("2014", "23", Month, "2015"),
            ("2014", "400", Day, "2015"),
            ("2014-01", "59", Day, "2014-02"),
            ("2014-01-31", "1", Month, "2014-02-28"),
            ("2014-01-31", "-1", Week, "2014-01-24"),
            ("2014-01-31", "49", Hour, "2014-02-02"),
            ("2014-01-31T10:00", "90", Second, "2014-01-31T10:01"),
            ("2014-01-31T10:00:00", "1.5", Second, "2014-01-31T10:00:01.500"),
            ("2014-12-31T23:59:59.995Z", "10", Millisecond, "2015-01-01T00:00:00.005Z"),
            ("2014-12-31T23:59:59+01:00", "1", Minute, "2015-01-01T00:00:59+01:00"),
            ("2014-01-31", "7.9", Day, "2014-02-07"),
            ("9999-12-31", "1", Day, ""),
            ("0001-01-01", "-1", Day, ""),
            ("2014", "99999999999999999999", Day, ""),
        ] {
            assert_eq!(plus(text, value, unit), expected, "{text} + {value} {unit:?}");
        }
    }

    #[test]
    fn a_time_goes_round_the_clock() {
        let late = Time::parse("23:30").unwrap();
        assert_eq!(late.plus(Decimal::ONE, Hour).unwrap().to_string(), "00:30");
        assert_eq!(late.plus(Decimal::ONE, Day), None);
    }
}
