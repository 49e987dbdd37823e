//! `htmlChecks()`: whether a narrative is the XHTML that FHIR allows (FHIR R4, section 2.7, and the
//! schema fhir-xhtml.xsd): formatting only, and something to read.

use super::Call;
use super::narrative_flaw::NarrativeFlaw;
use super::plain_narrative::is_plainly_allowed;
use crate::fhirpath::evaluate::Outcome;
use crate::fhirpath::item::{Collection, one};

pub(super) const NAMESPACE: &str = "http://www.w3.org/1999/xhtml";

/// In the order of the alphabet.
const ELEMENTS: [&str; 53] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "area",
    "b",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "kbd",
    "li",
    "map",
    "ol",
    "p",
    "pre",
    "q",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "ul",
    "var",
];

/// Attributes that any element may have, and those of table cells and columns.
const ATTRIBUTES: [&str; 21] = [
    "title",
    "style",
    "class",
    "id",
    "lang",
    "dir",
    "accesskey",
    "tabindex",
    "span",
    "width",
    "align",
    "valign",
    "char",
    "charoff",
    "abbr",
    "axis",
    "headers",
    "scope",
    "rowspan",
    "colspan",
    "space",
];

/// Attributes of one element each.
const OWN_ATTRIBUTES: [(&str, &[&str]); 8] = [
    ("a", &["href", "name", "charset", "type", "hreflang", "rel", "rev", "shape", "coords"]),
    ("img", &["src", "alt", "border", "longdesc", "height", "usemap", "ismap"]),
    ("map", &["name"]),
    ("area", &["shape", "coords", "href", "nohref", "alt"]),
    ("blockquote", &["cite"]),
    ("q", &["cite"]),
    ("table", &["summary", "border", "frame", "rules", "cellspacing", "cellpadding"]),
    ("td", &["nowrap"]),
];

pub(super) fn html_checks<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let Some(item) = call.input_item()? else { return Ok(Collection::new()) };
    let Some(markup) = item.as_element().and_then(|element| element.value().or_else(|| element.text("div")))
    else {
        return Ok(one(false));
    };
    call.evaluator.spend_text(markup.len())?;
    let last = &call.evaluator.context.narrative;
    let allowed = match last.get() {
        Some((known, allowed)) if std::ptr::eq(known, markup) => allowed,
        _ => is_plainly_allowed(markup) || is_allowed_by_parser(markup),
    };
    last.set(Some((markup, allowed)));
    Ok(one(allowed))
}

/// Whether a narrative is allowed, told by reading it as XML.
pub(super) fn is_allowed_by_parser(markup: &str) -> bool {
    NarrativeFlaw::of(markup).is_none()
}

/// Whether an address runs something. Readers drop white space and control characters before they look at the scheme.
pub(super) fn is_script(address: &str) -> bool {
    let bare: String =
        address.chars().filter(|letter| !letter.is_whitespace() && !letter.is_control()).collect();
    let bare = bare.to_ascii_lowercase();
    ["javascript:", "vbscript:", "data:text/html"].iter().any(|scheme| bare.starts_with(scheme))
}

/// Whether it is an element of formatting.
pub(super) fn is_allowed_element(name: &str) -> bool {
    ELEMENTS.binary_search(&name).is_ok()
}

/// Whether an element of formatting may have an attribute.
pub(super) fn is_allowed_attribute(element: &str, name: &str) -> bool {
    let own = || OWN_ATTRIBUTES.iter().find(|(owner, _)| *owner == element).map_or(&[][..], |row| row.1);
    ATTRIBUTES.contains(&name) || own().contains(&name)
}

/// XML knows five entities by name; HTML's others each stand for a character, which one does not
/// matter here.
pub(super) fn without_named_entities(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let name = rest[1..].split(';').next().unwrap_or_default();
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let is_html = is_name && name.len() + 1 < rest.len();
        if is_html && !["amp", "lt", "gt", "quot", "apos"].contains(&name) {
            text.push('\u{a0}');
            // As many characters as before, so that places stay the same.
            text.extend(std::iter::repeat_n(' ', name.len() + 1));
            rest = &rest[name.len() + 2..];
        } else {
            text.push('&');
            rest = &rest[1..];
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::{ELEMENTS, is_allowed_by_parser as is_allowed};

    #[test]
    fn elements_stand_in_order() {
        assert!(ELEMENTS.is_sorted());
    }

    #[test]
    fn formatting_only_and_something_to_read() {
        let div = |inner: &str| format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{inner}</div>");
        for good in [
            "text",
            "<p style=\"x\">a&nbsp;<b>b</b> &amp; &#169;</p>",
            "<img src=\"#i\" alt=\"\"/>",
            "<table border=\"1\"><tr><td colspan=\"2\" xml:lang=\"en\">x</td></tr></table>",
            "<a name=\"x\" href=\"http://example.org\">x</a><!-- comment -->",
        ] {
            assert!(is_allowed(&div(good)), "{good}");
        }
        for bad in [
            "",
            " <p> </p> ",
            "<script>x</script>",
            "<p onclick=\"x\">x</p>",
            "<a href=\" JavaScript:x\">x</a>",
            "<p>x",
            "<p xmlns=\"http://example.org\">x</p>",
            "<form>x</form>",
            "<p border=\"1\">x</p>",
        ] {
            assert!(!is_allowed(&div(bad)), "{bad}");
        }
        assert!(!is_allowed("<p xmlns=\"http://www.w3.org/1999/xhtml\">x</p>"));
        assert!(!is_allowed("<div>x</div>"));
        assert!(!is_allowed(
            "<!DOCTYPE div [<!ENTITY x 'y'>]><div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"
        ));
    }
}
