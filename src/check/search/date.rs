//! Date parameters (search.html#date): by precision and prefix, on dates, times, Periods and Timings.

use super::held::Held;
use super::met::Met;
use super::prefix::Prefix;
use super::span::{Reading, Span, has_zone};

/// Whether a value meets one value of a date parameter.
///
/// Where one of both names a time zone and the other does not, the server's own zone decides, which is not known.
/// By the clock as written and by universal time it may be met; if it is only so in another zone, it cannot be told.
pub(super) fn meets(held: &Held<'_>, wanted: &str) -> Met {
    let (prefix, text) = Prefix::split(wanted);
    if Span::of(text, Reading::Clock).is_none() {
        return Met::unknown(format!("`{text}` is no date"));
    }
    let Some(texts) = texts(held) else { return Met::unknown("it says nothing of when") };
    if let Some(text) = texts.iter().find(|text| Span::of(text, Reading::Clock).is_none()) {
        return Met::unknown(format!("`{text}` is no date"));
    }
    let holds = |reading: Reading| match (Span::of(text, reading), span_of(held, reading)) {
        (Some(wanted), Some(found)) => compare(prefix, wanted, found, held.value.is_none()),
        _ => Met::unknown("its time cannot be placed"),
    };
    let zoned = texts.iter().filter(|text| has_zone(text)).count() + usize::from(has_zone(text));
    if zoned == 0 {
        return holds(Reading::Clock);
    }
    if zoned == texts.len() + 1 {
        return holds(Reading::Zone(0));
    }
    let told = Met::any([holds(Reading::Clock), holds(Reading::Zone(0))]);
    if told == Met::No && (-12..=14).any(|hours| holds(Reading::Zone(hours)) != Met::No) {
        return Met::unknown("one of both has no time zone, and the answer depends on the server's");
    }
    told
}

fn compare(prefix: Prefix, wanted: Span, found: Span, is_period: bool) -> Met {
    let overlaps = found.start <= wanted.end && found.end >= wanted.start;
    let within = found.start >= wanted.start && found.end <= wanted.end;
    match prefix {
        // Of a Period the specification asks that it lies within; many servers take one that overlaps.
        Prefix::Equal => Met::from(within || (is_period && overlaps)),
        Prefix::NotEqual => Met::from(!within),
        Prefix::Greater => Met::from(found.end > wanted.end),
        Prefix::Less => Met::from(found.start < wanted.start),
        Prefix::GreaterOrEqual => Met::from(found.end >= wanted.start),
        Prefix::LessOrEqual => Met::from(found.start <= wanted.end),
        Prefix::StartsAfter => Met::from(found.start > wanted.end),
        Prefix::EndsBefore => Met::from(found.end < wanted.start),
        Prefix::Approximately if overlaps => Met::Yes,
        Prefix::Approximately => Met::unknown("how near is approximately, is the server's to say"),
    }
}

/// The dates that a value is made of; `None` where it has none.
fn texts(held: &Held<'_>) -> Option<Vec<String>> {
    if let Some(value) = &held.value {
        return Some(vec![value.to_string()]);
    }
    let events = held.children("event").filter_map(|event| event.value().map(str::to_owned));
    let bounds = held.children("repeat").filter_map(|repeat| repeat.child("boundsPeriod"));
    let period = held.element.into_iter().chain(bounds);
    let ends = period.flat_map(|period| ["start", "end"].map(|name| period.text(name).map(str::to_owned)));
    let texts: Vec<String> = events.chain(ends.flatten()).collect();
    (!texts.is_empty()).then_some(texts)
}

/// The span of a date, from start to end of a Period, or from the first to the last event of a Timing.
pub(super) fn span_of(held: &Held<'_>, reading: Reading) -> Option<Span> {
    if let Some(value) = &held.value {
        return Span::of(value, reading);
    }
    let events: Vec<Span> =
        held.children("event").filter_map(|event| Span::of(event.value()?, reading)).collect();
    if let (Some(start), Some(end)) =
        (events.iter().map(|event| event.start).min(), events.iter().map(|event| event.end).max())
    {
        return Some(Span { start, end });
    }
    let bounds = held.children("repeat").find_map(|repeat| repeat.child("boundsPeriod"));
    let period = bounds.or(held.element)?;
    let start = match period.text("start") {
        Some(text) => Span::of(text, reading)?.start,
        None => Span::ALL.start,
    };
    let end = match period.text("end") {
        Some(text) => Span::of(text, reading)?.end,
        None => Span::ALL.end,
    };
    Some(Span { start, end })
}
