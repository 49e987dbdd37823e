//! Strings: compared from their start, letter case and accents aside.

use crate::fhir::Element;

/// The elements of a `HumanName` or an `Address` that hold text to be searched.
const PARTS: [&str; 11] = [
    "text",
    "family",
    "given",
    "prefix",
    "suffix",
    "line",
    "city",
    "district",
    "state",
    "postalCode",
    "country",
];

/// How much of an element's text a value must cover.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Its beginning.
    Start,
    /// All of it, to the letter (`:exact`).
    Exact,
    /// Any part of it (`:contains`).
    Contains,
}

/// A text that is looked for.
pub(super) struct Text {
    wanted: String,
    mode: Mode,
}

impl Text {
    pub(super) fn new(wanted: &str, mode: Mode) -> Self {
        let wanted = if mode == Mode::Exact { wanted.to_owned() } else { fold(wanted) };
        Self { wanted, mode }
    }

    pub(super) fn matches(&self, element: Element<'_>) -> bool {
        let parts: Vec<&str> = match element.value() {
            Some(value) => vec![value],
            None => element
                .children()
                .filter(|child| PARTS.contains(&child.name()))
                .filter_map(Element::value)
                .collect(),
        };
        match self.mode {
            Mode::Exact => parts.iter().any(|part| *part == self.wanted),
            Mode::Contains => parts.iter().any(|part| fold(part).contains(&self.wanted)),
            Mode::Start => {
                let parts: Vec<String> = parts.into_iter().map(fold).collect();
                let begins = |word: &str| parts.iter().any(|part| part.starts_with(word));
                // `name=robin ashcombe`: each word begins some part of one and the same name.
                let by_words = || self.wanted.split_whitespace().all(begins);
                begins(&self.wanted) || (element.value().is_none() && by_words())
            }
        }
    }
}

/// Lower case, without accents (those of the Latin letters of Europe, and combining ones).
fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars().flat_map(char::to_lowercase) {
        let plain = match character {
            '\u{300}'..='\u{36f}' => continue,
            'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' => 'a',
            'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
            'ď' | 'đ' | 'ð' => 'd',
            'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => 'e',
            'ĝ' | 'ğ' | 'ġ' | 'ģ' => 'g',
            'ĥ' | 'ħ' => 'h',
            'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => 'i',
            'ĵ' => 'j',
            'ķ' => 'k',
            'ĺ' | 'ļ' | 'ľ' | 'ł' => 'l',
            'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
            'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => 'o',
            'ŕ' | 'ŗ' | 'ř' => 'r',
            'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => 's',
            'ţ' | 'ť' | 'ŧ' | 'ț' => 't',
            'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => 'u',
            'ŵ' | 'ẁ' | 'ẃ' | 'ẅ' => 'w',
            'ý' | 'ÿ' | 'ŷ' | 'ỳ' => 'y',
            'ź' | 'ż' | 'ž' => 'z',
            'ß' => {
                out.push_str("ss");
                continue;
            }
            'æ' => {
                out.push_str("ae");
                continue;
            }
            'œ' => {
                out.push_str("oe");
                continue;
            }
            other => other,
        };
        out.push(plain);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_do_not_matter() {
        assert_eq!(fold("Zoë O’NEILL-Łukasz"), "zoe o’neill-lukasz");
        assert_eq!(fold("Zoe\u{308}"), fold("ZOË"));
        assert_eq!(fold("Strauß"), fold("STRAUSS"));
    }
}
