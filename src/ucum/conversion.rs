//! Conversion between the units that clinical data uses: a table of units, and products of them.
//!
//! A code is read as factors between `.` and `/`, each a unit of the table with an optional metric
//! prefix and exponent: `mg/dL`, `kg.m/s2`, `mm[Hg]`, `10*9/L`. Codes beyond that are compared as
//! they are written.

use std::cmp::Ordering;

use rust_decimal::Decimal;

/// Exponents of length, mass, time, temperature, charge, angle and amount of substance. UCUM counts
/// moles as a mere number; kept apart, a conversion between them and a count is never a surprise.
type Dimensions = [i8; 7];

const DIMENSION_NAMES: [&str; 7] = ["m", "g", "s", "K", "C", "rad", "mol"];

/// A unit as a multiple of a product of base units. The multiple is a fraction, so that an hour
/// below the line does not make it inexact.
#[derive(Debug, Clone, Copy)]
struct Scale {
    numerator: Decimal,
    denominator: Decimal,
    dimensions: Dimensions,
}

const ONE: Scale = Scale { numerator: Decimal::ONE, denominator: Decimal::ONE, dimensions: NONE };

const NONE: Dimensions = [0; 7];
const LENGTH: Dimensions = [1, 0, 0, 0, 0, 0, 0];
const AREA: Dimensions = [2, 0, 0, 0, 0, 0, 0];
const VOLUME: Dimensions = [3, 0, 0, 0, 0, 0, 0];
const MASS: Dimensions = [0, 1, 0, 0, 0, 0, 0];
const TIME: Dimensions = [0, 0, 1, 0, 0, 0, 0];
const FREQUENCY: Dimensions = [0, 0, -1, 0, 0, 0, 0];
const TEMPERATURE: Dimensions = [0, 0, 0, 1, 0, 0, 0];
const CHARGE: Dimensions = [0, 0, 0, 0, 1, 0, 0];
const ANGLE: Dimensions = [0, 0, 0, 0, 0, 1, 0];
const AMOUNT: Dimensions = [0, 0, 0, 0, 0, 0, 1];
const CATALYSIS: Dimensions = [0, 0, -1, 0, 0, 0, 1];
const FORCE: Dimensions = [1, 1, -2, 0, 0, 0, 0];
const PRESSURE: Dimensions = [-1, 1, -2, 0, 0, 0, 0];
const ENERGY: Dimensions = [2, 1, -2, 0, 0, 0, 0];
const POWER: Dimensions = [2, 1, -3, 0, 0, 0, 0];
const VOLTAGE: Dimensions = [2, 1, -2, 0, -1, 0, 0];
const CURRENT: Dimensions = [0, 0, -1, 0, 1, 0, 0];

/// Code, multiple of the base units (a number or a fraction), dimensions, and whether it takes metric prefixes.
const UNITS: [(&str, &str, Dimensions, bool); 48] = [
    ("1", "1", NONE, false),
    ("%", "0.01", NONE, false),
    ("[ppth]", "0.001", NONE, false),
    ("[ppm]", "0.000001", NONE, false),
    ("mol", "1", AMOUNT, true),
    ("m", "1", LENGTH, true),
    ("[in_i]", "0.0254", LENGTH, false),
    ("[ft_i]", "0.3048", LENGTH, false),
    ("[yd_i]", "0.9144", LENGTH, false),
    ("[mi_i]", "1609.344", LENGTH, false),
    ("[sin_i]", "0.00064516", AREA, false),
    ("[sft_i]", "0.09290304", AREA, false),
    ("l", "0.001", VOLUME, true),
    ("L", "0.001", VOLUME, true),
    ("[foz_us]", "0.0000295735295625", VOLUME, false),
    ("[gal_us]", "0.003785411784", VOLUME, false),
    ("[pt_us]", "0.000473176473", VOLUME, false),
    ("g", "1", MASS, true),
    ("t", "1000000", MASS, true),
    ("[lb_av]", "453.59237", MASS, false),
    ("[oz_av]", "28.349523125", MASS, false),
    ("[gr]", "0.06479891", MASS, false),
    ("s", "1", TIME, true),
    ("min", "60", TIME, false),
    ("h", "3600", TIME, false),
    ("d", "86400", TIME, false),
    ("wk", "604800", TIME, false),
    ("mo", "2629800", TIME, false),
    ("a", "31557600", TIME, false),
    ("Hz", "1", FREQUENCY, true),
    ("Bq", "1", FREQUENCY, true),
    ("kat", "1", CATALYSIS, true),
    ("U", "1/60000000", CATALYSIS, true),
    ("K", "1", TEMPERATURE, true),
    ("C", "1", CHARGE, true),
    ("A", "1", CURRENT, true),
    ("V", "1000", VOLTAGE, true),
    ("rad", "1", ANGLE, true),
    ("deg", "0.0174532925199432957692369077", ANGLE, false),
    ("N", "1000", FORCE, true),
    ("Pa", "1000", PRESSURE, true),
    ("bar", "100000000", PRESSURE, true),
    ("m[Hg]", "133322000", PRESSURE, true),
    ("m[H2O]", "9806650", PRESSURE, true),
    ("J", "1000", ENERGY, true),
    ("cal", "4184", ENERGY, true),
    ("eq", "1", AMOUNT, true),
    ("W", "1000", POWER, true),
];

const PREFIXES: [(&str, i8); 16] = [
    ("da", 1),
    ("Y", 24),
    ("Z", 21),
    ("E", 18),
    ("P", 15),
    ("T", 12),
    ("G", 9),
    ("M", 6),
    ("k", 3),
    ("h", 2),
    ("d", -1),
    ("c", -2),
    ("m", -3),
    ("u", -6),
    ("n", -9),
    ("p", -12),
];

/// Whether both codes measure the same thing.
pub(crate) fn commensurable(one: &str, other: &str) -> bool {
    match (scale(one), scale(other)) {
        (Some(one), Some(other)) => one.dimensions == other.dimensions,
        _ => one == other,
    }
}

/// Whether a code can be converted to others of its dimensions.
pub(crate) fn is_convertible(code: &str) -> bool {
    scale(code).is_some()
}

/// The order of two quantities, `None` where their units measure different things.
pub(crate) fn compare(value: Decimal, code: &str, other: Decimal, other_code: &str) -> Option<Ordering> {
    let (one, two) = pair(code, other_code)?;
    // crosswise, without a division
    let value = value.checked_mul(one.numerator)?.checked_mul(two.denominator)?;
    Some(value.cmp(&other.checked_mul(two.numerator)?.checked_mul(one.denominator)?))
}

/// The value in another unit of the same dimensions.
pub(crate) fn convert(value: Decimal, from: &str, to: &str) -> Option<Decimal> {
    if from == to {
        return Some(value);
    }
    let (from, to) = pair(from, to)?;
    multiplied(value, times(from, to, -1)?)
}

/// The product of two quantities; a unit of one leaves the other as it is written.
pub(crate) fn multiply(
    one: Decimal,
    code: &str,
    other: Decimal,
    other_code: &str,
) -> Option<(Decimal, String)> {
    let value = one.checked_mul(other)?;
    match (code, other_code) {
        ("1", unit) | (unit, "1") => Some((value, unit.to_owned())),
        _ => combine(value, scale(code)?, scale(other_code)?, 1),
    }
}

/// The quotient of two quantities; `None` where the divisor is nought.
pub(crate) fn divide(
    one: Decimal,
    code: &str,
    other: Decimal,
    other_code: &str,
) -> Option<(Decimal, String)> {
    let value = one.checked_div(other)?;
    if other_code == "1" {
        return Some((value, code.to_owned()));
    }
    if code == other_code {
        return Some((value, "1".to_owned()));
    }
    combine(value, scale(code)?, scale(other_code)?, -1)
}

/// Both units in base units, the second raised to `power`.
fn combine(value: Decimal, one: Scale, other: Scale, power: i8) -> Option<(Decimal, String)> {
    let scale = times(one, other, power)?;
    let mut code = String::new();
    let mut divisor = String::new();
    for (index, name) in DIMENSION_NAMES.iter().enumerate() {
        let exponent = scale.dimensions[index];
        let (text, separator) = if exponent < 0 { (&mut divisor, '/') } else { (&mut code, '.') };
        if exponent != 0 {
            if !text.is_empty() || separator == '/' {
                text.push(separator);
            }
            text.push_str(name);
            if exponent.abs() > 1 {
                text.push_str(&exponent.abs().to_string());
            }
        }
    }
    if code.is_empty() && divisor.is_empty() {
        code.push('1');
    }
    Some((multiplied(value, scale)?, code + &divisor))
}

fn multiplied(value: Decimal, scale: Scale) -> Option<Decimal> {
    let value = value.checked_mul(scale.numerator)?.checked_div(scale.denominator)?;
    Some(value.normalize())
}

fn pair(one: &str, other: &str) -> Option<(Scale, Scale)> {
    let (one, other) = (scale(one)?, scale(other)?);
    (one.dimensions == other.dimensions).then_some((one, other))
}

/// What a code means; `None` for what the table does not hold.
fn scale(code: &str) -> Option<Scale> {
    let mut whole = ONE;
    let mut power = 1;
    let mut rest = code;
    if let Some(divisor) = rest.strip_prefix('/') {
        power = -1;
        rest = divisor;
    }
    loop {
        let end = rest.find(['.', '/']).unwrap_or(rest.len());
        let factor = component(&rest[..end])?;
        whole = times(whole, factor, power)?;
        let Some(separator) = rest[end..].chars().next() else { return Some(whole) };
        // UCUM reads from left to right: a point after a solidus is back above the line
        power = if separator == '/' { -1 } else { 1 };
        rest = &rest[end + 1..];
    }
}

/// One unit with its prefix and exponent, an integer, or a power of ten.
fn component(text: &str) -> Option<Scale> {
    // an annotation such as `{cells}` means nothing
    let text = text.find('{').map_or(text, |start| &text[..start]);
    if text.is_empty() || text == "1" {
        return Some(ONE);
    }
    if let Some(exponent) = text.strip_prefix("10*").or_else(|| text.strip_prefix("10^")) {
        let exponent = if exponent.is_empty() { 1 } else { exponent.parse().ok()? };
        return power_of_ten(exponent);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Scale { numerator: text.parse().ok()?, ..ONE });
    }
    let (unit, exponent) = split_exponent(text);
    let scale = atom(unit)?;
    let mut whole = ONE;
    for _ in 0..exponent.unsigned_abs() {
        whole = times(whole, scale, exponent.signum())?;
    }
    Some(whole)
}

/// The unit and the exponent after it: `m2`, `s-1`.
fn split_exponent(text: &str) -> (&str, i8) {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let unit = digits.strip_suffix(['-', '+']).unwrap_or(digits);
    match text[unit.len()..].parse() {
        Ok(exponent) if !unit.is_empty() && (-9..=9).contains(&exponent) => (unit, exponent),
        _ => (text, 1),
    }
}

fn atom(unit: &str) -> Option<Scale> {
    let find = |code: &str, prefixed: bool| {
        let row = UNITS.iter().find(|row| row.0 == code && (row.3 || !prefixed))?;
        let (numerator, denominator) = row.1.split_once('/').unwrap_or((row.1, "1"));
        let (numerator, denominator) = (numerator.parse().ok()?, denominator.parse().ok()?);
        Some(Scale { numerator, denominator, dimensions: row.2 })
    };
    find(unit, false).or_else(|| {
        PREFIXES.iter().find_map(|(prefix, exponent)| {
            times(find(unit.strip_prefix(prefix)?, true)?, power_of_ten(*exponent)?, 1)
        })
    })
}

fn power_of_ten(exponent: i8) -> Option<Scale> {
    let power = 10_i128.checked_pow(u32::from(exponent.unsigned_abs()))?;
    let power = Decimal::try_from_i128_with_scale(power, 0).ok()?;
    times(ONE, Scale { numerator: power, ..ONE }, exponent.signum())
}

/// The product of the one and the other raised to `power`, which is 1, 0 or -1.
fn times(one: Scale, other: Scale, power: i8) -> Option<Scale> {
    let mut dimensions = one.dimensions;
    for (own, its) in dimensions.iter_mut().zip(other.dimensions) {
        *own = own.checked_add(its.checked_mul(power)?)?;
    }
    let (above, below) = match power {
        0 => (Decimal::ONE, Decimal::ONE),
        1.. => (other.numerator, other.denominator),
        _ => (other.denominator, other.numerator),
    };
    Some(Scale {
        numerator: one.numerator.checked_mul(above)?,
        denominator: one.denominator.checked_mul(below)?,
        dimensions,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn each_unit_is_one_of_ucum() {
        for (unit, _, _, metric) in UNITS.iter().filter(|row| row.0 != "1") {
            assert_eq!(crate::ucum::atoms::is_metric(unit), Some(*metric), "{unit}");
        }
    }

    #[test]
    fn conversions_are_exact() {
        for (value, from, expected, to) in [
            ("4", "g", "4000", "mg"),
            ("1", "[lb_av]", "453.59237", "g"),
            ("1.5", "mg/dL", "15", "mg/L"),
            ("5", "mmol/L", "0.005", "mol/L"),
            ("120", "mm[Hg]", "15.99864", "kPa"),
            ("1", "wk", "7", "d"),
            ("2", "m/s", "7.2", "km/h"),
            ("3", "10*9/L", "3000000", "/mL"),
            ("1", "dL", "100", "mL"),
            ("3", "umol/min", "3", "U"),
        ] {
            assert_eq!(convert(number(value), from, to), Some(number(expected)), "{value} {from} in {to}");
        }
    }

    #[test]
    fn what_measures_differently_does_not_compare() {
        assert_eq!(compare(Decimal::ONE, "g", Decimal::ONE, "m"), None);
        assert_eq!(compare(Decimal::ONE, "g", Decimal::ONE, "[made_up]"), None);
        assert!(commensurable("cm", "[in_i]") && !commensurable("cm", "s") && commensurable("[x]", "[x]"));
    }

    #[test]
    fn products_are_in_base_units() {
        let two = Decimal::TWO;
        assert_eq!(multiply(two, "cm", two, "m"), Some((number("0.04"), "m2".into())));
        assert_eq!(divide(number("4"), "g", two, "m"), Some((two, "g/m".into())));
        assert_eq!(divide(number("1.0"), "m", number("0"), "m"), None);
        assert_eq!(multiply(two, "1", two, "mg"), Some((number("4"), "mg".into())));
    }
}
