//! Dates and times as written, each of which is a span: `2018` is a whole year.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{SignedDuration, Span, Timestamp};

use crate::fhir::Element;

/// A span of time, in nanoseconds since 1970; `end` is the first moment after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::supplier) struct Range {
    pub(in crate::supplier) start: i128,
    pub(in crate::supplier) end: i128,
}

impl Range {
    /// Reads a date of any precision or a time, which may lack its seconds. What has no time zone is
    /// taken to be in UTC, so that an answer does not depend on where the supplier runs.
    pub(in crate::supplier) fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
        let (day, mut unit) = calendar(date)?;
        let mut start = day;
        let mut offset = Offset::UTC;
        if let Some(time) = time {
            // A time needs a whole date before it.
            if date.len() != 10 {
                return None;
            }
            let (clock, zone) = time.split_at(time.find(['Z', '+', '-']).unwrap_or(time.len()));
            offset = zone_offset(zone)?;
            let (since_midnight, precision) = clock_time(clock)?;
            start = day.checked_add(since_midnight).ok()?;
            unit = precision;
        }
        let instant = |time: DateTime| offset.to_timestamp(time).ok().map(Timestamp::as_nanosecond);
        let end = start.checked_add(unit).ok().and_then(instant).unwrap_or(i128::MAX);
        Some(Self { start: instant(start)?, end })
    }

    /// The span of a date, time or period in a resource. A period without a start or an end has none.
    pub(super) fn of(element: Element<'_>) -> Option<Self> {
        if let Some(value) = element.value() {
            return Self::parse(value);
        }
        let (start, end) = (element.text("start"), element.text("end"));
        if start.is_none() && end.is_none() {
            return None;
        }
        Some(Self {
            start: start.map_or(Some(i128::MIN), |text| Self::parse(text).map(|range| range.start))?,
            end: end.map_or(Some(i128::MAX), |text| Self::parse(text).map(|range| range.end))?,
        })
    }

    pub(in crate::supplier) fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    pub(super) fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// The first moment of a year, month or day, and how long that is.
fn calendar(text: &str) -> Option<(DateTime, Span)> {
    let parts: Vec<&str> = text.split('-').collect();
    let (year, month, day, unit) = match parts[..] {
        [year] => (year, "01", "01", Span::new().years(1)),
        [year, month] => (year, month, "01", Span::new().months(1)),
        [year, month, day] => (year, month, day, Span::new().days(1)),
        _ => return None,
    };
    let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
    let first = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    // Year 0 is none of FHIR's.
    (year > 0).then_some((first.ok()?.at(0, 0, 0, 0), unit))
}

/// The time since midnight of `hh:mm`, `hh:mm:ss` or `hh:mm:ss.fff`, and its precision.
fn clock_time(text: &str) -> Option<(SignedDuration, Span)> {
    let parts: Vec<&str> = text.split(':').collect();
    let (hours, minutes, seconds) = match parts[..] {
        [hours, minutes] => (hours, minutes, None),
        [hours, minutes, seconds] => (hours, minutes, Some(seconds)),
        _ => return None,
    };
    let minutes = below(hours, 24)? * 60 + below(minutes, 60)?;
    let to_minute = SignedDuration::from_secs(minutes * 60);
    let Some(seconds) = seconds else { return Some((to_minute, Span::new().minutes(1))) };
    let (whole, fraction) =
        seconds.split_once('.').map_or((seconds, None), |(whole, rest)| (whole, Some(rest)));
    let to_second = to_minute + SignedDuration::from_secs(below(whole, 60)?);
    let Some(fraction) = fraction else { return Some((to_second, Span::new().seconds(1))) };
    let places = u32::try_from(fraction.len()).ok().filter(|places| (1..=9).contains(places))?;
    let unit = 10_i64.pow(9 - places);
    let nanoseconds = digits(fraction, fraction.len())? * unit;
    Some((to_second + SignedDuration::from_nanos(nanoseconds), Span::new().nanoseconds(unit)))
}

fn zone_offset(text: &str) -> Option<Offset> {
    let (sign, rest) = match text {
        "" | "Z" => return Some(Offset::UTC),
        _ => match text.split_at(1) {
            ("+", rest) => (1, rest),
            ("-", rest) => (-1, rest),
            _ => return None,
        },
    };
    let (hours, minutes) = rest.split_once(':')?;
    let seconds = sign * (below(hours, 15)? * 60 + below(minutes, 60)?) * 60;
    Offset::from_seconds(i32::try_from(seconds).ok()?).ok()
}

fn below(text: &str, limit: i64) -> Option<i64> {
    digits(text, 2).filter(|value| *value < limit)
}

fn digits(text: &str, width: usize) -> Option<i64> {
    let plain = text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> i128 {
        let range = Range::parse(text).unwrap();
        (range.end - range.start) / 1_000_000_000
    }

    #[test]
    fn precision_is_the_length_of_the_span() {
        assert_eq!(seconds("2019"), 365 * 86_400);
        assert_eq!(seconds("2020-02"), 29 * 86_400);
        assert_eq!(seconds("2019-05-31"), 86_400);
        assert_eq!(seconds("2019-05-31T10:00"), 60);
        assert_eq!(seconds("2019-05-31T10:00:00Z"), 1);
        let range = Range::parse("2019-05-31T10:00:00.250Z").unwrap();
        assert_eq!(range.end - range.start, 1_000_000);
    }

    #[test]
    fn time_zones_are_honoured() {
        assert_eq!(Range::parse("2019-05-31T10:00:00+01:00"), Range::parse("2019-05-31T09:00:00Z"));
        assert_eq!(Range::parse("2019-05-31T10:00:00-00:30"), Range::parse("2019-05-31T10:30:00Z"));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "notadate",
            "19",
            "0000",
            "2019-13",
            "2019-02-30",
            "2019-5-1",
            "2019-05T10:00",
            "2019-05-31T",
            "2019-05-31T25:00",
            "2019-05-31T10",
            "2019-05-31T10:00:00.Z",
            "2019-05-31T10:00 01:00",
            "2019-05-31T10:00+1",
            "31/05/2019",
            "2019-05-31T10:00:00é",
        ] {
            assert_eq!(Range::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_end_of_time_does_not_overflow() {
        assert!(Range::parse("9999").is_some());
        assert!(Range::parse("9999-12-31T23:59:59-14:00").is_none_or(|range| range.start < range.end));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "[0-9TZ:+. -]{0,30}") {
            let _ = Range::parse(&text);
        }
    }
}
