//! Which of the two formats the client wants.

use hyper::{HeaderMap, StatusCode, header};

use super::problem::Problem;
use crate::fhir::Format;

/// The media type that an answer in a format carries.
pub(super) fn content_type(format: Format) -> &'static str {
    match format {
        Format::Json => "application/fhir+json;charset=UTF-8",
        Format::Xml => "application/fhir+xml;charset=UTF-8",
    }
}

/// The format that a media type names: FHIR's own, those of DSTU2, or a generic one.
pub(super) fn of_media_type(text: &str) -> Option<Format> {
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/fhir+json" | "application/json+fhir" | "application/json" | "text/json" => {
            Some(Format::Json)
        }
        "application/fhir+xml" | "application/xml+fhir" | "application/xml" | "text/xml" => Some(Format::Xml),
        _ => None,
    }
}

/// The format for an answer among those that are offered: `_format` if it is given, else the Accept header, else the
/// first.
pub(super) fn negotiate(
    headers: &HeaderMap,
    requested: Option<&str>,
    offered: &[Format],
) -> Result<Format, Problem> {
    let first = offered.first().copied().unwrap_or(Format::Json);
    if let Some(requested) = requested {
        // A `+` that the client did not encode arrives as a space.
        let requested = requested.replace(' ', "+");
        let named = match requested.as_str() {
            "json" => Some(Format::Json),
            "xml" => Some(Format::Xml),
            other => of_media_type(other),
        };
        return named.filter(|format| offered.contains(format)).ok_or_else(|| refused(&requested, offered));
    }
    let accept: Vec<&str> =
        headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let accept = accept.join(",");
    if accept.trim().is_empty() {
        return Ok(first);
    }
    let ranges: Vec<Range> = accept.split(',').enumerate().filter_map(Range::parse).collect();
    let best = |format| Some((format, Range::best(&ranges, format)?));
    offered
        .iter()
        .filter_map(|format| best(*format))
        .reduce(|one, other| if other.1 > one.1 { other } else { one })
        .map(|(format, _)| format)
        .ok_or_else(|| refused(&accept, offered))
}

/// What a client is told that wants something else.
pub(super) fn refused(wanted: &str, offered: &[Format]) -> Problem {
    let names: Vec<&str> =
        offered.iter().filter_map(|format| content_type(*format).split(';').next()).collect();
    let diagnostics =
        format!("no answer can be given as `{wanted}`; this server has {}", names.join(" and "));
    Problem::new(StatusCode::NOT_ACCEPTABLE, "not-supported", diagnostics)
}

/// One range of an Accept header.
struct Range {
    /// Nothing for `*/*` and `application/*`.
    format: Option<Format>,
    /// In thousandths.
    quality: u16,
    /// Earlier is better among equals; kept negative so that more is better.
    rank: isize,
}

impl Range {
    /// Ranges that cannot mean either format are left out.
    fn parse((place, text): (usize, &str)) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let media_type = parts.next()?;
        let format = match media_type {
            "*/*" | "application/*" => None,
            other => Some(of_media_type(other)?),
        };
        let quality = parts
            .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
            .map_or(Some(1000), thousandths)?;
        Some(Self { format, quality, rank: -isize::try_from(place).ok()? })
    }

    /// How much a format is wanted. A range that names it decides over one that merely includes it.
    fn best(ranges: &[Self], format: Format) -> Option<(u16, isize)> {
        let among = |wanted: Option<Format>| {
            ranges
                .iter()
                .filter(|range| range.format == wanted)
                .map(|range| (range.quality, range.rank))
                .max()
        };
        among(Some(format)).or_else(|| among(None)).filter(|(quality, _)| *quality > 0)
    }
}

fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    if fraction.len() > 3 {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    let value = whole.parse::<u16>().ok()?.checked_mul(1000)?.checked_add(fraction)?;
    (value <= 1000).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(accept: &str, requested: Option<&str>) -> Result<Format, StatusCode> {
        let mut headers = HeaderMap::new();
        if !accept.is_empty() {
            headers.insert(header::ACCEPT, accept.parse().unwrap());
        }
        negotiate(&headers, requested, &[Format::Json, Format::Xml]).map_err(|problem| problem.status)
    }

    #[test]
    fn a_format_that_is_not_offered_is_not_given() {
        let given = |accept: &str, requested| {
            let headers = HeaderMap::from_iter([(header::ACCEPT, accept.parse().unwrap())]);
            negotiate(&headers, requested, &[Format::Xml]).map_err(|problem| problem.status)
        };
        for accept in ["*/*", "application/fhir+json, application/fhir+xml;q=0.1"] {
            assert_eq!(given(accept, None), Ok(Format::Xml), "{accept}");
        }
        assert_eq!(given("application/fhir+json", None), Err(StatusCode::NOT_ACCEPTABLE));
        assert_eq!(given("*/*", Some("json")), Err(StatusCode::NOT_ACCEPTABLE));
    }

    #[test]
    fn accept_decides() {
        for (accept, expected) in [
            ("", Format::Json),
            ("*/*", Format::Json),
            ("application/*", Format::Json),
            ("application/fhir+xml", Format::Xml),
            ("application/xml+fhir", Format::Xml),
            ("text/xml", Format::Xml),
            ("Application/FHIR+XML; charset=utf-8", Format::Xml),
            ("application/fhir+xml, application/fhir+json", Format::Xml),
            ("application/fhir+xml;q=0.8, application/fhir+json;q=0.9", Format::Json),
            ("application/fhir+json;q=0.8, application/fhir+xml", Format::Xml),
            ("application/fhir+json;q=0, */*", Format::Xml),
            ("application/fhir+xml;q=0.5, */*;q=0.1", Format::Xml),
            ("text/html, application/xml;q=0.9, image/webp", Format::Xml),
        ] {
            assert_eq!(format(accept, None), Ok(expected), "{accept}");
        }
    }

    #[test]
    fn what_cannot_be_given_is_406() {
        for accept in ["text/plain", "application/fhir+json;q=0", "application/pdf, text/html"] {
            assert_eq!(format(accept, None), Err(StatusCode::NOT_ACCEPTABLE), "{accept}");
        }
        assert_eq!(format("*/*", Some("turtle")), Err(StatusCode::NOT_ACCEPTABLE));
    }

    #[test]
    fn the_format_parameter_wins() {
        for (requested, expected) in [
            ("xml", Format::Xml),
            ("text/xml", Format::Xml),
            ("application/fhir+xml", Format::Xml),
            ("application/fhir xml", Format::Xml),
            ("json", Format::Json),
        ] {
            assert_eq!(format("text/plain", Some(requested)), Ok(expected), "{requested}");
        }
    }
}
