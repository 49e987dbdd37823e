//! Ids of what is made, and texts of a package put into expressions.

use crate::standard::variables::Escaping;

/// The beginning of all ids, from the name of a package: `hl7.fhir.au.base` gives `AU-BASE`.
pub(super) fn prefix(package: &str) -> String {
    let parts: Vec<String> = package
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty() && !matches!(*part, "hl7" | "fhir"))
        .map(str::to_ascii_uppercase)
        .collect();
    if parts.is_empty() { "PACKAGE".to_owned() } else { parts.join("-") }
}

/// Lower-case words with hyphens: the id of a scenario.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// The last part of a canonical URL, without its version.
pub(super) fn last_part(url: &str) -> &str {
    let url = url.split('|').next().unwrap_or(url);
    url.rsplit('/').next().unwrap_or(url)
}

/// A text within the quotes of FHIRPath.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", Escaping::FhirPath.apply(text))
}

/// Whether a name, code or URL of a package can be put into a scenario: short, without blanks, and without `${`.
pub(super) fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 500
        && !text.contains("${")
        && text.chars().all(|letter| !letter.is_whitespace() && !letter.is_control())
}

/// Whether a text is the name of a resource type.
pub(super) fn is_type(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|letter: char| letter.is_ascii_uppercase())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_of_names() {
        assert_eq!(prefix("hl7.fhir.au.base"), "AU-BASE");
        assert_eq!(prefix("fhir.r4.ukcore"), "R4-UKCORE");
        assert_eq!(prefix("hl7"), "PACKAGE");
        assert_eq!(slug("Patient._id+birthDate_"), "patient-id-birthdate");
        assert_eq!(last_part("http://example.org/StructureDefinition/a-b|1.0"), "a-b");
        assert!(is_plain("Patient:link") && !is_plain("${now}") && !is_plain("a b"));
    }
}
