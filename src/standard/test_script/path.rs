//! XPath and JSONPath as FHIRPath, where they are plain paths.

use crate::fhir::type_in_name;

/// A path without the texts in quotes within it.
fn outside_quotes(path: &str) -> String {
    let mut quote = None;
    path.chars()
        .filter(|letter| match (quote, letter) {
            (None, '"' | '\'') => {
                quote = Some(*letter);
                false
            }
            (Some(open), letter) => {
                if open == *letter {
                    quote = None;
                }
                false
            }
            (None, _) => true,
        })
        .collect()
}

/// The FHIRPath that finds what an XPath or JSONPath finds.
///
/// # Errors
/// What of it is more than a path.
pub(super) fn to_fhirpath(path: &str) -> Result<String, String> {
    let path = path.trim();
    let unsupported = |what: &str| Err(format!("{what} in the path `{path}` is not supported"));
    let bare = outside_quotes(path);
    if bare.contains("//") || bare.contains("..") {
        return unsupported("a step over several levels");
    }
    let parts = match path.strip_prefix('$') {
        Some(rest) => split(rest.trim_start_matches('.'), '.'),
        None => split(path.trim_start_matches('/'), '/'),
    };
    let is_json = path.starts_with('$');
    let mut steps: Vec<String> = Vec::new();
    for part in parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty() && *part != ".") {
        let (name, predicates) = part.split_once('[').map_or((part, ""), |(name, rest)| (name, rest));
        let name = name.trim().trim_start_matches("fhir:").trim_start_matches("f:");
        if name == "@value" {
            continue;
        }
        let name = name.trim_start_matches('@');
        if name.is_empty()
            || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
        {
            return unsupported(&format!("`{part}`"));
        }
        steps.push(element(name, steps.is_empty()));
        if let Some(step) = steps.last_mut() {
            for predicate in predicates.split('[').filter(|_| !predicates.is_empty()) {
                let Some(predicate) = predicate.trim().strip_suffix(']') else {
                    return unsupported(&format!("`{part}`"));
                };
                step.push_str(&filter(predicate.trim(), is_json)?);
            }
        }
    }
    if steps.is_empty() {
        return unsupported("nothing that is named");
    }
    Ok(steps.join("."))
}

/// One element of a path. A resource within another stands in an element of its own in XML, and a choice has its type
/// in its name.
fn element(name: &str, is_first: bool) -> String {
    if name.starts_with(|letter: char| letter.is_ascii_uppercase()) {
        return if is_first { name.to_owned() } else { format!("ofType({name})") };
    }
    match type_in_name(name) {
        Some(kind) => {
            let stem = &name[..name.len() - kind.len()];
            let union = format!("{name} | {stem}.ofType({kind})");
            if is_first { format!("({union})") } else { format!("select({union})") }
        }
        None => name.to_owned(),
    }
}

/// A predicate: a number, or that a path has a value.
fn filter(predicate: &str, is_json: bool) -> Result<String, String> {
    if predicate == "*" && is_json {
        return Ok(String::new());
    }
    if let Ok(number) = predicate.parse::<usize>() {
        // XPath counts from 1, JSONPath from 0.
        let index = if is_json { Some(number) } else { number.checked_sub(1) };
        return index
            .map(|index| format!("[{index}]"))
            .ok_or_else(|| "there is no item 0 in XPath".to_owned());
    }
    let unsupported = || format!("the predicate `[{predicate}]` is not supported");
    let mut conditions = Vec::new();
    for condition in predicate.split(" and ") {
        let (path, value) = condition.split_once('=').ok_or_else(unsupported)?;
        let value = value.trim();
        let quote =
            value.chars().next().filter(|quote| matches!(quote, '\'' | '"')).ok_or_else(unsupported)?;
        let text =
            value[1..].strip_suffix(quote).filter(|text| !text.contains(quote)).ok_or_else(unsupported)?;
        if path.trim_end().ends_with(['!', '<', '>']) || is_json {
            return Err(unsupported());
        }
        let text = text.replace('\\', "\\\\").replace('\'', "\\'");
        conditions.push(format!("{} = '{text}'", to_fhirpath(path)?));
    }
    Ok(format!(".where({})", conditions.join(" and ")))
}

/// The parts of a path between separators that are not within brackets or quotes.
fn split(path: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut depth, mut quote) = (0_usize, None);
    for letter in path.chars() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (None, '\'' | '"') => quote = Some(letter),
            (None, '[') => depth += 1,
            (None, ']') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if letter == separator && depth == 0 && quote.is_none() {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(letter);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_become_fhirpath() {
        for (path, expected) in [
            ("fhir:Patient/fhir:name/fhir:family/@value", "Patient.name.family"),
            ("Patient/id", "Patient.id"),
            ("/f:Patient/f:name[2]/f:given[1]/@value", "Patient.name[1].given[0]"),
            ("Bundle/entry/resource/Patient/id/@value", "Bundle.entry.resource.ofType(Patient).id"),
            (
                "fhir:Patient/fhir:name[fhir:use/@value='official']/fhir:family",
                "Patient.name.where(use = 'official').family",
            ),
            (
                "Patient/extension[@url=\"http://a/b\"]/valueString",
                "Patient.extension.where(url = 'http://a/b').select(valueString | value.ofType(string))",
            ),
            ("$.name[0].family", "name[0].family"),
            ("$.entry[*].resource.id", "entry.resource.id"),
        ] {
            assert_eq!(to_fhirpath(path).as_deref(), Ok(expected), "{path}");
        }
    }

    #[test]
    fn what_is_more_than_a_path_is_named() {
        for path in [
            "//fhir:family",
            "count(fhir:Bundle/fhir:entry)",
            "fhir:Bundle/fhir:entry[last()]",
            "Patient/../id",
            "Patient/name[family!='x']",
            "$..id",
            "$.entry[?(@.id == 'x')]",
            "",
            "Patient/*/id",
        ] {
            assert!(to_fhirpath(path).is_err(), "{path}");
        }
    }
}
