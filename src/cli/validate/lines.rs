//! The lines of an NDJSON file, one at a time.

use std::io::{self, BufRead, Read as _};

/// How long a line may be, in bytes. Some lines are held at once, one for each that is judged side by side.
pub(super) const MAX_LINE: u64 = 16 << 20;

/// A line that is not blank.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Its bytes.
    Read(Vec<u8>),
    /// It is longer than any that is read.
    TooLong,
}

/// The lines of a text with their numbers, from 1. Blank lines are counted and passed over; an error is the last.
#[derive(Debug)]
pub(super) struct Lines<R> {
    reader: R,
    number: u32,
    limit: u64,
    is_ended: bool,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, number: 0, limit: MAX_LINE, is_ended: false }
    }

    /// The next line as it is; none at the end.
    fn line(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        self.reader.by_ref().take(self.limit + 1).read_until(b'\n', &mut bytes)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        if bytes.last() != Some(&b'\n') && bytes.len() as u64 > self.limit {
            self.reader.skip_until(b'\n')?;
            return Ok(Some(Line::TooLong));
        }
        Ok(Some(Line::Read(bytes)))
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = (u32, io::Result<Line>);

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_ended {
            self.number = self.number.saturating_add(1);
            match self.line() {
                Ok(Some(Line::Read(bytes))) if bytes.trim_ascii().is_empty() => {}
                Ok(Some(line)) => return Some((self.number, Ok(line))),
                Ok(None) => self.is_ended = true,
                Err(error) => {
                    self.is_ended = true;
                    return Some((self.number, Err(error)));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, limit: u64) -> Vec<(u32, Line)> {
        let lines = Lines { reader: text.as_bytes(), number: 0, limit, is_ended: false };
        lines.map(|(number, line)| (number, line.unwrap())).collect()
    }

    #[test]
    fn blank_lines_are_counted_and_passed_over() {
        let read = |text: &str| Line::Read(text.as_bytes().to_vec());
        assert_eq!(
            lines("{1}\n\r\n \n{4}\r\n{5}", 100),
            [(1, read("{1}\n")), (4, read("{4}\r\n")), (5, read("{5}"))]
        );
        assert!(lines("", 100).is_empty() && lines("\n", 100).is_empty());
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over_and_the_next_is_read() {
        let found = lines("0123456789\n01234567\nx", 8);
        assert_eq!(found[0], (1, Line::TooLong));
        assert_eq!(found[1], (2, Line::Read(b"01234567\n".to_vec())));
        assert_eq!(found[2], (3, Line::Read(b"x".to_vec())));
        assert_eq!(lines("0123456789", 8), [(1, Line::TooLong)]);
    }
}
