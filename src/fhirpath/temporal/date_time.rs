//! A date, perhaps with a time, perhaps with an offset from UTC.

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};

use jiff::civil;

use super::{Date, Time, compare_components, two_digits};

/// A moment as precise as it was written: `2015T` at the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTime {
    /// The date; full where there is a time.
    pub date: Date,
    /// The time of day.
    pub time: Option<Time>,
    /// The offset; only with a time.
    pub offset: Option<Offset>,
}

/// An offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Offset {
    /// Written `Z`.
    Utc,
    /// Written `+hh:mm` or `-hh:mm`, in minutes east of Greenwich.
    Minutes(i16),
}

impl Offset {
    /// Minutes east of Greenwich.
    #[must_use]
    pub fn minutes(self) -> i16 {
        match self {
            Self::Utc => 0,
            Self::Minutes(minutes) => minutes,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        if text == "Z" {
            return Some(Self::Utc);
        }
        let (sign, text) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+')?),
        };
        let (hours, rest) = two_digits(text, 14)?;
        let (minutes, rest) = two_digits(rest.strip_prefix(':')?, 59)?;
        rest.is_empty().then(|| Self::Minutes(sign * (i16::from(hours) * 60 + i16::from(minutes))))
    }
}

impl From<Date> for DateTime {
    fn from(date: Date) -> Self {
        Self { date, time: None, offset: None }
    }
}

impl DateTime {
    /// Reads a date with or without a time; a `T` without a time after it is accepted.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let Some((date, rest)) = text.split_once('T') else {
            return Date::parse(text).map(Self::from);
        };
        let date = Date::parse(date)?;
        if rest.is_empty() {
            return Some(date.into());
        }
        date.day?;
        let zone = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
        let time = Some(Time::parse(&rest[..zone])?);
        let offset = if zone < rest.len() { Some(Offset::parse(&rest[zone..])?) } else { None };
        Some(Self { date, time, offset })
    }

    /// The order, or `None` where the precisions leave it open.
    ///
    /// Where both have an offset, they are compared in UTC; where only one of two times has, the
    /// other is a local time of an unknown place, which decides only what is farther apart than any
    /// two places are.
    #[must_use]
    pub fn compare(self, other: Self) -> Option<Ordering> {
        let (Some(_), Some(_)) = (self.time, other.time) else {
            return compare_components(self.components(), other.components());
        };
        match (self.offset, other.offset) {
            (Some(one), Some(two)) if one.minutes() == two.minutes() => {
                compare_components(self.components(), other.components())
            }
            (None, None) => compare_components(self.components(), other.components()),
            (Some(_), Some(_)) => {
                compare_components(self.in_utc()?.components(), other.in_utc()?.components())
            }
            (Some(_), None) => {
                let earliest = self.compare(Self { offset: Some(Offset::Minutes(14 * 60)), ..other })?;
                let latest = self.compare(Self { offset: Some(Offset::Minutes(-12 * 60)), ..other })?;
                (earliest == latest).then_some(earliest)
            }
            (None, Some(_)) => other.compare(self).map(Ordering::reverse),
        }
    }

    fn components(self) -> [Option<u64>; 6] {
        let [year, month, day] = self.date.components();
        let [hour, minute, second] = self.time.map_or([None; 3], Time::components);
        [year, month, day, hour, minute, second]
    }

    /// The same moment in UTC, with the same precision.
    fn in_utc(self) -> Option<Self> {
        let (offset, time) = (self.offset?.minutes(), self.time?);
        let local = civil_of(self.date, time)?;
        let moved = local.checked_sub(jiff::Span::new().minutes(i64::from(offset))).ok()?;
        // an offset of half an hour makes even an hour's minutes known
        let minute = time.minute.or((offset % 60 != 0).then_some(0));
        let date = Date {
            year: u16::try_from(moved.year()).ok()?,
            month: u8::try_from(moved.month()).ok(),
            day: u8::try_from(moved.day()).ok(),
        };
        let hour = u8::try_from(moved.hour()).ok()?;
        let minute = minute.and_then(|_| u8::try_from(moved.minute()).ok());
        Some(Self { date, time: Some(Time { hour, minute, ..time }), offset: Some(Offset::Utc) })
    }
}

/// The moment on jiff's calendar, the missing parts at their lowest. A leap second counts as the
/// one before it.
pub(super) fn civil_of(date: Date, time: Time) -> Option<civil::DateTime> {
    let part = |value: Option<u8>, lowest: i8| i8::try_from(value?).ok().or(Some(lowest));
    let year = i16::try_from(date.year).ok()?;
    let (month, day) = (part(date.month, 1).unwrap_or(1), part(date.day, 1).unwrap_or(1));
    let (hour, minute) = (i8::try_from(time.hour).ok()?, part(time.minute, 0).unwrap_or(0));
    let second = part(time.second, 0).unwrap_or(0).min(59);
    let nanosecond = i32::try_from(time.nanosecond).ok()?;
    civil::DateTime::new(year, month, day, hour, minute, second, nanosecond).ok()
}

impl Display for Offset {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let Self::Minutes(minutes) = self else { return formatter.write_str("Z") };
        let sign = if *minutes < 0 { '-' } else { '+' };
        write!(formatter, "{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
    }
}

impl Display for DateTime {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.date)?;
        if let Some(time) = self.time {
            write!(formatter, "T{time}")?;
        }
        self.offset.map_or(Ok(()), |offset| write!(formatter, "{offset}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> DateTime {
        DateTime::parse(text).unwrap()
    }

    #[test]
    fn reads_and_prints_every_precision() {
        for text in ["2015", "2015-02-04T14", "2015-02-04T14:34:28.123+10:00", "2015-02-04T14:34:28Z"] {
            assert_eq!(moment(text).to_string(), text);
        }
        for text in ["2015-02T10:00", "2015-02-04T14:34Q", "2015-02-04T14:34+15:00", "T10"] {
            assert_eq!(DateTime::parse(text), None, "{text}");
        }
    }

    #[test]
    fn offsets_are_taken_into_account() {
        for (one, other, expected) in [
            ("2017-11-05T01:30:00-04:00", "2017-11-05T00:30:00-05:00", Some(Ordering::Equal)),
            ("2017-01-01T00:30:00+01:00", "2016-12-31T23:30:00Z", Some(Ordering::Equal)),
            ("2017-11-05T01:30:00Z", "2017-11-05T05:30:00", None),
            ("2017-11-05T01:30:00Z", "2017-11-07T05:30:00", Some(Ordering::Less)),
            ("2017-11-07T01:30:00", "2017-11-05T05:30:00Z", Some(Ordering::Greater)),
            ("2017-11-05", "2017-11-05T05:30:00Z", None),
            ("2017-11-05", "2017-11-06T05:30:00Z", Some(Ordering::Less)),
        ] {
            assert_eq!(moment(one).compare(moment(other)), expected, "{one} {other}");
        }
    }
}
