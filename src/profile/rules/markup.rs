//! Markup in plain text: what is shown in a page without being escaped could run there.

use crate::fhir::Element;
use crate::profile::text::shorten;
use crate::profile::{Code, Issue, Severity};

/// Plain text or markdown holds what looks like an HTML tag.
pub const CODE: Code = Code {
    name: "markup-in-text",
    title: "A text holds what looks like an HTML tag",
    what: "Strings are plain text, and markdown is written without HTML. A tag in one is either meant as text, or \
        somebody expects it to be obeyed. With --security-checks it is an error.",
    why: "A system that puts the text into a page without escaping it runs whatever the tag says.",
    example: "wrong:  \"text\": \"Ada <script>…</script>\"\nright:  \"text\": \"Ada\"",
    specification: "https://hl7.org/fhir/R4/security.html#narrative",
};

/// The elements of HTML that somebody who means a text would hardly write by chance.
#[rustfmt::skip]
const HTML: [&str; 64] = [
    "a", "abbr", "address", "applet", "area", "audio", "b", "base", "big", "blockquote", "body", "br", "button",
    "canvas", "center", "code", "dd", "del", "div", "dl", "dt", "em", "embed", "font", "form", "frame", "frameset",
    "h1", "h2", "h3", "h4", "h5", "h6", "head", "hr", "html", "i", "iframe", "img", "input", "ins", "li", "link",
    "meta", "object", "ol", "p", "param", "pre", "script", "select", "small", "span", "strong", "style", "sub",
    "sup", "svg", "table", "td", "textarea", "th", "tr", "ul",
];

/// Checks the text of an element of type `string` or `markdown`; `secure` makes an error of what is found.
#[must_use]
pub fn check(element: Element<'_>, type_name: &str, secure: bool) -> Option<Issue> {
    // Most values are of other types, and need not be read.
    if !matches!(type_name, "string" | "markdown") {
        return None;
    }
    let text = element.value()?;
    memchr::memchr(b'<', text.as_bytes())?;
    let (tag, severity) = match type_name {
        "string" => (tags(text).find(|tag| HTML.contains(&tag.name.as_str()))?, Severity::Information),
        _ => (tags(text).next()?, Severity::Warning),
    };
    let severity = if secure { Severity::Error } else { severity };
    let message = format!("`{}` holds what looks like an HTML tag: {}", element.name(), shorten(tag.text));
    Some(Issue::at(element, &CODE, severity, message))
}

/// One tag of a text.
struct Tag<'t> {
    /// Its name, in small letters.
    name: String,
    text: &'t str,
}

/// What looks like tags: `<` or `</`, a name, and a blank, slash or bracket behind it. `<https://…>` and
/// `<ada@example.org>`, as markdown writes links, are none.
fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    text.match_indices('<').filter_map(|(at, _)| {
        let rest = &text[at + 1..];
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        let closed = behind.find('>')?;
        let is_tag = name.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && behind.starts_with(|letter: char| letter.is_whitespace() || matches!(letter, '/' | '>'))
            && !behind[..closed].contains('<');
        let length = text.len() - at - behind.len() + closed + 1;
        is_tag.then(|| Tag { name: name.to_ascii_lowercase(), text: &text[at..at + length] })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_json;

    #[track_caller]
    fn found(type_name: &str, text: &str) -> Option<(Severity, String)> {
        let tree =
            parse_json(&serde_json::json!({ "resourceType": "Patient", "x": text }).to_string()).unwrap();
        check(tree.root().child("x").unwrap(), type_name, false).map(|issue| (issue.severity, issue.message))
    }

    #[test]
    fn tags_of_html_are_found_in_strings() {
        let (severity, message) = found("string", "Ada <script>x</script>").unwrap();
        assert_eq!(severity, Severity::Information);
        assert!(message.ends_with("<script>"), "{message}");
        for text in ["<IMG src='x'>", "a</b>", "<br/>"] {
            assert!(found("string", text).is_some(), "{text}");
        }
        for text in ["a < b and c > d", "<dose> mg", "x <b", "age <65 or >80", "<ü>"] {
            assert!(found("string", text).is_none(), "{text}");
        }
    }

    #[test]
    fn any_tag_is_found_in_markdown_but_links_are_none() {
        assert_eq!(found("markdown", "see <r a=\"1\"> here").unwrap().0, Severity::Warning);
        for text in ["<https://example.org/a>", "<ada@example.org>", "1 < 2", "a <- b > c"] {
            assert!(found("markdown", text).is_none(), "{text}");
        }
        assert!(found("code", "<b>").is_none());
    }

    #[test]
    fn security_checks_make_it_an_error() {
        let tree = parse_json(r#"{"resourceType":"Patient","x":"<b>"}"#).unwrap();
        let issue = check(tree.root().child("x").unwrap(), "string", true).unwrap();
        assert_eq!(issue.severity, Severity::Error);
    }
}
