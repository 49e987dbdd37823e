//! Changes to the bytes of a body.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

use crate::supplier::change::{Charset, Coding};

/// The text of a body in another character encoding; what has no place in it becomes a question mark.
pub(super) fn encoded(body: &[u8], charset: Charset) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    match charset {
        Charset::Latin1 => {
            text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect()
        }
        Charset::Utf16 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    }
}

/// The bytes of a body with each occurrence of a text replaced.
pub(super) fn replaced(body: &[u8], from: &str, to: &str) -> Vec<u8> {
    match std::str::from_utf8(body) {
        Ok(text) => text.replace(from, to).into_bytes(),
        Err(_) => body.to_vec(),
    }
}

/// A body by a content coding.
pub(super) fn coded(body: &[u8], coding: Coding) -> std::io::Result<Vec<u8>> {
    match coding {
        Coding::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(body)?;
            encoder.finish()
        }
        Coding::Deflate => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(body)?;
            encoder.finish()
        }
        Coding::Brotli => Ok(brotli(body)),
    }
}

/// Brotli (RFC 7932) that stores and does not compress: blocks of a header of three bytes and what they hold.
fn brotli(body: &[u8]) -> Vec<u8> {
    // How large a block can be whose length is written in sixteen bits.
    const BLOCK: usize = 1 << 16;
    let mut out = Vec::new();
    for (index, block) in body.chunks(BLOCK).enumerate() {
        // From the lowest bit: the size of the window (before the first block only), not the last block, four nibbles
        // of length, the length less one, stored.
        let length = u32::try_from(block.len() - 1).unwrap_or_default();
        let header = (length << 3) | (1 << 19);
        let header = if index == 0 { header << 1 } else { header };
        out.extend_from_slice(&header.to_le_bytes()[..3]);
        out.extend_from_slice(block);
    }
    // The last block, which is empty; where it is the only one, the size of the window stands before it.
    out.push(if body.is_empty() { 0b110 } else { 0b11 });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_coded_is_read_back() {
        let long = "ab".repeat(100_000);
        for body in [b"".as_slice(), b"{}", long.as_bytes()] {
            let mut plain = Vec::new();
            let mut decoder = brotli_decompressor::DecompressorWriter::new(&mut plain, 4096);
            decoder.write_all(&coded(body, Coding::Brotli).unwrap()).unwrap();
            decoder.close().unwrap();
            drop(decoder);
            assert!(plain == body, "brotli of {} bytes", body.len());
        }
    }

    #[test]
    fn another_encoding_is_other_bytes() {
        assert_eq!(encoded("é€".as_bytes(), Charset::Latin1), [0xe9, b'?']);
        assert_eq!(encoded("é".as_bytes(), Charset::Utf16), [0xe9, 0]);
    }
}
