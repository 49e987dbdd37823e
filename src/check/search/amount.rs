//! Amounts: a number with the precision that it was written in, compared with one that may be a range.

use rust_decimal::Decimal;

use super::met::Met;
use super::prefix::Prefix;

/// A number as it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) value: Decimal,
    /// Half of the last digit that was written: `5.40` means from 5.395 up to 5.405.
    pub(super) half: Decimal,
    /// Whether it was written with an exponent: what precision it then means, is not agreed.
    pub(super) has_exponent: bool,
}

impl Sent {
    /// Reads a number; `None` if it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let value = decimal(text)?;
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let decimals = mantissa.split_once('.').map_or(0, |(_, digits)| digits.len());
        let place = exponent.checked_sub(i32::try_from(decimals).ok()?)?;
        let half = Decimal::from_scientific(&format!("5e{}", place.checked_sub(1)?)).ok()?;
        Some(Self { value, half, has_exponent: text.contains(['e', 'E']) })
    }
}

/// A decimal as FHIR writes it.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    let is_number = text.starts_with(|first: char| first.is_ascii_digit() || first == '-' || first == '+')
        && text.ends_with(|last: char| last.is_ascii_digit());
    if !is_number || text.contains('_') {
        return None;
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    if text.contains(['e', 'E']) { Decimal::from_scientific(text).ok() } else { text.parse().ok() }
}

/// What a resource has: a number, or a range of which an end may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) low: Option<Decimal>,
    pub(super) high: Option<Decimal>,
}

impl Amount {
    pub(super) fn exactly(value: Decimal) -> Self {
        Self { low: Some(value), high: Some(value) }
    }

    /// Whether it meets a number with a prefix. Equality goes by precision, order by the exact number.
    pub(super) fn meets(self, prefix: Prefix, sent: Sent) -> Met {
        let above = self.high.is_none_or(|high| high > sent.value);
        let below = self.low.is_none_or(|low| low < sent.value);
        match prefix {
            Prefix::Equal => self.equals(sent),
            Prefix::NotEqual => self.equals(sent).opposite(),
            Prefix::Greater => Met::from(above),
            Prefix::Less => Met::from(below),
            Prefix::GreaterOrEqual => Met::from(above || self.high == Some(sent.value)),
            Prefix::LessOrEqual => Met::from(below || self.low == Some(sent.value)),
            Prefix::StartsAfter => Met::from(self.low.is_some_and(|low| low > sent.value)),
            Prefix::EndsBefore => Met::from(self.high.is_some_and(|high| high < sent.value)),
            Prefix::Approximately => {
                let tenth = sent.value.abs() / Decimal::TEN;
                if self.lies_within(sent.value.saturating_sub(tenth), sent.value.saturating_add(tenth)) {
                    return Met::Yes;
                }
                Met::unknown("how near is approximately, is the server's to say")
            }
        }
    }

    fn equals(self, sent: Sent) -> Met {
        let within = |half: Decimal| {
            let upper = self.high.is_some_and(|high| high < sent.value.saturating_add(half));
            upper && self.low.is_some_and(|low| low >= sent.value.saturating_sub(half))
        };
        if self == Self::exactly(sent.value) {
            return Met::Yes;
        }
        if sent.has_exponent {
            return match (within(sent.half / Decimal::TEN), within(sent.half)) {
                (true, _) => Met::Yes,
                (false, true) => Met::unknown("what precision a number with an exponent has, is not agreed"),
                (false, false) => Met::No,
            };
        }
        Met::from(within(sent.half))
    }

    fn lies_within(self, low: Decimal, high: Decimal) -> bool {
        self.low.is_some_and(|own| own >= low) && self.high.is_some_and(|own| own <= high)
    }
}
