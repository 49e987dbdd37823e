//! The start tag of an XML element, as far as its attributes have to be told apart.

use memchr::{memchr, memchr3};

/// A start tag.
pub(super) struct StartTag {
    /// From `<` to behind `>`, in bytes.
    pub(super) length: usize,
    /// Whether it is an element of its own: `<active/>`.
    pub(super) is_empty: bool,
}

impl StartTag {
    /// Reads the tag that a text begins with, and tells the names of its attributes.
    pub(super) fn read<'x>(bytes: &'x [u8], mut attribute: impl FnMut(&'x [u8])) -> Self {
        let mut at = 0;
        while let Some(found) = memchr3(b'"', b'\'', b'>', &bytes[at..]) {
            let mark = at + found;
            if bytes[mark] == b'>' {
                return Self { length: mark + 1, is_empty: bytes[mark - 1] == b'/' };
            }
            let before = bytes[at..mark].trim_ascii_end();
            let name = before.strip_suffix(b"=").unwrap_or(before).trim_ascii_end();
            attribute(name.rsplit(u8::is_ascii_whitespace).next().unwrap_or_default());
            let value = &bytes[mark + 1..];
            at = mark + 1 + memchr(bytes[mark], value).map_or(value.len(), |end| end + 1);
        }
        Self { length: bytes.len(), is_empty: false }
    }
}
