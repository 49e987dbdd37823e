//! From a search parameter to a FHIRPath that makes a value of a record, which the search then finds.

use super::wanted::Parameter;
use crate::fhir::Element;
use crate::fhirpath::Expression;
use crate::package::PackageSet;

/// The FHIRPath, relative to a record of a type, of the values by which a parameter finds it.
///
/// # Errors
/// Why there is none, in words.
pub(super) fn values(
    packages: &PackageSet,
    kind: &str,
    parameter: &Parameter,
) -> Result<String, &'static str> {
    let by_url = parameter.definition.as_ref().and_then(|url| packages.find("SearchParameter", url));
    let definition = by_url.or_else(|| packages.search_parameter(kind, &parameter.name));
    let Some(tree) = definition.and_then(|definition| definition.tree()) else {
        return Err("no loaded package defines it");
    };
    let root = tree.root();
    let held = held(root, kind).ok_or("its definition has no expression that could be used")?;
    let held =
        if parameter.name == "patient" { format!("{held}.where({})", refers_to("Patient")) } else { held };
    let made = match root.text("type").unwrap_or_default() {
        "token" => format!("{held}{TOKEN}"),
        "string" => format!("{held}{STRING}"),
        "date" => format!("{held}{DATE}"),
        "reference" => format!("{held}{REFERENCE}"),
        "quantity" => format!("{held}{QUANTITY}"),
        "number" | "uri" => format!("{held}{PRIMITIVE}"),
        _ => return Err("no value can be made for a parameter of its type"),
    };
    match Expression::parse(&made) {
        Ok(_) => Ok(made),
        Err(_) => Err("its definition has no expression that could be used"),
    }
}

/// Of an `Identifier`, `Coding`, `CodeableConcept`, `ContactPoint` or primitive: `system|code` or `code`, escaped as
/// search.html#escaping says. The system of a `ContactPoint` is none of a token.
const TOKEN: &str = r".select(iif(coding.exists(), coding.where(code.exists()).first(), $this)).select(iif(system.toString().contains(':'), system.toString() & '|', '') & iif(code.exists(), code, iif(value.exists(), value, $this.where(hasValue()))).first().toString().replace('\\', '\\\\').replace('|', '\\|').replace(',', '\\,')).where($this != '' and $this.endsWith('|').not())";
/// Of a `HumanName`, an `Address` or a primitive: one of its parts.
const STRING: &str = r".select(iif(family.exists(), family.first(), iif(given.exists(), given.first(), iif(city.exists(), city, iif(postalCode.exists(), postalCode, iif(text.exists(), text, $this)))))).where(hasValue()).select(toString().replace('\\', '\\\\').replace('|', '\\|').replace(',', '\\,')).where($this != '')";
/// Of a Period from its start on, or up to its end; of a Timing its first event; of a primitive itself.
const DATE: &str = ".select(iif(start.exists(), 'ge' & start.toString(), iif(end.exists(), 'le' & end.toString(), iif(event.exists(), event.first().toString(), $this.where(hasValue()).toString())))).where($this != '')";
/// Of a Reference: what it refers to, unless that is in the same record or has no address.
const REFERENCE: &str = ".select(iif(reference.exists(), reference, $this)).where(hasValue()).select(toString()).where($this.startsWith('#').not() and $this.startsWith('urn:').not())";
/// Of a Quantity: its value, with its code where it has one.
const QUANTITY: &str = ".where(value.exists()).select(value.toString() & iif(code.exists(), '|' & system.toString() & '|' & code.toString(), ''))";
/// Of a primitive.
const PRIMITIVE: &str = ".where(hasValue()).select(toString())";

/// That a Reference leads to a type.
fn refers_to(kind: &str) -> String {
    format!("reference.contains('{kind}/')")
}

/// The part of a parameter's expression that speaks of a type, relative to a record of it, in brackets.
fn held(definition: Element<'_>, kind: &str) -> Option<String> {
    let expression = definition.text("expression")?;
    let parts: Vec<String> =
        alternatives(expression).into_iter().filter_map(|part| relative(part.trim(), kind)).collect();
    if parts.is_empty() {
        return None;
    }
    let text = format!("({})", parts.join(" | "));
    // What a reference leads to is not read for this; its type can be told by its text.
    let mut rest = text.as_str();
    let mut plain = String::new();
    while let Some((before, after)) = rest.split_once("resolve() is ") {
        let end = after.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(after.len());
        plain.push_str(before);
        plain.push_str(&refers_to(&after[..end]));
        rest = &after[end..];
    }
    plain.push_str(rest);
    Some(plain)
}

/// The parts of an expression between bars that stand in no brackets and no quotes.
fn alternatives(expression: &str) -> Vec<&str> {
    let (mut depth, mut quoted, mut start) = (0_usize, false, 0);
    let mut parts = Vec::new();
    for (at, letter) in expression.char_indices() {
        match letter {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            '|' if !quoted && depth == 0 => {
                parts.push(&expression[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&expression[start..]);
    parts
}

/// An expression without the type that it begins with; `None` where it begins with another.
fn relative(expression: &str, kind: &str) -> Option<String> {
    let inner = expression.trim_start_matches(['(', ' ']);
    let begins = [kind, "Resource", "DomainResource"]
        .into_iter()
        .find(|begins| inner.strip_prefix(begins).is_some_and(|rest| rest.starts_with('.')))?;
    let wanted = format!("{begins}.");
    let (mut text, mut quoted, mut at) = (String::new(), false, 0);
    while let Some(letter) = expression[at..].chars().next() {
        let boundary = expression[..at]
            .chars()
            .next_back()
            .is_none_or(|before| !(before.is_ascii_alphanumeric() || matches!(before, '.' | '_' | '/')));
        if !quoted && boundary && expression[at..].starts_with(&wanted) {
            at += wanted.len();
            continue;
        }
        quoted ^= letter == '\'';
        text.push(letter);
        at += letter.len_utf8();
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_speaks_of_the_type_is_taken() {
        let parts = alternatives(
            "AllergyIntolerance.code | (Observation.value as CodeableConcept) | A.where(x = '|')",
        );
        assert_eq!(parts.len(), 3);
        assert_eq!(relative(parts[1].trim(), "Observation").as_deref(), Some("(value as CodeableConcept)"));
        assert_eq!(relative("Patient.x", "Person"), None);
        assert_eq!(relative("Resource.id", "Person").as_deref(), Some("id"));
        assert_eq!(
            relative("Patient.extension.where(url='http://a/Patient.b').value", "Patient").as_deref(),
            Some("extension.where(url='http://a/Patient.b').value")
        );
    }
}
