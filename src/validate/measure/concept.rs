//! Whether two concepts that mark the parts of a measure are the same.

use crate::fhir::Element;

/// What marks a group, a population or a stratifier: R4's code, STU3's identifier.
pub(super) fn mark(part: Element<'_>) -> Option<Element<'_>> {
    part.child("code").or_else(|| part.child("identifier"))
}

/// Whether two marks mean the same. A coding that leaves out its system is taken for any system's: many
/// reports leave it out, as the specification's own examples do.
pub(super) fn same(one: Element<'_>, other: Element<'_>) -> bool {
    let mut codings = one.children_named("coding");
    if codings.any(|coding| other.children_named("coding").any(|twin| same_coding(coding, twin))) {
        return true;
    }
    let same_part = |name: &str| one.child(name).is_some() && one.text(name) == other.text(name);
    let without_codes = one.child("coding").is_none() || other.child("coding").is_none();
    (without_codes && same_part("text")) || same_part("value")
}

fn same_coding(one: Element<'_>, other: Element<'_>) -> bool {
    let systems = one.text("system").zip(other.text("system"));
    one.child("code").is_some()
        && one.text("code") == other.text("code")
        && systems.is_none_or(|(system, other)| system == other)
}

/// A mark in few words.
pub(super) fn words(mark: Element<'_>) -> String {
    let coding = mark.child("coding").and_then(|coding| coding.text("code"));
    let word = coding.or_else(|| mark.text("text")).or_else(|| mark.text("value"));
    crate::profile::shorten(word.unwrap_or("without a code"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_json;

    #[track_caller]
    fn check(one: &str, other: &str, expected: bool) {
        let tree =
            parse_json(&format!(r#"{{"resourceType":"Basic","a":{{{one}}},"b":{{{other}}}}}"#)).unwrap();
        let [one, other] = ["a", "b"].map(|name| tree.root().child(name).unwrap());
        assert_eq!(same(one, other), expected);
        assert_eq!(same(other, one), expected);
    }

    #[test]
    fn codes_tell_and_a_missing_system_is_any() {
        let coding = |system: &str, code: &str| format!(r#""coding":[{{{system}"code":"{code}"}}]"#);
        let (s, t) = (r#""system":"http://s","#, r#""system":"http://t","#);
        check(&coding(s, "a"), &coding(s, "a"), true);
        check(&coding(s, "a"), &coding("", "a"), true);
        check(&coding(s, "a"), &coding(t, "a"), false);
        check(&coding(s, "a"), &coding(s, "b"), false);
        check(r#""text":"a""#, r#""text":"a""#, true);
        check(r#""text":"a""#, r#""text":"b""#, false);
        check(r#""value":"a""#, r#""value":"a""#, true);
        check(r#""text":"""#, r#""value":"a""#, false);
    }
}
