//! Where something stands in a text.

use serde::{Deserialize, Serialize};

/// A place in a source text; both numbers start at 1, columns count characters, not bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Position {
    /// The position of byte `offset` in `text`. An offset past the end means the end.
    #[must_use]
    pub fn of(text: &str, offset: usize) -> Self {
        Self { line: 1, column: 1 }.after(&text[..floor_char_boundary(text, offset)])
    }

    /// The position after a text that begins here.
    fn after(self, text: &str) -> Self {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        match memchr::memrchr(b'\n', text.as_bytes()) {
            None => Self { column: self.column.saturating_add(count(text.chars().count())), ..self },
            Some(newline) => Self {
                line: self.line.saturating_add(count(memchr::memchr_iter(b'\n', text.as_bytes()).count())),
                column: count(text[newline + 1..].chars().count() + 1),
            },
        }
    }
}

/// How far apart the places are whose positions are kept, in bytes.
const STRIDE: usize = 64;

/// Positions at regular places of a text, so that any other is found without reading from the beginning:
/// a hostile body can be one line of megabytes with a finding at every byte.
#[derive(Debug, Clone)]
pub(super) struct PositionIndex {
    places: Vec<Position>,
}

impl PositionIndex {
    pub(super) fn new(text: &str) -> Self {
        let mut position = Position { line: 1, column: 1 };
        let mut places = Vec::with_capacity(text.len() / STRIDE + 1);
        places.push(position);
        for place in 1..=text.len() / STRIDE {
            position = position.after(&text[offset_of(text, place - 1)..offset_of(text, place)]);
            places.push(position);
        }
        Self { places }
    }

    /// The position of byte `offset`. An offset past the end means the end.
    pub(super) fn of(&self, text: &str, offset: usize) -> Position {
        let offset = floor_char_boundary(text, offset);
        let place = offset / STRIDE;
        match self.places.get(place) {
            Some(position) => position.after(&text[offset_of(text, place)..offset]),
            None => Position::of(text, offset),
        }
    }
}

/// Where a place is: at its multiple of the stride, or where the character before that begins.
fn offset_of(text: &str, place: usize) -> usize {
    floor_char_boundary(text, place * STRIDE)
}

impl std::fmt::Display for Position {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.line, self.column)
    }
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "a\né=1";
        assert_eq!(Position::of(text, 4), Position { line: 2, column: 2 });
        assert_eq!(Position::of(text, 999), Position { line: 2, column: 4 });
    }

    #[test]
    fn an_index_gives_the_same_positions() {
        let text = "é\nlonger line ".repeat(2000);
        let index = PositionIndex::new(&text);
        for offset in (0..text.len() + 10).step_by(97) {
            assert_eq!(index.of(&text, offset), Position::of(&text, offset), "{offset}");
        }
    }
}
