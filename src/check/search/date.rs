//! Date parameters (search.html#date): by precision and prefix.

use jiff::civil;
use jiff::tz::Offset;

use super::Met;
use crate::fhir::Element;

/// A span of time, in seconds; each end may be open. Both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Span {
    start: f64,
    end: f64,
}

/// Whether an element meets one value of a date parameter.
///
/// A date without a time zone can be read in any; a server that reads it in its own is not wrong. So the
/// parameter is met if it is by the clock as written or by universal time.
pub(super) fn meets(element: Element<'_>, wanted: &str) -> Met {
    let (prefix, text) = split_prefix(wanted);
    let mut met = Met::No;
    for zoned in [false, true] {
        let (Some(wanted), Some(found)) = (span(text, zoned), span_of(element, zoned)) else {
            return Met::Unknown;
        };
        match compare(prefix, wanted, found, element.value().is_none()) {
            Some(true) => met = Met::Yes,
            Some(false) => {}
            None => return Met::Unknown,
        }
    }
    met
}

fn split_prefix(text: &str) -> (&str, &str) {
    match text.get(..2) {
        Some(prefix @ ("eq" | "ne" | "gt" | "lt" | "ge" | "le" | "sa" | "eb" | "ap")) => (prefix, &text[2..]),
        _ => ("eq", text),
    }
}

fn compare(prefix: &str, wanted: Span, found: Span, is_period: bool) -> Option<bool> {
    let overlaps = found.start <= wanted.end && found.end >= wanted.start;
    let within = found.start >= wanted.start && found.end <= wanted.end;
    Some(match prefix {
        // For a Period, servers differ between "within" and "overlaps"; the pages use the latter.
        "eq" => within || (is_period && overlaps),
        "ne" => !within,
        "gt" => found.end > wanted.end,
        "lt" => found.start < wanted.start,
        "ge" => found.end >= wanted.start,
        "le" => found.start <= wanted.end,
        "sa" => found.start > wanted.end,
        "eb" => found.end < wanted.start,
        // How near "approximately" is, is the server's to say.
        _ => return None,
    })
}

fn span_of(element: Element<'_>, zoned: bool) -> Option<Span> {
    if let Some(value) = element.value() {
        return span(value, zoned);
    }
    let start =
        element.text("start").map_or(Some(f64::NEG_INFINITY), |text| Some(span(text, zoned)?.start))?;
    let end = element.text("end").map_or(Some(f64::INFINITY), |text| Some(span(text, zoned)?.end))?;
    Some(Span { start, end })
}

/// The span that a partial date covers: a year, a month, a day, a minute or a second.
fn span(text: &str, zoned: bool) -> Option<Span> {
    let (day, time) = text.split_once('T').map_or((text, None), |(day, time)| (day, Some(time)));
    let numbers: Vec<i16> = day.split('-').map(str::parse).collect::<Result<_, _>>().ok()?;
    let part = |index: usize| numbers.get(index).copied();
    let narrow = |number: i16| i8::try_from(number).ok();
    let year = part(0)?;
    let month = part(1).map_or(Some(1), narrow)?;
    let day_of_month = part(2).map_or(Some(1), narrow)?;
    let first = civil::Date::new(year, month, day_of_month).ok()?;
    let Some(time) = time else {
        let next = match numbers.len() {
            1 => civil::Date::new(year.checked_add(1)?, 1, 1).ok()?,
            2 if month == 12 => civil::Date::new(year.checked_add(1)?, 1, 1).ok()?,
            2 => civil::Date::new(year, month + 1, 1).ok()?,
            _ => first.tomorrow().ok()?,
        };
        return Some(Span {
            start: seconds(first.at(0, 0, 0, 0), None)?,
            end: seconds(next.at(0, 0, 0, 0), None)? - 1e-6,
        });
    };
    let zone_at = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone_at);
    let offset = if zoned && !zone.is_empty() { Some(offset(zone)?) } else { None };
    let fields: Vec<&str> = clock.split(':').collect();
    let hour: i8 = fields.first()?.parse().ok()?;
    let minute: i8 = fields.get(1)?.parse().ok()?;
    let (second, width): (f64, f64) = match fields.get(2) {
        Some(text) => (text.parse().ok()?, if text.contains('.') { 0.0 } else { 1.0 - 1e-6 }),
        None => (0.0, 60.0 - 1e-6),
    };
    let start = seconds(first.at(hour.clamp(0, 23), minute.clamp(0, 59), 0, 0), offset)? + second;
    Some(Span { start, end: start + width })
}

fn offset(zone: &str) -> Option<Offset> {
    if zone == "Z" {
        return Some(Offset::UTC);
    }
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    Offset::from_seconds(if zone.starts_with('-') { -seconds } else { seconds }).ok()
}

/// Seconds of the clock, or of universal time where an offset is given.
#[expect(clippy::cast_precision_loss, reason = "seconds of a calendar year fit a double exactly")]
fn seconds(at: civil::DateTime, offset: Option<Offset>) -> Option<f64> {
    let timestamp = offset.unwrap_or(Offset::UTC).to_timestamp(at).ok()?;
    Some(timestamp.as_second() as f64)
}
