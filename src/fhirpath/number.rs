//! Decimals: reading them, and when two are as good as the same.

use rust_decimal::Decimal;

/// A decimal as FHIR and `toDecimal()` write it: `-1.50`, `1e3`, no bare point.
pub(super) fn parse(text: &str) -> Option<Decimal> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = unsigned.starts_with(|first: char| first.is_ascii_digit())
        && unsigned.ends_with(|last: char| last.is_ascii_digit());
    if !plain || unsigned.contains('_') {
        return None;
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    if text.contains(['e', 'E']) {
        return Decimal::from_scientific(text).ok();
    }
    // digits beyond what a decimal holds are rounded rather than refused
    Decimal::from_str_exact(text).or_else(|_| text.parse()).ok()
}

/// Equal when rounded to the precision of the less precise one; trailing noughts are no precision
/// (section 6.1.2).
pub(super) fn equivalent(one: Decimal, other: Decimal) -> bool {
    let digits = one.normalize().scale().min(other.normalize().scale());
    one.round_dp(digits) == other.round_dp(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_fhir_allows() {
        for (text, expected) in [("-1.50", "-1.50"), ("+2", "2"), ("1e3", "1000"), ("12E-1", "1.2")] {
            assert_eq!(parse(text).unwrap().to_string(), expected);
        }
        for text in ["", ".5", "1.", "1_000", "x", "--1", "1e"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn rounds_to_the_less_precise() {
        let equivalent = |one: &str, other: &str| equivalent(parse(one).unwrap(), parse(other).unwrap());
        assert!(equivalent("0.666", "0.67") && equivalent("1.50", "1.5"));
        assert!(!equivalent("0.666", "0.66") && !equivalent("1", "2"));
    }
}
