//! Values that are made and not looked up: `${today+14d}`, `${uuid}`, `${nhsNumber.valid}`.
//!
//! They come of the run's inputs alone: the same inputs, scenario case and name give the same value.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};
use sha2::{Digest as _, Sha256};

use crate::nhs_number::has_check_digit;

/// A generated value, as its name asks for it.
#[derive(Debug, Clone, PartialEq)]
pub enum Generated {
    /// A moment, in UTC.
    Moment {
        /// Whole days, or to the second.
        base: Base,
        /// How far from now.
        offset: Vec<(i64, Unit)>,
        /// How it is written, as strftime has it.
        format: Option<String>,
    },
    /// A UUID; another one for each name.
    Uuid(String),
    /// An NHS number of the range 999, which nobody is given; another one for each name.
    NhsNumber(NhsNumber, String),
}

/// What a moment is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// The day.
    Today,
    /// The second.
    Now,
}

/// Units of an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// `y`
    Years,
    /// `mo`
    Months,
    /// `w`
    Weeks,
    /// `d`
    Days,
    /// `h`
    Hours,
    /// `min`
    Minutes,
    /// `s`
    Seconds,
}

/// Kinds of NHS number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NhsNumber {
    /// Ten digits with the right check digit.
    Valid,
    /// Ten digits with a wrong check digit.
    Invalid,
    /// Nine digits.
    Short,
    /// Eleven digits.
    Long,
    /// Nine digits and a letter.
    Letter,
}

/// The words that generated values begin with; nothing else may be called so.
pub(super) const RESERVED: [&str; 3] = ["today", "now", "uuid"];

/// How far an offset may lead.
const MAX_OFFSET: i64 = 100_000;

impl Generated {
    /// The generated value that a name asks for; `None` if it asks for something else.
    ///
    /// # Errors
    /// What is wrong with the name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Result<Self, String>> {
        for (word, base) in [("today", Base::Today), ("now", Base::Now)] {
            if let Some(rest) = name.strip_prefix(word)
                && (rest.is_empty() || rest.starts_with(['+', '-', ':']))
            {
                return Some(moment(base, rest));
            }
        }
        let (word, rest) = name.split_once('.').map_or((name, None), |(word, rest)| (word, Some(rest)));
        match (word, rest) {
            ("uuid", rest) => Some(Ok(Self::Uuid(rest.unwrap_or_default().to_owned()))),
            ("nhsNumber", Some(rest)) => {
                let (kind, name) = rest.split_once('.').unwrap_or((rest, ""));
                let kind = match kind {
                    "valid" => NhsNumber::Valid,
                    "invalid" => NhsNumber::Invalid,
                    "short" => NhsNumber::Short,
                    "long" => NhsNumber::Long,
                    "letter" => NhsNumber::Letter,
                    other => {
                        return Some(Err(format!(
                            "`{other}` is no kind of NHS number; expected valid, invalid, short, long or letter"
                        )));
                    }
                };
                Some(Ok(Self::NhsNumber(kind, name.to_owned())))
            }
            _ => None,
        }
    }

    /// The value, for one case of a scenario, by the inputs of the run.
    ///
    /// # Errors
    /// A moment that no calendar has.
    pub fn value(&self, now: Timestamp, seed: &str, case: &str) -> Result<String, String> {
        match self {
            Self::Moment { base, offset, format } => {
                let mut moment = now.to_zoned(TimeZone::UTC);
                for (number, unit) in offset {
                    let span = unit.span(*number)?;
                    moment = moment.checked_add(span).map_err(|error| error.to_string())?;
                }
                written(&moment, *base, format.as_deref())
            }
            Self::Uuid(name) => Ok(uuid(&digest(seed, case, "uuid", name, 0))),
            Self::NhsNumber(kind, name) => Ok(nhs_number(*kind, seed, case, name)),
        }
    }
}

impl Unit {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "y" => Self::Years,
            "mo" => Self::Months,
            "w" => Self::Weeks,
            "d" => Self::Days,
            "h" => Self::Hours,
            "min" => Self::Minutes,
            "s" => Self::Seconds,
            _ => return None,
        })
    }

    fn span(self, number: i64) -> Result<Span, String> {
        let span = Span::new();
        let span = match self {
            Self::Years => span.try_years(number),
            Self::Months => span.try_months(number),
            Self::Weeks => span.try_weeks(number),
            Self::Days => span.try_days(number),
            Self::Hours => span.try_hours(number),
            Self::Minutes => span.try_minutes(number),
            Self::Seconds => span.try_seconds(number),
        };
        span.map_err(|error| error.to_string())
    }
}

fn moment(base: Base, rest: &str) -> Result<Generated, String> {
    let (mut offsets, format) =
        rest.split_once(':').map_or((rest, None), |(rest, format)| (rest, Some(format)));
    let mut offset = Vec::new();
    while !offsets.is_empty() {
        let (sign, tail) = offsets.split_at(1);
        let digits = tail.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(tail.len());
        let (number, tail) = tail.split_at(digits);
        let end = tail.find(['+', '-']).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        let expected = "expected for instance +14d; the units are y, mo, w, d, h, min and s";
        let number: i64 = number.parse().map_err(|_| format!("`{offsets}`: {expected}"))?;
        let unit = Unit::parse(unit).ok_or_else(|| format!("`{unit}` is no unit of time; {expected}"))?;
        if number > MAX_OFFSET {
            return Err(format!("{number} is more than {MAX_OFFSET}, and leads out of the calendar"));
        }
        offset.push((if sign == "-" { -number } else { number }, unit));
        offsets = tail;
    }
    if let Some(format) = format {
        // Tried once, so that a format that nobody can write is found when the standard is loaded.
        let sample = jiff::Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
        written(&sample, base, Some(format))?;
    }
    Ok(Generated::Moment { base, offset, format: format.map(str::to_owned) })
}

fn written(moment: &Zoned, base: Base, format: Option<&str>) -> Result<String, String> {
    let format = format.unwrap_or(match base {
        Base::Today => "%Y-%m-%d",
        Base::Now => "%Y-%m-%dT%H:%M:%SZ",
    });
    jiff::fmt::strtime::format(format, moment).map_err(|error| format!("`{format}` is no format: {error}"))
}

fn digest(seed: &str, case: &str, kind: &str, name: &str, round: u8) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in [seed, case, kind, name] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.update([round]);
    hasher.finalize().into()
}

/// A UUID of version 4 (RFC 9562, section 5.4), its random bits taken from the digest.
/// The UUID of one request of a run, by the run's seed and the name of the exchange.
#[must_use]
pub fn uuid_of(seed: &str, exchange: &str) -> String {
    uuid(&digest(seed, exchange, "request", "", 0))
}

fn uuid(digest: &[u8; 32]) -> String {
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let text = hex::encode(bytes);
    format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
}

fn nhs_number(kind: NhsNumber, seed: &str, case: &str, name: &str) -> String {
    // One in eleven has no check digit; 255 tries without one do not happen.
    let found = (0..=u8::MAX).find_map(|round| {
        let digest = digest(seed, case, "nhsNumber", name, round);
        let digits: String = digest[..6].iter().map(|byte| (byte % 10).to_string()).collect();
        let text = format!("999{digits}");
        let check = (0..10).find(|check| has_check_digit(&format!("{text}{check}")))?;
        Some((check, text))
    });
    let (check, text) = found.unwrap_or((9, "9".repeat(9)));
    match kind {
        NhsNumber::Valid => format!("{text}{check}"),
        NhsNumber::Invalid => format!("{text}{}", (check + 1) % 10),
        NhsNumber::Short => text,
        NhsNumber::Long => format!("{text}{check}0"),
        NhsNumber::Letter => format!("{text}X"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-01-31T10:20:30.5Z".parse().unwrap()
    }

    fn value(name: &str) -> String {
        Generated::parse(name).unwrap().unwrap().value(now(), "s", "case").unwrap()
    }

    #[test]
    fn moments_are_counted_from_the_inputs() {
        assert_eq!(value("today"), "2026-01-31");
        assert_eq!(value("today+14d"), "2026-02-14");
        assert_eq!(value("today+1mo"), "2026-02-28");
        assert_eq!(value("now-1h"), "2026-01-31T09:20:30Z");
        assert_eq!(value("now+1d-30min"), "2026-02-01T09:50:30Z");
        assert_eq!(value("today-1y:%d/%m/%Y"), "31/01/2025");
        assert_eq!(value("now:%a, %d %b %Y %H:%M:%S GMT"), "Sat, 31 Jan 2026 10:20:30 GMT");
        assert_eq!(value("now:%s"), "1769854830");
    }

    #[test]
    fn what_is_wrong_with_a_name_is_said() {
        for (name, words) in [
            ("today+14", "no unit"),
            ("today+d", "expected for instance +14d"),
            ("now-5m", "`m` is no unit"),
            ("now+999999999d", "out of the calendar"),
            ("now:%Q%", "no format"),
            ("nhsNumber.vaild", "no kind of NHS number"),
        ] {
            let error = Generated::parse(name).unwrap().unwrap_err();
            assert!(error.contains(words), "{name}: {error}");
        }
        assert!(
            Generated::parse("nowhere").is_none()
                && Generated::parse("todays").is_none()
                && Generated::parse("nhsNumber").is_none()
        );
    }

    #[test]
    fn ids_are_stable_and_differ_by_name_and_case() {
        assert_eq!(value("uuid"), value("uuid"));
        assert_ne!(value("uuid"), value("uuid.other"));
        let elsewhere = Generated::Uuid(String::new()).value(now(), "s", "another case").unwrap();
        assert_ne!(value("uuid"), elsewhere);
        assert_eq!(value("uuid").len(), 36);
        assert_eq!(&value("uuid")[14..15], "4");
    }

    #[test]
    fn nhs_numbers_are_right_or_wrong_on_purpose() {
        for name in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"] {
            let valid = value(&format!("nhsNumber.valid.{name}"));
            assert_eq!((valid.len(), &valid[..3]), (10, "999"));
            assert!(has_check_digit(&valid), "{valid}");
            let invalid = value(&format!("nhsNumber.invalid.{name}"));
            assert_eq!(invalid[..9], valid[..9]);
            assert!(!has_check_digit(&invalid), "{invalid}");
        }
        assert_eq!(value("nhsNumber.short").len(), 9);
        assert_eq!(value("nhsNumber.long").len(), 11);
    }
}
