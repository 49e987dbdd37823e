//! A quick look at a narrative: most hold a few plain tags, and need no XML parser to be told right.
//!
//! It says yes only where a parser would; whatever is out of the ordinary is left to the parser.

use super::narrative::{NAMESPACE, is_allowed_attribute, is_allowed_element};

/// How deep tags may nest here.
const MAX_DEPTH: usize = 64;

/// Whether a narrative is certainly allowed.
pub(super) fn is_plainly_allowed(markup: &str) -> bool {
    Scanner { text: markup.trim_matches([' ', '\t', '\n', '\r']), at: 0, says_something: false }
        .narrative()
        .is_some()
}

struct Scanner<'m> {
    text: &'m str,
    at: usize,
    says_something: bool,
}

impl<'m> Scanner<'m> {
    /// The outermost `div` and all in it.
    fn narrative(mut self) -> Option<()> {
        let mut open: Vec<&str> = Vec::new();
        loop {
            self.expect(b'<')?;
            if self.accept(b'/') {
                let name = self.name();
                self.expect(b'>')?;
                if open.pop()? != name {
                    return None;
                }
            } else {
                let name = self.name();
                if !is_allowed_element(name) || open.len() >= MAX_DEPTH {
                    return None;
                }
                let is_empty = self.attributes(name, open.is_empty())?;
                self.says_something |= name == "img";
                if !is_empty {
                    open.push(name);
                } else if open.is_empty() {
                    return None;
                }
            }
            if open.is_empty() {
                return (self.says_something && self.at == self.text.len()).then_some(());
            }
            self.content()?;
        }
    }

    /// The attributes of a start tag; whether the tag ends at once.
    fn attributes(&mut self, element: &str, is_outermost: bool) -> Option<bool> {
        let start = self.at;
        if is_outermost && element != "div" {
            return None;
        }
        let mut has_namespace = false;
        loop {
            let has_blank = self.blanks();
            if self.accept(b'>') {
                return (has_namespace || !is_outermost).then_some(false);
            }
            if self.accept(b'/') {
                self.expect(b'>')?;
                return (has_namespace || !is_outermost).then_some(true);
            }
            let before = self.at;
            let name = self.name();
            // Twice the same is an error, which the parser tells.
            let is_twice = || self.text[start..before].contains(name);
            if !has_blank || name.is_empty() || is_twice() {
                return None;
            }
            self.expect(b'=')?;
            let value = self.value()?;
            if name == "xmlns" {
                if value != NAMESPACE {
                    return None;
                }
                has_namespace = true;
            } else if !is_allowed_attribute(element, name)
                || (matches!(name, "href" | "src") && !is_plain_address(value))
            {
                return None;
            }
        }
    }

    fn value(&mut self) -> Option<&'m str> {
        let quote = if self.accept(b'\'') { b'\'' } else { self.expect(b'"').map(|()| b'"')? };
        let start = self.at;
        loop {
            // A picture can be thousands of bytes, so they are looked at many at a time.
            let rest = &self.text.as_bytes()[self.at..];
            let length = memchr::memchr3(quote, b'&', b'<', rest)?;
            if !rest[..length].iter().fold(true, |so_far, byte| so_far & is_text(*byte)) {
                return None;
            }
            self.at += length;
            match rest[length] {
                b'&' => self.entity()?,
                b'<' => return None,
                _ => break,
            }
        }
        self.at += 1;
        Some(&self.text[start..self.at - 1])
    }

    /// Text, up to the next tag.
    fn content(&mut self) -> Option<()> {
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let length = rest.iter().take_while(|byte| IS_PLAIN[usize::from(**byte)]).count();
            self.says_something = self.says_something || rest[..length].iter().any(u8::is_ascii_graphic);
            self.at += length;
            match rest.get(length)? {
                b'<' => return Some(()),
                b'&' => self.entity()?,
                // Two of them and a `>` are an error.
                b']' if rest.get(length + 1) != Some(&b']') => self.at += 1,
                _ => return None,
            }
        }
    }

    /// An entity by name or decimal number.
    fn entity(&mut self) -> Option<()> {
        self.at += 1;
        if self.accept(b'#') {
            let digits = self.name();
            let number: u32 =
                digits.parse().ok().filter(|_| digits.bytes().all(|digit| digit.is_ascii_digit()))?;
            if !(0x20..0xd800).contains(&number) {
                return None;
            }
        } else if self.name().is_empty() {
            return None;
        }
        self.expect(b';')
    }

    /// Letters and digits.
    fn name(&mut self) -> &'m str {
        let rest = &self.text[self.at..];
        let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        self.at += length;
        &rest[..length]
    }

    /// Whether there was any blank.
    fn blanks(&mut self) -> bool {
        let start = self.at;
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
        self.at > start
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn accept(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.accept(byte).then_some(())
    }
}

/// Bytes that XML allows in a text; U+FFFE and U+FFFF, which it does not, begin with the one left out.
const fn is_text(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r' | 0x20..=0xee | 0xf0..)
}

/// Bytes that mean nothing but themselves between tags.
const IS_PLAIN: [bool; 256] = {
    let mut is_plain = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 256")]
        let letter = byte as u8;
        is_plain[byte] = is_text(letter) && !matches!(letter, b'<' | b'&' | b']');
        byte += 1;
    }
    is_plain
};

/// Whether an address is certainly no script: it begins otherwise than the schemes of scripts do, has no scheme, or
/// is a picture itself. A character that is written as an entity can be any.
fn is_plain_address(address: &str) -> bool {
    match address.bytes().next() {
        None => true,
        Some(b'&') => false,
        Some(b'j' | b'J' | b'v' | b'V' | b'd' | b'D') => {
            let data = address.strip_prefix("data:").map(|data| data.trim_start_matches(' '));
            data.is_some_and(|data| data.starts_with("image/"))
                || memchr::memchr2(b':', b'&', address.as_bytes()).is_none()
        }
        Some(first) => first.is_ascii_graphic(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::is_plainly_allowed;
    use crate::fhirpath::functions::narrative::is_allowed_by_parser;

    #[test]
    fn ordinary_narratives_need_no_parser() {
        let markup = "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p class='a'>R&amp;D &nbsp;<b>é</b><br/></p>\n\
            <table border=\"1\"><tr><td colspan=\"2\"><a href=\"datatypes.html#x\">x</a>\
            <img src=\"data: image/png;base64,AA\"/></td></tr></table></div>";
        assert!(is_plainly_allowed(markup));
        assert!(!is_plainly_allowed(&markup.replace("<p", "<script")));
    }

    proptest! {
        #[test]
        fn what_is_plainly_allowed_is_allowed(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..8)) {
            for markup in [
                format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{}</div>", pieces.concat()),
                format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"{}x</div>", pieces.concat()),
                pieces.concat(),
            ] {
                prop_assert!(!is_plainly_allowed(&markup) || is_allowed_by_parser(&markup), "{}", markup);
            }
        }
    }

    const PIECES: &[&str] = &[
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<br/>",
        "<br />",
        "<p",
        ">",
        "/>",
        " class=\"a\"",
        " class='b'",
        " style=\"x>y\"",
        " href=\"javascript:x\"",
        " href=\"#a&amp;b\"",
        " href=\"datatypes.html#x:y\"",
        " href=\"valueset.html\"",
        " href=\"vb&#115;cript&#58;x\"",
        " href=\"&#106;avascript:x\"",
        " href=\"\u{a0}javascript:x\"",
        " src=\"data:image/png;base64,AA\"",
        " src=\"data: image/png;base64,AA\"",
        " src=\"data: text/html,x\"",
        " href=\"\"",
        " href=\"&nbsp;javascript:x\"",
        "<a href=\"http://x?a&b\">",
        "</a>",
        "<a",
        " name=\"\"",
        "text",
        " ",
        "&nbsp;",
        "&amp;",
        "&",
        "&#32;",
        "&#0;",
        "&#65;",
        "&#x41;",
        "&#99999999999;",
        "]]>",
        "]",
        "<!-- c -->",
        "<![CDATA[x]]>",
        "<?pi x?>",
        "\u{ffff}",
        "\u{1}",
        "é",
        "<img src=\"x\"/>",
        "<script>",
        "</script>",
        "<td nowrap='1'>",
        "</td>",
        " xmlns=\"http://www.w3.org/1999/xhtml\"",
        " xmlns=\"urn:x\"",
        " xml:lang=\"en\"",
        " xlass=\"1\"",
        "</div>",
        "<div>",
        " border=\"1\"",
        "class=\"a\"",
        "<",
        "</ p>",
        "</p >",
        "\r\n",
        "<P>",
        "</P>",
        "\u{7f}",
        "\u{85}",
    ];
}
