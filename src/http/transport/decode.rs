//! Content encodings taken off, as the bytes come, and never more than allowed.

use std::io::{self, Write};

use brotli_decompressor::DecompressorWriter;
use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::http::{Failure, FailureKind};

/// What is asked for.
pub(super) const ACCEPTED: &str = "gzip, deflate, br";

/// Collects a body, decoded.
pub(super) struct Body {
    name: String,
    decoder: Decoder,
    /// Whether any byte came.
    began: bool,
}

enum Decoder {
    Plain(Bounded),
    Gzip(Box<MultiGzDecoder<Bounded>>),
    /// Before the first byte, which tells the two forms of `deflate` apart.
    Deflate(Bounded),
    Zlib(Box<ZlibDecoder<Bounded>>),
    Raw(Box<DeflateDecoder<Bounded>>),
    Brotli(Box<DecompressorWriter<Bounded>>),
}

/// Bytes, up to a limit.
struct Bounded {
    bytes: Vec<u8>,
    limit: u64,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if (self.bytes.len() + bytes.len()) as u64 > self.limit {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "too large"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Body {
    /// A body with a `Content-Encoding`, none of them if it is empty.
    pub(super) fn new(encoding: &str, limit: u64) -> Result<Self, Failure> {
        let name = encoding.trim().to_ascii_lowercase();
        let bounded = Bounded { bytes: Vec::new(), limit };
        let decoder = match name.as_str() {
            "" | "identity" => Decoder::Plain(bounded),
            "gzip" | "x-gzip" => Decoder::Gzip(Box::new(MultiGzDecoder::new(bounded))),
            "deflate" => Decoder::Deflate(bounded),
            "br" => Decoder::Brotli(Box::new(DecompressorWriter::new(bounded, 4096))),
            _ => {
                let message = format!(
                    "the answer could not be read: its Content-Encoding `{name}` is not one that was asked for \
                     ({ACCEPTED})"
                );
                return Err(Failure { kind: FailureKind::Unreadable, message });
            }
        };
        Ok(Self { name, decoder, began: false })
    }

    /// Takes the next bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let limit = self.limit();
        self.began |= !bytes.is_empty();
        if let (Decoder::Deflate(bounded), Some(first)) = (&mut self.decoder, bytes.first()) {
            let empty = Bounded { bytes: std::mem::take(&mut bounded.bytes), limit };
            // The header of zlib says method 8; RFC 9110 means zlib, and some send raw deflate all the same.
            self.decoder = if first & 0x0f == 8 {
                Decoder::Zlib(Box::new(ZlibDecoder::new(empty)))
            } else {
                Decoder::Raw(Box::new(DeflateDecoder::new(empty)))
            };
        }
        let result = match &mut self.decoder {
            Decoder::Plain(decoder) | Decoder::Deflate(decoder) => decoder.write_all(bytes),
            Decoder::Gzip(decoder) => decoder.write_all(bytes),
            Decoder::Zlib(decoder) => decoder.write_all(bytes),
            Decoder::Raw(decoder) => decoder.write_all(bytes),
            Decoder::Brotli(decoder) => decoder.write_all(bytes),
        };
        result.map_err(|error| self.failure(&error, limit))
    }

    /// How large it is so far, in bytes.
    pub(super) fn size(&self) -> u64 {
        self.bounded().bytes.len() as u64
    }

    /// Whether it is packed, so that nobody knows how large it will be.
    pub(super) fn is_packed(&self) -> bool {
        !matches!(self.decoder, Decoder::Plain(_))
    }

    /// The whole body.
    pub(super) fn finish(self) -> Result<Vec<u8>, Failure> {
        let limit = self.limit();
        let name = self.name;
        if !self.began {
            // An answer without a body (to HEAD or DELETE, say) may name an encoding.
            return Ok(Vec::new());
        }
        let result = match self.decoder {
            Decoder::Plain(decoder) | Decoder::Deflate(decoder) => Ok(decoder),
            Decoder::Gzip(decoder) => decoder.finish(),
            Decoder::Zlib(decoder) => decoder.finish(),
            Decoder::Raw(decoder) => decoder.finish(),
            Decoder::Brotli(decoder) => decoder
                .into_inner()
                .map_err(|_| io::Error::new(io::ErrorKind::UnexpectedEof, "it ends too early")),
        };
        result
            .map(|mut bounded| {
                bounded.bytes.shrink_to_fit();
                bounded.bytes
            })
            .map_err(|error| failure(&name, &error, limit))
    }

    fn limit(&self) -> u64 {
        self.bounded().limit
    }

    fn bounded(&self) -> &Bounded {
        match &self.decoder {
            Decoder::Plain(bounded) | Decoder::Deflate(bounded) => bounded,
            Decoder::Gzip(decoder) => decoder.get_ref(),
            Decoder::Zlib(decoder) => decoder.get_ref(),
            Decoder::Raw(decoder) => decoder.get_ref(),
            Decoder::Brotli(decoder) => decoder.get_ref(),
        }
    }

    fn failure(&self, error: &io::Error, limit: u64) -> Failure {
        failure(&self.name, error, limit)
    }
}

fn failure(name: &str, error: &io::Error, limit: u64) -> Failure {
    if error.kind() == io::ErrorKind::FileTooLarge {
        let limit = limit >> 20;
        let unpacked = if matches!(name, "" | "identity") { "" } else { ", unpacked," };
        let message = format!("the body{unpacked} is larger than {limit} MB and was not read to the end");
        return Failure { kind: FailureKind::BodyTooLarge, message };
    }
    let message = format!(
        "the answer could not be read: its Content-Encoding is `{name}`, and the body is not: {error}"
    );
    Failure { kind: FailureKind::Unreadable, message }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn decoded(encoding: &str, bytes: &[u8], limit: u64) -> Result<Vec<u8>, Failure> {
        let mut body = Body::new(encoding, limit)?;
        for chunk in bytes.chunks(7) {
            body.push(chunk)?;
        }
        body.finish()
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn every_encoding_that_is_asked_for_is_taken_off() {
        let text = b"{\"resourceType\":\"Patient\"}".repeat(20);
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(&text).unwrap();
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
        raw.write_all(&text).unwrap();
        let raw = raw.finish().unwrap();
        for (encoding, bytes) in
            [("", text.clone()), ("GZIP", gzip(&text)), ("deflate", zlib.finish().unwrap()), ("deflate", raw)]
        {
            assert_eq!(decoded(encoding, &bytes, 1 << 20).unwrap(), text, "{encoding}");
        }
        assert_eq!(
            decoded("br", &[0x0b, 0x02, 0x80, b'h', b'e', b'l', b'l', b'o', 0x03], 100).unwrap(),
            b"hello"
        );
        for encoding in ["gzip", "deflate", "br"] {
            assert!(decoded(encoding, b"", 100).unwrap().is_empty(), "{encoding}");
        }
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let bomb = gzip(&vec![0; 8 << 20]);
        assert!(bomb.len() < 10_000);
        let failure = decoded("gzip", &bomb, 1 << 20).unwrap_err();
        assert_eq!(failure.kind, FailureKind::BodyTooLarge);
        assert!(failure.message.contains("unpacked, is larger than 1 MB"), "{}", failure.message);
    }

    #[test]
    fn what_is_not_as_it_says_is_refused() {
        let half = &gzip(&b"abc".repeat(100))[..20];
        for (encoding, bytes) in [("gzip", &b"plain text"[..]), ("gzip", half), ("br", &b"plain text"[..])] {
            let failure = decoded(encoding, bytes, 1 << 20).unwrap_err();
            assert_eq!(failure.kind, FailureKind::Unreadable, "{encoding}");
            assert!(failure.message.contains(encoding), "{}", failure.message);
        }
        assert!(decoded("zstd", b"x", 100).unwrap_err().message.contains("`zstd`"));
    }
}
