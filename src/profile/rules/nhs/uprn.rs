//! The Unique Property Reference Number, as an identifier or as the key of an address.

use super::is_digits;
use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// A UPRN is not a number of up to twelve digits.
pub(in crate::profile::rules) const CODE: Code = Code {
    name: "uprn-format",
    title: "A UPRN has an unusual shape",
    what: "A Unique Property Reference Number, as an identifier with the system https://fhir.nhs.uk/Id/UPRN or in the \
        address key extension of UK Core with the type UPRN, is one to twelve digits.",
    why: "Addresses are matched by it.",
    example: "doubtful:  UPRN 10000000000\nright:     10000000000",
    specification: "https://www.geoplace.co.uk/addresses-streets/location-data/the-uprn",
};

const ADDRESS_KEY: &str = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AddressKey";

pub(super) fn check(value: Element<'_>, text: &str) -> Option<Issue> {
    (!is_digits(text, 1..=12)).then(|| {
        let message = format!("`{text}` does not look like a UPRN");
        Issue::at(value, &CODE, Severity::Warning, message).compared("1 to 12 digits", text)
    })
}

/// An address key says what kind it is in one part and which in another.
pub(super) fn check_extension(element: Element<'_>) -> Option<Issue> {
    if element.text("url") != Some(ADDRESS_KEY) {
        return None;
    }
    let part = |name: &str| element.children_named("extension").find(|part| part.text("url") == Some(name));
    let kind = part("type")?.descendants().any(|one| one.name() == "code" && one.value() == Some("UPRN"));
    let value = part("value")?.children().find(|child| child.name().starts_with("value"))?;
    if kind { check(value, value.value()?) } else { None }
}
