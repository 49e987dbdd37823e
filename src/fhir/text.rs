//! Texts of a tree, as places where they stand.

/// A part of the source or, where escapes were taken out, of a second text beside it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text {
    start: u32,
    /// In bytes; the highest bit tells that the text is not in the source.
    length: u32,
}

const UNESCAPED: u32 = 1 << 31;

impl Text {
    pub(super) const EMPTY: Self = Self { start: 0, length: 0 };

    /// How many bytes a source may have. What is taken out of it, escapes aside, is no longer.
    pub(super) const MAX_LENGTH: usize = UNESCAPED as usize - 1;

    /// From byte `start` to before byte `end` of the source.
    pub(super) fn source(start: usize, end: usize) -> Self {
        Self { start: bounded(start), length: bounded(end - start) }
    }

    /// From byte `start` to the end of the second text.
    pub(super) fn unescaped(start: usize, unescaped: &str) -> Self {
        Self { start: bounded(start), length: bounded(unescaped.len() - start) | UNESCAPED }
    }

    /// The same without its first byte.
    pub(super) fn without_first(self) -> Self {
        Self { start: self.start + 1, length: self.length - 1 }
    }

    /// How many bytes it has.
    pub(super) fn len(self) -> usize {
        (self.length & !UNESCAPED) as usize
    }

    /// Whether both are the same place of the same text.
    pub(super) fn is_same_place(self, other: Self) -> bool {
        self.start == other.start && self.length == other.length
    }

    pub(super) fn of<'t>(self, source: &'t str, unescaped: &'t str) -> &'t str {
        let start = self.start as usize;
        let length = self.len();
        let text = if self.length & UNESCAPED == 0 { source } else { unescaped };
        text.get(start..start + length).unwrap_or_default()
    }
}

fn bounded(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX) & !UNESCAPED
}
