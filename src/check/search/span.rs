//! The span of time that a date covers: `2018-05` is a month.

use jiff::civil;

use crate::fhirpath::DateTime;

/// A span of time in nanoseconds; each end may be open. Both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: i128,
    pub(super) end: i128,
}

/// How times without a zone are read beside times with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// As on the clock: no zone is looked at.
    Clock,
    /// In the zone so many hours east of Greenwich.
    Zone(i8),
}

/// Whether a text names its time zone.
pub(super) fn has_zone(text: &str) -> bool {
    text.split_once('T').is_some_and(|(_, time)| time.contains(['Z', '+', '-']))
}

impl Span {
    /// All time.
    pub(super) const ALL: Self = Self { start: i128::MIN, end: i128::MAX };

    /// The span of a date, a date with a time, or an instant; `None` if it is none of these.
    pub(super) fn of(text: &str, reading: Reading) -> Option<Self> {
        let moment = DateTime::parse(text)?;
        let date = moment.date;
        let (month, day) = (date.month.unwrap_or(1), date.day.unwrap_or(1));
        let narrow = |number: u8| i8::try_from(number).ok();
        let first = civil::Date::new(i16::try_from(date.year).ok()?, narrow(month)?, narrow(day)?).ok()?;
        let east = match (reading, moment.offset) {
            (Reading::Clock, _) => 0,
            (Reading::Zone(_), Some(offset)) => i128::from(offset.minutes()) * 60,
            (Reading::Zone(hours), None) => i128::from(hours) * 3600,
        };
        let at = |civil: civil::DateTime| civil.duration_since(EPOCH).as_nanos() - east * SECOND;
        let Some(time) = moment.time else {
            let next = match (date.month, date.day) {
                (None, _) => first.year().checked_add(1).and_then(|year| civil::Date::new(year, 1, 1).ok()),
                (Some(_), None) => first.last_of_month().tomorrow().ok(),
                (Some(_), Some(_)) => first.tomorrow().ok(),
            };
            // Time ends with the year 9999, which is how systems write "for ever".
            let end = next.map_or(i128::MAX, |next| at(next.at(0, 0, 0, 0)) - 1);
            return Some(Self { start: at(first.at(0, 0, 0, 0)), end });
        };
        // A leap second counts as the one before it.
        let second = time.second.unwrap_or(0).min(59);
        let nanosecond = i32::try_from(time.nanosecond).ok()?;
        let clock =
            first.at(narrow(time.hour)?, narrow(time.minute.unwrap_or(0))?, narrow(second)?, nanosecond);
        let width: i128 = match (time.minute, time.second, time.fraction_digits) {
            (None, ..) => 3600 * SECOND,
            (Some(_), None, _) => 60 * SECOND,
            (_, Some(_), digits) => SECOND / 10_i128.pow(digits.min(9).into()),
        };
        let start = at(clock);
        Some(Self { start, end: start + width - 1 })
    }
}

const SECOND: i128 = 1_000_000_000;
const EPOCH: civil::DateTime = civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
