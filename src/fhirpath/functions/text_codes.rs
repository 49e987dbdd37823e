//! `encode`, `decode`, `escape` and `unescape`: texts in other notations.

use std::fmt::Write as _;

use super::Call;
use crate::fhirpath::evaluate::Outcome;
use crate::fhirpath::item::{Collection, Item, Text, one, optional};

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn input_and_notation<'t>(call: &Call<'_, 't>) -> Outcome<Option<(Text<'t>, Text<'t>)>> {
    let pair = call.input_string()?.zip(call.string(0)?);
    if let Some((text, _)) = &pair {
        call.evaluator.spend_text(text.len() * 2)?;
    }
    Ok(pair)
}

pub(super) fn encode<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let Some((text, notation)) = input_and_notation(call)? else { return Ok(Collection::new()) };
    Ok(one(match &*notation {
        "hex" => hex::encode(text.as_bytes()),
        "base64" => encode_base64(text.as_bytes(), STANDARD),
        "urlbase64" => encode_base64(text.as_bytes(), URL_SAFE),
        other => return Err(call.invalid(&format!("knows hex, base64 and urlbase64, not '{other}'"))),
    }))
}

/// Gives nothing for what the notation does not allow.
pub(super) fn decode<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let Some((text, notation)) = input_and_notation(call)? else { return Ok(Collection::new()) };
    let bytes = match &*notation {
        "hex" => hex::decode(text.as_bytes()).ok(),
        "base64" => decode_base64(&text, STANDARD),
        "urlbase64" => decode_base64(&text, URL_SAFE),
        other => return Err(call.invalid(&format!("knows hex, base64 and urlbase64, not '{other}'"))),
    };
    Ok(optional(bytes.and_then(|bytes| String::from_utf8(bytes).ok())))
}

pub(super) fn escape<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let Some((text, notation)) = input_and_notation(call)? else { return Ok(Collection::new()) };
    Ok(one(match &*notation {
        "html" => text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
            .replace('\'', "&#39;"),
        "json" => {
            let quoted = serde_json::Value::from(&*text).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        }
        other => return Err(call.invalid(&format!("knows html and json, not '{other}'"))),
    }))
}

pub(super) fn unescape<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let Some((text, notation)) = input_and_notation(call)? else { return Ok(Collection::new()) };
    match &*notation {
        "html" => Ok(one(text
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&"))),
        "json" => {
            let mut quoted = String::new();
            let _ = write!(quoted, "\"{text}\"");
            // what holds bare quotes is no JSON string, but plainly has nothing to unescape there
            let plain = serde_json::from_str::<String>(&quoted).unwrap_or_else(|_| text.to_string());
            Ok(one(Item::from(plain)))
        }
        other => Err(call.invalid(&format!("knows html and json, not '{other}'"))),
    }
}

fn encode_base64(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits =
            group.iter().chain([0; 2].iter()).take(3).fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        for index in 0..4 {
            let digit = alphabet[(bits >> (18 - 6 * index) & 0x3f) as usize];
            text.push(if index > group.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

fn decode_base64(text: &str, alphabet: &[u8; 64]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut bits = 0_u32;
    let mut count = 0;
    for character in text.trim_end_matches('=').bytes() {
        let digit = alphabet.iter().position(|known| *known == character)?;
        bits = bits << 6 | u32::try_from(digit).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    (count < 6).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn there_and_back() {
        assert_results(&[
            ("'héllo'.encode('base64')", "aMOpbGxv"),
            ("'ab'.encode('base64')", "YWI="),
            ("'a'.encode('base64').decode('base64')", "a"),
            ("'>>>???'.encode('urlbase64')", "Pj4-Pz8_"),
            ("'aé'.encode('hex')", "61c3a9"),
            ("'zz'.decode('hex')", ""),
            ("'a'.encode('rot13')", "error: knows hex"),
            ("'<a & \"b\">'.escape('html')", "&lt;a &amp; &quot;b&quot;&gt;"),
            ("'<a>'.escape('html').unescape('html')", "<a>"),
            ("'a\\nb'.escape('json')", "a\\nb"),
            ("'a\\\\nb'.unescape('json') = 'a\\nb'", "true"),
        ]);
    }
}
