//! Strings (section 5.6). Positions count characters, not bytes. An empty input or argument gives
//! nothing.

use std::borrow::Cow;

use super::Call;
use crate::fhirpath::evaluate::Outcome;
use crate::fhirpath::item::{Collection, Item, Text, one, optional};

/// The input and the first argument.
fn with_argument<'t>(call: &Call<'_, 't>) -> Outcome<Option<(Text<'t>, Text<'t>)>> {
    Ok(call.input_string()?.zip(call.string(0)?))
}

fn test<'t>(call: &Call<'_, 't>, holds: fn(&str, &str) -> bool) -> Outcome<Collection<'t>> {
    Ok(optional(with_argument(call)?.map(|(text, part)| holds(&text, &part))))
}

fn characters_before(text: &str, offset: usize) -> i32 {
    i32::try_from(text[..offset].chars().count()).unwrap_or(i32::MAX)
}

pub(super) fn index_of<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let found = with_argument(call)?
        .map(|(text, part)| text.find(&*part).map_or(-1, |offset| characters_before(&text, offset)));
    Ok(optional(found.map(Item::Integer)))
}

pub(super) fn last_index_of<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let found = with_argument(call)?
        .map(|(text, part)| text.rfind(&*part).map_or(-1, |offset| characters_before(&text, offset)));
    Ok(optional(found.map(Item::Integer)))
}

/// A start outside the text gives nothing; no length means the rest.
pub(super) fn substring<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let (Some(text), Some(start)) = (call.input_string()?, call.integer(0)?) else {
        return Ok(Collection::new());
    };
    let length = call.integer(1)?.map_or(usize::MAX, |length| usize::try_from(length).unwrap_or(0));
    let rest = usize::try_from(start).ok().and_then(|start| text.char_indices().nth(start));
    let Some((from, _)) = rest else { return Ok(Collection::new()) };
    let to = text[from..].char_indices().nth(length).map_or(text.len(), |(offset, _)| from + offset);
    call.evaluator.spend_text(to - from)?;
    Ok(one(match text {
        Text::Borrowed(text) => Item::String(Text::Borrowed(&text[from..to])),
        Text::Shared(text) => Item::from(text[from..to].to_owned()),
    }))
}

pub(super) fn starts_with<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    test(call, |text, part| text.starts_with(part))
}

pub(super) fn ends_with<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    test(call, |text, part| text.ends_with(part))
}

pub(super) fn contains<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    test(call, |text, part| text.contains(part))
}

fn map<'t>(call: &Call<'_, 't>, change: impl FnOnce(&str) -> String) -> Outcome<Collection<'t>> {
    let Some(text) = call.input_string()? else { return Ok(Collection::new()) };
    let text = change(&text);
    call.evaluator.spend_text(text.len())?;
    Ok(one(text))
}

pub(super) fn upper<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    map(call, str::to_uppercase)
}

pub(super) fn lower<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    map(call, str::to_lowercase)
}

pub(super) fn trim<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    map(call, |text| text.trim().to_owned())
}

/// An empty pattern stands between all characters.
pub(super) fn replace<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let (Some(pattern), Some(substitution)) = (call.string(0)?, call.string(1)?) else {
        return Ok(Collection::new());
    };
    let Some(text) = call.input_string()? else { return Ok(Collection::new()) };
    // before it is made, the new text is paid for
    let places = text.len() / pattern.len().max(1) + 1;
    call.evaluator.spend_text(text.len().saturating_add(places.saturating_mul(substitution.len())))?;
    Ok(one(text.replace(&*pattern, &substitution)))
}

/// What compiling a pattern takes off the budget: the larger ones take as long as so many steps.
const COMPILATION: usize = 20_000;

fn pattern<'c>(call: &Call<'c, '_>, text: &str) -> Outcome<Cow<'c, regex::Regex>> {
    if let Some(kept) = call.pattern.kept(text) {
        return Ok(Cow::Borrowed(kept));
    }
    call.evaluator.spend(COMPILATION)?;
    call.pattern
        .compile(text)
        .map(Cow::Owned)
        .map_err(|error| call.invalid(&format!("cannot use the pattern '{text}': {error}")))
}

pub(super) fn matches<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let Some((text, wanted)) = with_argument(call)? else { return Ok(Collection::new()) };
    call.evaluator.spend_text(text.len())?;
    Ok(one(pattern(call, &wanted)?.is_match(&text)))
}

pub(super) fn matches_full<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let Some((text, wanted)) = with_argument(call)? else { return Ok(Collection::new()) };
    call.evaluator.spend_text(text.len())?;
    Ok(one(pattern(call, &format!(r"\A(?:{wanted})\z"))?.is_match(&text)))
}

/// An empty pattern changes nothing; `$1` and `${name}` stand for groups.
pub(super) fn replace_matches<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let (Some(wanted), Some(substitution)) = (call.string(0)?, call.string(1)?) else {
        return Ok(Collection::new());
    };
    let Some(text) = call.input_string()? else { return Ok(Collection::new()) };
    if wanted.is_empty() {
        return Ok(one(Item::String(text)));
    }
    let places = text.len() + 1;
    call.evaluator.spend_text(text.len().saturating_add(places.saturating_mul(substitution.len())))?;
    let replaced = pattern(call, &wanted)?.replace_all(&text, braced(&substitution).as_str()).into_owned();
    Ok(one(replaced))
}

/// `$1abc` means the first group and then `abc`, where the regex crate would read a name.
fn braced(substitution: &str) -> String {
    let mut text = String::new();
    let mut rest = substitution;
    while let Some(at) = rest.find('$') {
        text.push_str(&rest[..=at]);
        rest = &rest[at + 1..];
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if digits > 0 {
            text.extend(["{", &rest[..digits], "}"]);
            rest = &rest[digits..];
        }
    }
    text.push_str(rest);
    text
}

pub(super) fn length<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let text = call.input_string()?;
    Ok(optional(text.map(|text| Item::Integer(characters_before(&text, text.len())))))
}

pub(super) fn to_chars<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let Some(text) = call.input_string()? else { return Ok(Collection::new()) };
    call.evaluator.spend(text.len())?;
    Ok(text.chars().map(|character| Item::from(character.to_string())).collect())
}

pub(super) fn split<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let Some((text, separator)) = with_argument(call)? else { return Ok(Collection::new()) };
    call.evaluator.spend(text.len())?;
    if separator.is_empty() {
        return to_chars(call);
    }
    Ok(text.split(&*separator).map(|part| Item::from(part.to_owned())).collect())
}

pub(super) fn join<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let separator = call.string(0)?.unwrap_or(Text::Borrowed(""));
    let mut joined: Option<String> = None;
    for item in &call.input {
        let what = "an item of the input of join()";
        let part = call.evaluator.string(&one(item.clone()), what)?;
        let Some(part) = part else { continue };
        call.evaluator.spend_text(part.len() + separator.len())?;
        match &mut joined {
            Some(text) => {
                text.push_str(&separator);
                text.push_str(&part);
            }
            None => joined = Some(part.to_string()),
        }
    }
    Ok(optional(joined))
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn positions_count_characters() {
        assert_results(&[
            ("'héllo'.indexOf('l')", "2"),
            ("'héllo'.lastIndexOf('l')", "3"),
            ("'héllo'.indexOf('z')", "-1"),
            ("'héllo'.substring(1, 2)", "él"),
            ("'hello'.substring(3)", "lo"),
            ("'hello'.substring(5)", ""),
            ("'hello'.substring(-1)", ""),
            ("'héllo'.length()", "5"),
            ("'hé'.toChars()", "h, é"),
            ("name.family.substring(0, 4)", "Chal"),
        ]);
    }

    #[test]
    fn tests_and_changes() {
        assert_results(&[
            ("'hello'.startsWith('he')", "true"),
            ("'hello'.endsWith('')", "true"),
            ("'hello'.contains('x')", "false"),
            ("{}.contains('x')", ""),
            ("'Ab'.upper() + 'Ab'.lower()", "ABab"),
            ("'abc'.replace('', 'x')", "xaxbxcx"),
            ("' a '.trim()", "a"),
            ("'a,b,,c'.split(',').count()", "4"),
            ("('a' | 'b').join('-')", "a-b"),
            ("('a' | 'b').join()", "ab"),
            ("1.length()", "error: must be a String"),
            ("('a' | 'b').length()", "error: must be one item"),
        ]);
    }

    #[test]
    fn patterns() {
        assert_results(&[
            ("'a\\nb'.matches('a.b')", "true"),
            ("'xaby'.matches('ab')", "true"),
            ("'xaby'.matchesFull('ab')", "false"),
            ("'ab'.matchesFull('a|ab')", "true"),
            ("'2026-05'.replaceMatches('(\\\\d+)-(\\\\d+)', '$2a$1')", "05a2026"),
            ("'ab'.matches('(')", "error: cannot use the pattern"),
        ]);
    }
}
