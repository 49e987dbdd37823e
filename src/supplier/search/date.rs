//! Dates: a prefix and a span, compared with the span of the element by the table of STU3.

use super::moment::Range;
use crate::fhir::Element;
use crate::supplier::problem::Problem;

/// `ge2010-01-01`.
pub(super) struct Comparison {
    prefix: Prefix,
    range: Range,
}

#[derive(Clone, Copy)]
enum Prefix {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    StartsAfter,
    EndsBefore,
    Approximately,
}

impl Comparison {
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        let (letters, value) =
            text.split_at(text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len()));
        let prefix = match letters {
            "" | "eq" => Prefix::Equal,
            "ne" => Prefix::NotEqual,
            "gt" => Prefix::Greater,
            "lt" => Prefix::Less,
            "ge" => Prefix::GreaterOrEqual,
            "le" => Prefix::LessOrEqual,
            "sa" => Prefix::StartsAfter,
            "eb" => Prefix::EndsBefore,
            "ap" => Prefix::Approximately,
            _ if value.is_empty() => return Err(not_a_date(text)),
            other => return Err(Problem::value(format!("`{other}` in `{text}` is no prefix of a date"))),
        };
        let range = Range::parse(value).ok_or_else(|| not_a_date(text))?;
        Ok(Self { prefix, range })
    }

    pub(super) fn matches(&self, element: Element<'_>) -> bool {
        Range::of(element).is_some_and(|found| self.holds(found))
    }

    fn holds(&self, found: Range) -> bool {
        let wanted = self.range;
        match self.prefix {
            Prefix::Equal => wanted.contains(found),
            Prefix::NotEqual => !wanted.contains(found),
            Prefix::Greater => found.end > wanted.end,
            Prefix::Less => found.start < wanted.start,
            Prefix::GreaterOrEqual => found.end > wanted.end || wanted.contains(found),
            Prefix::LessOrEqual => found.start < wanted.start || wanted.contains(found),
            Prefix::StartsAfter => found.start >= wanted.end,
            Prefix::EndsBefore => found.end <= wanted.start,
            // STU3 leaves the measure to the server. Ours is the span's own length on either side: a
            // day for a day, a year for a year. It does not depend on the date of the search.
            Prefix::Approximately => {
                let length = wanted.end.saturating_sub(wanted.start);
                let start = wanted.start.saturating_sub(length);
                Range { start, end: wanted.end.saturating_add(length) }.overlaps(found)
            }
        }
    }
}

fn not_a_date(text: &str) -> Problem {
    Problem::value(format!("`{text}` is no date or time"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_json;

    fn holds(search: &str, element: &str) -> bool {
        let tree = parse_json(&format!("{{\"date\":{element}}}")).unwrap();
        Comparison::parse(search).unwrap().matches(tree.root().child("date").unwrap())
    }

    #[test]
    fn prefixes_on_a_day() {
        let day = "\"2018-05-14\"";
        for (search, expected) in [
            ("2018-05-14", true),
            ("2018", true),
            ("2018-05", true),
            ("2018-05-14T09:00", false),
            ("ne2018-05-14", false),
            ("ne2018-05-13", true),
            ("gt2018-05-13", true),
            ("gt2018-05-14", false),
            ("lt2018-05-14", false),
            ("lt2018-05-15", true),
            ("ge2018-05-14", true),
            ("ge2018-05-15", false),
            ("le2018-05-14", true),
            ("le2018-05-13", false),
            ("ge2018", true),
            ("gt2018", false),
            ("sa2018-05-13", true),
            ("sa2018", false),
            ("eb2018-05-15", true),
            ("eb2018", false),
            ("ap2018-05-15", true),
            ("ap2018-05-17", false),
        ] {
            assert_eq!(holds(search, day), expected, "{search}");
        }
    }

    #[test]
    fn a_partial_date_in_the_resource_is_its_whole_span() {
        let month = "\"2018-05\"";
        assert!(holds("2018", month) && holds("2018-05", month));
        assert!(!holds("2018-05-14", month), "the month is not within the day");
        assert!(holds("ge2018-05-14", month) && holds("lt2018-05-14", month));
        assert!(!holds("sa2018-05-14", month));
    }

    #[test]
    fn a_period_may_be_open() {
        let since = r#"{"start":"2018-05-14"}"#;
        assert!(holds("ge2030", since) && !holds("eb2030", since) && !holds("2018", since));
        let whole = r#"{"start":"2018-05-01","end":"2018-05-31"}"#;
        assert!(holds("2018-05", whole) && holds("sa2018-04", whole) && holds("eb2018-06", whole));
        assert!(holds("ge2018-05-20", whole) && holds("le2018-05-02", whole));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let problem = |text: &str| Comparison::parse(text).err().unwrap().diagnostics;
        assert_eq!(problem("notadate"), "`notadate` is no date or time");
        assert_eq!(problem("xx2018"), "`xx` in `xx2018` is no prefix of a date");
        assert_eq!(problem("ge2018-99"), "`ge2018-99` is no date or time");
    }
}
