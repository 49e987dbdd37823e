//! Ids of people and their roles in the Spine Directory Service.

use super::is_digits;
use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// An id does not look like one of the Spine Directory Service.
pub(in crate::profile::rules) const CODE: Code = Code {
    name: "sds-id-format",
    title: "An SDS id has an unusual shape",
    what: "The value of an identifier with the system https://fhir.nhs.uk/Id/sds-user-id or sds-role-profile-id is twelve \
        digits, or UNK where the consumer has none.",
    why: "These ids say who looked at a record. One that the directory cannot hold says nobody. Test systems use made-up \
        ids, so it is only a warning.",
    example: "doubtful:  G13579135\nright:     555254239107",
    specification: "https://digital.nhs.uk/developer/api-catalogue/spine-directory-service-fhir",
};

pub(super) fn check(value: Element<'_>, text: &str) -> Option<Issue> {
    (!is_digits(text, 12..=12) && text != "UNK").then(|| {
        let message = format!("`{text}` does not look like an id of the Spine Directory Service");
        Issue::at(value, &CODE, Severity::Warning, message).compared("12 digits", text)
    })
}
