//! Quantities: a number with a calendar duration or a UCUM unit (FHIRPath 2.0.0, section 4.1.8).

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};

use rust_decimal::Decimal;

use super::number;
use crate::ucum;

/// A number with its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// The number, its digits kept.
    pub value: Decimal,
    /// What it counts.
    pub unit: Unit,
}

/// The unit of a quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// A calendar duration, written as a word.
    Calendar(CalendarUnit),
    /// A UCUM code, written as a string; `1` where there is no unit.
    Ucum(Box<str>),
}

/// The calendar durations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is its own name")]
pub enum CalendarUnit {
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
}

const CALENDAR: [(CalendarUnit, &str, &str, &str); 8] = [
    (CalendarUnit::Year, "year", "years", "a"),
    (CalendarUnit::Month, "month", "months", "mo"),
    (CalendarUnit::Week, "week", "weeks", "wk"),
    (CalendarUnit::Day, "day", "days", "d"),
    (CalendarUnit::Hour, "hour", "hours", "h"),
    (CalendarUnit::Minute, "minute", "minutes", "min"),
    (CalendarUnit::Second, "second", "seconds", "s"),
    (CalendarUnit::Millisecond, "millisecond", "milliseconds", "ms"),
];

impl CalendarUnit {
    /// The unit of a word, singular or plural.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        CALENDAR.iter().find(|row| row.1 == word || row.2 == word).map(|row| row.0)
    }

    /// The unit that FHIR's time-valued quantities mean by a UCUM code.
    #[must_use]
    pub fn of_ucum(code: &str) -> Option<Self> {
        CALENDAR.iter().find(|row| row.3 == code).map(|row| row.0)
    }

    /// The UCUM code that is the same duration, or the nearest to it for years and months.
    #[must_use]
    pub fn ucum(self) -> &'static str {
        CALENDAR.iter().find(|row| row.0 == self).map_or("1", |row| row.3)
    }

    /// Years and months have no fixed length; UCUM's do.
    fn is_definite(self) -> bool {
        !matches!(self, Self::Year | Self::Month)
    }
}

impl Display for CalendarUnit {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let word = CALENDAR.iter().find(|row| row.0 == *self).map_or("", |row| row.1);
        formatter.write_str(word)
    }
}

impl Unit {
    /// The unit of a quoted text; a calendar word stays one in quotes.
    #[must_use]
    pub fn ucum(code: &str) -> Self {
        CalendarUnit::of(code).map_or_else(|| Self::Ucum(code.into()), Self::Calendar)
    }

    /// No unit at all.
    #[must_use]
    pub fn one() -> Self {
        Self::Ucum("1".into())
    }

    /// The code to convert with, `None` for a calendar duration that has no fixed length.
    fn definite(&self) -> Option<&str> {
        match self {
            Self::Calendar(unit) => unit.is_definite().then(|| unit.ucum()),
            Self::Ucum(code) => Some(code),
        }
    }

    /// The code to convert with where an approximation will do.
    fn nearest(&self) -> &str {
        match self {
            Self::Calendar(unit) => unit.ucum(),
            Self::Ucum(code) => code,
        }
    }
}

impl Display for Unit {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Calendar(unit) => write!(formatter, "{unit}"),
            Self::Ucum(code) => write!(formatter, "'{}'", code.replace('\\', "\\\\").replace('\'', "\\'")),
        }
    }
}

impl Display for Quantity {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.value, self.unit)
    }
}

impl Quantity {
    /// Reads what `toQuantity()` reads: a number, then nothing, a calendar word or a quoted unit.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let end = text
            .char_indices()
            .find(|(at, c)| !(c.is_ascii_digit() || *c == '.' || (*at == 0 && matches!(c, '+' | '-'))))
            .map_or(text.len(), |(at, _)| at);
        let (digits, rest) = text.split_at(end);
        let value = number::parse(digits)?;
        let unit = rest.trim_start();
        if unit.is_empty() {
            return rest.is_empty().then(|| Self { value, unit: Unit::one() });
        }
        let quoted = unit.strip_prefix('\'').and_then(|unit| unit.strip_suffix('\''));
        let unit = match quoted {
            Some(code) if !code.is_empty() => Unit::ucum(code),
            Some(_) => return None,
            None => Unit::Calendar(CalendarUnit::of(unit)?),
        };
        Some(Self { value, unit })
    }

    /// The order; `None` where the units cannot be compared, or a calendar duration with no fixed
    /// length meets one that has (sections 6.1.1 and 6.2).
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        if self.unit == other.unit {
            return Some(self.value.cmp(&other.value));
        }
        if let (Unit::Calendar(one), Unit::Calendar(two)) = (&self.unit, &other.unit) {
            let months = |unit: CalendarUnit| match unit {
                CalendarUnit::Year => Some(Decimal::from(12)),
                CalendarUnit::Month => Some(Decimal::ONE),
                _ => None,
            };
            if let (Some(one), Some(two)) = (months(*one), months(*two)) {
                let months = self.value.checked_mul(one)?;
                return Some(months.cmp(&other.value.checked_mul(two)?));
            }
        }
        self.compare_codes(self.unit.definite()?, other, other.unit.definite()?)
    }

    /// Equal, where a year may be UCUM's year and a month its month (section 6.1.2).
    #[must_use]
    pub fn equivalent(&self, other: &Self) -> bool {
        let (own, its) = (self.unit.nearest(), other.unit.nearest());
        let finer = match ucum::compare(Decimal::ONE, own, Decimal::ONE, its) {
            _ if own == its => own,
            Some(Ordering::Greater) => its,
            Some(_) => own,
            None => return false,
        };
        let values = ucum::convert(self.value, own, finer).zip(ucum::convert(other.value, its, finer));
        values.is_some_and(|(one, other)| number::equivalent(one, other))
    }

    /// Whether both units measure the same dimension.
    #[must_use]
    pub fn comparable(&self, other: &Self) -> bool {
        ucum::commensurable(self.unit.nearest(), other.unit.nearest())
    }

    fn compare_codes(&self, code: &str, other: &Self, other_code: &str) -> Option<Ordering> {
        if code == other_code {
            return Some(self.value.cmp(&other.value));
        }
        ucum::compare(self.value, code, other.value, other_code)
    }

    /// The same amount in another unit, where both measure the same thing.
    pub(super) fn in_unit(&self, unit: &Unit) -> Option<Self> {
        if self.unit == *unit {
            return Some(self.clone());
        }
        let value = ucum::convert(self.value, self.unit.definite()?, unit.definite()?)?;
        Some(Self { value, unit: unit.clone() })
    }

    /// The product, in the units of both.
    pub(super) fn times(&self, other: &Self) -> Option<Self> {
        let (value, code) =
            ucum::multiply(self.value, self.unit.nearest(), other.value, other.unit.nearest())?;
        Some(Self { value, unit: Unit::Ucum(code.into()) })
    }

    /// The quotient; `None` also where the divisor is nought.
    pub(super) fn divided_by(&self, other: &Self) -> Option<Self> {
        let (value, code) = ucum::divide(self.value, self.unit.nearest(), other.value, other.unit.nearest())?;
        Some(Self { value, unit: Unit::Ucum(code.into()) })
    }

    /// The sum, in the more granular of both units; `None` where they cannot be compared.
    pub(super) fn plus(&self, other: &Self) -> Option<Self> {
        let one_of_own = Self { value: Decimal::ONE, unit: self.unit.clone() };
        let one_of_other = Self { value: Decimal::ONE, unit: other.unit.clone() };
        let finer = if one_of_own.compare(&one_of_other)?.is_le() { &self.unit } else { &other.unit };
        let value = self.in_unit(finer)?.value.checked_add(other.in_unit(finer)?.value)?;
        Some(Self { value, unit: finer.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(text: &str) -> Quantity {
        Quantity::parse(text).unwrap()
    }

    #[test]
    fn reads_calendar_words_bare_and_codes_quoted() {
        for text in ["1.50 'mg'", "4 day", "-3 'cm'"] {
            assert_eq!(quantity(text).to_string(), text);
        }
        assert_eq!(quantity("2").unit, Unit::one());
        for text in ["", "x", "1 wk", "1.a", "1 ''", "1 'mg", "1. 'mg'", "1 "] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }

    #[test]
    fn calendar_and_ucum_meet_where_lengths_are_fixed() {
        for (one, other, order) in [
            ("7 days", "1 week", Some(Ordering::Equal)),
            ("7 days", "1 'wk'", Some(Ordering::Equal)),
            ("1 year", "12 months", Some(Ordering::Equal)),
            ("1 year", "1 'a'", None),
            ("1 year", "365 days", None),
            ("90 minutes", "1 'h'", Some(Ordering::Greater)),
        ] {
            assert_eq!(quantity(one).compare(&quantity(other)), order, "{one} {other}");
        }
        for (one, other, equivalent) in [
            ("1 year", "1 'a'", true),
            ("1 'g'", "1000.4 'mg'", true),
            ("1 'g'", "1001 'mg'", false),
            ("1 'g'", "1 'm'", false),
            ("1 'made-up'", "1.0 'made-up'", true),
        ] {
            assert_eq!(quantity(one).equivalent(&quantity(other)), equivalent, "{one} {other}");
        }
    }
}
