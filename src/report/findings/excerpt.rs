//! The source around an issue: its line, cut to the width of a page, and the column to point at.

use crate::fhir::Position;
use crate::inert::visible;
use crate::validate::Issue;

/// How much of a line is shown, in columns: a page of 80 with room for a line's number.
const WIDTH: usize = 67;
/// How much of that is kept for what stands before the column.
const BEFORE: usize = WIDTH / 3;

/// A line of the source around an issue. What could command a terminal is made visible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The line, or the part of it around the column.
    pub text: String,
    /// How many columns of the text are before the place.
    pub column: usize,
}

impl Excerpt {
    /// The excerpts of all issues that have a place in the source. It is read once, however many there are: a hostile
    /// one is a single line of megabytes.
    #[must_use]
    pub fn of_all(source: &str, issues: &[Issue]) -> Vec<Option<Self>> {
        let mut order: Vec<usize> = (0..issues.len()).collect();
        order.sort_by_key(|index| issues[*index].position);
        let mut excerpts = vec![None; issues.len()];
        let mut cursor = Cursor::new(source);
        for index in order {
            if let Some(position) = issues[index].position {
                excerpts[index] = cursor.advance_to(position).then(|| cursor.excerpt());
            }
        }
        excerpts
    }
}

/// A place in the source that only moves on.
struct Cursor<'s> {
    source: &'s str,
    line_start: usize,
    offset: usize,
    position: Position,
}

impl<'s> Cursor<'s> {
    fn new(source: &'s str) -> Self {
        // A byte order mark is no column.
        let start = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { source, line_start: start, offset: start, position: Position { line: 1, column: 1 } }
    }

    /// Moves to a position, or to the end of its line; `false` if there is no such line.
    fn advance_to(&mut self, to: Position) -> bool {
        while self.position.line < to.line {
            let Some(newline) = memchr::memchr(b'\n', &self.source.as_bytes()[self.offset..]) else {
                return false;
            };
            self.offset += newline + 1;
            self.line_start = self.offset;
            self.position = Position { line: self.position.line + 1, column: 1 };
        }
        while self.position.column < to.column && !self.at_end_of_line() {
            self.offset += self.source[self.offset..].chars().next().map_or(0, char::len_utf8);
            self.position.column += 1;
        }
        true
    }

    fn at_end_of_line(&self) -> bool {
        let rest = &self.source[self.offset..];
        rest.is_empty() || rest.starts_with('\n') || rest.starts_with("\r\n")
    }

    fn excerpt(&self) -> Excerpt {
        let before = Part::new(self.source[self.line_start..self.offset].chars().rev());
        let rest = self.source[self.offset..].trim_start_matches('\r');
        let after = Part::new(rest.chars().take_while(|character| !matches!(character, '\n' | '\r')));
        // What is short on one side leaves room for the other.
        let before = before.cut(BEFORE.max(WIDTH.saturating_sub(after.width)));
        let after = after.cut(WIDTH - before.width);
        let mut text: String = before.cells.iter().rev().map(String::as_str).collect();
        text.extend(after.cells);
        Excerpt { column: before.width, text: text.trim_end().to_owned() }
    }
}

/// What stands before or after the place, the nearest first: no more than a page is wide.
struct Part {
    cells: Vec<String>,
    width: usize,
}

impl Part {
    fn new(characters: impl Iterator<Item = char>) -> Self {
        let mut part = Self { cells: Vec::new(), width: 0 };
        for character in characters {
            let cell = if character == '\t' { " ".to_owned() } else { visible(&character.to_string()) };
            part.width += cell.chars().count();
            part.cells.push(cell);
            if part.width > WIDTH {
                break;
            }
        }
        part
    }

    /// The part in at most so many columns, with `…` where some is left out.
    fn cut(mut self, room: usize) -> Self {
        if self.width <= room {
            return self;
        }
        while self.width + 1 > room
            && let Some(cell) = self.cells.pop()
        {
            self.width -= cell.chars().count();
        }
        self.cells.push("…".to_owned());
        self.width += 1;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::findings::tests::issue;

    fn excerpt(source: &str, line: u32, column: u32) -> Option<Excerpt> {
        let mut issue = issue();
        issue.position = Some(Position { line, column });
        Excerpt::of_all(source, &[issue]).remove(0)
    }

    fn shown(source: &str, line: u32, column: u32) -> (String, char) {
        let excerpt = excerpt(source, line, column).unwrap();
        let at = excerpt.text.chars().nth(excerpt.column).unwrap_or('$');
        (excerpt.text, at)
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        let source = "{\r\n\t\"gender\": \"F\",\r\n}";
        assert_eq!(shown(source, 2, 12), (" \"gender\": \"F\",".to_owned(), '"'));
        assert_eq!(shown(source, 2, 99).1, '$');
        assert_eq!(shown(source, 3, 1), ("}".to_owned(), '}'));
        assert_eq!(excerpt(source, 4, 1), None);
        assert_eq!(shown("\u{feff}{}", 1, 2), ("{}".to_owned(), '}'));
    }

    #[test]
    fn a_long_line_is_cut_around_the_column() {
        let source = format!("{}!{}", "é".repeat(5_000), "b".repeat(5_000));
        let (text, at) = shown(&source, 1, 5_001);
        assert_eq!((at, text.chars().count()), ('!', WIDTH));
        assert!(text.starts_with("…éé") && text.ends_with("bb…"), "{text}");
        let (text, at) = shown(&source, 1, 1);
        assert!(at == 'é' && text.starts_with("éé") && text.ends_with('…'), "{text}");
        let (text, at) = shown(&source, 1, 10_001);
        assert!(at == 'b' && text.starts_with('…') && text.ends_with("bb"), "{text}");
        assert_eq!(text.chars().count(), WIDTH);
    }

    #[test]
    fn control_characters_are_shown_and_count_as_they_are_shown() {
        let (text, at) = shown("\u{1b}[31m!\u{202e}x", 1, 6);
        assert_eq!((text.as_str(), at), ("‹U+001B›[31m!‹U+202E›x", '!'));
        let (text, _) = shown(&"\u{1b}".repeat(500), 1, 250);
        assert!(text.chars().count() <= WIDTH && !text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn issues_in_any_order_get_their_own_lines() {
        let places = [(3, 1), (1, 1), (2, 2), (2, 1)];
        let issues: Vec<Issue> = places
            .iter()
            .map(|(line, column)| {
                let mut issue = issue();
                issue.position = Some(Position { line: *line, column: *column });
                issue
            })
            .collect();
        let found: Vec<(String, usize)> = Excerpt::of_all("a\nbc\nd", &issues)
            .into_iter()
            .flatten()
            .map(|excerpt| (excerpt.text, excerpt.column))
            .collect();
        let expected = [("d", 0), ("a", 0), ("bc", 1), ("bc", 0)];
        assert_eq!(found, expected.map(|(text, column)| (text.to_owned(), column)));
    }
}
