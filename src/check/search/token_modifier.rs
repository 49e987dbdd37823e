//! The modifiers of token parameters: `:not`, `:text`, `:in`, `:not-in`, `:below`, `:above`, `:of-type`.

use super::escape::{split, unescape};
use super::held::Held;
use super::met::Met;
use super::string::{begins_a_word, fold};
use super::token::{Token, codings, equals, tokens};
use crate::terminology::{Membership, Terminology};

/// Whether a value meets one value of a token parameter with a modifier.
pub(super) fn meets(held: &Held<'_>, wanted: &str, modifier: &str, terminology: &Terminology) -> Met {
    match modifier {
        // The whole is turned round by the caller: no value may be the one sent.
        "not" => equals(held, wanted, terminology),
        "text" => text(held, &unescape(wanted)),
        "in" | "not-in" => {
            let set = unescape(wanted);
            let members = tokens(held).into_iter().map(|found| member(found, &set, terminology));
            Met::any(members)
        }
        "below" | "above" => Met::any(tokens(held).into_iter().map(|found| {
            let wanted_parts: Vec<String> = split(wanted, '|').into_iter().map(unescape).collect();
            let [system, code] = wanted_parts.as_slice() else {
                return Met::unknown(format!(":{modifier} needs `system|code`"));
            };
            subsumed(found, system, code, modifier == "below", terminology)
        })),
        "of-type" => of_type(held, wanted),
        other => Met::unknown(format!("the modifier :{other} is not evaluated for a token")),
    }
}

/// Whether a text that goes with the code has a word that begins so.
fn text(held: &Held<'_>, wanted: &str) -> Met {
    let Some(element) = held.element else { return Met::No };
    let displays = codings(element).into_iter().filter_map(|coding| coding.text("display"));
    let of_type = element.child("type").and_then(|kind| kind.text("text"));
    let texts: Vec<String> = displays.chain(element.text("text")).chain(of_type).map(fold).collect();
    let wanted = fold(wanted);
    let has = |word: &str| texts.iter().any(|text| begins_a_word(text, word));
    Met::from(has(&wanted) || wanted.split_whitespace().all(has))
}

fn member(found: Token<'_>, set: &str, terminology: &Terminology) -> Met {
    told(terminology.membership(set, found.system, found.code))
}

fn subsumed(found: Token<'_>, system: &str, code: &str, is_below: bool, terminology: &Terminology) -> Met {
    if found.system.is_some_and(|found| found != system) {
        return Met::No;
    }
    if found.code == code {
        return Met::Yes;
    }
    let (general, special) = if is_below { (code, found.code) } else { (found.code, code) };
    told(terminology.subsumes(system, general, special))
}

/// `system|code|value`: the type of an Identifier, and its value (R4).
fn of_type(held: &Held<'_>, wanted: &str) -> Met {
    let parts: Vec<String> = split(wanted, '|').into_iter().map(unescape).collect();
    let [system, code, value] = parts.as_slice() else {
        return Met::unknown(":of-type needs `system|code|value`");
    };
    let is_typed = held.children("type").flat_map(codings).any(|coding| {
        coding.text("code") == Some(code) && (system.is_empty() || coding.text("system") == Some(system))
    });
    Met::from(is_typed && held.text("value") == Some(value))
}

fn told(membership: Membership) -> Met {
    match membership {
        Membership::Member => Met::Yes,
        Membership::NotMember => Met::No,
        Membership::Unknown(why) => Met::unknown(why),
    }
}
