//! `${name}`: the places in a scenario that are filled in when it runs.

/// The names that a text refers to, in order.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// The text with every `${name}` replaced.
///
/// # Errors
/// The first name for which there is no value.
pub fn fill<'v>(text: &str, value: impl Fn(&str) -> Option<&'v str>) -> Result<String, String> {
    fill_with(text, |name| value(name).map(str::to_owned))
}

/// The text with every `${name}` replaced by a value made for the place.
///
/// # Errors
/// The first name for which there is no value.
pub fn fill_with(text: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else { break };
        let name = &rest[start + 2..start + length];
        filled.push_str(&rest[..start]);
        filled.push_str(&value(name).ok_or_else(|| name.to_owned())?);
        rest = &rest[start + length + 1..];
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_filled_in() {
        let text = "a ${x} ${patient-a.nhsNumber}|$${";
        assert_eq!(names(text).collect::<Vec<_>>(), ["x", "patient-a.nhsNumber"]);
        let filled = fill(text, |name| Some(if name == "x" { "1" } else { "${x}" }));
        assert_eq!(filled.as_deref(), Ok("a 1 ${x}|$${"), "values are not filled in again");
        assert_eq!(fill("${y}", |_| None), Err("y".to_owned()));
    }
}
