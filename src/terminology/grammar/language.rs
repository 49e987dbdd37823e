//! Language tags (BCP 47, RFC 5646): their grammar, and of two letters whether language and region are registered.

use std::sync::LazyLock;

use regex::Regex;

use super::country;

/// Languages of two letters (ISO 639-1), and those that BCP 47 keeps though they were withdrawn.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en \
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja \
    jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb \
    nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so \
    sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu \
    in iw ji jw mo";

/// Regions of two letters that BCP 47 registers though they are no country codes of today.
const OTHER_REGIONS: &str = "AC BU CP CQ CS DD DG EA EU EZ FX IC NT SU TA TP UN YD YU ZR";

/// Tags from before the grammar that are still registered (RFC 5646, section 2.2.8).
const GRANDFATHERED: &str = "en-GB-oed i-ami i-bnn i-default i-enochian i-hak i-klingon i-lux i-mingo i-navajo i-pwn \
    i-tao i-tay i-tsu sgn-BE-FR sgn-BE-NL sgn-CH-DE art-lojban cel-gaulish no-bok no-nyn zh-guoyu zh-hakka zh-min \
    zh-min-nan zh-xiang";

/// Language with extended languages, script, region, variants, extensions, private use; or private use alone.
static TAG: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        "(?i)^(?:([a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-([a-z]{2}|[0-9]{3}))?\
         (?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?\
         |x(?:-[a-z0-9]{1,8})+)$",
    )
    .ok()
});

pub(super) fn is_valid(tag: &str) -> bool {
    let is_one_of =
        |list: &str, text: &str| list.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(text));
    // The most frequent tags of all.
    if tag.len() == 2 {
        return is_one_of(LANGUAGES, tag);
    }
    let Some(parts) = TAG.as_ref().and_then(|grammar| grammar.captures(tag)) else {
        return is_one_of(GRANDFATHERED, tag);
    };
    let language = parts.get(1).map_or("", |found| found.as_str()).split('-').next().unwrap_or_default();
    let region = parts.get(2).map_or("", |found| found.as_str());
    (language.len() != 2 || is_one_of(LANGUAGES, language))
        && (region.len() != 2
            || country::is_alpha_2(&region.to_ascii_uppercase())
            || is_one_of(OTHER_REGIONS, region)
            || is_private(region))
        || is_one_of(GRANDFATHERED, tag)
}

/// AA, QM to QZ, XA to XZ and ZZ are for private use.
fn is_private(region: &str) -> bool {
    let region = region.to_ascii_uppercase();
    matches!(region.as_bytes(), b"AA" | b"ZZ" | [b'Q', b'M'..=b'Z'] | [b'X', _])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags() {
        for tag in [
            "en",
            "en-GB",
            "EN-gb",
            "zh-Hant-TW",
            "sr-Latn",
            "es-419",
            "de-CH-1996",
            "x-klingon",
            "cy",
            "sgn",
            "en-x-US",
            "i-klingon",
            "zh-cmn-Hans-CN",
            "de-u-co-phonebk",
            "en-XA",
        ] {
            assert!(is_valid(tag), "{tag}");
        }
        for tag in ["xx", "english", "en_GB", "en-", "", "e", "qq-GB", "en-QQQQQQQQQ", "en-UK"] {
            assert_eq!(is_valid(tag), tag == "english", "{tag}");
        }
    }
}
