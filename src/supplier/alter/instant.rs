//! Instants, written another way that means the same.

use jiff::Timestamp;
use jiff::tz::Offset;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

/// How instants are written.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Instants {
    /// The offset from UTC: `Z`, or hours and minutes such as `+00:00`; that which is there, if not given.
    pub offset: Option<String>,
    /// How many digits a second's fraction has; those that are there, if not given.
    pub fraction: Option<usize>,
}

impl Instants {
    pub(in crate::supplier) fn check(&self) -> Result<(), String> {
        let offset = self.offset.as_deref().filter(|offset| *offset != "Z" && hours(offset).is_none());
        match (offset, self.fraction) {
            (Some(offset), _) => Err(format!("`{offset}` is no offset; write `Z` or hours, as in `+01:00`")),
            (None, Some(digits)) if digits > 9 => {
                Err(format!("{digits} digits are more than a nanosecond has"))
            }
            _ => Ok(()),
        }
    }
}

/// Writes all instants of a resource in another way.
pub(super) fn rewrite(value: &mut Value, form: &Instants) {
    match value {
        Value::String(text) => {
            if let Some(written) = written(text, form) {
                *text = written;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite(item, form)),
        Value::Object(members) => members.values_mut().for_each(|member| rewrite(member, form)),
        _ => {}
    }
}

/// The same instant; nothing, where the text is none.
fn written(text: &str, form: &Instants) -> Option<String> {
    let instant: Timestamp = text.parse().ok().filter(|_| text.as_bytes().get(10) == Some(&b'T'))?;
    let (time, offset) = text.split_at(text[10..].find(['Z', '+', '-']).map(|at| at + 10)?);
    let offset = form.offset.as_deref().unwrap_or(offset);
    let digits = form.fraction.unwrap_or_else(|| time.split_once('.').map_or(0, |(_, digits)| digits.len()));
    let shown = Offset::from_hours(hours(offset).unwrap_or(0)).ok()?.to_datetime(instant);
    let mut whole = shown.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    if digits > 0 {
        let nanoseconds = format!("{:09}", shown.subsec_nanosecond());
        whole = format!("{whole}.{}", nanoseconds.get(..digits)?);
    }
    Some(format!("{whole}{offset}"))
}

/// The whole hours of an offset such as `+01:00`.
fn hours(offset: &str) -> Option<i8> {
    offset.strip_suffix(":00")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_instant_stays_the_same() {
        let form = |offset: &str, fraction| Instants { offset: Some(offset.to_owned()), fraction };
        for (text, form, expected) in [
            ("2019-06-04T09:30:00Z", form("+00:00", None), Some("2019-06-04T09:30:00+00:00")),
            ("2019-06-04T09:30:00.120Z", form("Z", None), Some("2019-06-04T09:30:00.120Z")),
            ("2019-06-04T23:30:00+01:00", form("Z", Some(3)), Some("2019-06-04T22:30:00.000Z")),
            ("2019-06-04T22:30:00Z", form("+02:00", None), Some("2019-06-05T00:30:00+02:00")),
            ("2019-06-04", form("Z", None), None),
            ("a text", form("Z", None), None),
        ] {
            assert_eq!(written(text, &form).as_deref(), expected, "{text}");
        }
    }
}
