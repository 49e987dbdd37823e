//! Token parameters (search.html#token): `code`, `system|code`, `|code`, `system|`.

use super::escape::{split, unescape};
use super::held::Held;
use super::met::Met;
use super::token_modifier;
use crate::fhir::Element;
use crate::terminology::{Membership, Terminology};

/// A code with its system.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) system: Option<&'t str>,
    pub(super) code: &'t str,
}

/// Whether a value meets one value of a token parameter.
pub(super) fn meets(held: &Held<'_>, wanted: &str, modifier: Option<&str>, terminology: &Terminology) -> Met {
    match modifier {
        None => equals(held, wanted, terminology),
        Some(modifier) => token_modifier::meets(held, wanted, modifier, terminology),
    }
}

/// Whether one of its tokens is the one wanted.
pub(super) fn equals(held: &Held<'_>, wanted: &str, terminology: &Terminology) -> Met {
    let parts: Vec<String> = split(wanted, '|').into_iter().map(unescape).collect();
    let (system, code) = match parts.as_slice() {
        [code] => (None, code.as_str()),
        [system, code] => (Some(system.as_str()), code.as_str()),
        _ => return Met::unknown(format!("`{wanted}` is no token: it has more than one `|`")),
    };
    Met::any(tokens(held).into_iter().map(|found| {
        if held.is_a("ContactPoint") {
            return contact_point(found, system, code);
        }
        // Whether letter case counts depends on the code system; either answer is right.
        let code_fits = code.is_empty() || found.code.eq_ignore_ascii_case(code);
        match system {
            _ if !code_fits => Met::No,
            None => Met::Yes,
            Some(system) if held.is_a("code") => of_system(system, found.code, terminology),
            Some("") => Met::from(found.system.is_none()),
            Some(_) if held.value.is_some() => {
                Met::unknown("a value of a type without system was searched for with one")
            }
            Some(system) => Met::from(found.system == Some(system)),
        }
    }))
}

/// A primitive code has the system of its element, which the instance does not say: it is taken to be the one sent
/// where that has the code.
fn of_system(system: &str, code: &str, terminology: &Terminology) -> Met {
    if system.is_empty() {
        return Met::unknown("a code of the specification has a system, though it does not say so");
    }
    match terminology.has_code(system, code) {
        Membership::Member => Met::Yes,
        Membership::NotMember => Met::No,
        Membership::Unknown(why) => Met::unknown(why),
    }
}

/// Servers may leave punctuation of telephone numbers aside, and may take parts of them.
fn contact_point(found: Token<'_>, system: Option<&str>, wanted: &str) -> Met {
    if system.is_some_and(|system| !system.is_empty() && found.system != Some(system)) {
        return Met::unknown("what stands for the system of a ContactPoint is not defined");
    }
    let plain = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let (found, wanted) = (plain(found.code), plain(wanted));
    if found == wanted {
        return Met::Yes;
    }
    if !wanted.is_empty() && (found.contains(&wanted) || wanted.contains(&found)) {
        return Met::unknown("whether a part of a ContactPoint will do, is the server's to say");
    }
    Met::No
}

/// The tokens of a value.
pub(super) fn tokens<'h>(held: &'h Held<'_>) -> Vec<Token<'h>> {
    if let Some(value) = &held.value {
        return vec![Token { system: None, code: value }];
    }
    let Some(element) = held.element else { return Vec::new() };
    codings(element).into_iter().filter_map(token_of).collect()
}

/// The Codings of a `CodeableConcept`; any other element is its own.
pub(super) fn codings(element: Element<'_>) -> Vec<Element<'_>> {
    let codings: Vec<Element<'_>> = element.children_named("coding").collect();
    if codings.is_empty() { vec![element] } else { codings }
}

/// Coding has a code, Identifier and `ContactPoint` have a value.
fn token_of(element: Element<'_>) -> Option<Token<'_>> {
    let code = element.text("code").or_else(|| element.text("value"))?;
    Some(Token { system: element.text("system"), code })
}
