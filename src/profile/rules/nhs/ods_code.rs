//! Codes of organisations and sites, as the Organisation Data Service gives them.

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// A code does not look like one of the Organisation Data Service.
pub(in crate::profile::rules) const CODE: Code = Code {
    name: "ods-code-format",
    title: "An ODS code has an unusual shape",
    what: "The value of an identifier with the system https://fhir.nhs.uk/Id/ods-organization-code or ods-site-code is \
        three to twelve capital letters and digits.",
    why: "ODS codes are compared letter by letter. Blanks, small letters and names in place of codes find no organisation.",
    example: "doubtful:  r1h, Barts Health\nright:     R1H",
    specification: "https://www.datadictionary.nhs.uk/data_elements/organisation_identifier.html",
};

pub(super) fn check(value: Element<'_>, text: &str) -> Option<Issue> {
    let usual = (3..=12).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    (!usual).then(|| {
        let message = format!("`{text}` does not look like an ODS code");
        Issue::at(value, &CODE, Severity::Warning, message)
            .compared("3 to 12 capital letters and digits", text)
    })
}
