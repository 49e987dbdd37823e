//! What an XML text may ask for, checked before it is read: the nesting of its tags, the attributes of one tag
//! and the namespaces in force at once. XML readers take time or memory by the square of the last two.

use memchr::{memchr, memmem};

use super::super::source::MAX_DEPTH;
use super::super::{Format, ParseError};
use super::start_tag::StartTag;

/// How many attributes one tag may have.
const MAX_ATTRIBUTES: usize = 256;
/// How many namespaces may be in force at once.
const MAX_NAMESPACES: usize = 32;

/// Checks the bounds. The text may be no XML at all: what stands before its first fault is judged rightly, and
/// nobody reads on behind it.
pub(super) fn check(text: &str) -> Result<(), ParseError> {
    let bytes = text.as_bytes();
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        at += found;
        let rest = &bytes[at..];
        at += match rest.get(1) {
            Some(b'/') => {
                open.pop();
                end_of(rest, b">")
            }
            Some(b'?') => end_of(rest, b"?>"),
            Some(b'!') if rest.starts_with(b"<!--") => 4 + end_of(&rest[4..], b"-->"),
            Some(b'!') if rest.starts_with(b"<![CDATA[") => end_of(rest, b"]]>"),
            // A document type declaration, which the reader refuses.
            Some(b'!') => return Ok(()),
            _ => {
                let mut attributes = 0;
                let mut namespaces = open.last().copied().unwrap_or(0);
                let tag = StartTag::read(rest, |name| {
                    attributes += 1;
                    namespaces += usize::from(name.starts_with(b"xmlns"));
                });
                let fault = if attributes > MAX_ATTRIBUTES {
                    Some(format!("more than {MAX_ATTRIBUTES} attributes in one tag"))
                } else if namespaces > MAX_NAMESPACES {
                    Some(format!("more than {MAX_NAMESPACES} namespaces at once"))
                } else if open.len() >= MAX_DEPTH {
                    Some(format!("nesting deeper than {MAX_DEPTH} levels"))
                } else {
                    None
                };
                if let Some(message) = fault {
                    return Err(ParseError::at(Format::Xml, text, at, message));
                }
                if !tag.is_empty {
                    open.push(namespaces);
                }
                tag.length
            }
        };
    }
    Ok(())
}

/// How many bytes there are to the end of a mark.
fn end_of(bytes: &[u8], mark: &[u8]) -> usize {
    memmem::find(bytes, mark).map_or(bytes.len(), |at| at + mark.len())
}
