//! Code systems that are not published as a `CodeSystem`: grammars, and short lists of ISO.

mod country;
mod currency;
mod language;
mod media_type;

use super::Membership;
use crate::ucum;

/// The address that STU3 gives where a value set of MIME types is meant.
const MIME_TYPE_ADDRESS: &str = "http://www.rfc-editor.org/bcp/bcp13.txt";

pub(super) fn of_value_set(value_set: &str, code: &str) -> Option<Membership> {
    is_value_set(value_set).then(|| Membership::of(media_type::is_valid(code)))
}

/// Whether a value set is known by its grammar, wherever it is named.
pub(super) fn is_value_set(value_set: &str) -> bool {
    value_set == MIME_TYPE_ADDRESS
}

/// Whether a code is one of a system; `None` for a system that is not known here.
pub(super) fn of_code_system(system: &str, code: &str) -> Option<Membership> {
    Some(match system {
        "urn:ietf:bcp:13" => Membership::of(media_type::is_valid(code)),
        "urn:ietf:bcp:47" => Membership::of(language::is_valid(code)),
        "urn:iso:std:iso:4217" => Membership::of(currency::is_code(code)),
        "urn:iso:std:iso:3166" => Membership::of(country::is_code(code)),
        "urn:iso:std:iso:3166:-2" => Membership::of(country::is_subdivision(code)),
        ucum::SYSTEM => Membership::of(ucum::is_valid(code)),
        _ => return None,
    })
}
