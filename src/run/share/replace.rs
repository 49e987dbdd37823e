//! Replacing identifiers by tokens in any text: bodies, addresses, messages.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, BuildError, MatchKind};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use regex::{Captures, Regex};
use serde_json::{Map, Value};

use super::Kind;
use super::identifiers::Identifiers;
use crate::http::{Evidence, EvidenceMessage, Manner};
use crate::nhs_number::has_check_digit;

/// Ten digits as NHS numbers are written, alone or in groups.
static TEN_DIGITS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[0-9]{10}|[0-9]{3}[ -][0-9]{3}[ -][0-9]{4}").ok());

/// The content of an attachment: Base64 of some length, with the line ends that JSON and XML allow in it.
static CONTENT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[A-Za-z0-9+/]{200,}={0,2}").ok());

/// Up to this length a name is only found in its own letter case: `Li` is a name and `li` is not.
const SHORT: usize = 4;

/// Replaces identifiers by tokens.
pub(super) struct Replacer {
    /// Finds every spelling, letter case aside.
    finder: AhoCorasick,
    spellings: Vec<Spelling>,
    seed: String,
}

/// One way to write an identifier.
struct Spelling {
    text: String,
    token: String,
}

impl Replacer {
    /// A replacer of identifiers, whose tokens the seed makes those of one run.
    pub(super) fn new(identifiers: &Identifiers, seed: &str) -> Result<Self, BuildError> {
        let mut spellings: BTreeMap<String, Spelling> = BTreeMap::new();
        let mut add = |value: &str, kind, token: &str| {
            for text in spelled(value, kind) {
                let spelling = Spelling { text: text.clone(), token: token.to_owned() };
                spellings.entry(text).or_insert(spelling);
            }
        };
        for name in identifiers.full_names() {
            for (parts, separator) in name.written() {
                let tokens: Vec<String> = parts.iter().map(|part| token(Kind::Name, part, seed)).collect();
                let joined = |parts: &[&str]| format!("{}{separator}{}", parts[0], parts[1..].join(" "));
                let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
                add(&joined(&parts), Kind::Name, &joined(&tokens));
            }
        }
        for (value, kind) in identifiers.all() {
            add(value, kind, &token(kind, value, seed));
        }
        let spellings: Vec<Spelling> = spellings.into_values().collect();
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .build(spellings.iter().map(|spelling| &spelling.text))?;
        Ok(Self { finder, spellings, seed: seed.to_owned() })
    }

    /// The text with every identifier replaced.
    pub(super) fn text(&self, text: &str) -> String {
        let mut told = String::with_capacity(text.len());
        let mut from = 0;
        for found in self.finder.find_iter(text) {
            let spelling = &self.spellings[found.pattern().as_usize()];
            if stands_alone(text, found.range(), spelling) {
                told.push_str(&text[from..found.start()]);
                told.push_str(&spelling.token);
                from = found.end();
            }
        }
        told.push_str(&text[from..]);
        self.numbers(self.contents(told))
    }

    /// The content of attachments, which can hold anything.
    fn contents(&self, text: String) -> String {
        let Some(pattern) = CONTENT.as_ref() else { return text };
        match pattern.replace_all(&text, |found: &Captures<'_>| token(Kind::Data, &found[0], &self.seed)) {
            std::borrow::Cow::Borrowed(_) => text,
            std::borrow::Cow::Owned(replaced) => replaced,
        }
    }

    /// NHS numbers that stand where nobody looked for them: told by their check digit.
    fn numbers(&self, text: String) -> String {
        let Some(pattern) = TEN_DIGITS.as_ref() else { return text };
        let replaced = pattern.replace_all(&text, |found: &Captures<'_>| {
            let written = &found[0];
            let (start, end) = found.get(0).map_or((0, 0), |whole| (whole.start(), whole.end()));
            let digits: String = written.chars().filter(char::is_ascii_digit).collect();
            let within = is_digit(text[..start].chars().next_back()) || is_digit(text[end..].chars().next());
            if within || !has_check_digit(&digits) {
                return written.to_owned();
            }
            token(Kind::NhsNumber, &digits, &self.seed)
        });
        replaced.into_owned()
    }

    /// The shareable form of an exchange.
    pub(super) fn evidence(&self, mut evidence: Evidence) -> Evidence {
        self.message(&mut evidence.request);
        if let Some(response) = &mut evidence.response {
            self.message(response);
        }
        for address in &mut evidence.redirects {
            *address = self.text(address);
        }
        if let Some(failure) = &mut evidence.failure {
            failure.message = self.text(&failure.message);
        }
        for failure in evidence.tries.iter_mut().filter_map(|one| one.failure.as_mut()) {
            failure.message = self.text(&failure.message);
        }
        let requests = std::mem::take(&mut evidence.token_requests);
        evidence.token_requests = requests.into_iter().map(|request| self.evidence(request)).collect();
        if let Some(claims) = evidence.presented.as_mut().and_then(|presented| presented.claims.as_mut()) {
            self.claims(claims);
        }
        if let Manner::Claims(changes) = &mut evidence.credentials.manner {
            self.claims(changes);
        }
        evidence
    }

    /// The claims of a token that we made: they may name a patient.
    fn claims(&self, claims: &mut Map<String, Value>) {
        for (_, claim) in claims {
            self.claim(claim);
        }
    }

    fn claim(&self, claim: &mut Value) {
        match claim {
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.claim(item)),
            Value::Object(claims) => self.claims(claims),
            _ => {}
        }
    }

    fn message(&self, message: &mut EvidenceMessage) {
        message.url = message.url.take().map(|url| self.text(&url));
        for (_, value) in &mut message.headers.0 {
            *value = self.text(value);
        }
        message.body = message.body.take().map(|body| self.text(&body));
        // What is not text cannot be searched for identifiers.
        if let Some(encoded) = message.body_base64.take() {
            message.body = Some(token(Kind::Data, &encoded, &self.seed));
        }
    }
}

/// The token of an identifier: the same for the same value and key, whatever its letter case.
fn token(kind: Kind, value: &str, seed: &str) -> String {
    use sha2::Digest as _;
    let mut hash = sha2::Sha256::new();
    for part in [seed, kind.word(), &value.to_lowercase()] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    format!("[{}:{}]", kind.word(), &hex::encode(hash.finalize())[..8])
}

/// The ways in which a value can stand in a text: as it is, escaped for JSON, XML and addresses, and in the forms that
/// people write.
fn spelled(value: &str, kind: Kind) -> Vec<String> {
    let mut spellings = vec![value.to_owned()];
    if kind == Kind::NhsNumber && value.len() == 10 && value.is_ascii() {
        for separator in [' ', '-'] {
            spellings.push(format!("{}{separator}{}{separator}{}", &value[..3], &value[3..6], &value[6..]));
        }
    }
    if let (Kind::BirthDate, Ok(date)) = (kind, value.parse::<jiff::civil::Date>()) {
        for form in ["%d-%b-%Y", "%d/%m/%Y", "%d %B %Y", "%-d %B %Y", "%d %b %Y"] {
            spellings.push(date.strftime(form).to_string());
        }
    }
    if !value.is_ascii() {
        // What is looked for is found in both letter cases of ASCII only.
        for text in [value.to_owned(), value.to_uppercase(), value.to_lowercase()] {
            spellings.extend([
                escaped(&text, json_escape),
                escaped(&text, decimal),
                escaped(&text, hexadecimal),
                text,
            ]);
        }
    }
    let quoted = serde_json::Value::from(value).to_string();
    spellings.push(quoted[1..quoted.len() - 1].to_owned());
    let markup = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    spellings.push(markup.replace('"', "&quot;"));
    spellings.push(markup.replace('\'', "&apos;"));
    spellings.push(markup.replace('\'', "&#39;"));
    let encoded = utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
    spellings.push(encoded.replace("%20", "+"));
    for mild in ["%2D", "%2E", "%5F", "%7E", "%40", "%27"] {
        let plain = percent_encoding::percent_decode_str(mild).decode_utf8_lossy().into_owned();
        spellings.push(encoded.replace(mild, &plain));
    }
    spellings.push(["%2D", "%2E", "%5F", "%7E"].iter().fold(encoded.clone(), |text, code| {
        text.replace(code, &percent_encoding::percent_decode_str(code).decode_utf8_lossy())
    }));
    spellings.push(encoded);
    spellings.sort();
    spellings.dedup();
    spellings
}

/// A text whose letters beyond ASCII are written as escapes.
fn escaped(text: &str, escape: fn(char) -> String) -> String {
    let letters = text.chars();
    letters.map(|letter| if letter.is_ascii() { letter.to_string() } else { escape(letter) }).collect()
}

fn json_escape(letter: char) -> String {
    letter.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

fn decimal(letter: char) -> String {
    format!("&#{};", u32::from(letter))
}

fn hexadecimal(letter: char) -> String {
    format!("&#x{:x};", u32::from(letter))
}

/// Whether what was found is a word of its own, and not a part of another: `Ash` in `Ashcombe`.
fn stands_alone(text: &str, range: std::ops::Range<usize>, spelling: &Spelling) -> bool {
    if spelling.text.len() < SHORT && text[range.clone()] != spelling.text {
        return false;
    }
    let before = &text[..range.start];
    let after = text[range.end..].chars().next();
    let joins = |letter: char| letter.is_alphanumeric();
    if after.is_some_and(joins) {
        return false;
    }
    !before.chars().next_back().is_some_and(joins) || ends_in_escape(before)
}

/// Whether a text ends in an escape, whose last letter is no part of the word behind it: `%7C`, `\n`.
fn ends_in_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    let encoded = bytes.len() >= 3
        && bytes[bytes.len() - 3] == b'%'
        && bytes[bytes.len() - 2..].iter().all(u8::is_ascii_hexdigit);
    let escaped = bytes.len() >= 2
        && bytes[bytes.len() - 2] == b'\\'
        && matches!(bytes[bytes.len() - 1], b'n' | b't' | b'r');
    encoded || escaped
}

fn is_digit(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| letter.is_ascii_digit())
}
