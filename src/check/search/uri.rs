//! URI parameters (search.html#uri): the same text, letter by letter.

use super::escape::unescape;
use super::held::Held;
use super::met::Met;

/// Whether a value meets one value of a uri parameter.
pub(super) fn meets(held: &Held<'_>, wanted: &str, modifier: Option<&str>) -> Met {
    let wanted = unescape(wanted);
    let Some(found) = held.value.as_deref() else { return Met::No };
    match modifier {
        None => {
            // A canonical may name a version that was not asked for.
            let versionless = found.split_once('|').map_or(found, |(url, _)| url);
            Met::from(found == wanted || (held.is_a("canonical") && versionless == wanted))
        }
        Some("below") => Met::from(is_below(found, &wanted)),
        Some("above") => Met::from(is_below(&wanted, found)),
        Some(other) => Met::unknown(format!("the modifier :{other} is not evaluated for a uri")),
    }
}

/// Whether one address begins with another, part by part.
fn is_below(uri: &str, above: &str) -> bool {
    uri.strip_prefix(above)
        .is_some_and(|rest| rest.is_empty() || above.ends_with('/') || rest.starts_with(['/', '?', '#', '|']))
}
