//! XML in another layout that means the same.

use schemars::JsonSchema;
use serde::Deserialize;

/// How XML is laid out.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a habit of its own, switched on in YAML")]
pub struct XmlLayout {
    /// The prefix of FHIR's namespace; it is the default namespace, if not given.
    pub prefix: Option<String>,
    /// Whether comments stand in it.
    #[serde(default)]
    pub comments: bool,
    /// Whether the XML declaration is left out.
    #[serde(default)]
    pub no_declaration: bool,
    /// Whether each element is on a line of its own, narrative aside.
    #[serde(default)]
    pub lines: bool,
    /// Whether values stand between single quotes, and empty elements have an end tag.
    #[serde(default)]
    pub long: bool,
}

impl XmlLayout {
    pub(in crate::supplier) fn check(&self) -> Result<(), String> {
        match &self.prefix {
            Some(prefix)
                if prefix.is_empty() || !prefix.chars().all(|letter| letter.is_ascii_lowercase()) =>
            {
                Err(format!("`{prefix}` is no prefix; write a few small letters"))
            }
            _ => Ok(()),
        }
    }
}

/// An XML text as the supplier writes it, in another layout.
pub(super) fn laid_out(text: &str, layout: &XmlLayout) -> String {
    let (declaration, resource) = match text.split_once("?>") {
        Some((declaration, rest)) => (format!("{declaration}?>\n"), rest.trim_start()),
        None => (String::new(), text),
    };
    let mut out = if layout.no_declaration { String::new() } else { declaration };
    if layout.comments {
        out.push_str("<!-- made for a test -->\n");
    }
    // How many divs are open: what is within one is not ours to lay out.
    let mut divs = 0_usize;
    let mut rest = resource;
    let mut first = true;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        let tag = &rest[at..end];
        let (closing, body) = tag[1..].strip_prefix('/').map_or((false, &tag[1..]), |body| (true, body));
        let name = body.split([' ', '>', '/', '\n']).next().unwrap_or_default();
        let narrative = divs > 0 || name == "div";
        if name == "div" && !tag.ends_with("/>") {
            divs = if closing { divs.saturating_sub(1) } else { divs + 1 };
        }
        out.push_str(if closing { "</" } else { "<" });
        let own = match &layout.prefix {
            _ if narrative => body.to_owned(),
            Some(prefix) => prefixed(body, prefix),
            None => body.to_owned(),
        };
        out.push_str(&if layout.long && !narrative { long(&own) } else { own });
        if divs == 0 && layout.lines {
            out.push('\n');
        }
        if std::mem::take(&mut first) && layout.comments && !tag.ends_with("/>") {
            out.push_str("<!-- and another -->");
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// A tag, without its `<`, in a namespace with a prefix.
fn prefixed(tag: &str, prefix: &str) -> String {
    let declared = format!(" xmlns:{prefix}=\"http://hl7.org/fhir\"");
    format!("{prefix}:{}", tag.replacen(" xmlns=\"http://hl7.org/fhir\"", &declared, 1))
}

/// A tag, without its `<`, with single quotes, and with an end tag if it is that of an empty element.
fn long(tag: &str) -> String {
    let element = tag.split([' ', '>', '/']).next().unwrap_or_default();
    let quoted = if tag.contains('\'') { tag.to_owned() } else { tag.replace('"', "'") };
    match quoted.strip_suffix("/>") {
        Some(start) => format!("{start}></{element}>"),
        None => quoted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_xml;

    const TEXT: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Patient xmlns=\"http://hl7.org/fhir\"><text><status \
        value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>a <b>b</b> <div>c</div></p></div></text><active \
        value=\"true\"/></Patient>\n";

    #[test]
    fn layouts_change_the_text_and_not_what_it_says() {
        let layout = XmlLayout {
            prefix: Some("f".to_owned()),
            comments: true,
            no_declaration: true,
            lines: true,
            long: true,
        };
        let written = laid_out(TEXT, &layout);
        assert!(written.starts_with("<!-- made for a test -->\n<f:Patient xmlns:f="), "{written}");
        assert!(written.contains("<p>a <b>b</b> <div>c</div></p>"), "{written}");
        assert!(written.contains("<f:active value='true'></f:active>"), "{written}");
        let (one, other) = (parse_xml(TEXT).unwrap(), parse_xml(&written).unwrap());
        assert!(one.root().same_content(other.root()), "{written}");
        assert_eq!(laid_out(TEXT, &XmlLayout::default()), TEXT);
    }
}
